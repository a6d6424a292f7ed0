"""Core, nucleolus, Shapley and Banzhaf: published games, defining axioms, brute force.

Sources. Values marked CoopGame are the published examples that the R package CoopGame (Staudacher
& Anwander) restates in its manual and tests: Ferguson's UCLA notes (nucleolus), Gambarelli (2011)
and Stach (2011) (Banzhaf value), Holler & Illing (2006) 6.3.3 (weights 35, 20, 15, 15, 15).
TALMUD: Aumann & Maschler (1985), claims 100, 200, 300 on estates of 100 and 200. Divide the
dollar by majority: any textbook. SECURITY_COUNCIL: Shapley & Shubik (1954) in the 15-member form
of the textbooks.
"""

import math
from fractions import Fraction
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim._kernels.proven_lp import Echelon
from sim.errors import TooLargeError
from sim.games.coalitional import CoalitionalGame, WeightedVoting
from sim.solutions import get
from sim.solutions.coalitional._coalition_claims import membership
from sim.solutions.coalitional.banzhaf import banzhaf
from sim.solutions.coalitional.core import core
from sim.solutions.coalitional.nucleolus import nucleolus
from sim.solutions.coalitional.shapley import shapley


def game(values, players: int) -> CoalitionalGame:
    """Values of singles, pairs, ..., all, lexicographic, as the sources print them."""
    names = "abcdef"[:players]
    keys = [",".join(c) for k in range(1, players + 1) for c in combinations(names, k)]
    return CoalitionalGame.from_values(list(names), dict(zip(keys, values, strict=True)))


def exact(solution, key: str = "exact") -> list[Fraction]:
    (member,) = solution.equilibria
    return [Fraction(x) for x in member.extra[key].values()]


FERGUSON = [-1, 0, 1, 3, 4, 2, 5]
PUBLISHED = [
    ("nucleolus", FERGUSON, ["8/3", "2/3", "5/3"]),  # CoopGame
    ("nucleolus", [2, 6, 5, 15, 1, 18, 14], [2, 7, 5]),  # CoopGame; a bound of an imputation binds
    ("nucleolus", [0, 0, 0, 1, 1, 1, 1], ["1/3"] * 3),  # divide the dollar
    ("nucleolus", [0, 0, 0, 0, 0, 0, 100], ["100/3"] * 3),  # TALMUD
    ("nucleolus", [0, 0, 0, 0, 0, 100, 200], [50, 75, 75]),  # TALMUD
    ("shapley", [2, 4, 5, 18, 14, 9, 24], ["19/2", 8, "13/2"]),  # CoopGame
    ("shapley", [0, 0, 0, 1, 1, 0, 1], ["2/3", "1/6", "1/6"]),  # CoopGame, gloves
    ("shapley", [0, 0, 0, 1, 1, 1, 1], ["1/3"] * 3),  # divide the dollar
    ("banzhaf", [0, 0, 0, 1, 2, 1, 3], ["5/4", "3/4", "5/4"]),  # Gambarelli, Stach
]


@pytest.mark.parametrize(("concept", "values", "expected"), PUBLISHED)
def test_published_games(concept, values, expected) -> None:
    solution = get(concept)(game(values, 3))
    assert exact(solution) == [Fraction(x) for x in expected]
    assert solution.exhaustive
    assert list(solution.equilibria[0].payoffs.values()) == [float(Fraction(x)) for x in expected]


def test_published_normalised_banzhaf_value() -> None:
    (member,) = banzhaf(game([0, 0, 0, 1, 2, 1, 3], 3)).equilibria
    assert list(member.extra["normalised"].values()) == [15 / 13, 9 / 13, 15 / 13]


@pytest.mark.parametrize(
    ("values", "players", "empty"),
    [
        ([0, 0, 0, 40, 50, 20, 100], 3, False),  # CoopGame
        ([1, 1, 1, 2, 3, 4, 3], 3, True),  # CoopGame
        ([0] * 4 + [7] * 6 + [12] * 4 + [22], 4, False),  # CoopGame
        ([0, 0, 0, 1, 1, 1, 1], 3, True),  # divide the dollar
        ([0, 0, 0, 1, 1, 0, 1], 3, False),  # gloves: the single point (1, 0, 0)
    ],
)
def test_published_cores(values, players, empty) -> None:
    solution = core(game(values, players))
    assert solution.exhaustive
    assert (not solution.equilibria) is empty
    assert ("the core is empty" in solution.note) is empty


# weights, quota, Shapley-Shubik, swings; Banzhaf is the share of swings
BODIES = [
    ([50, 49, 1], 51, ["2/3", "1/6", "1/6"], [3, 1, 1]),  # CoopGame
    ([50, 49, 1], 52, ["1/2", "1/2", 0], [2, 2, 0]),  # CoopGame
    ([50, 49, 1], 100, ["1/3"] * 3, [1, 1, 1]),  # CoopGame
    ([3, 2, 1], 4, ["2/3", "1/6", "1/6"], [3, 1, 1]),  # textbooks
    ([35, 20, 15, 15, 15], 51, ["9/20", "1/5", *["7/60"] * 3], [11, 5, 3, 3, 3]),  # Holler & Illing
    ([5, 1, 1, 1], 6, ["3/4", *["1/12"] * 3], [7, 1, 1, 1]),  # CoopGame
    ([7] * 5 + [1] * 10, 39, ["421/2145"] * 5 + ["4/2145"] * 10, [848] * 5 + [84] * 10),
]


@pytest.mark.parametrize(("weights", "quota", "index", "swings"), BODIES)
def test_published_bodies(weights, quota, index, swings) -> None:
    body = WeightedVoting.of({f"voter {k}": w for k, w in enumerate(weights)}, quota=quota)
    assert exact(shapley(body)) == [Fraction(x) for x in index]
    power = banzhaf(body)
    assert list(power.equilibria[0].extra["swings"].values()) == swings
    assert exact(power) == [Fraction(s, sum(swings)) for s in swings]


@st.composite
def games(draw, most=5):
    n = draw(st.integers(1, most))
    entry = draw(
        st.sampled_from(
            [
                st.integers(0, 1),
                st.integers(-3, 3),
                st.integers(0, 1000),
                st.fractions(-2, 5, max_denominator=7),
            ]
        )
    )
    values = [Fraction(0), *(Fraction(draw(entry)) for _ in range(2**n - 1))]
    if draw(st.booleans()):
        values[-1] = max(values) * draw(st.integers(1, n))
    return CoalitionalGame(players=tuple("abcdef"[:n]), exact=np.array(values, dtype=object))


def complaints(table: CoalitionalGame, point) -> list[Fraction]:
    member = membership(len(table.players)).astype(object)
    return list(table.exact - member @ np.array(point, dtype=object))


@settings(deadline=None, max_examples=80)
@given(games())
def test_shapley_is_the_average_over_orders(table) -> None:
    n = len(table.players)
    value = [Fraction(0)] * n
    for order in permutations(range(n)):
        joined = 0
        for i in order:
            value[i] += table.exact[joined | 1 << i] - table.exact[joined]
            joined |= 1 << i
    found = exact(shapley(table))
    assert found == [x / math.factorial(n) for x in value]
    assert sum(found) == table.exact[-1]


@settings(deadline=None, max_examples=60)
@given(games(most=4), st.fractions(-3, 3, max_denominator=5))
def test_axioms_of_null_and_equal_players(table, alone) -> None:
    """Adding a dummy and a copy of nobody: the dummy gets what it brings, others what they had."""
    n = len(table.players)
    wider = np.concatenate([table.exact, table.exact + alone])
    wide = CoalitionalGame(players=(*table.players, "dummy"), exact=wider)
    for concept in (shapley, banzhaf):
        assert exact(concept(wide)) == [*exact(concept(table)), alone]
    swapped = [table.exact[_swap(mask)] for mask in range(2**n)] if n > 1 else list(table.exact)
    mirror = CoalitionalGame(players=table.players, exact=np.array(swapped, dtype=object))
    for concept in (shapley, banzhaf):
        before, after = exact(concept(table)), exact(concept(mirror))
        assert after == ([before[1], before[0], *before[2:]] if n > 1 else before)


def _swap(mask: int) -> int:
    return mask & ~3 | (mask & 1) << 1 | (mask & 2) >> 1


def is_balanced(rows, held, players: int) -> bool:
    """Whether positive weights on the rows, and any on the held players, cover all once."""
    from scipy.optimize import linprog

    columns = np.vstack([rows, held]).T
    found = linprog(
        [0.0] * columns.shape[1] + [-1.0],
        A_ub=np.hstack([-np.eye(len(rows), columns.shape[1]), np.ones((len(rows), 1))]),
        b_ub=np.zeros(len(rows)),
        A_eq=np.hstack([columns, np.zeros((players, 1))]),
        b_eq=np.ones(players),
        bounds=[(0, None)] * columns.shape[1] + [(0, 1)],
    )
    return found.status == 0 and -found.fun > 1e-9


@settings(deadline=None, max_examples=120)
@given(games(most=4))
def test_nucleolus_by_the_criterion_of_kohlberg(table) -> None:
    """The coalitions that complain most are balanced, at every level, with players at bounds."""
    n = len(table.players)
    solution = nucleolus(table)
    alone = [table.exact[1 << i] for i in range(n)]
    if table.exact[-1] < sum(alone):
        assert not solution.equilibria
        assert "no imputation" in solution.note
        return
    point = exact(solution)
    assert solution.exhaustive
    assert sum(point) == table.exact[-1]
    assert all(x >= a for x, a in zip(point, alone, strict=True))
    excess = complaints(table, point)
    member = membership(n)
    held = np.array([member[1 << i] for i in range(n) if point[i] == alone[i]]).reshape(-1, n)
    proper = range(1, 2**n - 1)
    for level in sorted({excess[mask] for mask in proper}, reverse=True):
        rows = member[[mask for mask in proper if excess[mask] >= level]]
        assert is_balanced(rows, held, n)


@settings(deadline=None, max_examples=80)
@given(games(most=5))
def test_core_is_proven_either_way(table) -> None:
    n = len(table.players)
    solution = core(table)
    assert solution.exhaustive
    if not solution.equilibria:
        weights = solution.parameters["balanced_collection"]
        cover = {p: Fraction(0) for p in table.players}
        claim = Fraction(0)
        for key, weight in weights.items():
            members = key.split(", ")
            assert Fraction(weight) > 0
            claim += Fraction(weight) * table.exact[table.index(members)]
            for p in members:
                cover[p] += Fraction(weight)
        assert set(cover.values()) == {1}
        assert claim > table.exact[-1]
        return
    (member,) = solution.equilibria
    point = exact(solution)
    assert sum(point) == table.exact[-1]
    assert max(complaints(table, point)) <= 0
    extreme = [[Fraction(x) for x in e.values()] for e in member.extra["extreme_points"]]
    assert len(extreme) == len({tuple(e) for e in extreme}) >= 1
    for corner in extreme:
        tight = Echelon(n)
        for mask, excess in enumerate(complaints(table, corner)):
            assert excess <= 0
            if excess == 0:
                tight.add(membership(n)[mask], Fraction(0))
        assert tight.rank == n
    for i, player in enumerate(table.players):
        ends = [float(f(e[i] for e in extreme)) for f in (min, max)]
        assert member.extra["bounds"][player] == ends


@settings(deadline=None, max_examples=80)
@given(games(most=4))
def test_nucleolus_lies_in_a_non_empty_core(table) -> None:
    if core(table).equilibria:
        assert max(complaints(table, exact(nucleolus(table)))) <= 0


@settings(deadline=None, max_examples=30)
@given(games(most=4), st.sampled_from([Fraction(10**9), Fraction(1, 10**9), Fraction(2, 3)]))
def test_scaling_and_shifting_change_nothing(table, scale) -> None:
    n = len(table.players)
    gift = np.array([Fraction(k + 1, 7) for k in range(n)], dtype=object) * scale
    moved = table.exact * scale + membership(n).astype(object) @ gift
    other = CoalitionalGame(players=table.players, exact=moved)
    for concept in (nucleolus, shapley, banzhaf):
        if concept(table).equilibria:
            expected = np.array(exact(concept(table)), dtype=object) * scale + gift
            assert exact(concept(other)) == list(expected)
    assert bool(core(other).equilibria) is bool(core(table).equilibria)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=5).filter(any), st.data())
def test_a_voting_body_equals_its_coalitional_form(weights, data) -> None:
    quota = data.draw(st.integers(1, sum(weights)))
    body = WeightedVoting.of({f"v{k}": w for k, w in enumerate(weights)}, quota=quota)
    table = body.coalitional()
    assert exact(shapley(body)) == exact(shapley(table))
    absolute = banzhaf(body).equilibria[0].extra["absolute"]
    assert absolute == banzhaf(table).equilibria[0].payoffs
    quick, slow = core(body), core(table)
    assert bool(quick.equilibria) is bool(slow.equilibria)
    for one, two in zip(quick.equilibria, slow.equilibria, strict=True):
        assert one.extra["bounds"] == two.extra["bounds"]
        points = [{tuple(p.items()) for p in m.extra["extreme_points"]} for m in (one, two)]
        assert points[0] == points[1]


def test_shares_of_a_hundred_voters() -> None:
    body = WeightedVoting.of({f"v{k}": k for k in range(1, 101)}, quota=3367)
    assert sum(exact(shapley(body))) == 1
    assert sum(exact(banzhaf(body))) == 1
    assert "empty" in core(body).note


def test_too_many_players_are_refused_with_a_way_out() -> None:
    body = WeightedVoting.of({f"v{k}": 1 for k in range(13)}, quota=7)
    with pytest.raises(TooLargeError, match="limit 12"):
        nucleolus(body)
    huge = WeightedVoting.of({f"v{k}": 1 for k in range(40)}, quota=21)
    with pytest.raises(TooLargeError):
        huge.coalitional()


def test_the_note_of_an_empty_core_names_the_collection() -> None:
    solution = core(game([0, 0, 0, 1, 1, 1, 1], 3))
    assert solution.parameters["balanced_collection"] == {
        "a, b": "1/2",
        "a, c": "1/2",
        "b, c": "1/2",
    }
    assert solution.parameters["shortfall"] == "1/2"
    assert solution.parameters["least_core_excess"] == "1/3"


@settings(deadline=None, max_examples=60)
@given(st.data(), st.integers(2, 4))
def test_values_of_very_different_size_are_proven_or_said_not_to_be(data, players) -> None:
    entry = st.builds(
        lambda digit, power: Fraction(digit * 10**power), st.integers(0, 9), st.integers(0, 9)
    )
    values = [Fraction(0), *(data.draw(entry) for _ in range(2**players - 1))]
    values[-1] = max(values) * data.draw(st.integers(1, players))
    table = CoalitionalGame(players=tuple("abcd"[:players]), exact=np.array(values, dtype=object))
    for solution in (core(table), nucleolus(table)):
        assert solution.exhaustive is (solution.status == "complete")
        assert solution.exhaustive or solution.note
        if solution.exhaustive and solution.equilibria:
            point = exact(solution)
            assert sum(point) == table.exact[-1]
            assert solution.concept == "nucleolus" or max(complaints(table, point)) <= 0
