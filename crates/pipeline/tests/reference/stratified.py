"""Makes stratified.json: how scikit-learn shares eval among classes, for the test of the split.

Run: python3 -m venv v && v/bin/pip install scikit-learn==1.7.2 && v/bin/python stratified.py PATH_TO_banking77_train.csv
Classes whose remainders tie are shared at random by scikit-learn, so the made-up sizes avoid ties; for Banking77 the test
compares what ties cannot change.
"""
import collections, csv, json, pathlib, sys
import numpy as np
from sklearn.model_selection import StratifiedShuffleSplit


def counts(sizes, share):
    labels = np.repeat(np.arange(len(sizes)), sizes)
    split = StratifiedShuffleSplit(n_splits=1, test_size=share, random_state=1)
    _, test = next(split.split(np.zeros(len(labels)), labels))
    return np.bincount(labels[test], minlength=len(sizes)).tolist()


with open(sys.argv[1], encoding="utf-8") as file:
    banking = sorted(collections.Counter(row["category"] for row in csv.DictReader(file)).values(), reverse=True)

cases = [
    ("even", [100, 200, 300], 0.1),
    ("uneven", [997, 503, 251, 131, 67, 41], 0.1),
    ("third", [1009, 757, 311, 89, 53], 1 / 3),
    ("rare", [10007, 1511, 307, 29], 0.05),
    ("two", [123, 77], 0.2),
    ("banking77", banking, 0.1),
]
result = [{"name": name, "sizes": sizes, "share": share, "eval": counts(sizes, share)} for name, sizes, share in cases]
path = pathlib.Path(__file__).with_name("stratified.json")
path.write_text(json.dumps(result, indent=None, separators=(",", ":")).replace("},{", "},\n{") + "\n")
