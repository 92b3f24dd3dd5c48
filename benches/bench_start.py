"""Milliseconds from the start of the process to the interactive window, as the shell itself measures it."""

import os
import re
import shutil
import socket
import subprocess
import tempfile
import time

from measuring import ROOT, Missing, percentile

TURNS = 5


def run() -> list[dict]:
    program = ROOT / "target/release/winnow-desktop"
    if not program.exists():
        raise Missing("target/release/winnow-desktop is not built (cargo xtask run builds it)")
    display = os.environ.get("DISPLAY")
    xvfb = None
    if not display:
        if not shutil.which("Xvfb"):
            raise Missing("no display, and Xvfb is not installed")
        display = f":{free_display()}"
        xvfb = subprocess.Popen(["Xvfb", display, "-screen", "0", "1280x800x24"], stderr=subprocess.DEVNULL)
        time.sleep(1)
    try:
        with tempfile.TemporaryDirectory() as folder:
            times = [start(program, display, folder) for _ in range(TURNS + 1)]
    finally:
        if xvfb:
            xvfb.terminate()
            xvfb.wait()
    cold, warm = times[0], times[1:]
    middle = percentile(warm, 0.5)
    return [
        {"what": "start to interactive, the first time", "figure": f"{cold:.0f} ms", "millis": cold},
        {"what": f"start to interactive, median of {TURNS}", "figure": f"{middle:.0f} ms", "millis": middle},
    ]


def start(program, display: str, folder: str) -> float:
    environment = {**os.environ, "DISPLAY": display, "WINNOW_DATA_FOLDER": folder, "LC_ALL": "C.UTF-8"}
    command = [str(program)]
    if shutil.which("dbus-run-session"):
        command = ["dbus-run-session", "--", *command]
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    )
    try:
        os.set_blocking(process.stderr.fileno(), False)
        said, deadline = "", time.monotonic() + 60
        while time.monotonic() < deadline and process.poll() is None:
            said += (process.stderr.read() or b"").decode(errors="replace")
            if found := re.search(r"interactive after (\d+) ms", said):
                return float(found.group(1))
            time.sleep(0.02)
        raise RuntimeError(f"the window did not get ready: {said[-1000:]}")
    finally:
        os.killpg(process.pid, 15)
        process.wait()


def free_display() -> int:
    for number in range(90, 200):
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(f"/tmp/.X11-unix/X{number}")
            except OSError:
                return number
    raise Missing("no free display number")
