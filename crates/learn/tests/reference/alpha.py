"""Krippendorff's alpha by the package krippendorff, for the test of `learn::statistics::krippendorff_alpha`.

    python3 -m venv venv && venv/bin/pip install krippendorff==0.9.0 numpy
    venv/bin/python crates/learn/tests/reference/alpha.py

Writes alpha.json next to itself: a matrix of reviewers by items (-1: not labelled) and its alpha.
"""

import json
import pathlib

import krippendorff
import numpy as np

HERE = pathlib.Path(__file__).parent


def drawn(seed, reviewers, items, classes, present, right):
    """Reviewers who label some of the items, rightly with some probability."""
    random = np.random.default_rng(seed)
    truth = random.integers(classes, size=items)
    labels = np.where(random.random((reviewers, items)) < right, truth, random.integers(classes, size=(reviewers, items)))
    return np.where(random.random((reviewers, items)) < present, labels, -1)


cases = [
    # The example of Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), page 5: nominal alpha 0.743.
    np.array([[1, 2, 3, 3, 2, 1, 4, 1, 2, -1, -1, -1], [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, -1, 3],
              [-1, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, -1], [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, -1]]),
    drawn(1, 2, 50, 3, 1.0, 0.8),
    drawn(2, 5, 200, 8, 0.4, 0.9),
    drawn(3, 3, 100, 77, 0.7, 0.5),
    drawn(4, 3, 60, 4, 0.8, 0.0),
]
result = []
for case in cases:
    data = np.where(case < 0, np.nan, case.astype(float))
    alpha = krippendorff.alpha(reliability_data=data, level_of_measurement="nominal")
    result.append({"labels": case.tolist(), "alpha": float(alpha)})
text = json.dumps(result, separators=(",", ":")).replace('},{"labels', '},\n{"labels')
(HERE / "alpha.json").write_text(text + "\n")
