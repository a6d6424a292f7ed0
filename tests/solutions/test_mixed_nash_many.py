"""Nash equilibria in mixed strategies, more than two actors: published games, properties, a peer."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.games.strategic import StrategicGame
from sim.solutions.strategic.mixed.limit_point import limit_point
from sim.solutions.strategic.mixed.many_actors import relative_regret, survey
from sim.solutions.strategic.mixed.multilinear_bounds import (
    at_most_one_root,
    bisect,
    excluded_by_newton,
    excluded_by_sign,
    precondition,
    whole_faces,
)
from sim.solutions.strategic.mixed.multilinear_roots import isolate
from sim.solutions.strategic.mixed.supports import signatures, systems
from sim.solutions.strategic.mixed.vertices import two_actor_extreme
from sim.solutions.strategic.mixed_nash import mixed_nash

PUBLISHED = json.loads((Path(__file__).parent / "published_many_actors.json").read_text())["games"]


def game_of(tables):
    """A game known only by floats."""
    tables = np.asarray(tables, dtype=float)
    return StrategicGame(
        actors=tuple(f"actor {i}" for i in range(len(tables))),
        strategies=tuple(tuple(map(str, range(size))) for size in tables.shape[1:]),
        payoffs=tables[..., None],
    )


def vectors(game, solution):
    return [
        np.concatenate(
            [
                [e.strategies[actor].get(label, 0.0) for label in labels]
                for actor, labels in zip(game.actors, game.strategies, strict=True)
            ]
        )
        for e in solution.equilibria
    ]


def distance(wanted, found):
    return min((np.abs(wanted - vector).max() for vector in found), default=np.inf)


def same_set(one, other, tolerance=1e-9):
    return len(one) == len(other) and all(distance(v, other) <= tolerance for v in one)


def random_games(shape, count, seed=20240608):
    rng = np.random.default_rng(seed)
    for _ in range(count):
        yield rng.random((len(shape), *shape))


def slow_regret(tables, mixes):
    """Largest gain from a deviation, profile by profile, straight from the definition."""
    worst = 0.0
    for actor, mix in enumerate(mixes):
        worth = np.zeros(len(mix))
        for profile in np.ndindex(tables.shape[1:]):
            others = np.prod([mixes[j][s] for j, s in enumerate(profile) if j != actor])
            worth[profile[actor]] += others * tables[(actor, *profile)]
        worst = max(worst, worth.max() - worth @ mix)
    return worst


@pytest.mark.parametrize("case", PUBLISHED, ids=lambda case: case["title"])
def test_published_games(case):
    game = StrategicGame.from_tables(case["payoffs"])
    solution = mixed_nash(game)
    found = vectors(game, solution)
    recorded = [np.concatenate(profile) for profile in case["equilibria"]]
    assert max(distance(vector, found) for vector in recorded) <= 1e-9
    cuts = np.cumsum(game.shape)[:-1]
    for e, vector in zip(solution.equilibria, found, strict=True):
        assert slow_regret(game.table(), np.split(vector, cuts)) <= 1e-10 * np.ptp(game.table())
        assert e.regret <= 1e-10 * np.ptp(game.table())
    assert (solution.status == "partial") == case["continuum"]
    if solution.exhaustive and all(e.extra.get("regular") for e in solution.equilibria):
        assert len(found) == len(recorded)


def test_a_continuum_is_reported_with_points_on_it():
    """Nau, Gomez Canovas and Hansen 2004, section 5: a curve of completely mixed equilibria."""
    (case,) = [case for case in PUBLISHED if case["continuum"]]
    solution = mixed_nash(StrategicGame.from_tables(case["payoffs"]))
    assert not solution.exhaustive
    assert "positive-dimensional" in solution.note
    mixed = [e for e in solution.equilibria if all(len(m) == 2 for m in e.strategies.values())]
    assert mixed
    assert all(e.extra["representative"] for e in mixed)


def test_a_third_actor_without_a_choice_is_left_out():
    """By hand: against (1/2, 0, 1/2) the row actor's strategies all pay 2.

    The column actor keeps to its columns 1 and 3 while row 2 has at most probability 1/2, so the
    second equilibrium of the source is one end of a segment.
    """
    (case,) = [c for c in PUBLISHED if np.shape(c["payoffs"]) == (3, 3, 3, 1)]
    solution = mixed_nash(StrategicGame.from_tables(case["payoffs"]))
    rows = [next(iter(e.strategies.values())) for e in solution.equilibria]
    assert rows == [{"1": 0.5, "3": 0.5}, {"1": 0.25, "2": 0.5, "3": 0.25}, {"2": 1.0}]
    assert solution.exhaustive
    assert "1 of positive dimension" in solution.note


@pytest.mark.parametrize(("shape", "count"), [((2, 2, 2, 2), 25), ((3, 3, 3), 12)])
def test_random_games_are_solved_completely(shape, count):
    for tables in random_games(shape, count):
        game = game_of(tables)
        solution = mixed_nash(game)
        assert (solution.status, solution.exhaustive) == ("complete", True)
        assert solution.note.endswith("all regular")
        assert len(solution.equilibria) % 2 == 1
        cuts = np.cumsum(shape)[:-1]
        for vector in vectors(game, solution):
            assert slow_regret(tables, np.split(vector, cuts)) <= 1e-10 * np.ptp(tables)


def enumpoly_subset(shape, count):
    gbt = pytest.importorskip("pygambit")
    for tables in random_games(shape, count):
        game = game_of(tables)
        found = vectors(game, mixed_nash(game))
        peer = gbt.StrategicGame.from_arrays(*tables)
        for member in gbt.nash.enumpoly_solve(peer).equilibria:
            vector = np.array(
                [float(member[p][s]) for p in peer.players for s in peer.get_strategies(p)]
            )
            assert distance(vector, found) <= 1e-8


@pytest.mark.peers
@pytest.mark.parametrize(("shape", "count"), [((2, 2, 2, 2), 6), ((3, 3, 3), 3), ((3, 2, 2), 10)])
def test_nothing_that_gambit_finds_is_missing(shape, count):
    enumpoly_subset(shape, count)


@pytest.mark.peers
@pytest.mark.slow
@pytest.mark.parametrize(
    ("shape", "count"), [((2, 2, 2, 2), 25), ((3, 3, 3), 12), ((2,) * 5, 5), ((8, 2, 2), 5)]
)
def test_nothing_that_gambit_finds_is_missing_at_full_size(shape, count):
    enumpoly_subset(shape, count)


@pytest.mark.slow
def test_four_by_four_by_four_is_solved_completely():
    for tables in random_games((4, 4, 4), 1):
        solution = mixed_nash(game_of(tables))
        assert solution.exhaustive
        assert len(solution.equilibria) % 2 == 1


@pytest.mark.parametrize("seed", range(6))
def test_two_games_side_by_side_have_the_products_of_their_equilibria(seed):
    """Actors 0 and 1 play one bimatrix game, actors 2 and 3 another, without any connection."""
    rng = np.random.default_rng(seed)
    here, there = rng.integers(-50, 50, (2, 2, 2)), rng.integers(-50, 50, (2, 3, 3))
    tables = np.zeros((4, 2, 2, 3, 3))
    tables[:2] = here[:, :, :, None, None]
    tables[2:] = there[:, None, None]
    wanted = [
        np.array([float(p) for mix in (*one, *other) for p in mix])
        for one in two_actor_extreme(here).pairs
        for other in two_actor_extreme(there).pairs
    ]
    game = game_of(tables)
    solution = mixed_nash(game)
    assert solution.exhaustive
    assert same_set(wanted, vectors(game, solution))


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**32 - 1), st.integers(2, 4), st.integers(2, 4))
def test_the_search_agrees_with_exact_enumeration_on_two_actors(seed, m, n):
    table = np.random.default_rng(seed).random((2, m, n))
    found = survey(table, 100_000)
    assert (found.finished, found.singular) == (True, 0)
    wanted = [
        np.array([float(p) for mix in pair for p in mix])
        for pair in two_actor_extreme(game_of(table).fractions()).pairs
    ]
    assert same_set(wanted, [np.concatenate(member.profile) for member in found.members])


@pytest.mark.parametrize("factor", [1e9, 1e-9])
def test_affine_maps_and_the_order_of_actors_change_nothing(factor):
    for tables in random_games((3, 2, 2), 5, seed=1):
        tables = tables.round(3)
        base = vectors(game_of(tables), mixed_nash(game_of(tables)))
        mapped = tables * factor
        mapped[1] = tables[1] * factor - 7 * factor
        assert same_set(base, vectors(game_of(mapped), mixed_nash(game_of(mapped))))
        turned = np.stack([tables[i].transpose(1, 2, 0) for i in (1, 2, 0)])
        moved = [np.concatenate([v[3:], v[:3]]) for v in base]
        assert same_set(moved, vectors(game_of(turned), mixed_nash(game_of(turned))))


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32 - 1), st.sampled_from([(2, 2, 2), (3, 2, 2), (2, 2, 2, 2)]))
def test_games_with_ties_end_with_an_honest_status(seed, shape):
    tables = np.random.default_rng(seed).integers(0, 3, (len(shape), *shape)).astype(float)
    game = game_of(tables)
    solution = mixed_nash(game, cell_limit=20_000)
    cuts = np.cumsum(shape)[:-1]
    assert solution.equilibria
    for vector in vectors(game, solution):
        assert slow_regret(tables, np.split(vector, cuts)) <= 1e-10 * 2
    assert solution.exhaustive == (solution.status == "complete")
    regular = all(e.extra.get("regular", False) for e in solution.equilibria)
    if solution.exhaustive and regular:
        assert len(solution.equilibria) % 2 == 1


def test_a_game_of_ties_only_is_partial_and_quick():
    solution = mixed_nash(game_of(np.zeros((3, 3, 3, 3))))
    assert solution.status == "partial"
    corners = [e for e in solution.equilibria if all(len(m) == 1 for m in e.strategies.values())]
    assert len(corners) == 27


def test_a_double_root_is_found_but_not_called_complete():
    """Indifference needs q = r, p = r and (p - 1/2)(q - 1/2) = 0: twice the root 1/2."""
    tables = np.zeros((3, 2, 2, 2))
    tables[0, 0] = tables[1, :, 0] = [[0, 1], [-1, 0]]
    tables[2, :, :, 0] = [[0.25, -0.25], [-0.25, 0.25]]
    game = game_of(tables)
    solution = mixed_nash(game)
    assert distance(np.full(6, 0.5), vectors(game, solution)) <= 1e-5
    assert (solution.status, solution.exhaustive) == ("partial", False)
    assert "degenerate" in solution.note


@pytest.mark.parametrize("shape", [(4, 4, 4), (3, 3, 3, 3)])
def test_beyond_the_limit_one_equilibrium_is_still_given(shape):
    for tables in random_games(shape, 4, seed=2):
        game = game_of(tables)
        solution = mixed_nash(game, cell_limit=1)
        assert (solution.status, solution.exhaustive) == ("limit reached", False)
        assert "cell_limit" in solution.note
        assert " by ".join(map(str, shape)) in solution.note
        assert solution.equilibria
        assert all(e.regret <= 1e-10 * np.ptp(tables) for e in solution.equilibria)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_the_limit_of_the_logit_branch_is_among_the_equilibria(seed):
    table = np.random.default_rng(seed).random((3, 2, 3, 2))
    found = [np.concatenate(member.profile) for member in survey(table, 100_000).members]
    for member in limit_point(table):
        assert relative_regret(table, member.profile) <= 1e-10
        assert distance(np.concatenate(member.profile), found) <= 1e-6


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32 - 1))
def test_no_cell_that_holds_a_root_is_discarded(seed):
    """Systems built around a known root: each cell that contains it must survive both tests."""
    rng = np.random.default_rng(seed)
    sizes = (3, 2, 2)
    mixes = [rng.dirichlet(np.ones(k)) for k in sizes]
    rows = rng.uniform(-0.4, 0.4, (5, *sizes))
    rows -= np.einsum("rabc,a,b,c->r", rows, *mixes)[:, None, None, None]
    rows[4] -= 0.01
    cells = whole_faces(rows[..., None], 4)
    for _ in range(12):
        assert not excluded_by_sign(cells).any()
        assert not excluded_by_newton(precondition(cells)).any()
        halves = bisect(cells)
        inside = np.ones(halves.batch, dtype=bool)
        for corner, mix in zip(halves.corners, mixes, strict=True):
            weights = np.linalg.solve(np.moveaxis(corner, -1, 0), mix[:, None])[..., 0]
            inside &= (weights >= 0).all(axis=1)
        assert inside.any()
        cells = halves.take(np.flatnonzero(inside)[:1])


def test_two_roots_in_a_cell_are_never_taken_for_one():
    """McKelvey and McLennan's 2x2x2 game has two completely mixed equilibria."""
    (case,) = [c for c in PUBLISHED if c["title"] == "mckelvey_mclennan_2x2x2"]
    table = StrategicGame.from_tables(case["payoffs"]).table() / 12
    (system,) = systems(table, (2, 2, 2))
    whole = whole_faces(system.rows, system.equations)
    assert not at_most_one_root(precondition(whole)).any()
    found = isolate(system.rows, system.equations, 10_000)
    distinct = {tuple(np.concatenate(root.mixes).round(9)) for root in found.roots}
    assert distinct == {
        (0.25, 0.75, 0.5, 0.5, 0.333333333, 0.666666667),
        (0.5, 0.5, 0.333333333, 0.666666667, 0.25, 0.75),
    }


def test_every_support_is_listed_once():
    table = np.zeros((3, 2, 3, 2))
    seen = [
        tuple(tuple(s[:, k]) for s in batch.supports)
        for sizes in signatures((2, 3, 2))
        for batch in systems(table, sizes)
        for k in range(batch.rows.shape[-1])
    ]
    assert len(seen) == len(set(seen)) == 3 * 7 * 3
