"""A million rows of CSV into the store, cleaned and deduplicated, beside the same steps in pandas writing to SQLite."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from measuring import ROOT, WINNOW, Missing, data, measured

ROWS = int(os.environ.get("WINNOW_BENCH_ROWS", "1000000"))
# Odd, so that the middle one is a measurement.
TURNS = int(os.environ.get("WINNOW_BENCH_TURNS", "3"))


def rows_file() -> Path:
    """The table: made once by make_rows.py from Banking77 and OKVED with noise and duplicates."""
    file = ROOT / f"target/bench/rows-{ROWS}.csv"
    script = ROOT / "benches/make_rows.py"
    if not file.exists():
        data("banking77_train.csv")
        if not script.exists():
            raise Missing("benches/make_rows.py")
        print(f"  making {ROWS:,} rows", flush=True)
        made = subprocess.run([sys.executable, script, "--rows", str(ROWS), "--out", file.with_suffix(".part")], check=False)
        if made.returncode != 0:
            raise RuntimeError("make_rows.py failed")
        file.with_suffix(".part").rename(file)
    return file


def run() -> list[dict]:
    file = rows_file()
    ours, theirs = [], []
    kept = {}
    for turn in range(TURNS):
        with tempfile.TemporaryDirectory(dir=ROOT / "target/bench") as name:
            folder = Path(name)
            environment = {**os.environ, "WINNOW_DATA_FOLDER": str(folder / "settings"), "LC_ALL": "C"}
            measured([WINNOW, "init", folder / "p"], env=environment)
            command = [WINNOW, "import", folder / "p", file, "--text", "text", "--label", "label", "--json"]
            imported = measured(command, env=environment, stderr=subprocess.DEVNULL)
            ours.append(imported)
            stats = measured([WINNOW, "stats", folder / "p", "--json"], env=environment)
            kept["winnow"] = json.loads(stats.stdout)["items"]
            shutil.rmtree(folder / "p")
            peer = measured([sys.executable, ROOT / "benches/peer_import.py", file, folder / "peer.db"])
            theirs.append(peer)
            kept["pandas"] = int(peer.stdout)
        print(f"  turn {turn + 1}: winnow {ours[-1].seconds:.1f} s, pandas {theirs[-1].seconds:.1f} s", flush=True)
    if abs(kept["winnow"] - kept["pandas"]) > ROWS // 1000:
        raise RuntimeError(f"the two kept different rows: {kept}")
    middle = lambda runs: sorted(runs, key=lambda run: run.seconds)[len(runs) // 2]
    our, their = middle(ours), middle(theirs)
    peak = max(run.peak_mib for run in ours)
    return [
        {"what": "rows read", "figure": f"{ROWS:,}"},
        {"what": "items kept by Winnow and by pandas", "figure": f"{kept['winnow']:,} and {kept['pandas']:,}"},
        {"what": "Winnow", "figure": f"{our.seconds:.1f} s", "seconds": our.seconds},
        {"what": "pandas to SQLite", "figure": f"{their.seconds:.1f} s", "seconds": their.seconds},
        {"what": "ratio", "figure": f"{their.seconds / our.seconds:.2f}", "ratio": their.seconds / our.seconds, "goal": "at least 3"},
        {"what": "Winnow's peak memory", "figure": f"{peak:.0f} MiB", "mib": peak, "goal": "under 1 GB"},
        {"what": "pandas' peak memory", "figure": f"{their.peak_mib:.0f} MiB", "mib": their.peak_mib},
    ]
