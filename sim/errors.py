"""Every error that a user can cause, and the problems that a file can have.

The tree::

    SimError                  anything a user can mend; the command line exits with code 2
    ├── ScenarioError         a scenario (or game) file is wrong: all its problems at once
    ├── ExpressionError       one expression is wrong: a message and a column inside it
    ├── UsageError            an option, a path or an argument is wrong
    ├── NotDefinedError       a concept was asked of a game form it is not defined on
    └── TooLargeError         complete work would exceed a stated limit

A :class:`Problem` prints as ``file:line:column: path: message``, the form that editors understand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong in a file, and where.

    Examples
    --------
    >>> print(Problem(message="unknown key", path="actors.moscow", file="x.yaml", line=4, column=3))
    x.yaml:4:3: actors.moscow: unknown key
    """

    message: str
    path: str = ""
    file: str = ""
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        text = ": ".join(part for part in (place, self.path, self.message) if part)
        return text if text.isprintable() else on_one_line(text)


_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\uffff\U000e0000-\U000e007f]"
)
"""Control characters, but for line feed and tab; marks that turn the direction of writing; half a
letter; what is not a letter at all."""


def printable(text: str) -> str:
    r"""The text with every control character written as an escape, for whatever shows it.

    Line feeds and tabs stay. It is the one place where texts of a file are made harmless for terminals,
    figures, pages and exports, both where a file is read and where something is printed.

    Examples
    --------
    >>> print(printable("\x1b[31mred"))
    \x1b[31mred
    >>> printable("Habomai, \u6b6f\u821e") == "Habomai, \u6b6f\u821e"
    True
    """
    return _CONTROL.sub(lambda found: ascii(found[0])[1:-1], text)


def on_one_line(text: str) -> str:
    """The text on one line, what cannot be printed written as an escape."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


SHOWN = 20
"""Problems of a file that are written out."""

SUGGESTED = 60
"""Names for which suggestions are looked up while one file is read: looking takes time, and few are read."""

_left: ContextVar[int | None] = ContextVar("suggestions_left", default=None)


class SimError(Exception):
    """Anything that a user can mend; the command line exits with code 2."""


class ScenarioError(SimError):
    """A scenario file is wrong; carries every problem found, in the order of the file.

    Its text has the first ``SHOWN`` of them and says how many more there are.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: (p.file, p.line or 0, p.column or 0)))
        lines = [str(problem) for problem in self.problems[:SHOWN]]
        if len(self.problems) > SHOWN:
            lines.append(f"and {len(self.problems) - SHOWN:,} more errors")
        super().__init__("\n".join(lines))


class ExpressionError(SimError):
    """An expression is wrong; ``offset`` is the 0-based column inside its text, where known."""

    def __init__(self, message: str, offset: int | None = None) -> None:
        self.message, self.offset = message, offset
        super().__init__(message)


class UsageError(SimError):
    """An option, a path or an argument is wrong."""


class NotDefinedError(SimError):
    """A solution concept was asked of a game form on which it is not defined."""


class TooLargeError(SimError):
    """Complete work would exceed a stated limit; the message says the size, the limit and a way out."""


class OutsideRange(UserWarning):
    """A parameter is set to a value that its file does not declare plausible: noted, not refused."""


class ExtensionSkipped(UserWarning):
    """An installed package adds something to treatysim that cannot be used: it is left out, and named."""


@contextmanager
def few_suggestions() -> Iterator[None]:
    """Within this, :func:`suggest` looks up ``SUGGESTED`` names and is silent on the rest."""
    token = _left.set(SUGGESTED)
    try:
        yield
    finally:
        _left.reset(token)


def nearest(word: str, known: Iterable[str], n: int = 3, cutoff: float = 0.6) -> list[str]:
    """The known words most like a word, at most ``n``, the nearest first.

    Examples
    --------
    >>> nearest("tokio", ["moscow", "tokyo"])
    ['tokyo']
    """
    from difflib import get_close_matches  # few who start the program have mistyped anything

    return get_close_matches(word, list(known), n, cutoff)


def suggest(name: str, legal: Iterable[str]) -> str:
    """A sentence tail that names the nearest legal names, or lists a few where none is near.

    Examples
    --------
    >>> suggest("moscow.investmnt", ["moscow.investment", "tokyo.minimum"])
    "; did you mean 'moscow.investment'?"
    >>> suggest("x", ["alpha", "beta"])
    '; legal: alpha, beta'
    >>> suggest("x", [])
    ''
    """
    left = _left.get()
    if left is not None:
        if left <= 0:
            return ""
        _left.set(left - 1)
    names: Sequence[str] = sorted(set(legal))
    near = nearest(name, names)
    if near:
        return "; did you mean " + " or ".join(f"'{n}'" for n in near) + "?"
    if not names:
        return ""
    return "; legal: " + ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
