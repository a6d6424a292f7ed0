"""matplotlib for a command: loaded without the help texts that it composes for those who type.

A class of what can be drawn lists all its properties in the documentation of its ``set``, which matplotlib
puts together for some hundred classes whenever it is loaded: a quarter of the time that takes. A command
shows them to nobody. A program that imports this package gets matplotlib as it is.
"""

from __future__ import annotations

import sys
from typing import Any


class _Help:
    wanted = True


def without_help() -> None:
    """For the rest of this process nobody will ask matplotlib for help."""
    _Help.wanted = False


def load() -> None:
    """What figures need of matplotlib, unless it is there."""
    if _Help.wanted or "matplotlib.figure" in sys.modules:
        return
    from matplotlib import artist

    known: Any = artist
    composed = getattr(known, "kwdoc", None)
    if composed is None:  # a matplotlib that composes its help in another way
        return
    known.kwdoc = lambda _: ""
    try:
        import matplotlib.backends.backend_agg
        import matplotlib.figure  # noqa: F401
    finally:
        known.kwdoc = composed
