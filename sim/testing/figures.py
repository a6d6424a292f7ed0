"""The contract of a figure.

Definition. A figure is a function from data to the ``Axes`` that it drew on: its own, or those that it was
given, whose figure keeps its size and whose style nobody else sees; the numbers behind it are the function
``NAME_data`` beside it; it has a title and a label, shows texts as they are written, and does not call
``pyplot``.
"""

from __future__ import annotations

import inspect
import warnings
from typing import Any, get_args

from sim.plots import PLOTS, get
from sim.plots.drawing.plot import Folder, Needs
from sim.testing.contract import holds


def check_figure(name: str, data: Any, **options: Any) -> None:
    """Check that a figure keeps the contract of its room.

    Parameters
    ----------
    name
        As in ``sim list plots``, treatysim's own or an installed package's.
    data
        What it draws.
    options
        Keywords that it is drawn with.

    Raises
    ------
    ContractError
        At the first thing that is wrong.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> verdict = SimpleNamespace(
    ...     title="T", best_agreement="two", scales={"tokyo": 2.0},
    ...     terms={"tokyo": {"land": (0.0, 1.0), "principle": (0.0, -3.0)}},
    ... )
    >>> check_figure("terms", verdict)
    """
    _declared(name)
    _check_given(name, data, options)
    _check_own(name, data, options)


def _declared(name: str) -> None:
    plot, function = PLOTS[name], get(name)
    holds(inspect.isfunction(function), f"{name} is not a function")
    holds(plot.needs in get_args(Needs), f"{name} needs '{plot.needs}', which nothing provides")
    holds(
        plot.folder in get_args(Folder), f"{name} is of a folder '{plot.folder}' that is not there"
    )
    holds(plot.description, f"{name} does not say what it shows")
    holds(inspect.getdoc(function), f"{name} has no docstring")
    module = inspect.getmodule(function)
    numbers = getattr(module, f"{name}_data", None)
    holds(
        inspect.isfunction(numbers), f"{name} has no function {name}_data beside it for its numbers"
    )
    first, *rest = inspect.signature(function).parameters.values()
    holds(first.kind is first.POSITIONAL_OR_KEYWORD, f"{name} must take its data first")
    keywords = {p.name for p in rest if p.kind is p.KEYWORD_ONLY}
    holds(keywords == {p.name for p in rest}, f"{name}: all but the data must be keywords")
    holds("ax" in keywords, f"{name} takes no ax to draw on")


def _check_given(name: str, data: Any, options: dict[str, Any]) -> None:
    """Axes in, the same axes out; nothing else of the figure changes."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.0, 5.0), dpi=90, layout="constrained")
    ax, style = figure.add_subplot(), dict(mpl.rcParams)
    before = (figure.get_size_inches().tolist(), figure.dpi)
    holds(get(name)(data, ax=ax, **options) is ax, f"{name} does not return the axes it was given")
    after = (figure.get_size_inches().tolist(), figure.dpi)
    holds(before == after, f"{name} changes the size of a figure that is not its own")
    holds(figure.axes[0] is ax, f"{name} takes the axes that it was given out of their figure")
    holds(style == dict(mpl.rcParams), f"{name} changes matplotlib's style for everybody")


def _check_own(name: str, data: Any, options: dict[str, Any]) -> None:
    """A figure of its own has a title and a label, and can be drawn without a warning."""
    from matplotlib.axes import Axes

    ax = get(name)(data, **options)
    holds(isinstance(ax, Axes), f"{name} returns a {type(ax).__name__}, not Axes")
    holds(ax.get_title(), f"{name} has no title")
    holds(ax.get_xlabel() or ax.get_ylabel() or not ax.axison, f"{name} labels no axis")
    figure: Any = ax.figure
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        figure.draw_without_rendering()
    holds(not told, f"drawing {name} warns: {told[0].message if told else ''}")
    title = getattr(data, "title", "")
    literal = "$" not in ax.get_title() or not ax.title.get_parse_math()
    holds(literal or "$" not in title, f"{name} reads the file's texts as formulas")
