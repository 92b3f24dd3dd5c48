"""Makes two datasets of JSONL files as the writer leaves them: the second has 1 % of its rows changed, scattered.

usage: make_versions.py --rows 1000000 --out FOLDER [--seed 1] [--data FOLDER] [--bare]
The texts are those of make_rows.py (Banking77 and OKVED with references and typos), without its noise. The same arguments give the
same bytes. With --bare, rows have an id, a text and a label alone, as datasets from elsewhere do. Of the changed rows half have another label, a quarter another text, an eighth are gone, and an eighth are new.
"""

import argparse
import hashlib
import json
import os
import random
from pathlib import Path

import make_rows

ROOT = Path(__file__).resolve().parent.parent
EVAL = 10


def rows(count: int, data: Path, rng: random.Random) -> dict[str, dict]:
    """Samples by id."""
    sources = make_rows.texts(data)
    made: dict[str, dict] = {}
    while len(made) < count:
        text, label = sources[rng.randrange(len(sources))]
        sample = row(make_rows.variant(text, rng), label, len(made), rng)
        made.setdefault(sample["id"], sample)
    return made


def row(text: str, label: str, number: int, rng: random.Random) -> dict:
    decided = rng.random() < 0.1
    return {
        "id": hashlib.blake2b(text.encode(), digest_size=16).hexdigest(),
        "text": text,
        "label": label,
        "origin": "decision" if decided else "prediction",
        "confidence": round(rng.random(), 4),
        "decided_by": "anna" if decided else "",
        "decided_at": "2026-11-21T10:00:00.000Z" if decided else "",
        "source": "log.csv",
        "row": number + 2,
        "parent": "",
    }


def write(folder: Path, samples: dict[str, dict], fields: tuple | None):
    """Train and eval in the order of ids; every tenth id is eval."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "train.jsonl").open("w", encoding="utf-8") as train, (folder / "eval.jsonl").open("w", encoding="utf-8") as held:
        for key in sorted(samples):
            sample = {field: samples[key][field] for field in fields or samples[key]}
            line = json.dumps(sample, ensure_ascii=False, separators=(",", ":"))
            (held if int(key[:8], 16) % EVAL == 0 else train).write(line + "\n")


def change(samples: dict[str, dict], rng: random.Random) -> dict[str, dict]:
    """1 % changed rows, scattered."""
    changed = dict(samples)
    labels = sorted({sample["label"] for sample in samples.values()})
    for number, key in enumerate(rng.sample(sorted(samples), len(samples) // 100)):
        sample = dict(changed[key])
        if number % 8 < 4:
            sample["label"] = rng.choice(labels)
            sample["origin"], sample["decided_by"], sample["decided_at"] = "decision", "boris", "2026-11-22T10:00:00.000Z"
            changed[key] = sample
        elif number % 8 < 6:
            del changed[key]
            edited = row(sample["text"] + " !", sample["label"], sample["row"] - 2, rng)
            changed[edited["id"]] = edited
        elif number % 8 == 6:
            del changed[key]
        else:
            new = row(f"{sample['text']} #{number}", sample["label"], len(samples) + number, rng)
            changed[new["id"]] = new
    return changed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("WINNOW_DATA", ROOT.parent / "shared/data")))
    parser.add_argument("--bare", action="store_true")
    arguments = parser.parse_args()
    fields = ("id", "text", "label") if arguments.bare else None
    rng = random.Random(arguments.seed)
    samples = rows(arguments.rows, arguments.data, rng)
    write(arguments.out / "first", samples, fields)
    write(arguments.out / "second", change(samples, rng), fields)


if __name__ == "__main__":
    main()
