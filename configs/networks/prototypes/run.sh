#!/usr/bin/env bash
# Prints the table of README.md: run.sh [--seeds N] [--shots K...]; needs the Python package and numpy.
set -euo pipefail
exec "${PYTHON:-/usr/bin/python3}" "$(dirname "$0")/prototypes.py" "$@"
