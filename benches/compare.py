"""Runs the benchmarks named on the command line (all without), prints their ratios, writes target/bench/results.json."""

import json
import os
import platform
import sys
import time
from pathlib import Path

import bench_classifier
import bench_embedding
import bench_glue
import bench_import
import bench_labelling
import bench_quality
import bench_review
import bench_start
import bench_versions
from measuring import Missing, ROOT

BENCHES = {
    "import": bench_import.run,
    "review": bench_review.run,
    "labelling": bench_labelling.run,
    "embedding": bench_embedding.run,
    "classifier": bench_classifier.run,
    "glue": bench_glue.run,
    "start": bench_start.run,
    "quality": bench_quality.run,
    "versions": bench_versions.run,
}


def main() -> int:
    names = sys.argv[1:] or list(BENCHES)
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    target = ROOT / "target/bench/results.json"
    results = json.loads(target.read_text()) if target.exists() else {}
    results["machine"] = {"cpus": os.cpu_count(), "system": platform.platform(), "processor": processor()}
    failed = 0
    for name in names:
        print(f"\n== {name}", flush=True)
        try:
            rows = BENCHES[name]()
        except Missing as missing:
            print(f"left out: {missing}")
            continue
        except RuntimeError as error:
            print(f"FAILED: {error}")
            failed = 1
            continue
        results[name] = {"at": time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime()), "figures": rows}
        print_table(rows)
        target.write_text(json.dumps(results, ensure_ascii=False, indent=2) + "\n")
    print(f"\nwritten to {target.relative_to(ROOT)}")
    return failed


def processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor()


def print_table(rows: list[dict]) -> None:
    cells = [[row["what"], row["figure"], row.get("goal", "")] for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(3)]
    for what, figure, goal in cells:
        print(f"  {what:<{widths[0]}}  {figure:>{widths[1]}}  {goal}".rstrip())


if __name__ == "__main__":
    sys.exit(main())
