#!/usr/bin/env bash
# Prints the table of README.md: run.sh [FOLDER] [--odours N] [--shuffles N]; FOLDER holds larva_edges.csv.gz and larva_nodes.csv.gz
# (default: ../shared/data/connectome beside this repository). Needs the Python package and numpy.
set -euo pipefail
here=$(dirname "$0")
folder=$here/../../../../shared/data/connectome
if [[ "${1:-}" != -* && -n "${1:-}" ]]; then
    folder=$1
    shift
fi
if [[ ! -e "$folder/larva_edges.csv.gz" ]]; then
    echo "skipped: no larva_edges.csv.gz in $folder"
    exit 0
fi
exec "${PYTHON:-/usr/bin/python3}" "$here/larva.py" "$folder" "$@"
