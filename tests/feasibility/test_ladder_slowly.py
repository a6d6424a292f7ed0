"""Ladder and prediction against a slow, exact reading of their definitions, on disputes full of ties."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sim.constraints import CONSTRAINTS
from sim.engine.machine import available
from sim.explaining import explain
from sim.feasibility import RUNGS, climb, evaluate, evaluate_all, prepare
from sim.loading import loads
from sim.payoffs import compile_dispute

COMPILES = available()
PUSHES = [-2, -1, 0, 1, 3]
RUNG_SETS = [
    (),
    ("home",),
    ("home", "home"),
    ("home", "abroad"),
    ("abroad", "enforcement"),
    ("home", "abroad", "enforcement"),
]
OFFER, DEMANDS = "offer", "demand"
EARLY = "stance first"


def stages_of(kind, principals, third):
    """The stages of a game by the name of its order of moves."""
    first, *others = principals
    stances = [("stance", j) for j in third]
    deal = [[("offer", first)], *([("reply", i)] for i in others)]
    return {
        "none": None,
        "deal": deal,
        "deal, ratify": [*deal, [("ratify", "")]],
        "stances, deal": [stances, *deal],
        "stances, deal, ratify": [stances, *deal, [("ratify", "")]],
        "one, deal, other, ratify": [stances[:1], *deal, stances[1:] or [], [("ratify", "")]],
        "one, other, deal": [*([j] for j in stances), *deal],
        "deal, one, other, ratify": [*deal, *([j] for j in stances), [("ratify", "")]],
        "offer, stances, replies": [deal[0], stances, *deal[1:]],
        "deal, implement": [*deal, stances, [("implement", first)]],
        "stances, deal, implement": [stances, *deal, [("implement", first)]],
        "demands": [[("demand", i) for i in principals]],
        "all at once": [[*(("demand", i) for i in principals), *stances]],
        "two offers": [
            stances, deal[0], *deal[1:],
            [("offer", others[0])], *([("reply", i)] for i in principals if i != others[0]),
        ],
    }[kind]  # fmt: skip


GAMES = [
    "none", "deal", "deal, ratify", "stances, deal", "stances, deal, ratify", "one, deal, other, ratify",
    "one, other, deal", "deal, one, other, ratify", "offer, stances, replies", "deal, implement",
    "stances, deal, implement", "demands", "all at once", "two offers",
]  # fmt: skip


REQUIRED = (None, None, (), ("home",), ("abroad",), ("home", "abroad", "enforcement"))


def game_text(stages, principals, requires=None):
    """The stages as a file writes them."""
    words = []
    for stage in filter(None, stages):
        kind, actor = stage[0]
        if kind == "ratify":
            words.append("ratify")
        elif kind == "implement":
            amounts = f"{{{principals[0]}: 1, {principals[1]}: -2}}"
            words.append(f"{{implement: {actor}, reneging: {amounts}}}")
        else:
            words.append("[" + ", ".join(f"{who}.{what}" for what, who in stage) + "]")
    listed = f"[{', '.join(words)}]"
    if requires is None:
        return listed
    return f"{{stages: {listed}, requires: [{', '.join(requires)}]}}"


def dispute(
    tables, slow_reading, seed, principals, stances, agreements, rungs, game, requires=None
):
    """Tables with a game, and the slow reading of them at some pushes."""
    t = tables(seed, principals=principals, stances=stances, agreements=agreements, rungs=rungs)
    stages = stages_of(game, t.principals, list(t.stances))
    reneging = {}
    if stages is not None:
        stages = [stage for stage in stages if stage]
        t = t.with_(game=game_text(stages, t.principals, requires))
        if any(kind == "implement" for stage in stages for kind, _ in stage):
            reneging = {t.principals[0]: 1, t.principals[1]: -2}
    return t, [slow_reading(t, push, stages, requires, reneging) for push in PUSHES]


def check_ladder(slow, t, ladder, point):
    tops, rung, tied, best, static = slow.climb()
    assert ladder.margin[point] == pytest.approx(float(tops[-1]), abs=1e-12)
    assert (ladder.margin[point] == 0) == (tops[-1] == 0)
    assert ladder.margin_in_every[point] == pytest.approx(float(slow.in_every), abs=1e-12)
    assert ladder.rung[point] == rung
    k = min(rung, len(RUNGS) - 1)
    assert ladder.ties[point] == len({a for a, _, _ in tied})
    base = {i: t.profiles[ladder.against[i][point]] for i in t.principals}
    chosen = (int(ladder.agreement[point]), t.profiles[ladder.profile[point]], base)
    worth = lambda cell: sorted(v for level, v in slow.parts(*cell).values() if level <= k)  # noqa: E731
    assert worth(chosen) == worth(best[0])
    assert not slow.dominated(chosen, best)
    assert ladder.binding_slack[point] == pytest.approx(float(tops[k]), abs=1e-12)
    level, value = slow.parts(*chosen)[ladder.labels[ladder.binding[point]]]
    assert level <= rung
    assert value == tops[k]
    assert ladder.rests[point] == (
        slow.level(chosen, k) > max(slow.level(c, k) for c in static)
    ) or (not ladder.rests[point] or chosen not in static)
    return tied


def check_prediction(slow, t, found, point):
    classes = ["treaty" if treaty else "interim" for treaty in t.treaties]
    classes[0] = "none"
    assert found.count[point] == len(slow.reached)
    if not slow.reached:
        assert found.agreement[point] == -1
        return
    assert found.treaty[point] == bool(slow.treaty)
    order = ["treaty", "interim", "none"]
    first = min((classes[a] for a, _, _ in slow.reached), key=order.index)
    outcome = (
        int(found.agreement[point]),
        t.profiles[found.profile[point]],
        bool(found.reneged[point]),
    )
    assert outcome in slow.reached
    assert classes[outcome[0]] == first
    assert found.in_every[point] == (len({classes[a] for a, _, _ in slow.reached}) == 1)


def check(tables, slow_reading, *given_as):
    """Ladder and prediction of one dispute at all pushes, by definition and by the screen."""
    t, readings = dispute(tables, slow_reading, *given_as)
    problem = prepare(loads(t.text()), ["push"])
    answers = answers_of(problem, PUSHES)
    check_answers(t, readings, answers)
    return t, readings


def answers_of(problem, pushes, engines=("numpy",)):
    """Answers at some pushes by the definitions and by engines."""
    points = np.array([pushes], dtype=float)
    by_engines = [evaluate_all(problem, points, engine=engine) for engine in engines]
    return [evaluate(problem, points), *by_engines]


def check_answers(t, readings, answers):
    """Every answer is what the slow reading says at every push."""
    for found in answers:
        for point, slow in enumerate(readings):
            check_ladder(slow, t, found.ladder, point)
            if slow.stages is not None:
                check_prediction(slow, t, found.prediction, point)


some_disputes = st.tuples(
    st.integers(0, 10**6),
    st.integers(2, 3),
    st.sampled_from([(), (2,), (3,), (2, 2), (3, 2)]),
    st.integers(2, 4),
    st.sampled_from(RUNG_SETS),
    st.sampled_from(GAMES),
    st.sampled_from(REQUIRED),
)


def played(data):
    """The same with a game that its third parties can play."""
    seed, principals, stances, agreements, rungs, game, requires = data
    if game != "none" and not stances and game not in ("deal", "deal, ratify", "demands"):
        game = "deal"
    return (
        seed,
        principals,
        stances,
        min(agreements, 3) if principals > 2 else agreements,
        rungs,
        game,
        requires,
    )


@settings(max_examples=60, deadline=None)
@given(data=some_disputes)
@example(data=(1, 2, (2, 2), 4, ("home", "abroad"), "none", None))
@example(data=(11349, 2, (2, 2), 3, ("home", "home"), "none", None))
def test_ladder_and_prediction_are_what_their_definitions_say(tables, slow_reading, data):
    t, readings = check(tables, slow_reading, *played(data))
    if data[-2] == "none":
        tied = {a for a, _, _ in readings[PUSHES.index(0)].climb()[2]}
        verdict = explain(loads(t.text()), with_thresholds=False)
        assert verdict.ties == (() if len(tied) == 1 else tuple(f"p{a}" for a in sorted(tied)))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100))
def test_ladder_and_prediction_on_many_disputes(tables, slow_reading, seed):
    rng = np.random.default_rng(seed)
    for _ in range(20):
        pick = lambda options: options[rng.integers(len(options))]  # noqa: E731
        data = (
            int(rng.integers(10**6)), int(rng.integers(2, 4)), pick([(), (2,), (3,), (2, 2), (3, 2)]),
            int(rng.integers(2, 5)), pick(RUNG_SETS), pick(GAMES), pick(REQUIRED),
        )  # fmt: skip
        check(tables, slow_reading, *played(data))


FINE = [-2, -0.75, 0, 0.375, 1, 1.25]
"""Pushes at which much ties, and some at which little does."""


def check_every_type(tables, slow_reading, every_type, data, engines):
    """One dispute whose constraints are of any types; how many points an engine decided itself."""
    (seed, principals, stances, agreements, kinds, game, requires), tied = data
    most = 2 if tied else 40
    shape = {"principals": principals, "stances": stances, "agreements": agreements}
    t = tables(seed, **shape, values=(-most, most), rungs=())
    if seed % 3:  # treaties that are worth something, so that some pass
        worth = {
            i: {cell: u + most * t.treaties[cell[0]] for cell, u in t.payoffs[i].items()}
            for i in t.principals
        }
        t = t.with_(payoffs={**t.payoffs, **worth})
    t = every_type[1](t, seed, kinds)
    stages, reneging = stages_of(game, t.principals, list(t.stances)), {}
    if stages is not None:
        stages = [stage for stage in stages if stage]
        t = t.with_(game=game_text(stages, t.principals, requires))
        if any(kind == "implement" for stage in stages for kind, _ in stage):
            reneging = {t.principals[0]: 1, t.principals[1]: -2}
    problem = prepare(loads(t.text()), ["push"])
    readings = [slow_reading(t, Fraction(push), stages, requires, reneging) for push in FINE]
    check_answers(t, readings, answers_of(problem, FINE, engines))
    if problem.backends.reason:
        return 0
    return int(problem.backends.numpy.run(np.array([FINE]))[1].sum())


SCREENED = [
    "none",
    "deal",
    "deal, ratify",
    "stances, deal",
    "stances, deal, ratify",
    "one, other, deal",
]


def dispute_of_every_type(every_type, rng):
    """What describes a random dispute with one to three constraints.

    Every other one is full of ties; the rest have few, and games that the engines decide themselves.
    """
    pick = lambda options: options[rng.integers(len(options))]  # noqa: E731
    tied = rng.random() < 0.5
    kinds = tuple(pick(every_type[0]) for _ in range(rng.integers(1, 4)))
    stances = pick([(), (2,), (3,), (2, 2), (3, 2)] if tied else [(), (2,), (3,), (3,), (2, 2)])
    data = (
        int(rng.integers(10**6)), int(rng.integers(2, 4)), stances, int(rng.integers(2, 5)), kinds,
        pick(GAMES if tied else SCREENED), pick(REQUIRED),
    )  # fmt: skip
    return played(data), tied


@pytest.mark.parametrize("block", range(3))
def test_every_constraint_type_by_definition_and_by_both_engines(
    tables, slow_reading, every_type, block
):
    """The compiled engine on a quarter of the disputes, since compiling takes half a second."""
    rng, decided = np.random.default_rng(1000 + block), 0
    for k in range(12):
        engines = ("numpy", "compiled") if COMPILES and k % 4 == 0 else ("numpy",)
        data = dispute_of_every_type(every_type, rng)
        decided += check_every_type(tables, slow_reading, every_type, data, engines)
    assert decided  # not all points are left to the definitions


@pytest.mark.slow
@pytest.mark.parametrize("block", range(50))
def test_every_constraint_type_on_many_disputes(tables, slow_reading, every_type, block):
    engines = ("numpy", "compiled") if COMPILES else ("numpy",)
    rng = np.random.default_rng(block)
    for _ in range(20):
        data = dispute_of_every_type(every_type, rng)
        check_every_type(tables, slow_reading, every_type, data, engines)


def test_the_reference_knows_every_constraint_type(every_type):
    assert set(every_type[0]) == set(CONSTRAINTS)


def test_a_file_without_pure_stance_equilibrium_says_so(blank_tables):
    """Matching pennies between the third parties once p1 is signed: no profile is an equilibrium."""
    pennies = {(1, s): 1 if s[0] == s[1] else -1 for s in [(0, 0), (0, 1), (1, 0), (1, 1)]}
    flat = {(0, s): 0 for s in [(0, 0), (0, 1), (1, 0), (1, 1)]}
    t = blank_tables(
        ("tokyo", "moscow"),
        {"washington": 2, "beijing": 2},
        (False, True),
        {
            "tokyo": {**flat, **dict.fromkeys(pennies, 2)},
            "moscow": {**flat, **pennies},
            "washington": {**flat, **pennies},
            "beijing": {**flat, **{cell: -v for cell, v in pennies.items()}},
        },
    )
    ladder = climb(compile_dispute(loads(t.text())).at(np.zeros((0, 1))))
    assert not ladder.exact[0]
    assert ladder.margin[0] == pytest.approx(0.5)
    assert ladder.margin_in_every[0] == pytest.approx(-0.5)


def test_stance_equilibria_of_agreements_that_are_no_treaty_do_not_matter(blank_tables):
    """The same pennies, but p1 is an interim agreement: the ladder never asks about it."""
    profiles = [(0, 0), (0, 1), (1, 0), (1, 1)]
    pennies = {(1, s): 1 if s[0] == s[1] else -1 for s in profiles}
    flat = {(a, s): 0 for a in (0, 2) for s in profiles}
    t = blank_tables(
        ("tokyo", "moscow"),
        {"washington": 2, "beijing": 2},
        (False, False, True),
        {
            "tokyo": {**flat, **pennies},
            "moscow": {**flat, **pennies},
            "washington": {**flat, **pennies},
            "beijing": {**flat, **{cell: -v for cell, v in pennies.items()}},
        },
    )
    ladder = climb(compile_dispute(loads(t.text())).at(np.zeros((0, 1))))
    assert ladder.exact[0]
