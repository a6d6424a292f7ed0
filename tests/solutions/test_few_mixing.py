"""Supports with a closed form: what is settled is what subdivision proves; what is in doubt is left alone."""

from itertools import product

import numpy as np
import pytest
from sim.games.strategic import StrategicGame
from sim.solutions.strategic.mixed import many_actors
from sim.solutions.strategic.mixed.few_mixing import settle_few
from sim.solutions.strategic.mixed.multilinear_roots import isolate
from sim.solutions.strategic.mixed.one_share import minors
from sim.solutions.strategic.mixed.supports import signatures, systems
from sim.solutions.strategic.mixed_nash import mixed_nash


def in_spreads(payoffs):
    flat = payoffs.reshape(len(payoffs), -1)
    width = np.maximum(np.ptp(flat, axis=1), 1e-300).reshape(-1, *[1] * (payoffs.ndim - 1))
    return (payoffs - flat.min(axis=1).reshape(width.shape)) / width


def compared(payoffs):
    """How many systems of a game are settled, each found to have the roots that subdivision finds."""
    table, count = in_spreads(payoffs), 0
    for sizes in signatures(table.shape[1:]):
        if max(sizes) == 1:
            continue
        for batch in systems(table, sizes):
            roots, settled = settle_few(batch.rows, batch.equations)
            if not settled.any():
                continue
            count += int(settled.sum())
            kept = batch.take(settled)
            proved = isolate(kept.rows, kept.equations, 100_000)
            assert proved.finished
            assert not proved.singular
            number = np.cumsum(settled) - 1
            mine = sorted((int(number[r.system]), *np.concatenate(r.mixes)) for r in roots)
            distinct = {
                (r.system, *np.concatenate(r.mixes).round(9)): r for r in proved.roots if r.regular
            }
            theirs = sorted((r.system, *np.concatenate(r.mixes)) for r in distinct.values())
            assert np.asarray(mine).shape == np.asarray(theirs).shape
            assert np.allclose(mine, theirs, atol=1e-9)
    return count


@pytest.mark.parametrize("shape", [(2, 2, 2), (2, 3, 3), (3, 2, 3), (2, 2, 2, 2)])
def test_what_is_settled_is_what_subdivision_finds(shape):
    rng = np.random.default_rng(4)
    games = [rng.random((len(shape), *shape)) for _ in range(3)]
    games += [rng.integers(-3, 4, (len(shape), *shape)).astype(float) for _ in range(3)]
    assert sum(map(compared, games)) > 5


@pytest.mark.slow
@pytest.mark.parametrize(
    "shape", [(2, 2, 2), (2, 3, 3), (3, 2, 3), (3, 3, 3), (4, 2, 3), (2, 2, 2, 2)]
)
def test_what_is_settled_in_hundreds_of_games_is_what_subdivision_finds(shape):
    rng = np.random.default_rng(5)
    for number in range(60):
        size = (len(shape), *shape)
        compared(rng.random(size) if number % 2 else rng.integers(-2, 3, size).astype(float))


def without_closed_forms(monkeypatch, game):
    with monkeypatch.context() as patch:
        patch.setattr(
            many_actors,
            "settle_few",
            lambda rows, equations: ([], np.zeros(rows.shape[-1], dtype=bool)),
        )
        return mixed_nash(game)


@pytest.mark.parametrize("highest", [1, 3, 9])
def test_whole_games_with_ties_have_the_same_verdict(monkeypatch, highest):
    rng = np.random.default_rng(highest)
    for shape in ((2, 2, 2), (3, 2, 2), (2, 3, 3)):
        tables = rng.integers(-highest, highest + 1, (3, *shape))
        game = StrategicGame.from_tables(tables.tolist())
        one, other = mixed_nash(game), without_closed_forms(monkeypatch, game)
        assert (one.status, one.exhaustive) == (other.status, other.exhaustive)
        assert regular(game, one) == regular(game, other)


def regular(game, solution):
    return {
        tuple(
            round(member.strategies[actor].get(label, 0.0), 7) + 0.0
            for actor, labels in zip(game.actors, game.strategies, strict=True)
            for label in labels
        )
        for member in solution.members
        if member.extra["regular"]
    }


def test_a_double_root_is_left_to_subdivision():
    """The quadratic in ``r`` is ``(r - 1/2)**2``: nothing is said about it."""
    p, q, r = np.meshgrid([0, 1], [0, 1], [0, 1], indexing="ij")
    rows = np.stack([q - r, p + r - 1, p * q - 0.25])[..., None] * 0.5
    roots, settled = settle_few(rows, 3)
    assert (roots, settled.tolist()) == ([], [False])


@pytest.mark.parametrize("gap", [1e-12, 1e-6])
def test_a_root_near_the_border_is_left_to_subdivision(gap):
    row = np.array([[[gap - 1, gap]] * 2, [[-0.5, -0.5], [0.5, 0.5]]])[..., None]
    assert settle_few(row, 2)[1].tolist() == [False]


def test_minors_solve_their_equations():
    matrices = np.random.default_rng(6).normal(size=(5, 3, 4))
    assert np.allclose(np.einsum("nrc,nc->nr", matrices, minors(matrices)), 0.0)


def test_equilibria_by_definition_are_all_there():
    """A grid of starting points for each support, and a plain Newton iteration, finds nothing else."""
    rng = np.random.default_rng(8)
    for _ in range(3):
        tables = rng.random((3, 2, 2, 2))
        game = StrategicGame.from_tables(tables.tolist())
        known = [
            [member.strategies[a].get("2", 0.0) for a in game.actors]
            for member in mixed_nash(game).members
        ]
        for start in product((0.1, 0.5, 0.9), repeat=3):
            found = newton_by_hand(tables, np.array(start))
            if found is not None:
                assert min(np.abs(np.array(known) - found).max(axis=1)) < 1e-6


def newton_by_hand(tables, share):
    """A root of all three indifferences inside the cube, by finite differences, or nothing."""

    def gaps(x):
        mixes = [np.array([1 - v, v]) for v in x]
        a = np.einsum("ijk,j,k->i", tables[0], mixes[1], mixes[2])
        b = np.einsum("ijk,i,k->j", tables[1], mixes[0], mixes[2])
        c = np.einsum("ijk,i,j->k", tables[2], mixes[0], mixes[1])
        return np.array([v[1] - v[0] for v in (a, b, c)])

    for _ in range(30):
        slope = np.stack(
            [(gaps(share + h) - gaps(share - h)) / 2e-3 for h in np.eye(3) * 1e-3], axis=1
        )
        if abs(np.linalg.det(slope)) < 1e-6:
            return None
        share = share - np.linalg.solve(slope, gaps(share))
        if np.abs(share).max() > 5:
            return None
    inside = (share > 0).all() and (share < 1).all() and np.abs(gaps(share)).max() < 1e-12
    return share if inside else None
