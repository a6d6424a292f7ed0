"""Supports on which three actors mix: no solution is lost where one actor's mix alone is halved."""

from math import factorial, prod

import numpy as np
import pytest
from sim.games.strategic import StrategicGame
from sim.solutions.strategic.mixed import many_actors
from sim.solutions.strategic.mixed.multilinear_roots import isolate
from sim.solutions.strategic.mixed.third.bernstein import (
    central_slope,
    exponents,
    halving,
    raising,
    times,
)
from sim.solutions.strategic.mixed.third.forms import Forms, determinants, minors
from sim.solutions.strategic.mixed.third.narrowing import narrowed
from sim.solutions.strategic.mixed.third.too_many_equations import without_solution
from sim.solutions.strategic.mixed_nash import mixed_nash

SIZES = [(3, 3, 3), (3, 3, 4), (4, 3, 3), (4, 4, 3), (3, 4, 4), (4, 3, 5), (4, 4, 4)]


def value(coefficients, point):
    """A form at a point, straight from its definition."""
    corners, degree = len(point), 0
    while len(exponents(corners, degree)) < len(coefficients):
        degree += 1
    return sum(
        b * factorial(degree) / prod(map(factorial, a)) * np.prod(point ** np.array(a))
        for a, b in zip(exponents(corners, degree), coefficients, strict=True)
    )


@pytest.mark.parametrize(("corners", "degree"), [(2, 3), (3, 2), (4, 3)])
def test_forms_are_what_they_are_by_definition(corners, degree):
    rng = np.random.default_rng(corners)
    one, two = rng.normal(size=(2, len(exponents(corners, degree)), 1))
    line = rng.normal(size=corners)
    point = rng.dirichlet(np.ones(corners))
    product = times(one, two, corners)[:, 0]
    assert np.isclose(value(product, point), value(one[:, 0], point) * value(two[:, 0], point))
    assert np.isclose(value(raising(corners, degree) @ line, point), line @ point)
    middle = np.eye(corners)
    middle[:, 1] = (middle[:, 0] + middle[:, 1]) / 2
    half = halving(corners, degree, 0, 1) @ one[:, 0]
    assert np.isclose(value(half, point), value(one[:, 0], middle @ point))
    centre, step = np.full(corners, 1 / corners), 1e-5
    for k, slope in enumerate(central_slope(corners, degree) @ one[:, 0], 1):
        along = step * (np.eye(corners)[k] - np.eye(corners)[0])
        difference = value(one[:, 0], centre + along) - value(one[:, 0], centre - along)
        assert np.isclose(difference / (2 * step), slope, atol=1e-6)


def test_determinants_of_forms_are_those_of_their_values():
    rng = np.random.default_rng(7)
    matrix, point = rng.uniform(-1, 1, (3, 4, 3)), rng.dirichlet(np.ones(3))
    rows = [Forms(coefficients=r[..., None], corners=3, size=1.0, error=0.0) for r in matrix]
    values = matrix @ point
    for columns, form in determinants(rows).items():
        assert np.isclose(
            value(form.coefficients[:, 0], point), np.linalg.det(values[:, list(columns)])
        )
    kernel = np.array([value(form[:, 0], point) for form in minors(rows).coefficients])
    assert np.allclose(values @ kernel, 0.0)
    assert np.abs(minors(rows).coefficients).max() <= minors(rows).size


def planted(sizes, rng, more=1):
    """Rows of random payoffs that are 0, or less, at some mixes; some mixes at a border."""
    mixes = [rng.dirichlet(np.ones(size)) for size in sizes]
    if rng.random() < 0.3:
        mixes[rng.integers(3)][0] = 0.0
        mixes = [mix / mix.sum() for mix in mixes]
    equal, less = [], []
    for actor, size in enumerate(sizes):
        shape = [size - 1 + more, *sizes]
        shape[1 + actor] = 1
        rows = rng.uniform(-0.5, 0.5, shape) + np.zeros(sizes)
        at = np.einsum("rijk,i,j,k->r", rows, *mixes)
        rows = (rows - at[:, None, None, None]) / 2
        equal.append(rows[: size - 1])
        less.append(rows[size - 1 :] - rng.choice([0.0, 0.1]))
    owners = [a for a, size in enumerate(sizes) for _ in range(size - 1)]
    return (
        np.concatenate([*equal, *less])[..., None],
        np.array([*owners, *np.repeat(range(3), more)]),
        mixes,
    )


def holds(cells, mixes):
    """Which cells hold the mixes, up to rounding."""
    inside = np.ones(cells.batch, dtype=bool)
    for corners, mix in zip(cells.corners, mixes, strict=True):
        weights = np.linalg.solve(np.moveaxis(corners, -1, 0), mix[:, None])[..., 0]
        inside &= (weights > -1e-7).all(axis=1)
    return inside


def loses_nothing(sizes, rng):
    rows, owners, mixes = planted(sizes, rng)
    found = narrowed(rows, owners, sum(sizes) - 3, 20_000)
    assert any(holds(cells, mixes).any() for cells in found.cells)
    for cells in found.cells:
        for k in range(min(cells.batch, 3)):
            by_hand = np.einsum(
                "rijk,ia,jb,kc->rabc", rows[..., 0], *(corner[..., k] for corner in cells.corners)
            )
            assert np.allclose(cells.rows[..., k], by_hand, atol=1e-14)


@pytest.mark.parametrize("sizes", SIZES)
def test_planted_solutions_are_not_lost(sizes):
    rng = np.random.default_rng(sizes)
    for _ in range(2 if sum(sizes) < 12 else 1):
        loses_nothing(sizes, rng)


@pytest.mark.slow
@pytest.mark.parametrize("sizes", SIZES)
def test_hundreds_of_planted_solutions_are_not_lost(sizes):
    rng = np.random.default_rng((1, *sizes))
    for _ in range(30 if sum(sizes) > 11 else 100):
        loses_nothing(sizes, rng)


@pytest.mark.parametrize("sizes", [(2, 2, 4), (4, 2, 2), (2, 5, 2), (3, 2, 5)])
def test_too_many_equations_have_no_solution_but_a_planted_one(sizes):
    rng = np.random.default_rng(sizes)
    for _ in range(40):
        rows, _, _ = planted(sizes, rng)
        assert not without_solution(rows).any()
    shapes = [(k - 1, *sizes[:a], 1, *sizes[a + 1 :], 50) for a, k in enumerate(sizes)]
    drawn = [rng.uniform(-1, 1, shape) for shape in shapes]
    rows = np.concatenate([part + np.zeros((*sizes, 1)) for part in drawn])
    settled = without_solution(rows)
    assert settled.mean() > 0.9
    proved = isolate(rows[..., settled], len(rows), 100_000) if max(sizes) < 5 else None
    assert proved is None or (proved.finished and not proved.roots)


@pytest.mark.parametrize("sizes", [(2, 2, 2), (3, 2, 3), (3, 3, 5), (1, 3, 3), (7, 7, 7)])
def test_other_sizes_are_left_alone(sizes):
    rows = np.zeros((sum(sizes) - 3, *sizes, 1))
    assert narrowed(rows, np.zeros(len(rows), dtype=int), len(rows), 100) is None


def test_beyond_the_limit_what_is_open_is_handed_on():
    rows, owners, mixes = planted((4, 4, 4), np.random.default_rng(5))
    found = narrowed(rows, owners, 9, 10)
    assert any(holds(cells, mixes).any() for cells in found.cells)
    assert found.spent < 40


def same_as_without(payoffs, monkeypatch):
    game = StrategicGame.from_tables(payoffs.tolist())
    one = mixed_nash(game)
    with monkeypatch.context() as patch:
        patch.setattr(many_actors, "narrowed", lambda *_: None)
        other = mixed_nash(game)
    if other.finished:
        assert (one.status, one.exhaustive) == (other.status, other.exhaustive)
        mine, theirs = regular(one), regular(other)
        assert len(mine) == len(theirs)
        assert all(min(np.abs(np.subtract(a, b)).max() for b in theirs) < 1e-8 for a in mine)


def regular(solution):
    return [
        [
            member.strategies[f"player {actor + 1}"].get(str(k + 1), 0.0)
            for actor in range(3)
            for k in range(4)
        ]
        for member in solution.members
        if member.extra["regular"]
    ]


def test_games_have_the_equilibria_that_halving_all_mixes_finds(monkeypatch):
    rng = np.random.default_rng(11)
    for _ in range(2):
        same_as_without(rng.random((3, 3, 3, 3)), monkeypatch)
        same_as_without(rng.integers(-9, 10, (3, 3, 3, 3)).astype(float), monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("shape", [(3, 3, 3), (3, 3, 4), (4, 3, 4)])
def test_many_games_have_the_equilibria_that_halving_all_mixes_finds(shape, monkeypatch):
    rng = np.random.default_rng(shape)
    for number in range(12):
        drawn = rng.random((3, *shape)), rng.integers(-3, 4, (3, *shape)).astype(float)
        same_as_without(drawn[number % 2], monkeypatch)


@pytest.mark.slow
@pytest.mark.peers
def test_random_games_of_four_by_four_by_four_are_complete():
    """Nothing that enumpoly finds is missing, and the number of equilibria is odd."""
    gbt = pytest.importorskip("pygambit")
    for seed in (3, 4, 9):
        payoffs = np.random.default_rng(seed).random((3, 4, 4, 4))
        solution = mixed_nash(StrategicGame.from_tables(payoffs.tolist()))
        assert solution.exhaustive
        assert len(solution.members) % 2 == 1
        found = regular(solution)
        peer = gbt.StrategicGame.from_arrays(*payoffs)
        for member in gbt.nash.enumpoly_solve(peer).equilibria:
            theirs = [float(member[p][s]) for p in peer.players for s in peer.get_strategies(p)]
            assert min(np.abs(np.subtract(theirs, mine)).max() for mine in found) < 1e-7
