"""What a record says of itself: lines, headings and tables, the same on a terminal and in Python.

Definition. A record that a person reads has a method ``parts()``, which yields texts (a line each),
:class:`Heading` and :class:`Table`. A command prints the parts; ``str(record)`` is what it prints into a
pipe. This is the one place where texts of a file meet the library that formats them: they are handed over
as plain text, so that nothing in them is read as markup or as the name of an emoji.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim._kernels import html
from sim.errors import printable

if TYPE_CHECKING:
    from rich.console import RenderableType

WIDTH = 100
"""Columns of a text that goes into no terminal."""
NAME = 30
"""A first column of names up to this length is not broken."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A line in bold, with a rest that is not."""

    text: str
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Texts in columns; a column whose name ends in ``|r`` is aligned to the right.

    Parameters
    ----------
    columns, rows
        Names, and one text per column and row.
    heading
        A heading above it.
    caption
        A line beneath it.
    sparse
        Whether columns in which nothing stands are left out.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    heading: str = ""
    caption: str = ""
    sparse: bool = False


Part = str | Heading | Table


class Shown:
    """A record that says what it is: ``print(record)`` is what its command prints."""

    __slots__ = ()

    def parts(self) -> Iterable[Part]:
        """What there is to say, in order."""
        raise NotImplementedError

    def __str__(self) -> str:
        return as_text(self.parts())

    def _repr_html_(self) -> str:
        """The same parts for a notebook."""
        return as_html(self.parts())


def as_html(parts: Iterable[Part]) -> str:
    """The parts as HTML without markup of their own.

    Examples
    --------
    >>> as_html([Heading("a < b"), "", Table(("x",), [], heading="empty")])
    '<p><strong>a &lt; b</strong></p>'
    """
    out = []
    for part in parts:
        if isinstance(part, Heading):
            out.append(html.heading(part.text) + (html.paragraph(part.rest) if part.rest else ""))
        elif isinstance(part, Table):
            rows = [[str(cell) for cell in row] for row in part.rows]
            title = html.heading(part.heading) if part.heading else ""
            below = html.paragraph(part.caption) if part.caption else ""
            out.append(title + html.table(part.columns, rows) + below if rows else "")
        elif part:
            out.append(html.paragraph(part))
    return "".join(out)


def as_text(parts: Iterable[Part], width: int = WIDTH) -> str:
    """The parts as one plain text.

    Examples
    --------
    >>> print(as_text([Heading("two", " [rows]"), Table(("", "n|r"), [("a", "1"), ("b", "20")])]))
    two [rows]
        n
    a   1
    b  20
    """
    said = list(parts)
    lines = _plain_lines(said, width)
    if lines is None:
        from rich.console import Console

        out = io.StringIO()
        console = Console(file=out, width=width, highlight=False, color_system=None)
        for part in renderables(said):
            console.print(part)
        lines = printable(out.getvalue()).splitlines()
    return "\n".join(line.rstrip() for line in lines)


_PLAIN = re.compile("[\n\x20-\x7e\xa1-\xac\xae-\u02ff]*")
"""Letters that take one column each, and nothing that a terminal acts on."""
_WORD = re.compile(r"\s*\S+\s*")


def _plain_lines(parts: Sequence[Part], width: int) -> list[str] | None:
    """The lines of plain texts, broken where the library would, which takes longer to load than to use.

    ``None`` where there is a table, a letter of another width or a word that does not fit.
    """
    lines: list[str] = []
    for part in parts:
        if isinstance(part, Table):
            return None
        text = part if isinstance(part, str) else part.text + part.rest
        if not _PLAIN.fullmatch(text):
            return None
        for line in text.split("\n"):
            start = used = 0
            for word in _WORD.finditer(line):
                length = len(word[0].rstrip())
                if length > width:
                    return None
                if used + length > width:
                    lines.append(line[start : word.start()])
                    start, used = word.start(), 0
                used += len(word[0])
            lines.append(line[start:])
    return lines


def renderables(parts: Iterable[Part], width: int = WIDTH) -> Iterator[RenderableType]:
    """The parts as the library for terminals takes them; tables that are too wide row by row."""
    from rich.text import Text

    for part in parts:
        if isinstance(part, str):
            yield Text(part)
        elif isinstance(part, Heading):
            yield Text(part.text, "bold") + Text(part.rest)
        elif part.rows and width < WIDTH and _least_width(part) > width:
            yield from _row_by_row(part)
        else:
            yield from _table(part)


GAP = 2
"""Columns between two of a table."""


def _least_width(part: Table) -> int:
    """How many letters wide a table is if texts are broken at blanks, those of its first column nowhere."""
    total = -GAP
    for k, name in enumerate(part.columns):
        texts = [name.removesuffix("|r"), *(str(row[k]) for row in part.rows)]
        if part.sparse and not any(texts[1:]):
            continue
        longest = max(len(word) for text in texts for word in (text.split() or [""]))
        first = max(map(len, texts)) if k == 0 else 0
        total += GAP + (first if 0 < first <= NAME else longest)
    return total


def _row_by_row(part: Table) -> Iterator[RenderableType]:
    """Each row as lines of its own: the first text, then ``name: text`` of the others."""
    from rich.text import Text

    if part.heading:
        yield Text()
        yield Text(part.heading, "bold")
    names = [name.removesuffix("|r") for name in part.columns]
    for row in part.rows:
        first, *rest = (
            f"{name}: {text}" if name else str(text)
            for name, text in zip(names, row, strict=True)
            if str(text)
        )
        yield Text(first, "bold")
        yield from (Text(f"  {text}") for text in rest)
    if part.caption:
        yield Text(part.caption, "italic")


def _table(part: Table) -> Iterator[RenderableType]:
    from rich.table import Table as Grid
    from rich.text import Text

    if not part.rows:
        return
    if part.heading:
        yield Text()
        yield Text(part.heading, "bold")
    grid = Grid(box=None, pad_edge=False)
    kept = [
        k for k in range(len(part.columns)) if not part.sparse or any(row[k] for row in part.rows)
    ]
    for k in kept:
        name = part.columns[k]
        whole = k == kept[0] and max(len(str(row[k])) for row in part.rows) <= NAME
        grid.add_column(
            Text(name.removesuffix("|r")),
            justify="right" if name.endswith("|r") else "left",
            overflow="fold",
            no_wrap=whole,
        )
    for row in part.rows:
        grid.add_row(*(Text(str(row[k])) for k in kept))
    yield grid
    if part.caption:
        yield Text(part.caption, "italic")
