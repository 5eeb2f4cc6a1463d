#!/usr/bin/env bash
# Runs clang-tidy with .clang-tidy over the product's sources.  check_tidy.sh ROOT BUILD
set -euo pipefail
cd "$1"

# Without g++'s precompiled headers, which clang cannot read: so sources must include what they use.
commands=$(mktemp -d)
trap 'rm -rf "$commands"' EXIT
sed -E 's/ -Winvalid-pch//; s/ -include [^ ]*cmake_pch\.hxx//' "$2/compile_commands.json" > "$commands/compile_commands.json"

find isa compiler emulator tools -name '*.cpp' -print0 |
    xargs -0 -n 4 -P "$(nproc)" clang-tidy --quiet -p "$commands" 2> >(grep -vE 'warnings? (generated|treated)|Suppressed|Use -' >&2)
