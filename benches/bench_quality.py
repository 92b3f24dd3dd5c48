"""How often the starter model is right about 200 Russian names of goods and services: in process and over llama.cpp's server."""



import bench_labelling
from measuring import ROOT, STARTER, data, model


def run() -> list[dict]:
    gguf = model(STARTER)
    table = data("okpd2_goods_services_ru.csv")
    schema = ROOT / "assets/sample/goods_services_ru.schema.json"
    rows = bench_labelling.compare(gguf, table, "name", "label", schema, count=200, seed=42)
    for row in rows:
        if row["what"] == "right in process":
            row["goal"] = "at least as many as over the server"
    return rows
