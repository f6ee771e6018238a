#!/bin/sh
# Makes an index and answers questions at http://localhost:7001. Needs the program `qlever` (PyPI) and QLever itself.
set -eu
cd "$(dirname "$0")"
qlever index
exec qlever start
