#!/usr/bin/env bash
# Installs what is missing, builds, and runs all tests.  tools/test.sh [PRESET] [--lint] [ctest arguments]
# PRESET: release (default), dev, asan, tsan or coverage. The linters (tools/lint.sh) only run with --lint.
set -euo pipefail
cd "$(dirname "$0")/.."

preset=release
case "${1:-}" in
    release | dev | asan | tsan | coverage) preset=$1; shift ;;
esac
without=(--label-exclude '^lint$')
case "$preset" in
    # Long studies prove figures, which sanitizers do not change; they look at every other test.
    asan | tsan) without=(--label-exclude '^(lint|study)$') ;;
esac
if [[ "${1:-}" == --lint ]]; then
    without=()
    shift
fi

tools/install_dependencies.sh --with-tests
cmake --preset "$preset" >/dev/null
cmake --build --preset "$preset" --parallel "$(nproc)"
ctest --preset "$preset" --parallel "$(nproc)" "${without[@]}" "$@"
