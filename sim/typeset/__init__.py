"""What a record says, set for another program: CSV, Markdown or LaTeX."""

from collections.abc import Callable, Iterable

from sim._kernels.shown import Part
from sim.typeset.as_csv import as_csv
from sim.typeset.as_latex import as_latex
from sim.typeset.as_markdown import as_markdown

FORMATS: dict[str, Callable[[Iterable[Part]], str]] = {
    "csv": as_csv,
    "markdown": as_markdown,
    "latex": as_latex,
}
"""What sets the parts of a record, by the name of the format."""

__all__ = ["FORMATS", "as_csv", "as_latex", "as_markdown"]
