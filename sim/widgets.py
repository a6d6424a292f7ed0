"""Sliders in a notebook: move parameters, and see the verdict, the ladder and the place in the landscape.

A move of a slider evaluates one point and draws nothing: the ladder is a table, and the landscape a picture
made once, at the scenario's values of all other parameters, on which only a crosshair moves.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels import html
from sim.certified import strips
from sim.errors import UsageError
from sim.explaining import explain
from sim.feasibility import words
from sim.payoffs import structural_parameters
from sim.plots.drawing.style import root_figure
from sim.scenario import Scenario, require_scenario

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST = 6
POINTS = 41
DPI = 80


def explore(
    scenario: Scenario, paths: Sequence[str] = (), *, x: str | None = None, y: str | None = None
) -> Any:
    """Sliders over a dispute's parameters, with the verdict, the ladder and the landscape.

    Parameters
    ----------
    scenario
        A dispute.
    paths
        The parameters on sliders; by default those of the file's first sweep and those that move the
        margin most.
    x, y
        The axes of the landscape; the first two sliders by default.

    Returns
    -------
    ipywidgets.Widget

    Raises
    ------
    UsageError
        If the file is a classical game, ipywidgets is missing, a path is unknown or structural, or has
        no range.
    """
    require_scenario(scenario, "explore")
    if scenario.document.form != "dispute":
        raise UsageError(
            f"{scenario.origin}: a classical game has no verdict to explore; use sim.solve"
        )
    widgets = _ipywidgets()
    chosen = tuple(paths) or usual_paths(scenario)
    if not chosen:
        raise UsageError(f"{scenario.origin}: no parameter has a range to be explored")
    axes = _landscape_axes(scenario, chosen, x, y)
    chosen = tuple(dict.fromkeys([*axes, *chosen]))
    panel = Panel(scenario, chosen, axes)
    sliders = [_slider(widgets, scenario, path) for path in chosen]
    verdict, place = widgets.HTML(), widgets.HTML()

    def update(_: Any = None) -> None:
        values = [float(slider.value) for slider in sliders]
        verdict.value, place.value = panel.verdict(values), panel.place(values)

    for slider in sliders:
        slider.observe(update, names="value")
    update()
    return widgets.HBox([widgets.VBox([*sliders, place]), verdict])


def _ipywidgets() -> Any:
    try:
        import ipywidgets
    except ImportError:
        raise UsageError(
            "sim.explore needs ipywidgets: pip install 'treatysim[notebooks]'"
        ) from None
    return ipywidgets


def usual_paths(scenario: Scenario) -> tuple[str, ...]:
    """The parameters of a file's first sweep, then those whose range moves the margin most."""
    swept = next((tuple(sweep.vary) for sweep in scenario.document.sweeps.values()), ())
    found = sorted(strips(scenario).thresholds, key=lambda t: -np.nan_to_num(t.swing))
    wide = tuple(t.path for t in found)
    return tuple(dict.fromkeys([*swept, *wide]))[:MOST]


def _landscape_axes(
    scenario: Scenario, paths: Sequence[str], x: str | None, y: str | None
) -> tuple[str, ...]:
    for path in (*paths, *(p for p in (x, y) if p is not None)):
        scenario.require(path)
        if path in structural_parameters(scenario.document):
            raise UsageError(
                f"'{path}' decides which agreements exist: it can be set, not explored"
            )
    free = [path for path in paths if path not in (x, y)]
    first = x if x is not None else next(iter(free), None)
    second = y if y is not None else next((p for p in free if p != first), None)
    return tuple(path for path in (first, second) if path is not None)


def bounds_of(scenario: Scenario, path: str) -> tuple[float, float]:
    """Where a slider ends: the bounds of the file's sweeps, or else the parameter's range."""
    for sweep in scenario.document.sweeps.values():
        if path in sweep.vary:
            return sweep.vary[path][:2]
    found = scenario.range_of(path)
    if found is None:
        raise UsageError(f"'{path}' has no range in the file, so there is nothing to explore")
    return found


def _slider(widgets: Any, scenario: Scenario, path: str) -> Any:
    low, high = bounds_of(scenario, path)
    return widgets.FloatSlider(
        value=scenario.values[path],
        min=min(low, scenario.values[path]),
        max=max(high, scenario.values[path]),
        step=(high - low) / 200 or 0.01,
        description=path,
        readout_format=".3g",
        style={"description_width": "12em"},
        layout={"width": "30em"},
    )


class Panel:
    """What the sliders move: the verdict, and the picture of its landscape.

    Parameters
    ----------
    scenario
        The dispute.
    paths
        The parameters that move, in order.
    axes
        Those of the landscape; fewer than two draw none.
    """

    def __init__(self, scenario: Scenario, paths: Sequence[str], axes: Sequence[str]) -> None:
        self.scenario = scenario
        self.paths = tuple(paths)
        self.axes = tuple(axes)
        self.share = self._share()
        self.picture, self.ax = ("", None) if len(self.axes) < 2 else self._landscape()

    def _share(self) -> str:
        """How often a treaty is feasible over the file's own ranges, before anything is moved, as HTML."""
        share = explain(self.scenario, with_thresholds=False).share
        return "" if share is None else html.paragraph(share.sentence())

    def _landscape(self) -> tuple[str, Axes | None]:
        from sim import plots
        from sim.sweeps import sweep

        vary = {path: (*bounds_of(self.scenario, path), POINTS) for path in self.axes}
        run = sweep(self.scenario, vary=vary)
        ax = plots.landscape(run, x=self.axes[0], y=self.axes[1])
        out = BytesIO()
        root_figure(ax).savefig(out, format="png", dpi=DPI)
        return b64encode(out.getvalue()).decode(), ax

    def verdict(self, values: Sequence[float]) -> str:
        """The verdict and the ladder at some values, as HTML."""
        moved = self.scenario.at(dict(zip(self.paths, values, strict=True)))
        return self.share + words.as_html(explain(moved, with_thresholds=False, draws=0))

    def place(self, values: Sequence[float]) -> str:
        """The landscape with a crosshair at some values, as HTML."""
        if self.ax is None:
            return ""
        own = dict(zip(self.paths, values, strict=True))
        figure = root_figure(self.ax)
        at = self.ax.transData.transform([own[path] for path in self.axes])
        left, bottom = at / figure.bbox.size * 100
        line = "position:absolute;background:#000;opacity:.8;"
        return (
            '<div style="position:relative;display:inline-block">'
            f'<img alt="landscape" src="data:image/png;base64,{self.picture}">'
            f'<div style="{line}left:{left:.3f}%;top:0;width:1px;height:100%"></div>'
            f'<div style="{line}top:{100 - bottom:.3f}%;left:0;height:1px;width:100%"></div></div>'
        )
