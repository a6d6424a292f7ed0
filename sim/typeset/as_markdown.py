"""The parts of a record as Markdown, every text of a file shown as it stands and not as markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sim._kernels.shown import Heading, Part, Table
from sim.errors import printable
from sim.typeset.tables import plain

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~$&!])")


def escaped(text: str) -> str:
    r"""A text with every mark of Markdown made a letter.

    Examples
    --------
    >>> print(escaped("a|b *c* <d>"))
    a\|b \*c\* \<d\>
    """
    return _MARKS.sub(r"\\\1", printable(text))


def as_markdown(parts: Iterable[Part]) -> str:
    """The parts as Markdown: headings, paragraphs and tables.

    Examples
    --------
    >>> print(as_markdown([Heading("H", " rest"), "one", Table(("a", "n|r"), [("x", "1")])]))
    **H** rest
    <BLANKLINE>
    one
    <BLANKLINE>
    | a | n |
    | --- | ---: |
    | x | 1 |
    """
    return "\n\n".join(block for part in parts for block in _blocks(part) if block)


def _blocks(part: Part) -> Iterator[str]:
    if isinstance(part, str):
        yield escaped(part.strip())
    elif isinstance(part, Heading):
        yield f"**{escaped(part.text)}**{escaped(part.rest)}"
    elif part.rows:
        yield f"**{escaped(part.heading)}**" if part.heading else ""
        yield _table(part)
        yield f"*{escaped(part.caption)}*" if part.caption else ""


def _table(part: Table) -> str:
    made = plain(part)
    marks = ("---:" if right else "---" for right in made.right)
    rows = [made.columns, *made.rows]
    lines = [_row(escaped(text) for text in row) for row in rows]
    return "\n".join([lines[0], _row(marks), *lines[1:]])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
