"""The frontier figure: areas that add up, knife-edges as areas of their own, bands for levels."""

import re

import pytest
from sim.certified import frontier as certified
from sim.loading import loads
from sim.plots import frontier
from sim.plots.disputes.frontier import frontier_data

PLATEAU = """
parameters: {x: {value: 0.2, range: [0, 1]}, y: {value: 0.5, range: [0, 1]}}
issues: {i: {no: {}, yes: {signed: 1}}}
outcomes: {treaty: signed}
actors: {a: {role: principal}, b: {role: principal}}
payoffs:
  a: {u: "signed*where(x < 0.5, 1, where(x < 0.75, 0, -1))"}
  b: {u: "signed*(2 - y)"}
"""

BANDS = """
parameters: {style: {value: 2, levels: [0, 1, 2]}, y: {value: 0.5, range: [0, 1]}}
issues: {i: {no: {}, yes: {signed: 1}}}
outcomes: {treaty: signed}
actors: {a: {role: principal}, b: {role: principal}}
payoffs: {a: {u: "signed*(abs(style - 1) - 0.5)"}, b: {u: "signed*(y - 0.25)"}}
"""


def legend(ax):
    return [t.get_text() for t in ax.get_legend().get_texts()]


def test_a_certified_knife_edge_is_an_area_of_its_own_and_counted():
    """By hand: feasible on a half of the square, 0 on a quarter, infeasible on a quarter."""
    found = certified(loads(PLATEAU), vary={"x": None, "y": None}, unlabelled=1.0)
    data = frontier_data(found)
    assert found.shares["knife-edge"] == pytest.approx(0.25, abs=2e-3)
    areas = [
        boxes[:, 2:] - boxes[:, :2] for boxes in (data.feasible, data.knife_edge, data.infeasible)
    ]
    assert [float(a.prod(axis=1).sum()) for a in areas] == pytest.approx(
        [0.5, 0.25, 0.25], abs=2e-3
    )
    ax = frontier(found)
    assert "knife-edge: margin 0" in legend(ax)
    numbers = re.findall(r"([0-9.e-]+)%", ax.get_title())
    assert sum(map(float, numbers)) == pytest.approx(100, abs=0.2)


def test_an_axis_with_levels_has_a_band_for_each():
    found = certified(loads(BANDS), vary={"style": None, "y": None}, unlabelled=1.0)
    data = frontier_data(found)
    assert data.levels == ((0, 1, 2), ())
    assert data.own == (2, 0.5)
    assert data.box == (-0.5, 0, 2.5, 1)
    ax = frontier(found)
    assert [t.get_text() for t in ax.get_xticklabels()] == ["0", "1", "2"]
    held = data.feasible
    assert {(a, b) for a, _, b, _ in held} == {(-0.5, 0.5), (1.5, 2.5)}
