"""Games of constant sum: the value against closed forms and pygambit's exact enumeration."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from sim._kernels.lifting import solve_exactly
from sim.games.strategic import StrategicGame, as_fractions
from sim.solutions.strategic.mixed.zero_sum import has_constant_sum, optimal_pair
from sim.solutions.strategic.mixed_nash import mixed_nash


def secured(tables, pair):
    """What each mix secures, computed from the definition."""
    x, y = (np.array(mix, dtype=object) for mix in (pair.first, pair.second))
    assert sum(x) == sum(y) == 1
    assert min(x) >= 0
    assert min(y) >= 0
    return min(x @ tables), max(tables @ y)


@settings(deadline=None, max_examples=80)
@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 2**32 - 1), st.sampled_from([1, 2, 50]))
def test_an_optimal_pair_secures_the_value_on_both_sides(m, n, seed, top):
    numbers = np.random.default_rng(seed).integers(-top, top + 1, (m, n))
    tables = as_fractions(numbers.tolist())
    pair = optimal_pair(tables)
    low, high = secured(tables, pair)
    assert low == high == pair.low == pair.high
    program = linprog(
        np.r_[np.zeros(m), -1],
        A_ub=np.hstack([-numbers.T, np.ones((n, 1))]),
        b_ub=np.zeros(n),
        A_eq=np.r_[np.ones(m), 0][None],
        b_eq=[1],
        bounds=[(0, None)] * m + [(None, None)],
    )
    assert float(low) == pytest.approx(-program.fun, abs=1e-9)
    if pair.unique:
        game = StrategicGame.from_tables([numbers.tolist(), (-numbers).tolist()])
        assert len(mixed_nash(game).equilibria) == 1


@pytest.mark.parametrize("size", [13, 40, 160])
def test_hide_and_seek_has_the_value_that_the_closed_form_gives(size):
    """Seeking k boxes with prize a_k, one look: the value is 1 / sum(1 / a_k) (Gale's diagonal game)."""
    prizes = [Fraction(k + 1) for k in range(size)]
    table = np.diag(np.array(prizes, dtype=object)) + Fraction(0)
    game = StrategicGame.from_tables([table, 5 - 2 * table])
    solution = mixed_nash(game)
    value = 1 / sum(1 / prize for prize in prizes)
    (member,) = solution.equilibria
    assert member.payoffs["player 1"] == pytest.approx(float(value), rel=1e-12)
    assert member.payoffs["player 2"] == pytest.approx(float(5 - 2 * value), rel=1e-12)
    assert member.regret == 0
    assert member.strategies["player 1"]["1"] == pytest.approx(float(value / prizes[0]), rel=1e-12)
    assert (solution.exhaustive, solution.finished) == (True, True)
    assert "of constant sum: the value is" in solution.note
    assert "there is no other equilibrium" in solution.note


def test_a_large_game_with_many_optimal_pairs_says_so():
    table = np.zeros((40, 40), dtype=int)
    table[:, 0] = -1
    table[0, 1] = 1
    solution = mixed_nash(StrategicGame.from_tables([table.tolist(), (-table).tolist()]))
    assert (solution.exhaustive, solution.finished) == (False, True)
    assert "other pairs of optimal strategies have the same value" in solution.note
    (member,) = solution.equilibria
    assert (member.payoffs["player 1"], member.regret) == (-1, 0)


def test_small_games_keep_all_extreme_equilibria_and_get_the_value():
    pennies = StrategicGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    assert mixed_nash(pennies).note.startswith(
        "of constant sum: the value is 0 for player 1 and 0 for player 2; 1 extreme equilibrium"
    )
    assert not has_constant_sum(as_fractions([[[1, 2]], [[1, 2]]]))
    assert not has_constant_sum(as_fractions([[[1, 1]], [[1, 1]]]))
    assert has_constant_sum(as_fractions([[[1, 3]], [["1/2", "-1/2"]]]))


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 7), st.integers(0, 2**32 - 1), st.sampled_from([3, 10**25]))
def test_systems_are_solved_exactly(size, seed, top):
    rng = np.random.default_rng(seed)
    matrix = np.array(
        [[int(v * top) for v in row] for row in rng.normal(size=(size, size))], dtype=object
    )
    right = [int(v) for v in rng.integers(-9, 10, size)]
    solved = solve_exactly(matrix, right)
    if solved is None:
        assert abs(np.linalg.det(matrix.astype(float))) < 1e-6
        return
    numerators, denominator = solved
    assert denominator > 0
    assert list(matrix @ np.array(numerators, dtype=object)) == [b * denominator for b in right]
