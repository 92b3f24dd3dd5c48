"""Intervals, tests and measures by scipy, statsmodels and scikit-learn, for the tests of `learn::statistics`.

    python3 -m venv venv && venv/bin/pip install numpy scipy scikit-learn statsmodels
    venv/bin/python crates/learn/tests/reference/statistics.py

Writes statistics.json next to itself.
"""

import sys

sys.path.pop(0)  # This file's own name must not hide Python's module.

import json
import pathlib

import numpy as np
import scipy
import statsmodels
from scipy.optimize import minimize
from scipy.stats import norm
from sklearn.metrics import cohen_kappa_score, f1_score, precision_recall_fscore_support, roc_auc_score
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.proportion import proportion_confint

HERE = pathlib.Path(__file__).parent


def intervals():
    cases = [(0, 1), (1, 1), (0, 10), (3, 10), (10, 10), (7, 300), (299, 300), (5000, 10000), (3, 1000000), (999000, 1000000)]
    rows = []
    for k, n in cases:
        for level in (0.8, 0.95, 0.999):
            wilson = proportion_confint(k, n, 1 - level, "wilson")
            exact = proportion_confint(k, n, 1 - level, "beta")
            rows.append([k, n, level, [float(v) for v in wilson], [float(v) for v in exact]])
    return rows


def tests_of_pairs():
    rows = []
    for b, c in [(0, 0), (0, 1), (1, 0), (5, 5), (2, 9), (10, 14), (12, 30), (100, 141), (1000, 1100), (50000, 50800), (0, 60)]:
        table = [[100, b], [c, 50]]
        exact = mcnemar(table, exact=True).pvalue
        if b + c:
            approximate = mcnemar(table, exact=False, correction=True)
            rows.append([b, c, float(exact), float(approximate.statistic), float(approximate.pvalue)])
        else:
            rows.append([b, c, 1.0, 0.0, 1.0])
    return rows


def delong(positive, negative):
    """Straight from the definition, without ranks."""
    psi = (positive[:, None] > negative[None, :]) + 0.5 * (positive[:, None] == negative[None, :])
    v10, v01 = psi.mean(axis=1), psi.mean(axis=0)
    return float(np.sqrt(v10.var(ddof=1) / len(positive) + v01.var(ddof=1) / len(negative)))


def curves(rng):
    rows = []
    for m, n, digits in [(5, 7, 1), (40, 30, 1), (120, 200, 6)]:
        positive = np.round(rng.normal(1.0, 1.0, m), digits)
        negative = np.round(rng.normal(0.0, 1.0, n), digits)
        auc = roc_auc_score(np.r_[np.ones(m), np.zeros(n)], np.r_[positive, negative])
        rows.append([positive.tolist(), negative.tolist(), float(auc), delong(positive, negative)])
    return rows


def agreement(rng):
    truth = rng.integers(0, 6, 400)
    predicted = np.where(rng.random(400) < 0.7, truth, rng.integers(0, 8, 400))
    table = np.zeros((8, 8))
    np.add.at(table, (truth, predicted), 1)
    kappa = cohens_kappa(table)
    precision, recall, f1, support = precision_recall_fscore_support(truth, predicted, zero_division=0)
    return {
        "truth": truth.tolist(),
        "predicted": predicted.tolist(),
        "kappa": float(cohen_kappa_score(truth, predicted)),
        "kappa_low": float(kappa.kappa_low),
        "kappa_high": float(kappa.kappa_upp),
        "macro_f1": float(f1_score(truth, predicted, average="macro", zero_division=0)),
        "precision": precision.tolist(),
        "recall": recall.tolist(),
        "f1": f1.tolist(),
        "support": support.tolist(),
    }


def mixture(rng):
    """The weights with the smallest log loss by a general solver with constraints."""
    truth = rng.integers(0, 4, 150)
    voters = []
    for noise in (0.6, 1.5, 4.0):
        logits = 2.0 * np.eye(4)[truth] + rng.normal(0, noise, (150, 4))
        p = np.exp(logits - logits.max(axis=1, keepdims=True))
        voters.append(np.round(p / p.sum(axis=1, keepdims=True), 6))
    own = np.array([v[np.arange(150), truth] for v in voters])

    def loss(w):
        return -np.log(np.maximum(w @ own, 1e-12)).mean()

    found = minimize(
        loss, np.ones(3) / 3, method="SLSQP", bounds=[(0, 1)] * 3, constraints={"type": "eq", "fun": lambda w: w.sum() - 1},
        options={"ftol": 1e-15, "maxiter": 1000},
    )
    return {"truth": truth.tolist(), "voters": [v.tolist() for v in voters], "weights": found.x.tolist(), "loss": float(found.fun)}


def main():
    rng = np.random.default_rng(3)
    out = {
        "made_with": f"scipy {scipy.__version__}, statsmodels {statsmodels.__version__}",
        "intervals": intervals(),
        "mcnemar": tests_of_pairs(),
        "quantiles": [[p, float(norm.ppf(p))] for p in (1e-12, 0.001, 0.025, 0.3, 0.5, 0.8, 0.975, 0.9999, 1 - 1e-12)],
        "roc": curves(rng),
        "agreement": agreement(rng),
        "mixture": mixture(rng),
    }
    (HERE / "statistics.json").write_text(json.dumps(out))


main()
