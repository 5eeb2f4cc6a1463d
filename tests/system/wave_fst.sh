#!/bin/sh
# GTKWave's own reader takes the VCD of a run: wave_fst.sh SEAMOUNT NETWORK
set -eu
command -v vcd2fst >/dev/null || { echo "skipped: no vcd2fst (package gtkwave)"; exit 0; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$1" run "$2" --steps 40 -q --timeline "$folder/t.vcd"
vcd2fst "$folder/t.vcd" "$folder/t.fst" >"$folder/said" 2>&1 || { cat "$folder/said"; exit 1; }
test -s "$folder/t.fst"
if command -v fst2vcd >/dev/null; then
    fst2vcd "$folder/t.fst" >"$folder/back.vcd"
    changes() { grep -c '^[01]' "$1"; }
    test "$(changes "$folder/t.vcd")" = "$(changes "$folder/back.vcd")"
fi
