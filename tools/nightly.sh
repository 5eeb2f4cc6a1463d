#!/usr/bin/env bash
# What takes too long for every change: threads under ThreadSanitizer, damaged inputs under ASan+UBSan, clang-tidy on the whole
# tree, benchmarks. Writes tests/bench/NIGHTLY.md; commit it.  tools/nightly.sh [--short] [PART...]
# PART: tsan, fuzz, tidy, bench (default: all). --short: a minute of fuzzing instead of an hour.
# Exits with 1 if a part failed; the others run all the same.
set -euo pipefail
cd "$(dirname "$0")/.."

fuzz_seconds=3600
if [[ "${1:-}" == --short ]]; then
    fuzz_seconds=60
    shift
fi
parts=("$@")
[[ ${#parts[@]} -gt 0 ]] || parts=(tsan fuzz tidy bench)
jobs=$(nproc)
out=build/nightly
mkdir -p "$out"
tools/install_dependencies.sh --with-tests

build() {  # PRESET TARGET...
    cmake --preset "$1" >/dev/null
    cmake --build --preset "$1" --parallel "$jobs" --target "${@:2}"
}

# Each part prints what it does and ends with one line that says how it went.
tsan() {
    build tsan unit_emulator unit_learning unit_timing system_seamount
    ctest --preset tsan --parallel "$jobs" --tests-regex 'threads' --output-log "$out/tsan.ctest"
    grep 'tests passed' "$out/tsan.ctest"
}
fuzz() {
    build asan seamount
    tests/fuzz/mutate.py build/asan/tools/seamount --seconds "$fuzz_seconds" --seed "$(date +%Y%m%d)" --keep "$out/findings"
}
tidy() {
    cmake --preset release >/dev/null
    python3 tools/lint/check_tidy.py . build/release
}
bench() {
    build release bench_machine bench_mesh bench_neurons bench_learning
    local name
    for name in machine mesh neurons learning; do
        "build/release/tests/bench/bench_$name" | tee "$out/bench_$name.txt"
    done
    echo "4 programs, figures below"
}

table() {
    echo "# Last nightly run"
    echo
    echo "Written by \`tools/nightly.sh\`: $(date -u +%F), $(git rev-parse --short HEAD), \
$(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -n 1), $jobs cores."
    echo
    echo "| part | result | says | seconds |"
    echo "|---|---|---|---:|"
    cat "$out/rows"
    for file in "$out"/bench_*.txt; do
        [[ " ${parts[*]} " == *" bench "* && -e $file ]] || continue
        printf '\n`%s`\n\n```\n%s\n```\n' "$(basename "$file" .txt)" "$(cat "$file")"
    done
}

: > "$out/rows"
failed=0
for part in "${parts[@]}"; do
    case "$part" in
        tsan | fuzz | tidy | bench) ;;
        *) echo "nightly.sh: no part '$part': tsan, fuzz, tidy or bench" >&2; exit 2 ;;
    esac
    echo "== $part"
    start=$SECONDS
    result=passed
    # A shell of its own, as `set -e` does not work inside a condition.
    export -f build "$part"
    export jobs out fuzz_seconds
    bash -euo pipefail -c "$part" 2>&1 | tee "$out/$part.log" || { result=FAILED; failed=1; }
    echo "| $part | $result | $(tail -n 1 "$out/$part.log" | tr '|' '/') | $((SECONDS - start)) |" >> "$out/rows"
done
table > tests/bench/NIGHTLY.md
echo
cat tests/bench/NIGHTLY.md
exit "$failed"
