"""A table made ready to be set: its columns without marks, the empty ones left out, on one line each."""

from __future__ import annotations

from dataclasses import dataclass

from sim._kernels.shown import Table
from sim.errors import printable


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """Texts in columns, and which columns are aligned to the right."""

    columns: tuple[str, ...]
    right: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]


def plain(table: Table) -> Plain:
    """The table with its columns named, and every cell on one line without control characters.

    Examples
    --------
    >>> plain(Table(("a", "n|r", "x"), [("b", "1", "")], sparse=True))
    Plain(columns=('a', 'n'), right=(False, True), rows=(('b', '1'),))
    """
    every = range(len(table.columns))
    kept = [k for k in every if not table.sparse or any(row[k] for row in table.rows)]
    names = [table.columns[k] for k in kept]
    return Plain(
        columns=tuple(_line(name.removesuffix("|r")) for name in names),
        right=tuple(name.endswith("|r") for name in names),
        rows=tuple(tuple(_line(str(row[k])) for k in kept) for row in table.rows),
    )


def _line(text: str) -> str:
    return printable(" ".join(text.split()))
