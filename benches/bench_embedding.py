"""Vectors of texts a second beside sentence-transformers (PyTorch): same model files, same texts, two threads each."""

import csv
import json
import os
import subprocess
from array import array
from math import sqrt
from pathlib import Path

from measuring import ROOT, Measured, Missing, data, measured, model

TEXTS = int(os.environ.get("WINNOW_BENCH_EMBEDDED", "1500"))
# Odd, so that the middle one is a measurement.
TURNS = int(os.environ.get("WINNOW_BENCH_TURNS", "3"))
EMBED = ROOT / "target/release/examples/embed"
PEER_PYTHON = ROOT / "target/reference-venv/bin/python"


def run() -> list[dict]:
    folder = model("all-MiniLM-L6-v2/model.safetensors").parent
    if not PEER_PYTHON.is_file():
        raise Missing("target/reference-venv is not there; `benches/run.sh embedding` makes it (it takes 6 GB)")
    if not EMBED.is_file():
        raise Missing("target/release/examples/embed is not built")
    file, out = ROOT / "target/bench/embedded.txt", ROOT / "target/bench/embedded"
    with data("banking77_test.csv").open() as table:
        texts = [" ".join(row["text"].split()) for row in csv.DictReader(table)][:TEXTS]
    file.write_text("\n".join(texts) + "\n")
    environment = {**os.environ, "RAYON_NUM_THREADS": "2", "HF_HUB_OFFLINE": "1"}
    ours, theirs = [], []
    for turn in range(TURNS):
        command = [EMBED, folder, file, "symmetric", out.with_suffix(".ours")]
        ours.append(measured(command, env=environment))
        command = [PEER_PYTHON, ROOT / "benches/peer_embedding.py", folder, file, out.with_suffix(".peer")]
        theirs.append(measured(command, env=environment, stderr=subprocess.DEVNULL))
        print(f"  turn {turn + 1}: {rate(ours[-1]):.0f} texts/s, sentence-transformers {rate(theirs[-1]):.0f}", flush=True)
    our, their = (sorted(runs, key=rate)[len(runs) // 2] for runs in (ours, theirs))
    least = min(cosines(out.with_suffix(".ours"), out.with_suffix(".peer"), len(texts)))
    if least < 0.9999:
        raise RuntimeError(f"the two computed different vectors: least cosine {least}")
    answer, ratio = json.loads(our.stdout), rate(our) / rate(their)
    return [
        {"what": "model", "figure": answer["encoder"]},
        {"what": "texts, tokens", "figure": f"{answer['texts']:,}, {answer['tokens']:,}"},
        {"what": "Winnow", "figure": f"{rate(our):.0f} texts/s", "rate": rate(our)},
        {"what": "sentence-transformers", "figure": f"{rate(their):.0f} texts/s", "rate": rate(their)},
        {"what": "ratio", "figure": f"{ratio:.2f}", "ratio": ratio, "goal": "at least 1"},
        {"what": "loading: Winnow, sentence-transformers", "figure": f"{load(our):.2f} s, {load(their):.2f} s"},
        {"what": "Winnow's peak memory", "figure": f"{our.peak_mib:.0f} MiB", "mib": our.peak_mib},
        {"what": "sentence-transformers' peak memory", "figure": f"{their.peak_mib:.0f} MiB", "mib": their.peak_mib},
        {"what": "least cosine of the two", "figure": f"{least:.6f}", "cosine": least, "goal": "at least 0.9999"},
    ]


def rate(run: Measured) -> float:
    answer = json.loads(run.stdout)
    return answer["texts"] / answer["seconds"]


def load(run: Measured) -> float:
    return json.loads(run.stdout)["load_seconds"]


def cosines(ours: Path, theirs: Path, texts: int) -> list[float]:
    """Cosine of each text's two vectors, from files of 32 bit numbers."""
    both = []
    for file in (ours, theirs):
        numbers = array("f", file.read_bytes())
        width = len(numbers) // texts
        both.append([numbers[start : start + width] for start in range(0, len(numbers), width)])
    dot = lambda a, b: sum(x * y for x, y in zip(a, b))
    return [dot(a, b) / sqrt(dot(a, a) * dot(b, b)) for a, b in zip(*both)]
