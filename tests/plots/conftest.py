"""Runs and verdicts made by hand, and a check that no two texts of a figure overlap."""

from __future__ import annotations

from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.figure import Figure
from sim.plots.data import GridRun


def make_run(
    *,
    n=21,
    m=31,
    classes=("treaty", "interim", "none"),
    own=(0.3, 0.6),
    title="A dispute made by hand",
    **columns,
):
    """Margin 0.4 - x over x, y in [0, 1]; classes are equal bands of x."""
    x, y = np.linspace(0, 1, n), np.linspace(0, 1, m)
    across, _ = np.meshgrid(x, y, indexing="ij")
    band = np.minimum((across * len(classes)).astype(int), len(classes) - 1)
    label = np.array(classes, dtype=object)[band]
    margin = 0.4 - across
    table = {
        "feasible": np.where(np.abs(margin) < 1e-9, None, margin > 0),
        "margin": margin,
        "margin_in_every": margin,
        "binding": np.where(across < 0.5, "tokyo.gain", "moscow.duma").astype(object),
        "best_agreement": np.where(across < 0.5, "two", "three").astype(object),
        "predicted_class": label,
        "equilibria": np.ones(across.shape, dtype=np.int32),
    }
    return GridRun(
        title=title,
        axes={"moscow.pressure": x, "tokyo.patience": y},
        values={"moscow.pressure": own[0], "tokyo.patience": own[1]},
        units={"tokyo.patience": "share of voters"},
        table=table | columns,
    )


def make_verdict(**changes):
    """A verdict on two principals that fails at home."""
    record = SimpleNamespace

    def step(rung, actor, constraint, slack):
        return record(rung=rung, actor=actor, constraint=constraint, slack=slack)

    steps = (
        step("mutual gain", "tokyo", "gain", 0.2),
        step("mutual gain", "moscow", "gain", 0.1),
        step("ratifiable at home", "moscow", "duma", -0.15),
        step("ratifiable at home", "moscow", "constitution", np.inf),
        step("self-enforcing", "moscow", "waiting", 0.3),
    )
    flip = record(
        path="moscow.nationalism", value=0.77, low=0.5, high=0.9, at=(0.6, 0.8), margin_low=0.2,
        margin_high=0.05,
    )  # fmt: skip
    flat = record(
        path="tokyo.minimum", value=0.4, low=0.0, high=1.0, at=(), margin_low=-0.1, margin_high=-0.3
    )
    wide = record(
        path="talks.open",
        value=0.0,
        low=0.0,
        high=2.0,
        at=(1.5,),
        margin_low=-0.15,
        margin_high=0.6,
    )
    values = {
        "title": "A dispute made by hand",
        "feasible": False,
        "margin": -0.15,
        "rung": "ratifiable at home",
        "best_agreement": "islands=two, peace=treaty",
        "steps": steps,
        "binding": steps[2],
        "terms": {
            "tokyo": {"land": (0.0, 0.6), "principle": (0.0, -0.2), "unused": (0.0, 0.0)},
            "moscow": {"land": (0.0, -0.5), "trade": (0.1, 0.9)},
        },
        "scales": {"tokyo": 2.0, "moscow": 4.0},
        "thresholds": (flat, flip, wide),
    }
    return record(**(values | changes))


def texts_of(ax):
    """Every visible text of the axes."""
    found = [*ax.texts, ax.title, ax.xaxis.label, ax.yaxis.label]
    found += [*ax.get_xticklabels(), *ax.get_yticklabels()]
    if ax.get_legend() is not None:
        found += ax.get_legend().get_texts()
    return [t for t in found if t.get_visible() and t.get_text().strip()]


def overlapping(ax):
    """Pairs of texts whose boxes meet by more than a pixel, after the figure is laid out."""
    figure = ax.figure
    figure.draw_without_rendering()
    renderer = figure._get_renderer()
    (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
    ticks = {id(t) for t in ax.get_xticklabels() if not x0 <= t.get_position()[0] <= x1}
    ticks |= {id(t) for t in ax.get_yticklabels() if not y0 <= t.get_position()[1] <= y1}
    boxes = [
        (t.get_text(), t.get_window_extent(renderer)) for t in texts_of(ax) if id(t) not in ticks
    ]
    return [
        (a, b)
        for (a, p), (b, q) in combinations(boxes, 2)
        if min(p.x1, q.x1) - max(p.x0, q.x0) > 1 and min(p.y1, q.y1) - max(p.y0, q.y0) > 1
    ]


def outside(ax):
    """Texts that stick out of the figure by more than two pixels."""
    figure = ax.figure
    figure.draw_without_rendering()
    renderer = figure._get_renderer()
    page = figure.bbox
    boxes = [(t.get_text(), t.get_window_extent(renderer)) for t in (ax.title, *ax.texts)]
    return [
        text
        for text, box in boxes
        if box.x0 < page.x0 - 2 or box.x1 > page.x1 + 2 or box.y1 > page.y1 + 2
    ]


@pytest.fixture(name="make_run")
def _make_run():
    return make_run


@pytest.fixture(name="make_verdict")
def _make_verdict():
    return make_verdict


@pytest.fixture(name="overlapping")
def _overlapping():
    return overlapping


@pytest.fixture(name="outside")
def _outside():
    return outside


@pytest.fixture(name="column_axes")
def _column_axes():
    """Axes of a figure of a journal's column width."""
    return Figure(figsize=(3.5, 3.2), layout="constrained").add_subplot()


LADDER = """
title: A treaty ladder solved by hand
parameters:
  value: 1
  principle: {value: 0.5, range: [0, 1]}
  holding: 2
issues:
  deal:
    status_quo: {}
    T0: {signed: 1}
    T2: {signed: 1, area: 0.07}
    T4: {signed: 1, area: 1}
outcomes: {treaty: signed}
actors:
  tokyo: {role: principal}
  moscow: {role: principal}
payoffs:
  tokyo: {land: value*area, peace: 0.2*signed, principle_cost: -principle*(1-area)*signed}
  moscow: {holding_cost: -holding*area, peace: 0.3*signed}
game:
  - offer: moscow
  - reply: tokyo
  - ratify
"""


@pytest.fixture(name="ladder_scenario", scope="session")
def _ladder_scenario():
    """The ladder case: two principals, four agreements, threshold of ``principle`` at 27/93."""
    from sim.loading import loads

    return loads(LADDER)


@pytest.fixture(name="ladder_run", scope="session")
def _ladder_run(ladder_scenario):
    from sim.sweeps import sweep

    return sweep(ladder_scenario, vary={"principle": (0, 1, 51), "value": (0, 2, 41)})
