"""Versions of a million rows: commit, a second commit with 1 % changed rows, checkout, comparison, the log of 100 versions; beside DVC
(add, commit, checkout), Oxen and git on the same files, and beside `cp` and `zstd -3`, which do less. Once with whole samples as the
writer leaves them, once with id, text and label alone.

Each step is run several times on a store of its own; the median counts. Files lie in the page cache. WINNOW_BENCH_ROWS sets the rows."""

import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

from measuring import ROOT, WINNOW, Measured, Missing, measured, winnow

ROWS = int(os.environ.get("WINNOW_BENCH_ROWS", "1000000"))
RUNS = int(os.environ.get("WINNOW_BENCH_RUNS", "3"))
FOLDER = ROOT / "target/bench/versions"
DVC = ROOT / "target/dvc-venv/bin/dvc"
PARTS = ("first", "second")
FILES = ("train.jsonl", "eval.jsonl")
STEPS = ("commit", "second commit", "checkout")
# What rows consist of, and how the data is called.
KINDS = {"whole samples": "", "id, text and label": "-bare"}


def run() -> list[dict]:
    if not DVC.is_file():
        raise Missing(f"{DVC} is not there (benches/run.sh versions installs it)")
    figures = []
    for kind, name in KINDS.items():
        make(name)
        ours, peers = [], {"DVC": [], "Oxen": [], "git": [], "cp": [], "zstd": []}
        for _ in range(RUNS):
            ours.append(of_winnow(name))
            peers["DVC"].append(of_dvc(name))
            peers["Oxen"].append(of_oxen(name))
            peers["git"].append(of_git(name))
            peers["cp"].append(of_cp(name))
            peers["zstd"].append(of_zstd(name))
        found = steps(ours, peers) + sizes(ours, peers)
        figures += [{**figure, "what": f"{kind}: {figure['what']}"} for figure in found]
    return figures + log()


def make(name: str):
    done = FOLDER / f"data-{ROWS}{name}"
    if not done.is_dir():
        shutil.rmtree(FOLDER / "making", ignore_errors=True)
        script = ROOT / "benches/make_versions.py"
        options = ["--bare"] if name else []
        subprocess.run([sys.executable, script, "--rows", str(ROWS), "--out", FOLDER / "making", *options], check=True)
        (FOLDER / "making").rename(done)


def data(part: str, name: str = "") -> Path:
    return FOLDER / f"data-{ROWS}{name}" / part


def place(name: str) -> Path:
    folder = FOLDER / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def of_winnow(kind: str) -> dict:
    folder = place("winnow")
    winnow("init", folder / "p", folder=folder)
    environment = {**os.environ, "WINNOW_DATA_FOLDER": str(folder / "settings"), "LC_ALL": "C"}

    def step(*arguments) -> Measured:
        return measured([WINNOW, "version", folder / "p", *arguments, "--json"], env=environment, stderr=subprocess.DEVNULL)

    found = {}
    for name, part in zip(STEPS, PARTS):
        before = size(folder / "p/versions")
        found[name] = step("commit", "--folder", data(part, kind), "-m", part)
        found[f"{name} bytes"] = size(folder / "p/versions") - before
    found["comparison"] = step("diff", "1.0.0", "2.0.0", "--limit", "100")
    found["checkout"] = step("checkout", "2.0.0", "--to", folder / "out")
    same(folder / "out", kind)
    found["verify"] = step("verify")
    return found


def of_dvc(kind: str) -> dict:
    folder = place("dvc")
    quiet = {"cwd": folder, "stderr": subprocess.DEVNULL, "env": {**os.environ, "DVC_NO_ANALYTICS": "1"}}
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    measured([DVC, "init", "-q"], **quiet)
    found = {}
    for name, part in zip(STEPS, PARTS):
        for file in FILES:
            (folder / file).unlink(missing_ok=True)
            shutil.copyfile(data(part, kind) / file, folder / file)
        before = size(folder / ".dvc")
        added = measured([DVC, "add", "-q", *FILES], **quiet)
        began = time.perf_counter()
        commit(folder, ["."], part)
        found[name] = Measured(added.seconds + time.perf_counter() - began, added.peak_mib, "")
        found[f"{name} bytes"] = size(folder / ".dvc") - before
    for file in FILES:
        (folder / file).unlink()
    found["checkout"] = measured([DVC, "checkout", "-q", "--force"], **quiet)
    same(folder, kind)
    return found


def of_oxen(kind: str) -> dict:
    folder = place("oxen")
    options = {"env": {**os.environ, "HOME": str(place("oxen-home"))}, "stderr": subprocess.DEVNULL}
    python = DVC.parent / "python"
    if subprocess.run([python, "-c", "import oxen"], check=False, capture_output=True).returncode != 0:
        return {}
    found = {}
    for name, part in zip(STEPS, PARTS):
        for file in FILES:
            shutil.copyfile(data(part, kind) / file, folder / file)
        before = size(folder / ".oxen")
        found[name] = measured([python, ROOT / "benches/peer_oxen.py", folder, "commit", part], **options)
        found[f"{name} bytes"] = size(folder / ".oxen") - before
    for file in FILES:
        (folder / file).unlink()
    found["checkout"] = measured([python, ROOT / "benches/peer_oxen.py", folder, "restore"], **options)
    same(folder, kind)
    return found


def of_git(kind: str) -> dict:
    folder = place("git")
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    found = {}
    for name, part in zip(STEPS, PARTS):
        for file in FILES:
            shutil.copyfile(data(part, kind) / file, folder / file)
        before = size(folder / ".git")
        began = time.perf_counter()
        commit(folder, FILES, part)
        found[name] = Measured(time.perf_counter() - began, 0, "")
        found[f"{name} bytes"] = size(folder / ".git") - before
    for file in FILES:
        (folder / file).unlink()
    found["checkout"] = measured(["git", "checkout", "-q", "--", "."], cwd=folder)
    same(folder, kind)
    return found


def commit(folder: Path, files, message: str):
    who = ["-c", "user.name=bench", "-c", "user.email=bench@example.org", "-c", "gc.auto=0"]
    subprocess.run(["git", *who, "add", *files], cwd=folder, check=True)
    subprocess.run(["git", *who, "commit", "-q", "-m", message], cwd=folder, check=True)


def of_cp(kind: str) -> dict:
    folder = place("cp")
    found = {}
    for name, part in zip(STEPS, PARTS):
        found[name] = measured(["cp", *(data(part, kind) / file for file in FILES), folder])
        found[f"{name} bytes"] = size(folder)
    found["checkout"] = found["second commit"]
    return found


def of_zstd(kind: str) -> dict:
    folder = place("zstd")
    if shutil.which("zstd") is None:
        return {}
    found = {}
    for name, part in zip(STEPS, PARTS):
        files = [data(part, kind) / file for file in FILES]
        found[name] = measured(["zstd", "-3", "-q", "-f", "-T2", "--output-dir-flat", folder, *files])
        found[f"{name} bytes"] = size(folder)
    found["checkout"] = measured(["zstd", "-d", "-q", "-f", "-k", *(folder / f"{file}.zst" for file in FILES)])
    return found


def same(folder: Path, kind: str):
    for file in FILES:
        if subprocess.run(["cmp", "-s", folder / file, data("second", kind) / file], check=False).returncode != 0:
            raise RuntimeError(f"{folder / file} is not what was committed")


def size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink())


def median(runs: list[dict], step: str) -> float | None:
    values = [run[step].seconds for run in runs if step in run]
    return statistics.median(values) if values else None


def steps(ours: list[dict], peers: dict) -> list[dict]:
    figures = []
    for step in STEPS:
        mine = median(ours, step)
        figures.append({"what": f"{step}: Winnow", "figure": f"{mine:.2f} s", "seconds": mine})
        for name, runs in peers.items():
            theirs = median(runs, step)
            if theirs is None:
                figures.append({"what": f"{step}: {name}", "figure": "is not installed"})
                continue
            row = {"what": f"{step}: {name}; its time by ours", "figure": f"{theirs:.2f} s; {theirs / mine:.2f}", "seconds": theirs}
            if name == "DVC" and step != "commit":
                row["goal"] = "at least 3"
            figures.append(row)
    for step, goal in (("comparison", "under 2 s"), ("verify", None)):
        row = {"what": f"{step} of two versions" if goal else "verifying both versions", "figure": f"{median(ours, step):.2f} s"}
        figures.append(row | ({"goal": goal} if goal else {}))
    return figures


def sizes(ours: list[dict], peers: dict) -> list[dict]:
    first, second = ours[0]["commit bytes"], ours[0]["second commit bytes"]
    peak = max(run[step].peak_mib for run in ours for step in (*STEPS, "comparison", "verify"))
    figures = [
        {"what": "bytes of the first commit, of the second", "figure": f"{first:,}; {second:,} = {100 * second / first:.2f} %", "goal": "at most 5 %"},
        {"what": "peak memory of all steps", "figure": f"{peak:.0f} MiB", "goal": "under 1 GB"},
    ]
    for name in ("DVC", "Oxen", "git", "zstd"):
        run = peers[name][0]
        if run:
            figures.append({"what": f"bytes of both commits: {name}", "figure": f"{run['commit bytes']:,}; {run['second commit bytes']:,}"})
    return figures


def log() -> list[dict]:
    """100 versions of a small part of the data: the log reads no rows, so their number does not matter."""
    folder = place("log")
    winnow("init", folder / "p", folder=folder)
    lines = (data("first") / "train.jsonl").open().readlines()[:400]
    part = folder / "data"
    part.mkdir()
    (part / "eval.jsonl").write_text("".join(lines[:20]))
    for number in range(100):
        (part / "train.jsonl").write_text("".join(lines[20 : 300 + number]))
        winnow("version", folder / "p", "commit", "--folder", part, "-m", f"version {number}", folder=folder)
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        versions = winnow("version", folder / "p", "log", folder=folder)
        times.append(time.perf_counter() - began)
    return [{"what": f"log of {len(versions)} versions, with the program's start", "figure": f"{1000 * statistics.median(times):.0f} ms"}]
