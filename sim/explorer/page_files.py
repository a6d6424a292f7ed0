"""The files of the page: HTML, styles and scripts, as they lie in ``sim/explorer/page``."""

from __future__ import annotations

from functools import cache
from importlib import resources

SCRIPTS = ("figures.js", "sliders.js", "panel.js")


@cache
def text_of(name: str) -> str:
    """One file of the page."""
    return resources.files("sim.explorer").joinpath("page", name).read_text(encoding="utf-8")


@cache
def script() -> str:
    """The page's one module: what draws, what moves, what puts them together.

    Examples
    --------
    >>> "export async function mount" in script()
    True
    """
    return "\n".join(text_of(name) for name in SCRIPTS)
