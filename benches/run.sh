#!/usr/bin/env bash
# Runs the benchmarks, each beside the peer that it is compared with, prints a table and writes target/bench/results.json.
#
#   benches/run.sh                    all of them
#   benches/run.sh import review      only these: import, review, labelling, start, quality
#
# Needs: a built workspace is made if missing; Python 3 with venv; for labelling and quality the models and llama.cpp's
# server that `cargo xtask setup` provides. A benchmark whose needs are missing says so and is left out.
set -euo pipefail
export PYTHONDONTWRITEBYTECODE=1
cd "$(dirname "$0")/.."

mkdir -p target/bench
python=target/bench-venv/bin/python
if ! "$python" -c 'import pandas' 2>/dev/null; then
    echo "making target/bench-venv with pandas, the peer of the import"
    python3 -m venv target/bench-venv
    "$python" -m pip install --quiet --disable-pip-version-check pandas==2.3.3
fi
cargo build --quiet --release --package cli --bin winnow --example review_latency
cargo build --quiet --release --package models --example throughput
exec "$python" benches/compare.py "$@"
