"""The smallest change: by hand, against grids, and the other way round."""

import numpy as np
import pytest
import sim
from sim.certified import smallest_change
from sim.errors import UsageError
from sim.feasibility.ladder import climb
from sim.loading import loads
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
    assert "No change within the plausible ranges of holding is enough" in change.sentence()
    assert change.over == ("holding",)
    assert set(change.held) == {"value", "principle"}
    assert "held where they are: value (not among the levers)" in change.sentence()


def start_where(scenario, sign, seed):
    """The scenario at random values of all parameters with a margin of that sign; ``None`` if rare."""
    paths = list(scenario.values)
    theta = np.random.default_rng(seed + 1000).random((len(paths), 400))
    margin = climb(compile_dispute(scenario, paths).at(theta)).margin
    some = np.flatnonzero(sign * margin > 0.01)
    if not len(some):
        return None
    return scenario.with_values(dict(zip(paths, map(float, theta[:, some[0]]), strict=True)))


def best_of_grid(scenario, levers, breaking, points):
    """The cheapest point of a grid at which the verdict is the other one; infinite if none is."""
    axes = np.meshgrid(*[np.linspace(0, 1, points)] * len(levers))
    theta = np.stack([axis.ravel() for axis in axes])
    dispute = compile_dispute(scenario, levers)
    chunks = np.array_split(theta, max(1, theta.shape[1] // 4096), axis=1)
    margin = np.concatenate([climb(dispute.at(some)).margin for some in chunks])
    here = np.array([[scenario.values[p]] for p in levers])
    costs = np.abs(theta - here).sum(axis=0)
    return costs[margin <= 0 if breaking else margin >= 0].min(initial=np.inf)


def check_against_a_grid(scenario, levers, breaking, *, limit, points):
    """Never dearer than a grid's best, never below the proved bound, and on the target or past a jump."""
    change = smallest_change(scenario, levers=levers, breaking=breaking, limit=limit, singles=False)
    best = best_of_grid(scenario, levers, breaking, points)
    assert change.bound <= best + 1e-9
    assert change.bound <= change.cost
    assert change.cost <= best + 1e-9
    if change.moves:
        there = evaluated(scenario, change)
        assert there <= 1e-9 if breaking else there >= -1e-9
        if abs(there) > 1e-9:
            assert "jumps" in change.note
            assert jumps(scenario, change)


def jumps(scenario, change):
    """Whether the margin is on the other side of 0 just before the change is complete."""
    before = scenario.with_values(
        {m.path: m.after - 3e-9 * (m.after - m.before) for m in change.moves}
    )
    margin = climb(compile_dispute(before).at(np.zeros((0, 1)))).margin[0]
    return margin > 0 if change.breaking else margin < 0


@pytest.mark.parametrize("breaking", [False, True])
@pytest.mark.parametrize("curved", [False, True])
@pytest.mark.parametrize("seed", [0, 1, 2, 4, 9, 22, 25, 27])
def test_never_worse_than_a_grid(random_dispute, seed, curved, breaking):
    """Among them plateaus, votes that flip, jumps of stances, and stances without a pure equilibrium."""
    scenario = start_where(random_dispute(seed, curved=curved), 1 if breaking else -1, seed)
    if scenario is not None:
        check_against_a_grid(scenario, ["p0", "p2"], breaking, limit=40, points=101)


@pytest.mark.parametrize("breaking", [False, True])
@pytest.mark.parametrize("seed", [13, 31, 53, 61])
def test_never_worse_than_a_grid_with_three_levers(random_dispute, seed, breaking):
    scenario = start_where(random_dispute(seed, curved=True), 1 if breaking else -1, seed)
    if scenario is not None:
        check_against_a_grid(scenario, ["p0", "p1", "p2"], breaking, limit=10, points=31)


@pytest.mark.slow
@pytest.mark.parametrize("breaking", [False, True])
@pytest.mark.parametrize("curved", [False, True])
@pytest.mark.parametrize("seed", range(90))
def test_never_worse_than_a_grid_in_full(random_dispute, seed, curved, breaking):
    scenario = start_where(random_dispute(seed, curved=curved), 1 if breaking else -1, seed)
    for levers, points in ((["p0", "p2"], 201), (["p0", "p1", "p2"], 61)):
        if scenario is not None:
            check_against_a_grid(scenario, levers, breaking, limit=60, points=points)


def test_a_vote_that_flips_is_said_to_jump():
    """The smaller bloc votes yes from x = 0.4 on: the share of yes votes jumps from 0.6 to 1, quota 0.7."""
    scenario = loads("""
parameters: {x: {value: 0.5, range: [0, 1]}}
issues: {peace: {no: {}, yes: {signed: 1}}}
outcomes: {treaty: signed}
actors: {a: {role: principal}, b: {role: principal}}
payoffs: {a: {t: signed}, b: {t: signed}}
domestic: {a: {house: {type: ratification, measure: share, quota: 0.7, blocs: {
  big: {seats: 60, utility: 0.1}, small: {seats: 40, utility: x - 0.4}}}}}
""")
    broken = smallest_change(scenario)
    assert broken.breaking
    assert broken.status == "complete"
    assert broken.cost == pytest.approx(0.1, abs=1e-8)
    assert broken.margin == pytest.approx(-0.1, abs=1e-12)
    assert "jumps over 0" in broken.note
    mended = smallest_change(scenario.with_values({"x": 0.1}))
    assert (mended.status, mended.cost) == ("complete", pytest.approx(0.3, abs=1e-8))
    assert mended.margin == pytest.approx(0.3, abs=1e-12)


def test_breaking_a_curved_treaty_solved_by_hand():
    """The gains are 2x - x^2 - 1/2 and 1 - xy: from (1, 0.25), x to 1 - sqrt(1/2) is the nearest."""
    scenario = loads("""
parameters: {x: {value: 1, range: [0, 2]}, y: {value: 0.25, range: [0, 2]}}
issues: {peace: {no: {}, yes: {signed: 1}}}
outcomes: {treaty: signed}
actors: {a: {role: principal}, b: {role: principal}}
payoffs: {a: {t: (2*x - x*x - 0.5)*signed}, b: {t: (1 - x*y)*signed}}
""")
    change = smallest_change(scenario, limit=80)
    assert change.breaking
    assert change.status == "complete"
    assert change.cost == pytest.approx(np.sqrt(0.5) / 2, abs=1e-9)
    assert change.bound == pytest.approx(change.cost, rel=2e-6)
    (move,) = change.moves
    assert move.path == "x"
    assert abs(move.after - 1) == pytest.approx(np.sqrt(0.5), abs=1e-9)


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
        ({"levers": ["value"], "costs": {"principle": 2.0}}, "not among the levers"),
    ],
)
def test_bad_requests(ladder, options, word):
    with pytest.raises(UsageError, match=word):
        smallest_change(ladder, **options)


def test_of_two_values_that_are_as_near_the_lower_is_named():
    """Fearon's crisis: a share from 0.3 to 0.6 is accepted by both, and 0.45 lies in the middle."""
    found = smallest_change(sim.load("classics/fearon-crisis"))
    (share,) = [c.moves[0] for c in found.singles if c.moves[0].path == "share"]
    assert share.after == pytest.approx(0.3, abs=1e-9)
