#!/usr/bin/env bash
# Installs what is missing, builds, and runs all tests.  tools/test.sh [PRESET] [ctest arguments]
# PRESET: release (default), dev, asan, tsan or coverage.
set -euo pipefail
cd "$(dirname "$0")/.."

preset=release
case "${1:-}" in
    release | dev | asan | tsan | coverage) preset=$1; shift ;;
esac

tools/install_dependencies.sh --with-tests
cmake --preset "$preset" >/dev/null
cmake --build --preset "$preset" --parallel "$(nproc)"
ctest --preset "$preset" --parallel "$(nproc)" "$@"
