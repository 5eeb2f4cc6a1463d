#!/usr/bin/env bash
# Runs clang-tidy with .clang-tidy over the product's sources.  check_tidy.sh ROOT BUILD
set -euo pipefail
cd "$1"
find isa compiler emulator tools -name '*.cpp' -print0 |
    xargs -0 -n 4 -P "$(nproc)" clang-tidy --quiet -p "$2" 2> >(grep -vE 'warnings? (generated|treated)|Suppressed|Use -' >&2)
