"""How often a model is right in process and over llama.cpp's server: 200 Russian names of goods and services with the starter model;
with the larger one too, where it is there, and 100 questions of five domains."""

import csv
import json

import bench_labelling
from measuring import LARGER, ROOT, STARTER, Missing, data, model

FIVE = ("card_arrival", "lost_or_stolen_card", "change_pin", "exchange_rate", "top_up_failed")


def run() -> list[dict]:
    bench_labelling.FOLDER.mkdir(parents=True, exist_ok=True)
    figures = goods(STARTER)
    try:
        model(LARGER)
    except Missing as missing:
        return [*figures, {"what": "the larger model", "figure": f"left out: {missing}"}]
    return figures + goods(LARGER) + questions(LARGER)


def goods(name: str) -> list[dict]:
    with data("okpd2_goods_services_ru.csv").open(newline="") as file:
        rows = [(" ".join(row["name"].split()), row["label"]) for row in csv.DictReader(file)]
    schema = ROOT / "assets/sample/goods_services_ru.schema.json"
    return compared(name, schema, bench_labelling.sample(rows, 200, seed=42), "goods or services")


def questions(name: str) -> list[dict]:
    """Zero-shot, with the ids alone."""
    schema = bench_labelling.FOLDER / "five.schema.json"
    schema.write_text(json.dumps({"domains": [{"id": label} for label in FIVE]}))
    rows = [row for row in bench_labelling.banking() if row[1] in FIVE]
    return compared(name, schema, bench_labelling.sample(rows, 100, seed=42), "five domains")


def compared(name: str, schema, rows, task: str) -> list[dict]:
    bench_labelling.ASKED = len(rows)
    figures = bench_labelling.compare(model(name), schema, rows, f"{name.split('-q4')[0]}, {task}")
    for row in figures:
        row.pop("goal", None)
        if row["what"].endswith("right in process"):
            row["goal"] = "at least as many as over the server"
    return figures
