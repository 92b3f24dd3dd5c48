"""Makes a large table (`id,text,label`) for the benches from Banking77 and OKVED, with noise and duplicates.

usage: make_rows.py --rows 1000000 --out FILE [--seed 1] [--data FOLDER]
The same arguments give the same bytes. Of the rows about 15 % repeat an earlier text exactly, 5 % repeat one in other
white space or Unicode composition, 1 % are empty or too short, 0.2 % too long; a few texts hold quoted newlines. Banking77 by
PolyAI, CC BY 4.0.
"""

import argparse
import csv
import os
import random
import unicodedata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def texts(data: Path) -> list[tuple[str, str]]:
    """Real texts with their labels: English questions and Russian names of activities."""
    with open(data / "banking77_train.csv", encoding="utf-8", newline="") as file:
        rows = [(row["text"], row["category"]) for row in csv.DictReader(file)]
    with open(data / "okved_2014_sections_ru.csv", encoding="utf-8", newline="") as file:
        rows += [(row["name_okved"], row["name_section"]) for row in csv.DictReader(file)]
    return rows


def typo(text: str, rng: random.Random) -> str:
    """One letter dropped, doubled, or swapped with its neighbour."""
    if len(text) < 4:
        return text
    at = rng.randrange(len(text) - 1)
    kind = rng.randrange(3)
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[: at + 1] + text[at:]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def variant(text: str, rng: random.Random) -> str:
    """A text of its own: a reference number or a typo or both, as in a real log."""
    kind = rng.random()
    if kind < 0.45:
        return f"{text} ({rng.randrange(10**9)})"
    if kind < 0.85:
        return f"{typo(text, rng)} №{rng.randrange(10**7)}"
    return typo(typo(typo(text, rng), rng), rng)


def respaced(text: str, rng: random.Random) -> str:
    """The same text after normalisation: other white space, or letters taken apart."""
    kind = rng.randrange(4)
    if kind == 0:
        return f"  {text} "
    if kind == 1:
        return text.replace(" ", "  ", 2)
    if kind == 2:
        return text.replace(" ", "\u00a0", 1)
    return unicodedata.normalize("NFD", text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("WINNOW_DATA", ROOT.parent / "shared/data")))
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    source = texts(arguments.data)
    earlier: list[tuple[str, str]] = []
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    with open(arguments.out, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", "text", "label"])
        for number in range(arguments.rows):
            kind = rng.random()
            if kind < 0.15 and earlier:
                text, label = rng.choice(earlier)
            elif kind < 0.20 and earlier:
                text, label = rng.choice(earlier)
                text = respaced(text, rng)
            elif kind < 0.21:
                text, label = rng.choice(["", " ", "ok", "да"]), ""
            elif kind < 0.212:
                text, label = rng.choice(source)
                text = " ".join([text] * (1200 // (len(text) + 1) + 1))
            else:
                text, label = rng.choice(source)
                text = variant(text, rng)
                if kind > 0.995:
                    text = text.replace(" ", "\n", 1)
                if len(earlier) < 100_000:
                    earlier.append((text, label))
            writer.writerow([number, text, label])


if __name__ == "__main__":
    main()
