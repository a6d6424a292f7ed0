"""Save a figure as PNG, SVG or PDF, the same bytes for the same picture."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim._kernels.whole_file import write_whole
from sim.errors import UsageError, printable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMATS = ("png", "svg", "pdf")
DPI = 200
"""Dots per inch of a saved picture."""
_METADATA: dict[str, dict[str, str | None]] = {
    "png": {"Software": "treatysim"},
    "svg": {"Date": None, "Creator": "treatysim"},
    "pdf": {"CreationDate": None, "ModDate": None, "Creator": "treatysim", "Producer": "treatysim"},
}


def save(figure: Axes | Figure, path: str | Path, *, dpi: int = DPI) -> Path:
    """Write a figure to a file, its format taken from the suffix.

    Parameters
    ----------
    figure
        A figure, or any of its axes.
    path
        Ends in ``.png``, ``.svg`` or ``.pdf``.
    dpi
        Dots per inch of a PNG and of what is rasterised inside SVG and PDF.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    UsageError
        If the suffix is another, or the file cannot be written.

    Examples
    --------
    >>> save(None, "landscape.jpg")
    Traceback (most recent call last):
    sim.errors.UsageError: landscape.jpg: a figure is saved as .png, .svg or .pdf
    """
    target = Path(path)
    kind = target.suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        raise UsageError(f"{target}: a figure is saved as .png, .svg or .pdf")
    from matplotlib import rc_context

    from sim.plots.drawing.letters import every_letter
    from sim.plots.drawing.style import root_figure

    style: Any = {"svg.hashsalt": "treatysim", "svg.fonttype": "path", "pdf.fonttype": 42}
    out = BytesIO()
    with rc_context(style), every_letter(root_figure(figure)):
        root_figure(figure).savefig(
            out, format=kind, dpi=dpi, bbox_inches="tight", metadata=_METADATA[kind]
        )
    content = out.getvalue()
    if kind == "svg":  # texts stand in its comments, where a control character is not XML
        content = printable(content.decode()).encode()
    try:
        write_whole(target, content)
    except OSError as error:
        raise UsageError(f"{target}: cannot write the figure: {error.strerror or error}") from None
    return target
