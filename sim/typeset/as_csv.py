"""Tables as comma-separated values; sentences are left out.

Definition. Several tables follow one another with an empty line between, each under its heading. A text
that a spreadsheet would take for a formula (it begins with ``=``, ``+``, ``-`` or ``@`` and is not a number)
has an apostrophe before it, which spreadsheets read as "this is text".
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from sim._kernels.shown import Part, Table
from sim.typeset.tables import plain

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell(text: str) -> str:
    """A text as a cell that no spreadsheet runs.

    Examples
    --------
    >>> cell("=1+1"), cell("-0.5"), cell("+0.12 .. +0.4"), cell("tokyo")
    ("'=1+1", '-0.5', "'+0.12 .. +0.4", 'tokyo')
    """
    if not text.startswith(FORMULA):
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text


def as_csv(parts: Iterable[Part]) -> str:
    """The tables among the parts as CSV.

    Examples
    --------
    >>> print(as_csv(["a sentence", Table(("a", "n|r"), [("x, y", "1")])]))
    a,n
    "x, y",1
    """
    tables = [part for part in parts if isinstance(part, Table) and part.rows]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for k, table in enumerate(tables):
        if k:
            out.write("\n")
        if table.heading and len(tables) > 1:
            writer.writerow([cell(table.heading)])
        made = plain(table)
        writer.writerow([cell(name) for name in made.columns])
        writer.writerows([cell(text) for text in row] for row in made.rows)
    return out.getvalue().rstrip("\n")
