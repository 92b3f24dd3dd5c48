"""The peer of the import: pandas reads a CSV, cleans it as Winnow does, writes SQLite. Prints the rows kept.

usage: peer_import.py ROWS.csv TARGET.db
Steps: read; NFC; runs of white space to one blank, trimmed; length 3 to 1000; equal texts once; write with a row number
and the index on labels that Winnow has.
"""

import sqlite3
import sys

import pandas as pd

table = pd.read_csv(sys.argv[1], dtype=str, keep_default_na=False)
table["row"] = range(2, len(table) + 2)
table["text"] = table["text"].str.normalize("NFC").str.replace(r"\s+", " ", regex=True).str.strip()
length = table["text"].str.len()
table = table[(length >= 3) & (length <= 1000)].drop_duplicates(subset="text")
with sqlite3.connect(sys.argv[2]) as connection:
    connection.execute("PRAGMA journal_mode = WAL")
    table.to_sql("items", connection, index=False, chunksize=50_000)
    connection.execute("CREATE INDEX items_label ON items (label)")
print(len(table))
