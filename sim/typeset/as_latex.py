"""The parts of a record as LaTeX: paragraphs, and tables with the rules of the package booktabs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sim._kernels.shown import Heading, Part, Table
from sim.errors import printable
from sim.typeset.tables import plain

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "±": r"$\pm$",
    "\N{MINUS SIGN}": "$-$",
}
_PATTERN = re.compile("|".join(map(re.escape, _SPECIAL)))


def escaped(text: str) -> str:
    r"""A text with every special character of LaTeX made a letter.

    Examples
    --------
    >>> print(escaped(r"50 % of \input{x}, a_b"))
    50 \% of \textbackslash{}input\{x\}, a\_b
    """
    return _PATTERN.sub(lambda found: _SPECIAL[found[0]], printable(text))


def as_latex(parts: Iterable[Part]) -> str:
    r"""The parts as LaTeX; the document needs ``\usepackage{booktabs}`` for tables.

    Examples
    --------
    >>> print(as_latex([Table(("a", "n|r"), [("x_1", "1")])]))
    \begin{tabular}{lr}
    \toprule
    a & n \\
    \midrule
    x\_1 & 1 \\
    \bottomrule
    \end{tabular}
    """
    return "\n\n".join(block for part in parts for block in _blocks(part) if block)


def _blocks(part: Part) -> Iterator[str]:
    if isinstance(part, str):
        yield escaped(part.strip())
    elif isinstance(part, Heading):
        yield rf"\textbf{{{escaped(part.text)}}}{escaped(part.rest)}"
    elif part.rows:
        yield rf"\textbf{{{escaped(part.heading)}}}" if part.heading else ""
        yield _table(part)
        yield rf"\emph{{{escaped(part.caption)}}}" if part.caption else ""


def _table(part: Table) -> str:
    made = plain(part)
    form = "".join("r" if right else "l" for right in made.right)
    head, *rows = (_row(cells) for cells in (made.columns, *made.rows))
    lines = (rf"\begin{{tabular}}{{{form}}}", r"\toprule", head, r"\midrule", *rows)
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}"])


def _row(cells: Iterable[str]) -> str:
    return " & ".join(escaped(text) for text in cells) + r" \\"
