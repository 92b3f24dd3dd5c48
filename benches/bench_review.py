"""The next review item and a decision on a project of a million items, beside SQLite's own time for the bare statements."""

import json
import os
import subprocess

import bench_import
from measuring import ROOT, WINNOW, measured

DECISIONS = int(os.environ.get("WINNOW_BENCH_DECISIONS", "2000"))


def run() -> list[dict]:
    project = ROOT / f"target/bench/review-{bench_import.ROWS}"
    program = ROOT / "target/release/examples/review_latency"
    environment = {**os.environ, "WINNOW_DATA_FOLDER": str(ROOT / "target/bench/settings"), "LC_ALL": "C"}
    if not (project / "winnow.db").exists():
        file = bench_import.rows_file()
        measured([WINNOW, "init", project], env=environment)
        command = [WINNOW, "import", project, file, "--text", "text", "--label", "label", "--keep-duplicates", "--json"]
        measured(command, env=environment, stderr=subprocess.DEVNULL)
    measured([WINNOW, "schema", project, "from-labels"], env=environment)
    figures = json.loads(measured([program, project, DECISIONS], env=environment).stdout)
    rows = [{"what": "items, of them waiting", "figure": f"{figures['items']:,}, {figures['waiting']:,}"}]
    for call, goal in [("next", "p99 under 10 ms"), ("decide", "p99 under 10 ms"), ("bare_next", ""), ("bare_decide", "")]:
        part = figures[call]
        name = call.replace("bare_", "SQLite alone: ")
        figure = f"p50 {part['p50']:.3f} ms, p99 {part['p99']:.3f} ms"
        rows.append({"what": name, "figure": figure, "goal": goal, **part})
    ratio = figures["next"]["p50"] / figures["bare_next"]["p50"]
    rows.append({"what": "next beside SQLite alone (p50)", "figure": f"{ratio:.2f}", "ratio": ratio})
    ratio = figures["decide"]["p50"] / figures["bare_decide"]["p50"]
    rows.append({"what": "decide beside SQLite alone (p50)", "figure": f"{ratio:.2f}", "ratio": ratio})
    return rows
