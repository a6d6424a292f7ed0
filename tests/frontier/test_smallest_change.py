"""The smallest change: by hand, against grids, and the other way round."""

import numpy as np
import pytest
from sim.errors import UsageError
from sim.feasibility.ladder import climb
from sim.frontier import smallest_change
from sim.payoffs import compile_dispute


def evaluated(scenario, change):
    """The margin where the change leads."""
    there = scenario.with_values({m.path: m.after for m in change.moves})
    dispute = compile_dispute(there)
    return float(climb(dispute.at(np.zeros((0, 1)))).margin[0])


def test_solved_by_hand(ladder):
    """The treaty 'two' lacks 0.195 of tokyo's payoff; principle brings 0.93 per unit at cost 1."""
    change = smallest_change(ladder)
    assert [(m.path, m.after) for m in change.moves] == [("principle", pytest.approx(27 / 93))]
    assert change.cost == pytest.approx(0.5 - 27 / 93, abs=1e-12)
    assert change.status == "complete"
    assert change.agreement == "two"
    assert abs(evaluated(ladder, change)) <= 1e-9
    assert "principle" in change.sentence()
    assert [o.moves[0].path for o in change.singles] == ["principle"]


def test_solved_by_hand_with_costs(ladder):
    """Value is cheap and brings 0.035 at most; principle brings the other 0.16."""
    change = smallest_change(ladder, costs={"value": 0.1, "principle": 10})
    moves = {m.path: m.after for m in change.moves}
    assert moves == {"value": pytest.approx(1.5), "principle": pytest.approx(0.5 - 0.16 / 0.93)}
    assert change.cost == pytest.approx(0.05 + 1.6 / 0.93, rel=1e-9)
    assert change.status == "complete"


def test_target_other_than_zero(ladder):
    change = smallest_change(ladder, levers=["principle"], target=0.01)
    assert change.moves[0].after == pytest.approx((0.27 - 0.015) / 0.93, abs=1e-9)
    assert evaluated(ladder, change) == pytest.approx(0.01, abs=1e-9)


def test_breaking_solved_by_hand(ladder):
    """At principle = 0.2 the treaty 'two' stands; it falls where principle reaches 27/93."""
    change = smallest_change(ladder.with_values({"principle": 0.2}))
    assert change.breaking
    assert [(m.path, m.after) for m in change.moves] == [("principle", pytest.approx(27 / 93))]
    assert change.cost == pytest.approx(27 / 93 - 0.2, abs=1e-9)
    assert change.bound == pytest.approx(change.cost, abs=1e-9)


def test_nothing_to_change(ladder):
    change = smallest_change(ladder.with_values({"principle": 0.2}), breaking=False)
    assert (change.moves, change.cost, change.status) == ((), 0.0, "complete")
    assert "No change is needed" in change.sentence()


def test_out_of_reach(ladder):
    change = smallest_change(ladder, levers=["holding"])
    assert change.moves == ()
    assert change.bound == np.inf
    assert "No change within the ranges" in change.sentence()


@pytest.mark.parametrize("curved", [False, True])
@pytest.mark.parametrize("seed", range(8))
def test_never_worse_than_a_grid(random_dispute, seed, curved):
    scenario = random_dispute(seed, curved=curved)
    levers = ["p0", "p2"]
    change = smallest_change(scenario, levers=levers, breaking=False, limit=60)
    axis = np.linspace(0, 1, 101)
    theta = np.stack([x.ravel() for x in np.meshgrid(axis, axis)])
    margin = climb(compile_dispute(scenario, levers).at(theta)).margin
    here = np.array([[scenario.values[p]] for p in levers])
    costs = np.abs(theta - here).sum(axis=0)
    best = costs[margin >= 0].min(initial=np.inf)
    assert change.bound <= best + 1e-9
    if change.moves:
        assert change.cost <= best + 1e-9
        assert evaluated(scenario, change) == pytest.approx(0.0, abs=1e-9)
        assert change.bound <= change.cost
    else:
        assert best in (0.0, np.inf) or margin.max() < 0 or change.cost == 0


@pytest.mark.parametrize("seed", range(8))
def test_breaking_is_never_worse_than_a_grid(random_dispute, seed):
    scenario = random_dispute(seed)
    levers = ["p0", "p2"]
    change = smallest_change(scenario, levers=levers, breaking=True, limit=60)
    axis = np.linspace(0, 1, 101)
    theta = np.stack([x.ravel() for x in np.meshgrid(axis, axis)])
    margin = climb(compile_dispute(scenario, levers).at(theta)).margin
    here = np.array([[scenario.values[p]] for p in levers])
    best = np.abs(theta - here).sum(axis=0)[margin < 0].min(initial=np.inf)
    assert change.bound <= best + 1e-9
    if change.moves:
        assert change.cost <= best + 1e-9
        assert evaluated(scenario, change) == pytest.approx(0.0, abs=1e-7)


def test_pairs_are_no_dearer_than_singles(random_dispute):
    change = smallest_change(random_dispute(2), breaking=False, pairs=4)
    if change.singles and change.pairs:
        assert change.pairs[0].cost <= change.singles[0].cost + 1e-9
    assert change.cost <= min((o.cost for o in change.pairs), default=np.inf) + 1e-9


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"levers": ["nobody"]}, "unknown parameter"),
        ({"costs": {"nobody": 1.0}}, "unknown parameter"),
        ({"costs": {"value": 0.0}}, "positive"),
    ],
)
def test_bad_requests(ladder, options, word):
    with pytest.raises(UsageError, match=word):
        smallest_change(ladder, **options)
