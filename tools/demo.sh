#!/usr/bin/env bash
# Installs what is missing, builds, and lets an emulated Loihi read 360 handwritten digits that it was not trained on.
set -euo pipefail
cd "$(dirname "$0")/.."

tools/install_dependencies.sh
cmake --preset release -DSEAMOUNT_TESTS=OFF -B build/demo >/dev/null
cmake --build build/demo --parallel "$(nproc)"
echo
echo '$ seamount run configs/networks/digits.yaml --chip configs/chips/loihi1.yaml --out out/digits'
build/demo/tools/seamount run configs/networks/digits.yaml --chip configs/chips/loihi1.yaml --out out/digits "$@"
echo
echo "Spikes, per-digit, per-step and per-core counts: out/digits/*.csv, totals: out/digits/summary.json"
