"""What a command that takes more than a moment is doing: a line on a terminal, nothing in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sim.cli.shared.streams import underneath

Told = Callable[[str], None]


@contextmanager
def working(what: str = "reading ...", *, quiet: bool = False) -> Iterator[Told]:
    """What a command says it is doing, in one line with a turning mark on standard error while it works.

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
    from rich.console import Console
    from rich.text import Text

    shown = Console(file=underneath(sys.stderr))
    with shown.status(Text(what)) as status:
        yield lambda words: status.update(Text(words))
