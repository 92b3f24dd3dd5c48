"""The classifier on decisions beside scikit-learn: on the same vectors, and (Russian) beside TF-IDF; what its confidence is worth."""

import csv
import json
import os
import random
import subprocess
from pathlib import Path

from measuring import ROOT, Missing, data, model

FIGURES = ROOT / "target/release/examples/confidence_figures"
OUT = ROOT / "target/bench/classifier"
ENGLISH, RUSSIAN = "all-MiniLM-L6-v2", "multilingual-e5-small"
SEED = 42


def run() -> list[dict]:
    try:
        import numpy  # noqa: F401
        import sklearn  # noqa: F401
    except ImportError as missing:
        raise Missing("scikit-learn is not there; `benches/run.sh classifier` installs it") from missing
    if not FIGURES.is_file():
        raise Missing("target/release/examples/confidence_figures is not built")
    train, test = data("banking77_train.csv"), data("banking77_test.csv")
    rows = []
    for name, shots in (("Banking77, 10 a domain", 10), ("Banking77, all", None)):
        ours = figures(ENGLISH, train, test, shots)
        rows += shown(name, ours, peer_on_vectors(ours["c"]))
        if shots is None:
            rows += [{"what": f"{name}: {text}", "figure": figure} for text, figure in promises(ours)]
    ours = figures(ENGLISH, data("clinc150_full.json"), Path("-"), None)
    rows += shown("CLINC150", ours, peer_on_vectors(ours["c"]))
    rows += [{"what": f"CLINC150: {text}", "figure": figure} for text, figure in promises(ours)]
    for method, found in ours["out_of_scope"].items():
        text = f"ROC AUC {found['auc']:.3f} ({found['low']:.3f}–{found['high']:.3f})"
        text += f", finds {found['found']:.1%} at {found['false_alarms']:.1%} false alarms"
        rows.append({"what": f"CLINC150, out of scope by {method}", "figure": text, "auc": found["auc"]})
    few = (("Banking77", train, test), ("CLINC150", data("clinc150_full.json"), Path("-")))
    for encoder in (ENGLISH, RUSSIAN):
        for name, learned, judged in few:
            rows.append(honest(f"{name}, 10 a domain, {encoder}", figures(encoder, learned, judged, 10)))
    train, test = okved()
    ours = figures(RUSSIAN, train, test, None)
    rows += shown("OKVED sections", ours, peer_on_vectors(ours["c"]))
    accuracy = peer_tfidf(train, test)
    rows.append({"what": "OKVED sections: TF-IDF and logistic regression of scikit-learn", "figure": f"{accuracy:.2%}"})
    return rows


def figures(encoder: str, train: Path, test: Path, shots: int | None) -> dict:
    folder = model(f"{encoder}/model.safetensors").parent
    command = [FIGURES, folder, train, test, OUT] + ([shots] if shots else [])
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"confidence_figures ended with {done.returncode}")
    return json.loads(done.stdout)


def honest(name: str, ours: dict) -> dict:
    """What the cross-validation says beside what is true."""
    said, true = ours["cross_validated"], ours["accuracy"]
    return {"what": f"{name}: right by cross-validation, of unseen", "figure": f"{said:.1%}, {true:.1%}"}


def shown(name: str, ours: dict, peer: float) -> list[dict]:
    return [
        honest(name, ours),
        {
            "what": f"{name}: right of {ours['test']:,} unseen ({ours['domains']} domains, {ours['train']:,} examples)",
            "figure": f"{ours['accuracy']:.2%}, scikit-learn on the same vectors {peer:.2%}",
            "accuracy": ours["accuracy"],
            "peer": peer,
            "goal": "within 0.5 points",
        },
        {
            "what": f"{name}: calibration error before, after",
            "figure": f"{ours['ece_before']:.3f}, {ours['ece_after']:.3f} ({ours['calibration']})",
            "ece": ours["ece_after"],
            "goal": "at most 0.03",
        },
    ]


def promises(ours: dict) -> list[tuple[str, str]]:
    lines = []
    for promise in ours["thresholds"]:
        text = f"at most {promise['at_most']:.0%} wrong, {promise['choice']}"
        figure = f"threshold {promise['threshold']:.3f}: expected {promise['expected']:.2%}"
        figure += f" ({promise['low']:.2%}–{promise['high']:.2%}), true {promise['true']:.2%},"
        lines.append((text, figure + f" {promise['to_review']:.1%} to review"))
    return lines


def peer_on_vectors(c: float) -> float:
    """scikit-learn's logistic regression with the same strength on the vectors that Winnow computed."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    sets = {}
    for part in ("train", "test"):
        targets = np.fromfile(OUT / f"{part}.u32", dtype="<u4")
        sets[part] = (np.fromfile(OUT / f"{part}.f32", dtype="<f4").reshape(len(targets), -1), targets)
    peer = LogisticRegression(C=c, max_iter=2000).fit(*sets["train"])
    return float(peer.score(*sets["test"]))


def okved() -> tuple[Path, Path]:
    """Names of activities with their sections, divided by a seed, a fifth of each section for the test."""
    from sklearn.model_selection import train_test_split

    with data("okved_2014_sections_ru.csv").open(newline="") as table:
        rows = sorted({(" ".join(row["name_okved"].split()), row["code_section"]) for row in csv.DictReader(table)})
    random.Random(SEED).shuffle(rows)
    # A section with a single name can't be on both sides.
    counts = {}
    for _, section in rows:
        counts[section] = counts.get(section, 0) + 1
    rows = [row for row in rows if counts[row[1]] > 1]
    parts = train_test_split(rows, test_size=0.2, random_state=SEED, stratify=[section for _, section in rows])
    OUT.mkdir(parents=True, exist_ok=True)
    files = []
    for name, part in zip(("okved_train.csv", "okved_test.csv"), parts):
        with (OUT / name).open("w", newline="") as file:
            csv.writer(file).writerows([("text", "label"), *part])
        files.append(OUT / name)
    return files[0], files[1]


def peer_tfidf(train: Path, test: Path) -> float:
    """What a user would do instead: TF-IDF of words and pairs, and logistic regression with the best of the same strengths."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV
    from sklearn.pipeline import make_pipeline

    def read(file: Path) -> tuple[list[str], list[str]]:
        with file.open(newline="") as table:
            rows = list(csv.DictReader(table))
        return [row["text"] for row in rows], [row["label"] for row in rows]

    steps = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LogisticRegression(max_iter=2000))
    grid = {"logisticregression__C": [1.0, 10.0, 100.0]}
    search = GridSearchCV(steps, grid, cv=3, n_jobs=os.cpu_count()).fit(*read(train))
    return float(search.score(*read(test)))
