"""Makes grouped.json: how scikit-learn splits real texts with groups of near-duplicates, for the test of the split.

Run: python3 -m venv v && v/bin/pip install scikit-learn==1.9.1 numpy
     v/bin/python grouped.py banking77_train.csv okved_2014_sections_ru.csv
Of each data set it keeps each text's class, the groups of two or more, and each fold's eval counts by class; no texts.
Groups are near-duplicates by the Jaccard similarity of character 5-grams, found by comparing all pairs, and for OKVED also the
activities below one class of the classifier (the first four digits), which are larger.
"""
import collections, csv, json, pathlib, sys
import numpy as np
from sklearn.model_selection import StratifiedGroupKFold


def grams(text):
    text = " ".join(text.lower().split())
    return {text} if len(text) < 5 else {text[at:at + 5] for at in range(len(text) - 4)}


def near(texts, threshold):
    sets, holders, parent = [grams(text) for text in texts], collections.defaultdict(list), list(range(len(texts)))

    def name(text):
        while parent[text] != text:
            text = parent[text]
        return text

    for text, own in enumerate(sets):
        shared = collections.Counter(other for gram in own for other in holders[gram])
        for other, common in shared.items():
            if common / (len(own) + len(sets[other]) - common) >= threshold:
                one, two = sorted((name(text), name(other)))
                parent[two] = one
        for gram in own:
            holders[gram].append(text)
    return [name(text) for text in range(len(texts))]


def case(title, labels, groups):
    names = sorted(set(labels))
    classes = np.array([names.index(label) for label in labels])
    folds = StratifiedGroupKFold(n_splits=10, shuffle=True, random_state=42)
    evals = [np.bincount(classes[test], minlength=len(names)).tolist()
             for _, test in folds.split(np.zeros(len(classes)), classes, np.array(groups))]
    members = collections.defaultdict(list)
    for text, group in enumerate(groups):
        members[group].append(text)
    several = [texts for texts in members.values() if len(texts) > 1]
    return {"name": title, "classes": classes.tolist(), "groups": several, "evals": evals}


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


banking = {row["text"]: row["category"] for row in rows(sys.argv[1])}
okved = {row["name_okved"]: row for row in rows(sys.argv[2])}
result = []
for threshold in (0.8, 0.6):
    result.append(case(f"banking77 {threshold}", list(banking.values()), near(list(banking), threshold)))
    sections = [row["section_id"] for row in okved.values()]
    result.append(case(f"okved {threshold}", sections, near(list(okved), threshold)))
codes = [row["code_okved"][:4] for row in okved.values()]
result.append(case("okved classes", sections, codes))
path = pathlib.Path(__file__).with_name("grouped.json")
text = json.dumps(result, separators=(",", ":")).replace('},{"name', '},\n{"name')
path.write_text(text + "\n")
for found in result:
    sizes = collections.Counter(found["classes"])
    groups = found["groups"]
    off = max(abs(count - sizes[at] / 10) for counts in found["evals"] for at, count in enumerate(counts))
    print(found["name"], len(found["classes"]), "texts", len(groups), "groups, largest", max(map(len, groups)), "off by at most", off)
