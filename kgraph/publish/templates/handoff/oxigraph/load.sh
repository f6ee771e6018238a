#!/bin/sh
# Loads the graph into a fresh folder and answers questions at http://localhost:7878/query. Needs the program `oxigraph`.
set -eu
cd "$(dirname "$0")"
oxigraph load --location database --lenient --file data/*.nq
oxigraph optimize --location database
# limits: no writing, and 60 seconds for a question
exec oxigraph serve-read-only --location database --bind "${BIND:-localhost:7878}" --timeout-s 60
