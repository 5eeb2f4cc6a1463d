#!/usr/bin/env bash
# Prints the tables of README.md: run.sh [--seeds N] [--shots K...]; needs the Python package and numpy.
set -euo pipefail
here=$(dirname "$0")
"${PYTHON:-/usr/bin/python3}" "$here/prototypes.py" "$@"
exec "${PYTHON:-/usr/bin/python3}" "$here/../why.py" prototypes_test.yaml
