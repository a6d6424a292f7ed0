"""Axioms that bargaining solutions share, on random problems with ties: who gains, waste, names, units."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.games.bargaining import BargainingProblem, Curve
from sim.solutions import get, module_of

CONCEPTS = ("nash_bargaining", "kalai_smorodinsky", "egalitarian", "utilitarian")
COMPARES_UTILITIES = ("egalitarian", "utilitarian")
MODES = ("discrete", "lottery", "transferable")
POINTS = st.lists(st.tuples(st.integers(-2, 6), st.integers(-2, 6)), min_size=1, max_size=6)


def problem(points, level, mode):
    utilities = np.array(points, dtype=float).T[..., None]
    return BargainingProblem(
        actors=("a", "b"),
        agreements=tuple(f"g{k}" for k in range(len(points))),
        utilities=utilities,
        disagreement=np.array(level, dtype=float)[:, None],
        mode=mode,
    )


def picked(concept, points, level, mode):
    """Payoffs of all members, in order."""
    members = get(concept)(problem(points, level, mode)).equilibria
    return np.array(sorted(tuple(m.payoffs.values()) for m in members)).reshape(-1, 2)


def reachable(points, mode):
    """Payoffs to compare with: agreements, mixtures of two of them, or divisions of the best sum."""
    table = np.array(points, dtype=float)
    if mode == "discrete":
        return table
    if mode == "transferable":
        share = np.linspace(-20, 20, 401)
        return np.stack([share, table.sum(axis=1).max() - share], axis=1)
    weights = np.linspace(0, 1, 41)[:, None, None, None]
    return (weights * table + (1 - weights) * table[:, None]).reshape(-1, 2)


every = pytest.mark.parametrize("mode", MODES)
each = pytest.mark.parametrize("concept", CONCEPTS)


@every
@each
@settings(deadline=None, max_examples=25)
@given(points=POINTS, level=st.tuples(st.integers(-1, 2), st.integers(-1, 2)))
def test_nobody_loses_and_nothing_is_wasted(concept, mode, points, level):
    found, others = picked(concept, points, level, mode), reachable(points, mode)
    rational = (others >= np.array(level)).all(axis=1)
    assert len(found) > 0 or not rational.any()
    for payoffs in found:
        assert (payoffs >= np.array(level) - 1e-6).all()
        better = (others >= payoffs + 1e-6).any(axis=1) & (others >= payoffs - 1e-9).all(axis=1)
        assert not better.any()


@every
@each
@settings(deadline=None, max_examples=25)
@given(points=POINTS, level=st.tuples(st.integers(-1, 2), st.integers(-1, 2)))
def test_exchanging_the_actors_exchanges_what_they_get(concept, mode, points, level):
    there = picked(concept, points, level, mode)
    back = picked(concept, [p[::-1] for p in points], level[::-1], mode)[:, ::-1]
    assert np.array(sorted(map(tuple, back.round(6)))).reshape(-1, 2) == pytest.approx(
        np.array(sorted(map(tuple, there.round(6)))).reshape(-1, 2), abs=1e-5
    )


@pytest.mark.parametrize("mode", ["lottery", "transferable"])
@pytest.mark.parametrize("concept", CONCEPTS[:3])
@settings(deadline=None, max_examples=25)
@given(points=POINTS, level=st.integers(-1, 2))
def test_actors_in_the_same_position_get_the_same(concept, mode, points, level):
    mirrored = [*points, *(p[::-1] for p in points)]
    for payoffs in picked(concept, mirrored, (level, level), mode):
        assert payoffs[0] == pytest.approx(payoffs[1], abs=1e-6)


@every
@each
@settings(deadline=None, max_examples=25)
@given(
    points=POINTS,
    scales=st.tuples(st.sampled_from([1e-9, 0.5, 3.0, 1e9]), st.sampled_from([1e-9, 2.0, 1e9])),
    shifts=st.tuples(st.integers(-3, 3), st.integers(-3, 3)),
)
def test_units_of_utility_do_not_matter_where_the_concept_says_so(
    concept, mode, points, scales, shifts
):
    """Each actor's own scale for Nash and Kalai-Smorodinsky; a common one where utilities compare."""
    if concept in COMPARES_UTILITIES or mode == "transferable":
        scales = (scales[0], scales[0])
    scale, shift = np.array(scales), np.array(scales) * np.array(shifts)
    there = picked(concept, points, (0, 0), mode)
    moved = picked(concept, np.array(points) * scale + shift, shift, mode)
    assert (moved - shift) / scale == pytest.approx(there, abs=1e-5)


@pytest.mark.parametrize("concept", CONCEPTS)
def test_a_batch_is_its_problems_one_at_a_time(concept):
    rng = np.random.default_rng(5)
    utilities = rng.integers(-2, 5, size=(3, 6, 120)).astype(float)
    disagreement = rng.integers(-1, 2, size=(3, 120)).astype(float)
    mask = getattr(module_of(concept), f"{concept}_mask")(utilities, disagreement)
    for k in range(120):
        table = {str(a): utilities[:, a, k] for a in range(6)}
        alone = BargainingProblem.from_table(table, disagreement=disagreement[:, k])
        found = {member.agreement for member in get(concept)(alone).members}
        assert {str(a) for a in np.flatnonzero(mask[:, k])} == found


@pytest.mark.parametrize("concept", CONCEPTS)
@pytest.mark.parametrize("mode", MODES)
def test_a_disagreement_point_out_of_reach_is_never_replaced(concept, mode):
    found = get(concept)(problem([(0, 10), (4, 8), (10, 0)], (9, 9), mode))
    assert found.members == ()
    assert "status quo" in found.note
    curve = Curve(surplus=1.0, utilities=(lambda x: x, lambda x: 1 - x))
    beyond = BargainingProblem.from_curve(curve, disagreement=(0.7, 0.7))
    assert get(concept)(beyond).members == ()
