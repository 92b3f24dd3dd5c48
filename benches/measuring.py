"""What the benchmarks share: where things are, running a process with its time and peak memory, llama.cpp's server."""

import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WINNOW = ROOT / "target/release/winnow"
SMOLLM2 = "SmolLM2-135M-Instruct.Q4_1.gguf"
STARTER = "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf"
LARGER = "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"


class Missing(Exception):
    """Something that a benchmark needs is not on this machine."""


@dataclass
class Measured:
    """How a process went."""

    seconds: float
    peak_mib: float
    stdout: str


def measured(command: list, **options) -> Measured:
    """Runs a command to its end; its wall time and the peak of its resident memory."""
    began = time.perf_counter()
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True, **options)
    stdout = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}: {stdout[-2000:]}")
    return Measured(seconds, usage.ru_maxrss / 1024, stdout)


def winnow(*arguments, folder: Path) -> dict | list:
    """Runs Winnow's command line and answers its JSON document."""
    environment = {**os.environ, "WINNOW_DATA_FOLDER": str(folder / "settings"), "LC_ALL": "C"}
    command = [str(part) for part in (WINNOW, *arguments, "--json")]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stdout[-2000:]}")
    return json.loads(done.stdout)


def model(name: str) -> Path:
    folder = Path(os.environ.get("WINNOW_MODELS", ROOT / "target/models"))
    if not (folder / name).is_file():
        raise Missing(f"{folder / name} is not there (cargo xtask setup places it)")
    return folder / name


def data(name: str) -> Path:
    folder = Path(os.environ.get("WINNOW_DATA", ROOT.parent / "shared/data"))
    if not (folder / name).is_file():
        raise Missing(f"{folder / name} is not there (set WINNOW_DATA)")
    return folder / name


@contextmanager
def llama_server(gguf: Path, slots: int):
    """llama.cpp's OpenAI-compatible server with this model; yields its address."""
    python = Path(os.environ.get("WINNOW_LLAMA_SERVER", ROOT / "target/llama-server/bin/python"))
    script = ROOT / "tools/serve_gguf.py"
    for needed in (python, script):
        if not needed.is_file():
            raise Missing(f"{needed} is not there (cargo xtask setup makes it)")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    threads = os.cpu_count() or 2
    command = [str(part) for part in (python, script, gguf, "model", port, 2048 * slots, threads, slots)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(1200):
            if process.poll() is not None:
                raise RuntimeError("llama.cpp's server ended at its start")
            try:
                with urllib.request.urlopen(f"{address}/health", timeout=5):
                    break
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        else:
            raise RuntimeError("llama.cpp's server did not get ready")
        yield address
    finally:
        process.kill()
        process.wait()


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
