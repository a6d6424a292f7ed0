"""Gains: what every principal gains by the best treaty, in units of its payoff spread."""

from __future__ import annotations

from typing import Any

from sim.plots import Plot

PLOT = Plot("disputes", "verdict", "what every principal gains by the best treaty")


def gains_data(verdict: Any) -> dict[str, float]:
    """The numbers behind the figure."""
    return {step.actor: step.slack for step in verdict.steps if step.constraint == "gain"}


def gains(verdict: Any, *, ax: Any = None) -> Any:
    """Draw a bar for every principal."""
    from matplotlib.figure import Figure

    found = gains_data(verdict)
    ax = Figure(layout="constrained").add_subplot() if ax is None else ax
    ax.bar([*found], [*found.values()])
    ax.set_title(verdict.title, parse_math=False)
    ax.set_ylabel("gain in units of the payoff spread")
    return ax
