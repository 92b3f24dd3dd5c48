"""Texts a second in process beside llama.cpp's server: same model file, texts and prompt, with 8 labels and with 77; how often each
is right; tokens a second beside the machine's own limit; memory of both."""

import csv
import json
import os
import random
import subprocess
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from measuring import ROOT, SMOLLM2, llama_server, model

SLOTS = 4
# The server is asked about so many of the texts: its rate does not depend on the number.
ASKED = int(os.environ.get("WINNOW_BENCH_ASKED", "100"))
TEXTS = int(os.environ.get("WINNOW_BENCH_TEXTS", "1000"))
BANKING = ROOT / "tests/data/banking77_train.csv"
SCHEMA = ROOT / "assets/sample/bank_questions.schema.json"
FOLDER = ROOT / "target/bench/labelling"


def run() -> list[dict]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    gguf = model(SMOLLM2)
    rows = banking()
    eight = {domain["id"] for domain in json.loads(SCHEMA.read_text())["domains"]}
    figures = compare(gguf, SCHEMA, sample([row for row in rows if row[1] in eight], TEXTS), "8 labels")
    every = FOLDER / "all.schema.json"
    every.write_text(json.dumps({"domains": [{"id": label} for label in sorted({label for _, label in rows})]}))
    return figures + compare(gguf, every, sample(rows, TEXTS), "77 labels")


def banking() -> list[tuple[str, str]]:
    with BANKING.open(newline="") as file:
        return [(" ".join(row["text"].split()), row["category"]) for row in csv.DictReader(file)]


def sample(rows: list[tuple[str, str]], count: int, seed: int = 1) -> list[tuple[str, str]]:
    return random.Random(seed).sample(rows, min(count, len(rows)))


def compare(gguf: Path, schema: Path, rows: list[tuple[str, str]], name: str) -> list[dict]:
    """Labels the texts in process and some of them over the server."""
    table = FOLDER / "texts.tsv"
    table.write_text("".join(f"{text}\t{label}\n" for text, label in rows))
    program = ROOT / "target/release/examples/throughput"
    ours = json.loads(subprocess.run([program, gguf, schema, table], stdout=subprocess.PIPE, check=True).stdout)
    asked = rows[:ASKED]
    labels = [domain["id"] for domain in json.loads(schema.read_text())["domains"]]
    with llama_server(gguf, SLOTS) as address:
        ask(address, ours["messages"], ours["questions"][0], labels)  # warm, as the model in process is after its first text
        began = time.perf_counter()
        with ThreadPoolExecutor(SLOTS) as pool:
            answers = list(pool.map(lambda user: ask(address, ours["messages"], user, labels), ours["questions"][:ASKED]))
        seconds = time.perf_counter() - began
        server_peak = peak_mib(address)
    right = sum(answer == label for answer, (_, label) in zip(answers, asked))
    rate, theirs = ours["texts"] / ours["seconds"], len(asked) / seconds
    tokens = ours["tokens"] / ours["seconds"]
    limit = ours["limit_tokens_per_second"]
    return [
        {"what": f"{name}: in process, {ours['texts']} texts", "figure": f"{rate:.1f} texts/s", "rate": rate},
        {
            "what": f"{name}: llama.cpp's server, json_schema, {SLOTS} slots, the first {len(asked)} of them",
            "figure": f"{theirs:.1f} texts/s",
            "rate": theirs,
        },
        {"what": f"{name}: ratio", "figure": f"{rate / theirs:.2f}", "ratio": rate / theirs, "goal": "at least 3"},
        {
            "what": f"{name}: tokens a second in process; its matrix products alone",
            "figure": f"{tokens:.0f}/s; {limit:.0f}/s",
            "rate": tokens,
        },
        {
            "what": f"{name}: reading the prompt of {ours['prompt_tokens']} tokens, once",
            "figure": f"{ours['prompt_seconds']:.1f} s",
        },
        {"what": f"{name}: peak memory, in process; the server", "figure": f"{ours['peak_mib']} MiB; {server_peak} MiB"},
        {"what": f"{name}: right in process", "figure": f"{ours['right']} of {ours['texts']}", "right": ours["right"]},
        {"what": f"{name}: right over the server", "figure": f"{right} of {len(asked)}", "right": right},
    ]


def peak_mib(address: str) -> int:
    """Peak memory of the process that listens at the address (Linux)."""
    port = f":{int(address.rsplit(':', 1)[1]):04X}"
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    inode = next(line.split()[9] for line in lines if line.split()[1].endswith(port) and line.split()[3] == "0A")
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if any(os.readlink(file) == f"socket:[{inode}]" for file in (process / "fd").iterdir()):
                status = (process / "status").read_text()
                return int(status.split("VmHWM:")[1].split()[0]) // 1024
        except OSError:
            continue
    raise RuntimeError("the server's process was not found")


def ask(address: str, before: list[dict], user: str, labels: list[str]) -> str | None:
    schema = {
        "type": "object",
        "properties": {"label": {"type": "string", "enum": labels}},
        "required": ["label"],
        "additionalProperties": False,
    }
    body = {
        "model": "model",
        "messages": [*before, {"role": "user", "content": user}],
        "response_format": {"type": "json_schema", "json_schema": {"name": "label", "strict": True, "schema": schema}},
        "temperature": 0,
        "max_tokens": 64,
        "cache_prompt": True,
    }
    request = urllib.request.Request(
        f"{address}/v1/chat/completions", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=300) as response:
        content = json.load(response)["choices"][0]["message"]["content"]
    try:
        return json.loads(content).get("label")
    except ValueError:
        return None
