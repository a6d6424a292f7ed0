"""Bargaining records, Pareto frontiers, and problems written in files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from ruamel.yaml import YAML
from sim.errors import TooLargeError, UsageError
from sim.games.bargaining import (
    BargainingProblem,
    Curve,
    OfferRules,
    frontier_vertices,
    lottery_pareto_mask,
    pareto_mask,
)
from sim.games.files.bargaining import bargaining_problem
from sim.scenario.sections.bargaining import BargainingSection
from sim.solutions.bargaining.alternating_offers import alternating_offers
from sim.solutions.bargaining.kalai_smorodinsky import kalai_smorodinsky
from sim.solutions.bargaining.nash_bargaining import nash_bargaining

CLASSICS = Path(__file__).parents[2] / "scenarios" / "classics"


def section(text):
    return BargainingSection.model_validate(YAML(typ="safe").load(text))


def classic(name):
    data = YAML(typ="safe").load((CLASSICS / name).read_text(encoding="utf-8"))
    return BargainingSection.model_validate(data["bargaining"])


# --- Pareto frontiers -------------------------------------------------------------------------------


@settings(deadline=None, max_examples=100)
@given(
    st.integers(0, 10**6),
    st.integers(2, 4),
    st.integers(1, 8),
    st.sampled_from([1e-9, 1.0, 1e9]),
)
def test_pareto_mask_is_the_definition(seed, size, count, factor):
    points = np.random.default_rng(seed).integers(0, 4, size=(size, count, 5)).astype(float)
    mask = pareto_mask(points * factor + 7 * factor)
    for b in range(5):
        rows = points[..., b].T
        for k, row in enumerate(rows):
            dominated = any((o >= row).all() and (o > row).any() for o in rows)
            assert mask[k, b] == (not dominated)


def test_rounding_errors_do_not_hide_dominance():
    points = np.array([[0.3, 0.1 + 0.2, 0.0], [5.0, 1.0, 0.0]])[..., None]
    assert pareto_mask(points)[:, 0].tolist() == [True, False, False]


LOTTERY_CASES = [
    # source, points, efficient among agreements, among lotteries, corners in order
    (
        "NegMAS, mixture-dominated point",
        [(0, 1), (0.6, 0.3), (1, 0)],
        [0, 1, 2],
        [0, 2],
        [0, 2],
    ),
    ("NegMAS, _mixture_scenario", [(4, 1), (1, 4), (2, 2)], [0, 1, 2], [0, 1], [1, 0]),
    ("by hand: a point on an edge is efficient, not a corner", [(0, 2), (1, 1), (2, 0)],
     [0, 1, 2], [0, 1, 2], [0, 2]),
    ("by hand: one best point", [(1, 1), (0, 1), (1, 0)], [0], [0], [0]),
    ("by hand: duplicates", [(0, 1), (0, 1), (1, 0)], [0, 1, 2], [0, 1, 2], [0, 2]),
]  # fmt: skip


@pytest.mark.parametrize(("source", "points", "efficient", "lottery", "corners"), LOTTERY_CASES)
@pytest.mark.parametrize("factor", [1e-9, 1.0, 1e9])
def test_published_frontiers(source, points, efficient, lottery, corners, factor):
    utilities = np.array(points, dtype=float).T * factor
    assert np.flatnonzero(pareto_mask(utilities[..., None])[:, 0]).tolist() == efficient
    assert np.flatnonzero(lottery_pareto_mask(utilities)).tolist() == lottery
    assert frontier_vertices(utilities).tolist() == corners


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=9))
def test_corners_of_two_actors_support_every_direction(points):
    """For every mixture of two linear goals some corner is best, and corners are in order."""
    utilities = np.array(points, dtype=float).T
    corners = frontier_vertices(utilities)
    first, second = utilities[:, corners]
    assert (np.diff(first) > 0).all()
    assert (np.diff(second) < 0).all()
    for part in np.linspace(0.01, 0.99, 21):
        goal = np.array([part, 1 - part])
        assert (goal @ utilities[:, corners]).max() == pytest.approx((goal @ utilities).max())
    slopes = np.diff(second) / np.diff(first)
    assert (np.diff(slopes) < 0).all()
    assert lottery_pareto_mask(utilities)[corners].all()


# --- records ----------------------------------------------------------------------------------------


def test_records_refuse_what_makes_no_sense():
    good = {"actors": ("a", "b"), "agreements": ("x",), "disagreement": np.zeros((2, 1))}
    BargainingProblem(**good, utilities=np.zeros((2, 1, 1)))
    for change in (
        {"utilities": np.zeros((2, 2, 1))},
        {"utilities": np.full((2, 1, 1), np.inf)},
        {"utilities": np.zeros((2, 1, 1)), "disagreement": np.zeros((2, 3))},
        {"utilities": np.zeros((2, 1, 1)), "weights": (1.0,)},
        {"utilities": np.zeros((2, 1, 1)), "mode": "split"},
        {"utilities": np.zeros((2, 1, 1)), "offers": OfferRules(discount=(0.9,) * 3)},
        {"utilities": np.zeros((1, 1, 1)), "actors": ("a",)},
    ):
        with pytest.raises(UsageError):
            BargainingProblem(**{**good, **change})
    with pytest.raises(UsageError, match="one problem"):
        BargainingProblem(
            **{**good, "disagreement": np.zeros((2, 3))}, utilities=np.zeros((2, 1, 3))
        ).one()


def test_a_curve_is_monotone_and_finite():
    for utilities, message in (
        ((lambda x: -x, lambda x: 1 - x), "must not fall"),
        ((lambda x: x, lambda x: x), "must not rise"),
        ((lambda x: 1 / x, lambda x: 1 - x), "finite"),
    ):
        with pytest.raises(UsageError, match=message):
            Curve(surplus=1.0, utilities=utilities)
    with pytest.raises(UsageError, match="surplus"):
        Curve(surplus=0.0, utilities=(lambda x: x, lambda x: -x))


# --- files ------------------------------------------------------------------------------------------


def test_bill_and_jack():
    """Nash (1950): all 512 exchanges; gains 12 and 5, product 60, 293 rational ones."""
    problem = bargaining_problem(classic("bill-and-jack.yaml"))
    utilities, disagreement = problem.one()
    assert len(problem.agreements) == 512
    assert (utilities >= disagreement[:, None]).all(axis=0).sum() == 293
    (found,) = nash_bargaining(problem).equilibria
    assert found.payoffs == {"bill": 12.0, "jack": 5.0}
    gives = set(found.agreement.split(", "))
    assert gives == {
        *(f"{good} to jack" for good in ("book", "whip", "ball", "bat")),
        *(f"{good} to bill" for good in ("pen", "toy", "knife")),
    }


def test_classical_files():
    (rubinstein,) = alternating_offers(
        bargaining_problem(classic("rubinstein-split.yaml"))
    ).equilibria
    assert list(rubinstein.payoffs.values()) == pytest.approx([10 / 19, 9 / 19], abs=1e-9)
    corners = bargaining_problem(classic("kalai-smorodinsky-1975.yaml"))
    assert corners.mode == "lottery"
    (middle,) = kalai_smorodinsky(corners).equilibria
    assert list(middle.payoffs.values()) == pytest.approx([0.75, 0.75], abs=1e-9)


FULL = """
actors: [a, b]
disagreement: {a: low, b: 0}
split: {surplus: size, utilities: {a: x / size, b: sqrt(1 - x / surplus)}}
weights: {a: 2, b: 1}
offers:
  discount: 0.9
  first: b
  horizon: 4
  outside: {a: 0, b: 0.1}
  breakdown: {probability: 0.1, payoffs: {a: 0.2, b: 0.1}}
  minimum: {a: 0.3, b: 0}
  quota: 2
"""


def test_a_file_says_everything_with_parameters():
    problem = bargaining_problem(section(FULL), {"low": 0.05, "size": 4.0})
    assert problem.one()[1].tolist() == [0.05, 0.0]
    assert problem.curve.at(3.0).tolist() == [0.75, 0.5]
    assert problem.weights == (2.0, 1.0)
    assert problem.offers == OfferRules(
        discount=(0.9, 0.9),
        first=1,
        horizon=4,
        outside=(0.0, 0.1),
        breakdown=0.1,
        breakdown_payoffs=(0.2, 0.1),
        minimum=(0.3, 0.0),
        quota=2,
    )


def test_a_whole_batch_from_arrays():
    text = "{actors: [a, b], disagreement: {a: d, b: 0}, agreements: {x: {a: 2*k, b: 1}, y: {a: 1, b: k}}}"
    values = {"d": np.array([0.0, 1.0, 2.0]), "k": np.array([1.0, 2.0, 3.0])}
    problem = bargaining_problem(section(text), values)
    assert problem.batch == 3
    for b in range(3):
        one = bargaining_problem(section(text), {k: v[b] for k, v in values.items()})
        assert (problem.utilities[..., b] == one.utilities[..., 0]).all()
        assert (problem.disagreement[..., b] == one.disagreement[..., 0]).all()
    fixed = section("{actors: [a, b], disagreement: {a: d, b: 0}, split: {surplus: 1}}")
    with pytest.raises(UsageError, match="within a batch"):
        bargaining_problem(fixed, values)


def test_three_actors_barter_and_the_limit():
    goods = "{g: {owner: a, values: {a: 1, b: 2, c: 3}}, h: {owner: b, values: {a: 5, b: 1, c: 0}}}"
    problem = bargaining_problem(section(f"{{actors: [a, b, c], goods: {goods}}}"))
    assert len(problem.agreements) == 9
    k = problem.agreements.index("g to c, h to a")
    assert problem.one()[0][:, k].tolist() == [4.0, -1.0, 3.0]
    assert (problem.one()[0][:, problem.agreements.index("no transfer")] == 0).all()
    many = {f"g{k}": {"owner": "a", "values": {"a": 1, "b": 1}} for k in range(17)}
    with pytest.raises(TooLargeError, match="65,536"):
        bargaining_problem(BargainingSection(actors=("a", "b"), goods=many))


BAD = [
    ("{actors: [a, b], disagreement: {a: 0, b: 0}}", "exactly one of"),
    ("{actors: [a, b], disagreement: {a: 0, b: 0}, split: {surplus: 1}, frontier: [[1, 1]]}",
     "found frontier and split"),
    ("{actors: [a, b], disagreement: {a: 0}, split: {surplus: 1}}", "disagreement: a number for 'b'"),
    ("{actors: [a, b], disagreement: {a: 0, b: 0}, agreements: {x: {a: 1, c: 1}}}",
     "agreements.x: unknown actor 'c'"),
    ("{actors: [a, b], disagreement: {a: 0, b: 0}, frontier: [[1, 2, 3]]}", "2 payoffs"),
    ("{actors: [a, b, c], disagreement: {a: 0, b: 0, c: 0}, split: {surplus: 1}}", "two actors"),
    ("{actors: [a, a], disagreement: {a: 0}, agreements: {x: {a: 1}}}", "twice"),
    ("{actors: [a, b], disagreement: {a: 0, b: 0}, split: {surplus: 1}, mode: lottery}", "mode"),
    ("{actors: [a, b], disagreement: {a: 0, b: 0}, split: {surplus: 1}, offers: {discount: {a: 1}}}",
     "offers.discount"),
    ("{actors: [a, b], disagreement: {a: 0, b: 0}, split: {surplus: 1},"
     " offers: {discount: 0.9, first: c}}", "offers.first: unknown actor 'c'"),
    ("{actors: [a, b], disagreement: {a: 0, b: 0}, split: {surplus: 1}, extra: 1}", "Extra inputs"),
    ("{actors: [a, b], goods: {g: {owner: c, values: {a: 1, b: 1}}}}", "goods.g.owner"),
    ("{actors: [a, b], disagreement: {a: 0, b: 0}, goods: {g: {owner: a, values: {a: 1, b: 1}}}}",
     "first holdings"),
    ("{actors: [a, b], disagreement: {a: 0, b: 0}, agreements: {x: {a: 'import os', b: 1}}}",
     "agreements"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), BAD)
def test_bad_sections_are_refused(text, message):
    with pytest.raises(ValidationError, match=message):
        section(text)


def test_bad_numbers_name_their_path():
    text = "{actors: [a, b], disagreement: {a: 0, b: 0}, agreements: {x: {a: P, b: 1}}}"
    with pytest.raises(UsageError, match=r"bargaining\.agreements\.x\.a: unknown name 'pin'"):
        bargaining_problem(section(text.replace("P", "pin")), {"pie": 1.0})
    with pytest.raises(UsageError, match=r"agreements\.x\.a: .* not finite"):
        bargaining_problem(section(text.replace("P", "1 / pie")), {"pie": 0.0})
    curve = "{actors: [a, b], disagreement: {a: 0, b: 0}, split: {surplus: 1, utilities: {a: y, b: 1 - x}}}"
    with pytest.raises(UsageError, match=r"split\.utilities\.a: unknown name 'y'"):
        bargaining_problem(section(curve))
