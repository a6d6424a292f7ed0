"""How a figure is to look: title, size, resolution, letters, language; kept beside the command.

Definition. ``--style paper`` is the look of a column of a paper, ``slide`` that of a wide screen with letters
``SLIDE`` times as large. Letters grow by drawing the figure smaller and saving it at more dots per inch, so
that everything that is placed by the size of letters stays in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sim.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Function = TypeVar("Function", bound=Callable[..., Any])
LOOKS = "sim.cli.figure_looks"
SLIDE = 1.8
"""How much larger letters are on a slide."""
WIDE = (11.0, 6.2)
"""Inches of a slide."""
LEAST, WIDEST = 1.0, 60.0
"""Inches that a side of a figure may have."""


def figure_options(function: Function) -> Function:
    """The options of a figure's look, which :func:`drawn_as_asked` reads; the verb does not see them."""
    options = (
        click.option("--title", help="A title instead of the figure's own.", **_kept("title")),
        click.option("--size", metavar="WxH", help="Width and height in inches.", **_kept("size")),
        click.option(
            "--dpi",
            type=click.IntRange(30, 2400),
            help="Dots per inch.  [default: 200]",
            **_kept("dpi"),
        ),
        click.option(
            "--font-scale",
            type=click.FloatRange(0.3, 5),
            help="How much larger letters are.",
            **_kept("font_scale"),
        ),
        click.option(
            "--style",
            type=click.Choice(("paper", "slide")),
            help="For a column of a paper, or for a screen.  [default: paper]",
            **_kept("style"),
        ),
    )
    for option in reversed(options):
        function = option(function)
    return function


def _kept(name: str) -> dict[str, Any]:
    """What keeps an option beside the command."""

    def keep(context: click.Context, _: click.Parameter, value: Any) -> None:
        if value is not None:
            context.meta.setdefault(LOOKS, {})[name] = value

    return {"expose_value": False, "callback": keep}


def drawn_as_asked(
    draw: Callable[..., Any], data: Any, options: Mapping[str, Any], target: Path | None
) -> Axes:
    """The axes of a figure drawn as it is to look, and saved where it is to be."""
    from sim import plots
    from sim.plots.drawing.text import set_title
    from sim.plots.save import DPI

    context = click.get_current_context(silent=True)
    looks: dict[str, Any] = {} if context is None else context.meta.get(LOOKS, {})
    slide = looks.get("style") == "slide"
    scale = looks.get("font_scale", SLIDE if slide else 1.0)
    size = _size(looks["size"]) if "size" in looks else (WIDE if slide else None)
    given = dict(options)
    if size is not None:
        given["ax"] = _axes(size[0] / scale, size[1] / scale)
    ax: Axes = draw(data, **given)
    if "title" in looks:
        set_title(ax, [looks["title"]])
    if target is not None:
        plots.save(ax, target, dpi=round(looks.get("dpi", DPI) * scale))
    return ax


def _axes(width: float, height: float) -> Any:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure.add_subplot()


def _size(text: str) -> tuple[float, float]:
    """Width and height.

    Examples
    --------
    >>> _size("6x4.5")
    (6.0, 4.5)
    """
    parts = text.lower().replace("\N{MULTIPLICATION SIGN}", "x").split("x")
    try:
        width, height = (float(part) for part in parts)
    except ValueError:
        raise UsageError(f"--size {text}: WIDTHxHEIGHT in inches is needed, as 6x4") from None
    if not (LEAST <= width <= WIDEST and LEAST <= height <= WIDEST):
        raise UsageError(f"--size {text}: each side must have {LEAST:g} to {WIDEST:g} inches")
    return width, height
