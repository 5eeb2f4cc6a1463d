#!/usr/bin/env bash
# Installs what is missing, builds, and runs all tests.  tools/test.sh [PRESET] [--lint] [ctest arguments]
# PRESET: release (default), dev, asan, tsan or coverage. The linters (tools/lint.sh) only run with --lint.
set -euo pipefail
cd "$(dirname "$0")/.."

preset=release
case "${1:-}" in
    release | dev | asan | tsan | coverage) preset=$1; shift ;;
esac
exclude=lint
case "$preset" in
    # Long studies prove figures, and some tests compare words, which sanitizers do not change; they look at all others.
    asan | tsan) exclude='lint|study|words' ;;
esac
if [[ "${1:-}" == --lint ]]; then
    exclude=${exclude#lint}
    exclude=${exclude#|}
    shift
fi
without=()
[[ -z "$exclude" ]] || without=(--label-exclude "^($exclude)$")

tools/install_dependencies.sh --with-tests
cmake --preset "$preset" >/dev/null
cmake --build --preset "$preset" --parallel "$(nproc)"
# Programs that start, wait for each other or for a browser leave a seventh of two processors idle.
ctest --preset "$preset" --parallel "$(($(nproc) + 1))" "${without[@]}" "$@"
