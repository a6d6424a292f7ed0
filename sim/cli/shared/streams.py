"""Standard output and standard error: open, able to hold every letter, and safe for a terminal.

Definition. While a command runs, ``sys.stdout`` and ``sys.stderr`` are a :class:`Plain` around what they
were. It writes a control character as an escape (:func:`sim.errors.printable`), so that no text of a file
can move a cursor, change a title or hide a line; a letter that the terminal's encoding does not have is
written as an escape too. A stream that was closed before the command began swallows what it is given. Only
the console that formats tables writes to the stream underneath, because it has codes of its own to send;
it takes the control characters out of the texts itself.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

from sim.errors import printable


@contextmanager
def _without_number() -> Iterator[None]:
    """A broken pipe without its error number, of which click would make the exit code 1."""
    try:
        yield
    except BrokenPipeError:
        raise BrokenPipeError from None


class Plain(io.TextIOBase):
    r"""A text stream that writes control characters as escapes.

    Examples
    --------
    >>> under = io.StringIO()
    >>> _ = Plain(under).write("red: \x1b[31m")
    >>> print(under.getvalue())
    red: \x1b[31m
    """

    def __init__(self, under: Any) -> None:
        self.under = under

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """That of the stream underneath."""
        return str(getattr(self.under, "encoding", None) or "utf-8")

    @property
    def errors(self) -> str | None:  # type: ignore[override]
        """What the stream underneath does with a letter that it does not have."""
        return cast("str | None", getattr(self.under, "errors", None))

    def write(self, text: str) -> int:
        """Write a text, each of its control characters as an escape."""
        with _without_number():
            self.under.write(printable(text))
        return len(text)

    def flush(self) -> None:
        """Hand on what was written, unless the stream underneath is closed by now."""
        if not getattr(self.under, "closed", False):
            with _without_number():
                self.under.flush()

    def close(self) -> None:
        """Nothing: the stream underneath belongs to whoever opened it."""

    def isatty(self) -> bool:
        """Whether a person reads it."""
        return bool(self.under.isatty())

    def fileno(self) -> int:
        """The number of the file underneath."""
        return int(self.under.fileno())

    def writable(self) -> bool:
        """It is."""
        return True


def underneath(stream: Any) -> TextIO:
    """The stream that a :class:`Plain` writes to; any other stream itself."""
    return cast("TextIO", stream.under if isinstance(stream, Plain) else stream)


@contextmanager
def plain_streams() -> Iterator[None]:
    """Standard output and error as :class:`Plain`, for as long as a command runs."""
    before = sys.stdout, sys.stderr
    try:
        sys.stdout, sys.stderr = (cast("TextIO", Plain(_open(stream))) for stream in before)
        yield
    finally:
        sys.stdout, sys.stderr = before


def _open(stream: Any) -> Any:
    """The stream, made to replace what its encoding lacks; one that leads nowhere if it was closed."""
    if stream is None or getattr(stream, "closed", False):
        return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123
    stream = underneath(stream)
    if getattr(stream, "errors", None) == "strict" and hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="backslashreplace")
    return stream


def mute() -> None:
    """Let what is still to be printed go nowhere, so that it cannot fail once more at the end."""
    try:
        number = sys.stdout.fileno()
    except (OSError, ValueError):
        return
    os.dup2(os.open(os.devnull, os.O_WRONLY), number)
