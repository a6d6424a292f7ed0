"""HTML tables for notebooks: every text is escaped, nothing is fetched, no script.

Definition. A record that a notebook shows has a method ``_repr_html_``; it is made of a heading, sentences
and tables, all through this module, so that no text of a file can become markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

_HYPHEN = re.compile(r"(?<![\w.-])-(?=\d)")
_CELL = "padding:0.15em 0.8em 0.15em 0;vertical-align:top;text-align:"


def heading(text: str) -> str:
    """A text in bold on its own line.

    Examples
    --------
    >>> heading("a < b")
    '<p><strong>a &lt; b</strong></p>'
    """
    return f"<p><strong>{escape(text)}</strong></p>"


def paragraph(text: str) -> str:
    """A text on its own line.

    Examples
    --------
    >>> paragraph("Smith & Sons")
    '<p>Smith &amp; Sons</p>'
    """
    return f"<p>{escape(text)}</p>"


def folded(title: str, body: str) -> str:
    """HTML that opens when its title is clicked.

    Examples
    --------
    >>> folded("3 parameters", "<table></table>")
    '<details><summary>3 parameters</summary><table></table></details>'
    """
    return f"<details><summary>{escape(title)}</summary>{body}</details>"


def table(
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    caption: str = "",
    marked: int | None = None,
) -> str:
    """A table; a column whose name ends in ``|r`` is aligned to the right.

    Parameters
    ----------
    columns
        Names, each with ``|r`` where it holds numbers.
    rows
        Texts, one per column.
    caption
        Written above it.
    marked
        A row set in bold.

    Examples
    --------
    >>> "<td" in table(["actor", "slack|r"], [["tokyo", "+0.1"]])
    True
    """
    sides = ["right" if name.endswith("|r") else "left" for name in columns]
    head = "".join(
        f'<th style="{_CELL}{side}">{escape(name.removesuffix("|r"))}</th>'
        for name, side in zip(columns, sides, strict=True)
    )
    body = "".join(
        f"<tr{_bold(k == marked)}>{_cells(row, sides)}</tr>" for k, row in enumerate(rows)
    )
    title = f'<caption style="text-align:left">{escape(caption)}</caption>' if caption else ""
    return f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _bold(marked: bool) -> str:
    return ' style="font-weight:bold"' if marked else ""


def _cells(row: Sequence[str], sides: Sequence[str]) -> str:
    return "".join(
        f'<td style="{_CELL}{side}">{escape(str(value))}</td>'
        for value, side in zip(row, sides, strict=True)
    )


def with_minus(text: str) -> str:
    """A text whose negative numbers bear a minus sign: no line of a page is broken after one.

    Examples
    --------
    >>> with_minus("margin -0.069 on 2018-06-29") == "margin \N{MINUS SIGN}0.069 on 2018-06-29"
    True
    """
    return _HYPHEN.sub("\N{MINUS SIGN}", text)
