"""Makes the fixtures beside this file. Needs openpyxl, odfpy, xlwt, msoffcrypto-tool, pyarrow.

The texts are from Banking77 (PolyAI, CC BY 4.0): see ../../../../assets/sample/README.md."""
import datetime, io, os
import openpyxl, pyarrow as pa, pyarrow.parquet as pq, xlwt
from msoffcrypto.format.ooxml import OOXMLFile
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

here = os.path.dirname(os.path.abspath(__file__))
path = lambda name: os.path.join(here, name)
rows = [("I am still waiting on my card?", "card_arrival", 1.0, datetime.datetime(2024, 5, 1)),
        ("Где моя карта?", "card_arrival", 2.5, datetime.datetime(2024, 5, 1, 12, 30)),
        ("How do I change my PIN?", "change_pin", 3.0, datetime.datetime(2024, 5, 2))]
head = ("text", "label", "amount", "date")

book = openpyxl.Workbook()
book.active.title = "notes"
sheet = book.create_sheet("rows")
for row in (head, *rows):
    sheet.append(row)
book.save(path("three.xlsx"))
plain = open(path("three.xlsx"), "rb").read()
open(path("cut.xlsx"), "wb").write(plain[: len(plain) * 2 // 3])
out = io.BytesIO()
OOXMLFile(io.BytesIO(plain)).encrypt("secret", out)
open(path("locked.xlsx"), "wb").write(out.getvalue())

old = xlwt.Workbook()
sheet = old.add_sheet("rows")
for r, row in enumerate((head, *rows)):
    for c, value in enumerate(row):
        style = xlwt.easyxf(num_format_str="YYYY-MM-DD") if isinstance(value, datetime.datetime) else xlwt.Style.default_style
        sheet.write(r, c, value, style)
old.save(path("three.xls"))

ods = OpenDocumentSpreadsheet()
table = Table(name="rows")
for row in (head, *rows):
    line = TableRow()
    for value in row[:2]:
        cell = TableCell(valuetype="string")
        cell.addElement(P(text=value))
        line.addElement(cell)
    table.addElement(line)
ods.spreadsheet.addElement(table)
ods.save(path("three.ods"))

columns = {"text": [r[0] for r in rows], "label": [r[1] for r in rows], "amount": [r[2] for r in rows], "tags": [["a", "b"], [], ["c"]]}
pq.write_table(pa.table(columns), path("three.parquet"), compression="zstd")
