#!/usr/bin/env bash
# Runs the linters of the repository: layers, lists and formatting in seconds, clang-tidy on every source that has changed
# since it was last found clean.  tools/lint.sh [ctest arguments], e.g. `tools/lint.sh -E tidy`
# SEAMOUNT_TIDY_BASE=REVISION: clang-tidy only on what changes since that revision can affect.
set -euo pipefail
cd "$(dirname "$0")/.."

tools/install_dependencies.sh --with-tests
cmake --preset release >/dev/null
ctest --preset release --label-regex '^lint$' --parallel "$(nproc)" "$@"
