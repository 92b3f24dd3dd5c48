"""Texts a second in process beside llama.cpp's server: same model, texts, prompt; eight labels; and how often each is right."""


import json
import os
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from measuring import ROOT, SMOLLM2, llama_server, model, winnow

SLOTS = 4
TEXTS = int(os.environ.get("WINNOW_BENCH_TEXTS", "320"))
TABLE = ROOT / "assets/sample/bank_questions.csv"
SCHEMA = ROOT / "assets/sample/bank_questions.schema.json"


def run() -> list[dict]:
    gguf = model(SMOLLM2)
    return compare(gguf, TABLE, "text", "category", SCHEMA, TEXTS, seed=1)


def compare(gguf: Path, table: Path, text: str, label: str, schema: Path, count: int, seed: int) -> list[dict]:
    """Labels `count` texts of a table both ways; speed and accuracy."""
    with tempfile.TemporaryDirectory(dir=ROOT / "target/bench") as name:
        folder = Path(name)
        project = folder / "p"
        winnow("init", project, "--labels", schema, folder=folder)
        winnow("import", project, table, "--text", text, "--label", label, folder=folder)
        winnow("models", project, "add", "m", "--gguf", gguf, folder=folder)
        began = time.perf_counter()
        report = winnow("label", project, "--model", "m", "--limit", count, "--sample-seed", seed, folder=folder)
        whole = time.perf_counter() - began
        rows = winnow("items", project, "list", "--filter", "confidence>=0", "--limit", count, folder=folder)["rows"]
        job = winnow("jobs", project, "list", "--limit", 1, folder=folder)[0]
        seconds = (job["finished"] - job["started"]) / 1000
        right = sum(predicted(project, row["id"], folder) == row["label"] for row in rows)
        texts = [(winnow("items", project, "show", row["id"], folder=folder)["text"], row["label"]) for row in rows]
        before, template = prompt(project, folder, texts[0][0])
    labels = [domain["id"] for domain in json.loads(schema.read_text())["domains"]]
    with llama_server(gguf, SLOTS) as address:
        ask(address, before, template(texts[0][0]), labels)  # warm, as the model in process is after loading
        began = time.perf_counter()
        with ThreadPoolExecutor(SLOTS) as pool:
            answers = list(pool.map(lambda pair: ask(address, before, template(pair[0]), labels), texts))
        server = time.perf_counter() - began
    server_right = sum(answer == label for answer, (_, label) in zip(answers, texts))
    ours, theirs = len(texts) / seconds, len(texts) / server
    return [
        {"what": "model, texts, labels", "figure": f"{gguf.stem}, {len(texts)}, {len(labels)}"},
        {"what": "in process, with loading the model", "figure": f"{len(texts) / whole:.1f} texts/s", "rate": len(texts) / whole},
        {"what": "in process, the job", "figure": f"{ours:.1f} texts/s", "rate": ours},
        {"what": f"llama.cpp's server, json_schema, {SLOTS} slots", "figure": f"{theirs:.1f} texts/s", "rate": theirs},
        {"what": "ratio", "figure": f"{ours / theirs:.2f}", "ratio": ours / theirs, "goal": "at least 1.5"},
        {"what": "right in process", "figure": f"{right} of {len(texts)}", "right": right},
        {"what": "right over the server", "figure": f"{server_right} of {len(texts)}", "right": server_right},
        {"what": "sent to review in process", "figure": f"{report['to_review']}"},
    ]


def predicted(project: Path, item: int, folder: Path) -> str:
    return winnow("items", project, "show", item, folder=folder)["predictions"][0]["domain"]


def prompt(project: Path, folder: Path, text: str):
    """The messages before the text, and how a text becomes the last one, as the model in process gets them (ChatML)."""
    shown = winnow("models", project, "test", "m", text, folder=folder)["prompt"]
    parts = [part.split("\n", 1) for part in shown.split("<|im_start|>") if "\n" in part]
    messages = [{"role": role, "content": content.split("<|im_end|>")[0]} for role, content in parts]
    # What stands last is the beginning of the answer.
    *before, last, _ = messages
    if last["role"] != "user" or text not in last["content"]:
        raise RuntimeError(f"the text is not in the prompt: {shown!r}")
    return before, lambda other: last["content"].replace(text, other)


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
    with urllib.request.urlopen(request, timeout=120) as response:
        content = json.load(response)["choices"][0]["message"]["content"]
    try:
        return json.loads(content).get("label")
    except ValueError:
        return None
