"""Nash equilibria in mixed strategies, two actors: published games, a peer, and the definition."""

import json
import re
import time
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.games.strategic import StrategicGame, as_fractions, deviation_payoffs
from sim.solutions.strategic.mixed.components import components, maximal_nash_subsets
from sim.solutions.strategic.mixed.lemke_howson import lemke_howson
from sim.solutions.strategic.mixed.vertices import two_actor_extreme
from sim.solutions.strategic.mixed_nash import mixed_nash
from sim.solutions.strategic.pure_nash import pure_nash

HERE = Path(__file__).parent
PUBLISHED = json.loads((HERE / "published_bimatrix.json").read_text())["games"]
DEGENERATE = json.loads((HERE / "degenerate_bimatrix.json").read_text())["games"]


def random_bimatrices(count, seed=20240607):
    rng = np.random.default_rng(seed)
    for _ in range(count):
        m, n = rng.integers(2, 6, 2)
        yield rng.integers(-2, 3, (2, m, n))


def as_mixes(entry):
    return {tuple(tuple(map(Fraction, mix)) for mix in pair) for pair in entry}


def exact_mixes(game, solution):
    """The members as exact mixes; a duplicated member fails."""
    mixes = [
        tuple(
            tuple(Fraction(e.extra["exact"][actor].get(label, 0)) for label in labels)
            for actor, labels in zip(game.actors, game.strategies, strict=True)
        )
        for e in solution.equilibria
    ]
    assert len(set(mixes)) == len(mixes)
    return set(mixes)


def exact_regret(tables, mixes):
    """Largest gain from a deviation, in fractions, straight from the definition."""
    x, y = (np.array(mix, dtype=object) for mix in mixes)
    rows, columns = tables[0] @ y, x @ tables[1]
    return max(rows.max() - x @ rows, columns.max() - columns @ y)


def brute_force(tables):
    """Every completely labelled pair of vertices, from every choice of tight constraints."""
    row, column = (table - table.min() + 1 for table in tables)
    m, n = row.shape
    on_p = corners(column.T, m)
    on_q = {
        frozenset((k + m) % (m + n) for k in tight): point
        for tight, point in corners(row, n).items()
    }
    return {
        (tuple(v / sum(x) for v in x), tuple(v / sum(y) for v in y))
        for tight_x, x in on_p.items()
        for tight_y, y in on_q.items()
        if any(x) and any(y) and len(tight_x | tight_y) == m + n
    }


def corners(matrix, width):
    """Vertices of ``{z >= 0, M z <= 1}`` keyed by their tight constraints."""
    lines = [[Fraction(int(k == r)) for k in range(width)] for r in range(width)]
    lines += [list(map(Fraction, line)) for line in matrix]
    ends = [Fraction(0)] * width + [Fraction(1)] * len(matrix)
    found = {}
    for chosen in combinations(range(len(lines)), width):
        point = solve([[*lines[k], ends[k]] for k in chosen])
        if point is None:
            continue
        values = [sum(a * b for a, b in zip(line, point, strict=True)) for line in lines]
        inside = all(v >= 0 for v in values[:width]) and all(v <= 1 for v in values[width:])
        if inside:
            found[frozenset(k for k, v in enumerate(values) if v == ends[k])] = point
    return found


def solve(system):
    """Gauss-Jordan elimination in fractions; ``None`` for a singular system."""
    size = len(system)
    for c in range(size):
        lead = next((r for r in range(c, size) if system[r][c]), None)
        if lead is None:
            return None
        system[c], system[lead] = system[lead], system[c]
        system[c] = [v / system[c][c] for v in system[c]]
        for r in range(size):
            if r != c:
                f = system[r][c]
                system[r] = [v - f * w for v, w in zip(system[r], system[c], strict=True)]
    return [line[-1] for line in system]


@st.composite
def small_bimatrices(draw, largest=3):
    m, n = draw(st.integers(1, largest)), draw(st.integers(1, largest))
    entries = st.lists(st.integers(-2, 2), min_size=2 * m * n, max_size=2 * m * n)
    return as_fractions(np.array(draw(entries)).reshape(2, m, n))


@pytest.mark.parametrize("case", PUBLISHED, ids=lambda case: case["title"])
def test_published_games(case):
    game = StrategicGame.from_bimatrix(case["row"], case["column"])
    solution = mixed_nash(game)
    assert exact_mixes(game, solution) == as_mixes(case["equilibria"])
    assert solution.exhaustive
    assert solution.status == "complete"
    if case["components"] is not None:
        assert len({e.extra["component"] for e in solution.equilibria}) == case["components"]
    spread = np.ptp(game.payoffs, axis=(1, 2, 3)).max()
    assert all(e.regret <= 1e-14 * spread for e in solution.equilibria)
    assert all(exact_regret(game.exact, mixes) == 0 for mixes in exact_mixes(game, solution))


@pytest.mark.parametrize("case", DEGENERATE, ids=lambda case: str(case["row"]))
def test_random_games_with_ties_match_the_stored_answers(case):
    game = StrategicGame.from_bimatrix(case["row"], case["column"])
    assert exact_mixes(game, mixed_nash(game)) == as_mixes(case["equilibria"])


def test_the_stored_games_are_the_seeded_ones():
    stored = [[case["row"], case["column"]] for case in DEGENERATE]
    assert stored == [tables.tolist() for tables in random_bimatrices(50)]


def gambit_extremes(gbt, tables):
    game = gbt.StrategicGame.from_arrays(*tables)
    result = gbt.nash.enummixed_solve(game, rational=True)
    return {
        tuple(
            tuple(Fraction(str(member[p][s])) for s in game.get_strategies(p)) for p in game.players
        )
        for member in result.equilibria
    }


def compare_with_gambit(count):
    gbt = pytest.importorskip("pygambit")
    for tables in random_bimatrices(count):
        game = StrategicGame.from_bimatrix(*tables)
        assert exact_mixes(game, mixed_nash(game)) == gambit_extremes(gbt, tables), tables.tolist()


@pytest.mark.peers
def test_gambit_finds_the_same_extreme_equilibria():
    compare_with_gambit(60)


@pytest.mark.peers
@pytest.mark.slow
def test_gambit_finds_the_same_extreme_equilibria_of_a_thousand_games():
    compare_with_gambit(1000)


@settings(deadline=None, max_examples=60)
@given(small_bimatrices())
def test_every_choice_of_tight_constraints_gives_the_same_set(tables):
    assert set(two_actor_extreme(tables).pairs) == brute_force(tables)


@pytest.mark.parametrize("scale", [1e9, 1e-9])
def test_the_scale_of_payoffs_changes_nothing(scale):
    for tables in random_bimatrices(50):
        game = StrategicGame.from_bimatrix(*tables)
        scaled = StrategicGame.from_bimatrix(*(tables.astype(float) * scale))
        one, other = mixed_nash(game), mixed_nash(scaled)
        assert [e.strategies for e in one.equilibria] == [e.strategies for e in other.equilibria]
        assert one.note == other.note
        assert all(e.regret <= 1e-14 * scale for e in other.equilibria)


@settings(deadline=None, max_examples=40)
@given(small_bimatrices(4), st.integers(1, 10**6), st.integers(-(10**12), 10**12), st.booleans())
def test_positive_affine_maps_per_actor_change_nothing(tables, factor, constant, first):
    mapped = tables.copy()
    mapped[0 if first else 1] = mapped[0 if first else 1] * Fraction(factor, 7) + constant
    assert two_actor_extreme(mapped) == two_actor_extreme(tables)


@settings(deadline=None, max_examples=40)
@given(small_bimatrices(4))
def test_exchanging_the_actors_exchanges_the_mixes(tables):
    swapped = np.stack([tables[1].T, tables[0].T])
    there = {(y, x) for x, y in two_actor_extreme(swapped).pairs}
    assert there == set(two_actor_extreme(tables).pairs)


@settings(deadline=None, max_examples=40)
@given(small_bimatrices(5))
def test_members_are_equilibria_and_pure_ones_are_among_them(tables):
    game = StrategicGame.from_bimatrix(*tables)
    solution = mixed_nash(game)
    assert solution.equilibria
    assert all(exact_regret(tables, mixes) == 0 for mixes in exact_mixes(game, solution))
    strategies = [e.strategies for e in solution.equilibria]
    assert all(e.strategies in strategies for e in pure_nash(game).equilibria)
    for e in solution.equilibria:
        mixes = [
            np.array([e.strategies[a].get(label, 0.0) for label in labels])
            for a, labels in zip(game.actors, game.strategies, strict=True)
        ]
        for values, mix, actor in zip(
            deviation_payoffs(game, mixes), mixes, game.actors, strict=True
        ):
            assert values @ mix == pytest.approx(e.payoffs[actor], abs=1e-12)
            assert values.max() <= e.payoffs[actor] + 1e-12


@settings(deadline=None, max_examples=40)
@given(small_bimatrices(4), st.randoms(use_true_random=False))
def test_mixtures_within_a_maximal_nash_subset_are_equilibria(tables, random):
    pairs = two_actor_extreme(tables).pairs
    for sides in maximal_nash_subsets(pairs):
        mixes = []
        for side in sides:
            points = sorted(side)
            weights = [Fraction(random.randint(1, 9)) for _ in points]
            mixed = sum(w * np.array(p, dtype=object) for w, p in zip(weights, points, strict=True))
            mixes.append(mixed / sum(weights))
        assert exact_regret(tables, mixes) == 0
    assert sorted(k for c in components(pairs) for k in c.members) == list(range(len(pairs)))


def test_positive_dimension_is_reported():
    flat = mixed_nash(StrategicGame.from_bimatrix(np.zeros((3, 2)), np.zeros((3, 2))))
    assert flat.note == "6 extreme equilibria in 1 component, 1 of positive dimension"
    assert {e.extra["dimension"] for e in flat.equilibria} == {3}
    veto = mixed_nash(StrategicGame.from_bimatrix([[1, -1], [0, 0]], [[1, 0], [0, 0]]))
    assert [e.extra["dimension"] for e in veto.equilibria] == [0, 1, 1]


def test_a_dominated_strategy_is_dropped_and_comes_back_with_probability_zero():
    row, column = [[0, 0, 0], [3, 0, 1], [2, 1, 5]], [[9, 9, 9], [2, 1, -7], [0, 1, -7]]
    solution = mixed_nash(StrategicGame.from_bimatrix(row, column))
    assert all("1" not in e.strategies["player 1"] for e in solution.equilibria)
    assert len(solution.equilibria) == 3


@pytest.mark.parametrize("shape", [(1, 1), (1, 4), (4, 1)])
def test_an_actor_without_a_choice(shape):
    tables = np.random.default_rng(3).permutation(2 * shape[0] * shape[1]).reshape(2, *shape)
    solution = mixed_nash(StrategicGame.from_bimatrix(*tables))
    assert len(solution.equilibria) == 1
    assert solution.equilibria[0].regret == 0.0


def test_one_actor_alone():
    solution = mixed_nash(StrategicGame.from_tables([[2, 5, 5, 1]]))
    assert [e.strategies["player 1"] for e in solution.equilibria] == [{"2": 1.0}, {"3": 1.0}]
    assert solution.note == "2 extreme equilibria in 1 component, 1 of positive dimension"


@pytest.mark.parametrize("size", [25, 40])
def test_a_game_too_large_still_gets_an_equilibrium_and_an_honest_status(size):
    tables = np.random.default_rng(size).normal(size=(2, size, size)).round(2)
    started = time.perf_counter()
    solution = mixed_nash(StrategicGame.from_bimatrix(*tables), vertex_limit=50)
    assert time.perf_counter() - started < 20
    assert (solution.status, solution.exhaustive) == ("limit reached", False)
    assert "vertex_limit" in solution.note
    assert solution.equilibria
    assert all(e.regret < 1e-12 for e in solution.equilibria)


@settings(deadline=None, max_examples=40)
@given(small_bimatrices(4), st.data())
def test_every_complementary_path_ends_at_an_extreme_equilibrium(tables, data):
    label = data.draw(st.integers(0, sum(tables.shape[1:]) - 1))
    (pair,) = lemke_howson(tables, label=label)
    assert pair in two_actor_extreme(tables).pairs


@pytest.mark.parametrize("case", PUBLISHED[:12] + DEGENERATE[:12], ids=lambda c: str(c["row"]))
def test_nashpy_confirms_small_games(case):
    game = StrategicGame.from_bimatrix(case["row"], case["column"])
    note = mixed_nash(game, check=True).note
    checked = re.search(r"finds (\d+) of (\d+) and (\d+) others", note)
    assert checked or "no check by nashpy" in note
    if checked:
        assert checked[1] == checked[2]
        assert checked[3] == "0"


def test_rounding_noise_does_not_break_ties():
    """The row actor is paid 0.3 for both strategies, once as 0.1 + 0.2."""
    row, column = np.array([[0.3, 0.0], [0.1 + 0.2, 0.0]]), np.array([[1.0, 0.0], [1.0, 0.0]])
    assert row[0, 0] != row[1, 0]
    game = StrategicGame(
        actors=("row", "column"),
        strategies=(("up", "down"), ("left", "right")),
        payoffs=np.stack([row, column])[..., None],
    )
    solution = mixed_nash(game)
    assert [e.strategies["row"] for e in solution.equilibria] == [{"up": 1.0}, {"down": 1.0}]
    assert all(e.regret <= 1e-15 for e in solution.equilibria)
