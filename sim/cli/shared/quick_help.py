"""What ``sim --help`` prints, without the library that reads the command line.

Definition. The text is that of click's own help page, line by line, for any width of terminal: help is there
in about the time that Python takes to start.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WIDEST, NARROWEST = 80, 50
"""Columns that help takes at most and at least."""
OPTIONS = {
    "--version": "Show the version and exit.",
    "-h, --help": "Show this message and exit.",
}


def quick_help(name: str, purpose: str, verbs: Mapping[str, str], columns: int) -> str:
    """The help page of a program whose verbs are what it can do.

    Parameters
    ----------
    name, purpose
        Of the program, as it is called and in a sentence.
    verbs
        What each does.
    columns
        Of the terminal.

    Examples
    --------
    >>> print(quick_help("sim", "It greets.", {"hello": "Say hello."}, 80))
    Usage: sim [OPTIONS] COMMAND [ARGS]...
    <BLANKLINE>
      It greets.
    <BLANKLINE>
    Options:
      --version   Show the version and exit.
      -h, --help  Show this message and exit.
    <BLANKLINE>
    Verbs:
      hello  Say hello.
    """
    width = max(min(columns, WIDEST) - 2, NARROWEST)
    lines = [f"Usage: {name} [OPTIONS] COMMAND [ARGS]...", ""]
    lines += [f"  {line}" for line in _wrapped(purpose, width - 2)]
    for title, entries in (("Options", OPTIONS), ("Verbs", verbs)):
        lines += ["", f"{title}:", *_listed(entries, width)]
    return "\n".join(lines)


def columns_of_terminal() -> int:
    """How wide the terminal is; 80 columns where there is none."""
    given = os.environ.get("COLUMNS", "")
    if given.isdecimal() and int(given) > 0:
        return int(given)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or WIDEST  # type: ignore[union-attr]
    except (AttributeError, OSError, ValueError):
        return WIDEST


def _listed(entries: Mapping[str, str], width: int) -> Iterator[str]:
    """A list of terms, what each means beside it."""
    first = max(map(len, entries)) + 2
    for term, meaning in entries.items():
        lines = _wrapped(meaning, max(width - first - 2, 10))
        yield f"  {term:<{first}}{lines[0]}"
        yield from (" " * (first + 2) + line for line in lines[1:])


def _wrapped(text: str, width: int) -> list[str]:
    """A text in lines of at most some width, broken at blanks."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".lstrip()
        if len(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
