"""Items a second between a server that answers after a millisecond and the store, and from the cache into the store."""

import json
import os
import tempfile
from pathlib import Path

from measuring import ROOT, measured

ITEMS = int(os.environ.get("WINNOW_BENCH_GLUE_ITEMS", "20000"))
# Odd, so that the middle one is a measurement.
TURNS = int(os.environ.get("WINNOW_BENCH_TURNS", "3"))


def run() -> list[dict]:
    program = ROOT / "target/release/examples/glue"
    runs = []
    for _ in range(TURNS):
        with tempfile.TemporaryDirectory(dir=ROOT / "target/bench") as name:
            environment = {**os.environ, "WINNOW_DATA_FOLDER": str(Path(name) / "settings"), "LC_ALL": "C"}
            runs.append(json.loads(measured([program, Path(name) / "glue", ITEMS], env=environment).stdout))
    middle = lambda name: sorted(run[name] for run in runs)[len(runs) // 2]
    server, cache = middle("server_rate"), middle("cache_rate")
    return [
        {"what": "items, requests at once", "figure": f"{ITEMS:,}, {middle('at_once')}"},
        {"what": "server of 1 ms to store", "figure": f"{server:,.0f} items/s", "rate": server, "goal": "at least 3,000"},
        {"what": "cache to store", "figure": f"{cache:,.0f} items/s", "rate": cache, "goal": "at least 20,000"},
    ]
