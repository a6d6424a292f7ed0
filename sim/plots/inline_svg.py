"""Figures of a report as inline SVG: texts stay texts, and nothing is fetched.

Definition. A figure is drawn, written as SVG and read again as a tree. Comments and metadata are left out,
every name that one element gives and another refers to gets the figure's own prefix, and the tree is
written anew, so that whatever a scenario file says is escaped once more.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SVG = "http://www.w3.org/2000/svg"
LINK = "{http://www.w3.org/1999/xlink}href"
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
        figure = _figure(draw(*data, **options))
        out = StringIO()
        figure.savefig(out, format="svg", bbox_inches="tight", metadata=_no_metadata())
    return _embedded(out.getvalue(), name)


def _figure(ax: Axes) -> Any:
    figure: Any = ax.figure
    while figure.figure is not None and figure.figure is not figure:
        figure = figure.figure
    return figure


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
        for message in ("Glyph .* missing from", "constrained_layout not applied"):
            warnings.filterwarnings("ignore", message=message, category=UserWarning)
        yield


def _embedded(text: str, name: str) -> str:
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
    root.set("style", f"width:{width};max-width:100%;height:auto")
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
