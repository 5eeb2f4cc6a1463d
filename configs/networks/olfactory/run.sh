#!/usr/bin/env bash
# Prints the table of README.md: run.sh [--seeds N] [--odours N] [--sniffs N]; needs the Python package and numpy.
set -euo pipefail
exec "${PYTHON:-/usr/bin/python3}" "$(dirname "$0")/olfactory.py" "$@"
