#!/usr/bin/env bash
# Prints the table of README.md: run.sh [OPTION of predictive.py...]; needs the Python package and numpy.
set -euo pipefail
exec "${PYTHON:-/usr/bin/python3}" "$(dirname "$0")/predictive.py" "$@"
