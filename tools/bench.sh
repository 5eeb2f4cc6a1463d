#!/usr/bin/env bash
# Builds what is needed in release and measures it on fixed networks, each beside what the machine allows in the same run.
#   tools/bench.sh [--short] [--only NAME,...] [--json FILE] [--compare OLD.json]      tests/bench/suite.py says more
# Without --json the figures go to build/bench.json. Ends with 1 if --compare finds something slower. Takes about half an hour, --short ten minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
cmake --preset release >/dev/null
cmake --build --preset release --parallel "$(nproc)" --target seamount bench_limit bench_mesh
exec /usr/bin/python3 tests/bench/suite.py build/release --json build/bench.json "$@"
