"""A table as an Excel workbook of one sheet (Office Open XML), written without any other library.

Definition. A number is a numeric cell, everything else an inline text: no cell is a formula, whatever it
begins with. What is missing is an empty cell.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from math import isfinite
from typing import Any
from xml.sax.saxutils import escape

from sim.errors import UsageError, printable

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
"""What a sheet of Excel holds, its heading included."""
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
PARTS = {
    "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
    f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
    f'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
    f'ContentType="{TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="run" '
    'sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship '
    f'Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}
"""Everything of a workbook but its sheet."""


def workbook(columns: Sequence[str], rows: Iterable[Sequence[Any]], count: int) -> bytes:
    """A workbook of one sheet.

    Parameters
    ----------
    columns, rows, count
        Headings, the cells of each row, and how many rows there are.

    Raises
    ------
    UsageError
        If Excel could not hold it.

    Examples
    --------
    >>> workbook(["a"], [["=1+1"]], 1)[:2]
    b'PK'
    >>> workbook(["a"], [], 2_000_000)
    Traceback (most recent call last):
    sim.errors.UsageError: 2,000,000 rows: a sheet of Excel holds 1,048,575 and a heading; use --to csv or ...
    """
    if count >= MOST_ROWS:
        raise UsageError(
            f"{count:,} rows: a sheet of Excel holds {MOST_ROWS - 1:,} and a heading; use --to csv or "
            "--to parquet"
        )
    if len(columns) > MOST_COLUMNS:
        raise UsageError(
            f"{len(columns):,} columns: a sheet of Excel holds {MOST_COLUMNS:,}; use --to csv or --to parquet"
        )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in PARTS.items():
            file.writestr(name, text)
        with file.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for piece in _sheet(columns, rows):
                sheet.write(piece.encode())
    return out.getvalue()


def _sheet(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    yield f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>'
    yield _row(columns)
    for row in rows:
        yield _row(row)
    yield "</sheetData></worksheet>"


def _row(cells: Sequence[Any]) -> str:
    return f"<row>{''.join(map(_cell, cells))}</row>"


def _cell(value: Any) -> str:
    if value is None or value != value:
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float) and isfinite(value):
        return f"<c><v>{value!r}</v></c>"
    text = escape(printable(str(value)))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
