"""Figures of a report as inline SVG: texts stay texts, and nothing is fetched.

Definition. A figure is drawn, written as SVG and read again as a tree. Comments and metadata are left out,
every name that one element gives and another refers to gets the figure's own prefix, and the tree is
written anew, so that whatever a scenario file says is escaped once more. The window that a browser shows is
what the figure covers and a rim, which is measured where the figure was laid out: it is drawn once.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from sim.plots.drawing.style import root_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.plots.drawing.snug import Snug

Window = tuple[float, float, float, float] | None

SVG = "http://www.w3.org/2000/svg"
LINK = "{http://www.w3.org/1999/xlink}href"
PAD = 7.2
"""Rim around what a figure covers, in points."""
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "treatysim",
    "text.parse_math": False,
    "axes.formatter.use_mathtext": False,
}


def inline_svg(name: str, draw: Callable[..., Axes], *data: Any, **options: Any) -> str:
    """A figure as SVG to be put into an HTML page.

    Parameters
    ----------
    name
        Prefix of everything that the figure's parts call each other.
    draw, data, options
        A figure's function and what it takes.

    Returns
    -------
    str
        One ``svg`` element with a role and a label for readers that do not see it.
    """
    with _quiet(), _style():
        figure = root_figure(draw(*data, **options))
        text, window = _written(figure)
    return _embedded(text, name, window)


def _written(figure: Any) -> tuple[str, Window]:
    """A figure as SVG, and the window to show of it; nothing where the whole is to be shown."""
    from sim.plots.drawing.snug import Snug

    out, engine = StringIO(), figure.get_layout_engine()
    if not isinstance(engine, Snug):
        figure.savefig(out, format="svg", bbox_inches="tight", metadata=_no_metadata())
        return out.getvalue(), None
    window = _window(figure, engine)
    before, dpi = figure.canvas, figure.dpi
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    try:
        with engine.at_rest(), _ground(figure, window):
            canvas: Any = FigureCanvasSVG(figure)
            canvas.print_svg(out, metadata=_no_metadata())
    finally:
        figure.dpi = dpi
        figure.set_canvas(before)
    return out.getvalue(), window


def _window(figure: Any, engine: Snug) -> tuple[float, float, float, float]:
    """The corner, width and height of what a figure covers, in points from its upper left corner."""
    points = 72 / figure.dpi
    x0, y0, x1, y1 = (points * edge for edge in engine.covered(figure))
    tall = figure.get_figheight() * 72
    return x0 - PAD, tall - y1 - PAD, x1 - x0 + 2 * PAD, y1 - y0 + 2 * PAD


@contextmanager
def _ground(figure: Any, window: tuple[float, float, float, float]) -> Iterator[None]:
    """The figure's ground as wide as its window."""
    wide, tall = (72 * inches for inches in figure.get_size_inches())
    x, y, width, height = window
    ground = figure.patch
    before = ground.get_bbox().bounds
    ground.set_bounds(x / wide, (tall - y - height) / tall, width / wide, height / tall)
    try:
        yield
    finally:
        ground.set_bounds(*before)


def _no_metadata() -> dict[str, None]:
    return dict.fromkeys(("Creator", "Date", "Format", "Type"))


@contextmanager
def _style() -> Iterator[None]:
    from matplotlib import rc_context

    with rc_context(_STYLE):
        yield


@contextmanager
def _quiet() -> Iterator[None]:
    """The browser draws the letters and scales the page, so what the measuring font lacks does not matter."""
    with warnings.catch_warnings():
        for message in (
            "Glyph .* missing from",
            "constrained_layout not applied",
            "a figure is too small",
        ):
            warnings.filterwarnings("ignore", message=message, category=UserWarning)
        yield


def _embedded(text: str, name: str, window: Window) -> str:
    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", LINK[1 : LINK.index("}")])
    root = ElementTree.fromstring(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", text))
    for child in root.findall(f"{{{SVG}}}metadata"):
        root.remove(child)
    for element in root.iter():
        _prefix(element, name)
    root.set("role", "img")
    root.set("aria-label", name)
    width = root.attrib.pop("width", "")
    root.attrib.pop("height", None)
    if window is not None:
        root.set("viewBox", " ".join(f"{number:g}" for number in window))
        width = f"{window[2]:g}pt"
    root.set("style", f"width:{width};max-width:100%;height:auto;overflow:visible")
    return ElementTree.tostring(root, encoding="unicode")


def _prefix(element: ElementTree.Element, name: str) -> None:
    """The figure's own prefix on an element's name and on the names it refers to."""
    for key, value in element.attrib.items():
        if key == "id":
            element.set(key, f"{name}-{value}")
        elif key == LINK and value.startswith("#"):
            element.set(key, f"#{name}-{value[1:]}")
        elif "url(#" in value:
            element.set(key, value.replace("url(#", f"url(#{name}-"))
