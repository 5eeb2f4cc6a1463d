#!/usr/bin/env bash
# What takes too long for every change: threads under ThreadSanitizer, damaged inputs under ASan+UBSan, memory that `seamount`
# does not give back, clang-tidy on the whole tree and on each source alone, benchmarks. Writes tests/bench/NIGHTLY.md; commit it.  tools/nightly.sh [--short] [PART...]
# PART: tsan, fuzz, leaks, tidy, alone, bench, explain, kills, slurm, examples, tour (default: all); the others keep their lines. --short: a minute of fuzzing instead of an hour.
# Exits with 1 if a part failed; the others run all the same.
set -euo pipefail
cd "$(dirname "$0")/.."

fuzz_seconds=3600
if [[ "${1:-}" == --short ]]; then
    fuzz_seconds=60
    shift
fi
all_parts=(tsan fuzz leaks tidy alone bench explain kills slurm examples tour)
parts=("$@")
[[ ${#parts[@]} -gt 0 ]] || parts=("${all_parts[@]}")
jobs=$(nproc)
out=build/nightly
report=tests/bench/NIGHTLY.md
bench_programs=(machine mesh neurons learning)
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
    # With the checks of UBSan too that tools/test.sh leaves out, as they take long to compile.
    local build=build/fuzz
    cmake --preset asan -B "$build" -DSEAMOUNT_SANITIZE_WITHOUT= >/dev/null
    cmake --build "$build" --parallel "$jobs" --target seamount
    /usr/bin/python3 tests/fuzz/import_oracle.py "$build/tools/seamount" --rounds "$fuzz_seconds" --seed "$(date +%Y%m%d)" --keep "$out/findings"
    tests/fuzz/mutate.py "$build/tools/seamount" --seconds "$fuzz_seconds" --seed "$(date +%Y%m%d)" --keep "$out/findings"
}
leaks() {
    cmake --preset asan >/dev/null
    cmake --build --preset asan --parallel "$jobs"
    # Of tests that start `seamount`; the other programs look for leaks whenever they run.
    ASAN_OPTIONS=detect_leaks=1 ctest --preset asan --parallel "$jobs" --label-regex '^system$' --label-exclude '^(study|words)$' \
        --output-log "$out/leaks.ctest"
    grep 'tests passed' "$out/leaks.ctest"
}
tidy() {
    cmake --preset release >/dev/null
    SEAMOUNT_TIDY_BASE="" python3 tools/lint/check_tidy.py . build/release
}
alone() {
    cmake --preset release >/dev/null
    SEAMOUNT_TIDY_BASE="" python3 tools/lint/check_tidy.py . build/release --alone
}
bench() {
    build release "${bench_programs[@]/#/bench_}"
    local name
    tools/bench.sh --short --json "$out/bench.json" | tee "$out/bench_suite.txt"
    for name in "${bench_programs[@]}"; do
        "build/release/tests/bench/bench_$name" | tee "$out/bench_$name.txt"
    done
    echo "the suite and ${#bench_programs[@]} programs, figures below"
}
explain() {
    build release seamount
    tests/system/explain_holds.py build/release/tools/seamount configs/networks
}
kills() {
    build release seamount
    /usr/bin/python3 tests/system/records_h5py.py build/release/tools/seamount tests/system/data/two_layers.yaml --kills 20
}
slurm() {
    tools/install_dependencies.sh --with-slurm
    build release seamount
    tests/system/slurm_run.sh build/release/tools/seamount configs/networks/balanced.yaml
}
examples() {
    build release seamount seamount_python
    export PYTHONPATH="$PWD/build/release/tools/python" SEAMOUNT="$PWD/build/release/tools/seamount"
    local script count=0
    for script in configs/networks/*/run.sh; do
        echo "$script"
        "$script"
        count=$((count + 1))
    done
    echo "$count examples reach what their pages claim"
}
tour() {
    if ! command -v jupyter-nbconvert >/dev/null; then
        echo "skipped: no jupyter-nbconvert"
        return
    fi
    build release seamount seamount_python
    PYTHONPATH="$PWD/build/release/tools/python" SEAMOUNT="$PWD/build/release/tools/seamount" \
        jupyter-nbconvert --to notebook --execute --output-dir "$out" docs/tour.ipynb
    echo "docs/tour.ipynb executed"
}

# The lines and figures of the last run of a part, from the table as it is.
last_row() { [[ ! -e "$report" ]] || grep "^| $1 |" "$report" || true; }
last_figures() { [[ ! -e "$report" ]] || sed -n '/^`bench_/,$p' "$report"; }

figures() {
    local name
    for name in suite "${bench_programs[@]}"; do
        printf '\n`bench_%s`\n\n```\n%s\n```\n' "$name" "$(cat "$out/bench_$name.txt")"
    done
}

table() {
    echo "# Last nightly runs"
    echo
    echo "Written by \`tools/nightly.sh\`."
    echo
    echo "| part | result | says | seconds | date | commit | machine |"
    echo "|---|---|---|---:|---|---|---|"
    cat "$out/rows"
    echo
    cat "$out/figures"
}

machine="$(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -n 1), $jobs cores"
commit=$(git rev-parse --short HEAD)
failed=0
declare -A row
for part in "${all_parts[@]}"; do row[$part]=$(last_row "$part"); done
last_figures > "$out/figures"
for part in "${parts[@]}"; do
    case "$part" in
        tsan | fuzz | leaks | tidy | alone | bench | explain | kills | slurm | examples | tour) ;;
        *) echo "nightly.sh: no part '$part'; there are ${all_parts[*]}" >&2; exit 2 ;;
    esac
    echo "== $part"
    start=$SECONDS
    result=passed
    # A shell of its own, as `set -e` does not work inside a condition.
    export -f build "$part"
    export jobs out fuzz_seconds
    bash -euo pipefail -c "$(declare -p bench_programs); $part" 2>&1 | tee "$out/$part.log" || { result=FAILED; failed=1; }
    says=$(tail -n 1 "$out/$part.log" | tr '|' '/')
    row[$part]="| $part | $result | $says | $((SECONDS - start)) | $(date -u +%F) | $commit | $machine |"
    [[ "$part" != bench || "$result" == FAILED ]] || figures > "$out/figures"
done
for part in "${all_parts[@]}"; do
    [[ -z "${row[$part]}" ]] || echo "${row[$part]}"
done > "$out/rows"
table > "$out/NIGHTLY.md"
mv "$out/NIGHTLY.md" "$report"
echo
cat "$report"
exit "$failed"
