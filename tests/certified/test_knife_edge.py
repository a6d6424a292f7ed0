"""A margin that is 0 on a whole region is neither yes nor no, and no box there is certified as either."""

from __future__ import annotations

import pytest
import sim

TEXT = """
parameters:
  opposed: {value: 0.6, range: [0.4, 0.8]}
  gain: {value: 0.3, range: [0.1, 0.5]}
issues: {deal: {no: {}, yes: {signed: 1}}}
outcomes: {treaty: signed}
actors: {a: {role: principal}, b: {role: principal}}
payoffs: {a: {x: 0.3*signed}, b: {x: gain*signed}}
domestic: {a: {public: {type: public_opinion, support: 1 - opposed*signed, threshold: 0.4}}}
"""


def test_a_plateau_at_zero_is_a_knife_edge() -> None:
    """Support is 0.4 against 0.4, whatever b gains: the margin is 0 all along."""
    scenario = sim.loads(TEXT)
    assert sim.explain(scenario, with_thresholds=False).feasible is None
    found = sim.frontier(scenario, vary={"gain": (0.1, 0.5)})
    assert found.shares["knife-edge"] == pytest.approx(1.0)
    assert found.shares["feasible"] == 0.0


@pytest.mark.parametrize("width", [0.01, 0.2, 1.0])
def test_the_answer_does_not_depend_on_the_box(width: float) -> None:
    """The margin is min(0.5 - opposed, 0) for opposed below 0.5 and negative above: 0 below, no above."""
    text = TEXT.replace("1 - opposed*signed", "'min(0.4, 0.9 - opposed)'").replace(
        "0.3*signed", "signed"
    )
    scenario = sim.loads(text)
    low, high = 0.5 - 0.4 * width, 0.5 + 0.4 * width
    found = sim.frontier(scenario, vary={"opposed": (low, high)})
    assert found.shares["feasible"] == 0.0
    assert found.shares["knife-edge"] == pytest.approx(0.5, abs=1e-6)
    assert found.shares["infeasible"] == pytest.approx(0.5, abs=1e-6)
