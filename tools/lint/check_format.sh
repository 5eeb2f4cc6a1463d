#!/usr/bin/env bash
# Fails if clang-format would change a source.  check_format.sh ROOT
set -euo pipefail
cd "$1"
find isa compiler emulator tools tests \( -name '*.cpp' -o -name '*.hpp' -o -name '*.inl' \) -print0 |
    xargs -0 clang-format --dry-run -Werror
