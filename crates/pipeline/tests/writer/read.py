"""Loads a dataset's train and eval with pandas, polars and Hugging Face's datasets, and compares every value and the types of
every column with what was written. Run by the test `writer`:

    python read.py FOLDER FORMAT

FORMAT is csv, parquet, hugging_face or jsonl. Shards are loaded as one. Ends with an error that says what differs.
"""

import glob
import json
import os
import sys
import tempfile

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_DATASETS_OFFLINE"] = "1"
os.environ["HF_DATASETS_DISABLE_PROGRESS_BARS"] = "1"
os.environ["HF_HOME"] = cache = tempfile.mkdtemp()

import datasets
import pandas
import polars

FOLDER, FORMAT = sys.argv[1:]
EXTENSION = "parquet" if FORMAT == "hugging_face" else FORMAT
SIDES = ("train", "eval")


def files(side):
    place = os.path.join(FOLDER, "data") if FORMAT == "hugging_face" else FOLDER
    shards = sorted(glob.glob(os.path.join(glob.escape(place), f"{side}-*.{EXTENSION}")))
    return shards or [os.path.join(place, f"{side}.{EXTENSION}")]


def expected(side):
    """The rows by Python's own JSON; Parquet has a null where JSON has -1."""
    with open(os.path.join(FOLDER, f"{side}.jsonl"), encoding="utf-8", newline="\n") as file:
        rows = [json.loads(line) for line in file]
    if EXTENSION == "parquet":
        for row in rows:
            row["confidence"] = None if row["confidence"] < 0 else row["confidence"]
    return rows


def equal(name, side, rows):
    wanted = expected(side)
    assert len(rows) == len(wanted), f"{name}: {len(rows)} rows of {side} instead of {len(wanted)}"
    for number, (row, want) in enumerate(zip(rows, wanted)):
        assert list(row) == list(want), f"{name}: columns {list(row)} instead of {list(want)}"
        for column, value in want.items():
            found = row[column]
            if isinstance(found, float) and found != found:
                found = None
            if isinstance(value, float) and found is not None:
                same = abs(found - value) < 1e-6
            else:
                same = found == value and type(found) is type(value)
            assert same, f"{name}: row {number} of {side}, {column}: {found!r} instead of {value!r}"


def with_pandas(side):
    parts = {
        "jsonl": lambda path: pandas.read_json(path, lines=True, dtype=False, convert_dates=False),
        "csv": lambda path: pandas.read_csv(path, keep_default_na=False),
        "parquet": pandas.read_parquet,
    }
    frame = pandas.concat([parts[EXTENSION](path) for path in files(side)], ignore_index=True)
    return frame.to_dict("records"), {column: str(kind) for column, kind in frame.dtypes.items()}


def with_polars(side):
    parts = {
        "jsonl": lambda path: polars.read_ndjson(path, infer_schema_length=None),
        "csv": lambda path: polars.read_csv(path, infer_schema_length=None),
        "parquet": polars.read_parquet,
    }
    frame = polars.concat([parts[EXTENSION](path) for path in files(side)])
    return frame.to_dicts(), {column: str(kind) for column, kind in frame.schema.items()}


def with_datasets():
    if FORMAT == "hugging_face":
        return datasets.load_dataset(FOLDER, "default", cache_dir=cache)
    kind = "json" if FORMAT == "jsonl" else FORMAT
    options = {"keep_default_na": False} if FORMAT == "csv" else {}
    return datasets.load_dataset(kind, data_files={side: files(side) for side in SIDES}, cache_dir=cache, **options)


def main():
    for name, load in (("pandas", with_pandas), ("polars", with_polars)):
        types = {}
        for side in SIDES:
            rows, types[side] = load(side)
            equal(name, side, rows)
        assert types["train"] == types["eval"], f"{name}: types differ: {types}"
    loaded = with_datasets()
    assert sorted(loaded) == sorted(SIDES), f"datasets: splits {list(loaded)}"
    for side in SIDES:
        equal("datasets", side, loaded[side].to_list())
    assert loaded["train"].features == loaded["eval"].features, f"datasets: {loaded}"
    if FORMAT == "hugging_face":
        folds = [name for name in datasets.get_dataset_config_names(FOLDER) if name != "default"]
        for fold in folds:
            rows = sum(len(part) for part in datasets.load_dataset(FOLDER, fold, cache_dir=cache).values())
            assert rows == sum(len(expected(side)) for side in SIDES), f"{fold}: {rows} rows"
        print("folds:", len(folds))
    if FORMAT in ("jsonl", "csv"):
        # With no options at all it loads, too; programs guess then what a date or a missing value is.
        for side in SIDES:
            for path in files(side):
                pandas.read_json(path, lines=True) if FORMAT == "jsonl" else pandas.read_csv(path)
    print("read")


main()
