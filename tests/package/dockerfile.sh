#!/usr/bin/env bash
# Lints the Dockerfile with npm's dockerfilelint.  dockerfile.sh DOCKERFILE
set -euo pipefail

command -v npx >/dev/null || { echo "skipped: no npm"; exit 0; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 100 npm install --silent --prefer-offline --fetch-retries=0 --no-audit --no-fund --prefix "$folder" dockerfilelint@1.8.0 >"$folder/log" 2>&1 ||
    { echo "skipped: npm cannot install dockerfilelint"; exit 0; }
"$folder/node_modules/.bin/dockerfilelint" "$1"
