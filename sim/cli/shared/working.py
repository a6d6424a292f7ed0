"""What a command that takes more than a moment is doing: one line on a terminal, nothing in a pipe.

A turning mark, a bar where it is known how much there is to do, and words, on standard error.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sim.cli.shared.streams import underneath

Told = Callable[[str], None]


class Line:
    """The line, from its first words until it is stopped.

    Parameters
    ----------
    words
        The first words.
    total
        How much there is to do, where that is known.
    """

    def __init__(self, words: str, total: int | None = None) -> None:
        from rich import progress
        from rich.console import Console

        bar = () if total is None else (progress.BarColumn(),)
        columns: Any = (
            progress.SpinnerColumn(),
            *bar,
            progress.TextColumn("{task.description}", markup=False),
        )
        shown = Console(file=underneath(sys.stderr))
        self._line = progress.Progress(*columns, console=shown, transient=True)
        self._task = self._line.add_task(words, total=total)
        self._line.start()

    def say(self, words: str, done: int | None = None) -> None:
        """Other words, and how much is done."""
        self._line.update(self._task, description=words, completed=done)

    def stop(self) -> None:
        """Take the line away."""
        self._line.stop()


@contextmanager
def working(what: str = "reading ...", *, quiet: bool = False) -> Iterator[Told]:
    """What a command says it is doing while it works.

    Parameters
    ----------
    what
        The first words.
    quiet
        Say nothing.

    Examples
    --------
    >>> with working("thinking ...", quiet=True) as told:
    ...     told("still thinking ...")
    """
    if quiet or not sys.stderr.isatty():
        yield lambda words: None
        return
    line = Line(what)
    try:
        yield line.say
    finally:
        line.stop()
