#!/bin/sh
# Loads the graph into a running Virtuoso. Needs its `isql` (another one may be found first: say ISQL=/path/to/isql) and
# its password in DBA_PASSWORD; this folder must be in DirsAllowed of virtuoso.ini.
set -eu
cd "$(dirname "$0")"
"${ISQL:-$(command -v isql-vt || echo isql)}" "${PORT:-1111}" dba "$DBA_PASSWORD" <<SQL
ld_dir('$(pwd)/data', '*.nq', 'https://w3id.org/sekg/graph/all');
rdf_loader_run();
checkpoint;
SELECT ll_file, ll_error FROM DB.DBA.load_list WHERE ll_error IS NOT NULL;
SQL
