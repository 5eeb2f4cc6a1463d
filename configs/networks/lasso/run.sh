#!/usr/bin/env bash
# Prints the table of README.md: run.sh [--problems N]. SEAMOUNT is the program (seamount on PATH); needs python3 with numpy.
set -euo pipefail
exec "${PYTHON:-/usr/bin/python3}" "$(dirname "$0")/lasso.py" "$@"
