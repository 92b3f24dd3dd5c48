"""Real features and what scikit-learn makes of them, for the tests of the classifier, of calibration and of
novelty.

    python3 -m venv venv && venv/bin/pip install numpy scipy scikit-learn pandas
    venv/bin/python crates/learn/tests/reference/banking.py          # from the repository's root

Writes, next to itself:
  banking.rows.i16       2,990 rows × 32 columns: TF-IDF of Banking77's training texts, reduced by SVD, unit length, times 32767
  banking.targets.u8     the class of each row, 0 to 76
  banking.held_out.f32   600 rows × 77 probabilities of the last 600 rows by LogisticRegression(C=100) fitted on the others
  banking.json           everything else: coefficients, losses, calibration maps, scores of novelty
"""

import json
import pathlib
import warnings

import numpy as np
import pandas as pd
import sklearn
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, logsumexp
from sklearn.covariance import LedoitWolf
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score
from sklearn.neighbors import NearestNeighbors

HERE = pathlib.Path(__file__).parent
ROWS, HELD, COLUMNS = 2990, 600, 32


def features():
    table = pd.read_csv("tests/data/banking77_train.csv").sample(frac=1.0, random_state=7)
    table = table.groupby("category").head(39).sample(frac=1.0, random_state=8).head(ROWS)
    names = sorted(table["category"].unique())
    counts = TfidfVectorizer(sublinear_tf=True, min_df=2).fit_transform(table["text"])
    dense = TruncatedSVD(COLUMNS, random_state=1).fit_transform(counts)
    dense /= np.linalg.norm(dense, axis=1, keepdims=True)
    stored = np.round(dense * 32767).astype("<i2")
    targets = table["category"].map({name: at for at, name in enumerate(names)}).to_numpy().astype("u1")
    # What the Rust tests compute with: f32 of the stored number.
    return stored, (stored.astype(np.float32) / np.float32(32767)).astype(np.float64), targets


def exact(c, x, y, weights=None):
    """The same objective as the default solver's, which gives up at about six digits: Newton's method has them all."""
    model = LogisticRegression(C=c, solver="newton-cg", tol=1e-10, max_iter=500).fit(x, y, sample_weight=weights)
    if len(model.classes_) > 2:
        model.intercept_ -= model.intercept_.mean()  # Unique up to a common shift.
    return model


def objective(model, c, x, y, weights):
    z = log_softmax(x @ model.coef_.T + model.intercept_, axis=1)
    return float((-z[np.arange(len(y)), y] * weights).sum() + 0.5 / c * (model.coef_**2).sum())


def figures(p, y):
    """Guo et al. 2017: 15 bins (k/15, (k+1)/15], weighted by items; and 15 bins of equal mass."""
    confidence, right = p.max(axis=1).astype(np.float64), p.argmax(axis=1) == y
    edges = np.linspace(0, 1, 16)
    ece = 0.0
    for low, high in zip(edges[:-1], edges[1:]):
        inside = (confidence > low) & (confidence <= high)
        if inside.any():
            ece += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    order = np.argsort(confidence, kind="stable")
    n = len(y)
    adaptive = 0.0
    for k in range(15):
        part = order[k * n // 15 : (k + 1) * n // 15]
        adaptive += len(part) / n * abs(right[part].mean() - confidence[part].mean())
    labels = list(range(p.shape[1]))
    return {
        "accuracy": float(right.mean()),
        "ece": float(ece),
        "adaptive_ece": float(adaptive),
        "top_brier": float(((confidence - right) ** 2).mean()),
        "brier": float(brier_score_loss(y, p, labels=labels, scale_by_half=False)),
        "log_loss": float(log_loss(y, p, labels=labels)),
    }


def calibration(p, y):
    logs = np.log(p.astype(np.float64))

    def loss(u):
        return -log_softmax(logs / np.exp(u), axis=1)[np.arange(len(y)), y].mean()

    temperature = float(np.exp(minimize_scalar(loss, bounds=(-2, 3), method="bounded", options={"xatol": 1e-12}).x))
    confidence, right = p.max(axis=1).astype(np.float64), (p.argmax(axis=1) == y).astype(np.float64)
    iso = IsotonicRegression(out_of_bounds="clip").fit(confidence, right)
    grid = np.linspace(0, 1, 101)
    scaled = np.exp(log_softmax(logs / temperature, axis=1))
    return {
        "temperature": temperature,
        "scaled_first_row": scaled[0].tolist(),
        "scaled": figures(scaled, y),
        "isotonic_confidence": iso.X_thresholds_.tolist(),
        "isotonic_calibrated": iso.y_thresholds_.tolist(),
        "isotonic_on_grid": iso.predict(grid).tolist(),
    }


def mahalanobis(train, targets, query):
    means = np.array([train[targets == k].mean(axis=0) for k in np.unique(targets)])
    residuals = train - np.array([means[np.searchsorted(np.unique(targets), k)] for k in targets])
    covariance = LedoitWolf(assume_centered=True).fit(residuals).covariance_
    precision = np.linalg.inv(covariance)
    distances = np.array([[(q - m) @ precision @ (q - m) for m in means] for q in query])
    return distances.min(axis=1)


def novelty(x, y):
    """Classes from 60 on are foreign: the classifier and the scores know only the others."""
    known = y < 60
    train, inside, outside = x[:-HELD][known[:-HELD]], x[-HELD:][known[-HELD:]], x[-HELD:][~known[-HELD:]]
    classes = y[:-HELD][known[:-HELD]]
    query = np.vstack([inside, outside])
    foreign = np.r_[np.zeros(len(inside)), np.ones(len(outside))]
    model = exact(10.0, train, classes)
    logits = model.decision_function(query)
    near = NearestNeighbors(n_neighbors=5, metric="cosine").fit(train).kneighbors(query)[0]
    inner = mahalanobis(train, classes, query)
    scores = {
        "max_probability": 1 - np.exp(log_softmax(logits, axis=1)).max(axis=1),
        "energy": -logsumexp(logits, axis=1),
        "nearest_cosine": near.mean(axis=1),
        "mahalanobis": inner,
        "relative_mahalanobis": inner - mahalanobis(train, np.zeros_like(classes), query),
    }
    return {
        name: {"auc": float(roc_auc_score(foreign, values)), "first": values[:20].tolist()} for name, values in scores.items()
    }


def main():
    warnings.simplefilter("ignore")
    stored, x, y = features()
    stored.tofile(HERE / "banking.rows.i16")
    y.tofile(HERE / "banking.targets.u8")
    y = y.astype(int)
    train, held = slice(0, ROWS - HELD), slice(ROWS - HELD, ROWS)
    out = {"made_with": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}", "fits": []}
    weights = 0.5 + (np.arange(ROWS - HELD) % 4)
    cases = [
        ("all classes", 100.0, np.arange(ROWS - HELD), None),
        ("all classes", 0.05, np.arange(ROWS - HELD), None),
        ("weighted", 5.0, np.arange(ROWS - HELD), weights),
        ("two classes", 3.0, np.flatnonzero(np.isin(y[train], [11, 42])), None),
        ("three of 77 classes", 3.0, np.flatnonzero(np.isin(y[train], [3, 11, 42])), None),
    ]
    for name, c, rows, w in cases:
        model = exact(c, x[rows], y[rows], None if w is None else w[rows])
        p = model.predict_proba(x[held])
        out["fits"].append(
            {
                "name": name,
                "c": c,
                "weighted": w is not None,
                "classes": model.classes_.tolist(),
                "coefficients": np.round(model.coef_, 6).tolist() if len(model.classes_) < 4 or c == 5.0 else None,
                "intercept": np.round(model.intercept_, 6).tolist(),
                "predicted": model.predict(x[held]).tolist(),
                "probabilities": np.round(p[:20], 8).tolist(),
                "accuracy": float((model.predict(x[held]) == y[held]).mean()),
            }
        )
        if name == "all classes" and c == 100.0:
            p32 = p.astype("<f4")
            p32.tofile(HERE / "banking.held_out.f32")
            out["fits"][-1]["objective"] = objective(model, c, x[train], y[train], np.ones(ROWS - HELD))
            out["held_out"] = figures(p32, y[held])
            out["calibration"] = calibration(p32, y[held])
    out["novelty"] = novelty(x, y)
    (HERE / "banking.json").write_text(json.dumps(out))
    print({k: v for k, v in out["held_out"].items()}, out["calibration"]["temperature"], {k: v["auc"] for k, v in out["novelty"].items()})


main()
