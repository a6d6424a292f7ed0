"""Counting swings: against enumeration of all coalitions, and against published bodies.

Sources. The 1958 council of the European Economic Community (weights 4, 4, 4, 2, 2, 1, quota 12):
Felsenthal & Machover (1998), The Measurement of Voting Power, ch. 5; Luxembourg is powerless.
United Nations Security Council: Shapley & Shubik (1954) and later textbooks, 421/2145 and 4/2145.
"""

import time
from fractions import Fraction
from math import factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim._kernels.voting_power import (
    banzhaf_index,
    pivotal,
    power,
    shapley_shubik,
    swings,
    swings_by_size,
    swings_of_listed,
)
from sim.errors import TooLargeError, UsageError
from sim.games.coalitional import WeightedVoting

EEC = ([4, 4, 4, 2, 2, 1], 12)
SECURITY_COUNCIL = ([7] * 5 + [1] * 10, 39)


def test_published_bodies() -> None:
    assert swings(*EEC) == (10, 10, 10, 6, 6, 0)
    assert shapley_shubik(*EEC) == (*[Fraction(14, 60)] * 3, *[Fraction(9, 60)] * 2, 0)
    assert swings(*SECURITY_COUNCIL) == (848,) * 5 + (84,) * 10
    assert shapley_shubik(*SECURITY_COUNCIL)[::14] == (Fraction(421, 2145), Fraction(4, 2145))


bodies = (
    st.lists(st.integers(0, 12), min_size=1, max_size=8)
    .filter(any)
    .flatmap(lambda weights: st.tuples(st.just(weights), st.integers(1, sum(weights))))
)


@settings(deadline=None, max_examples=150)
@given(bodies)
def test_equals_enumeration(body) -> None:
    weights, quota = body
    n = len(weights)
    counts = [[0] * n for _ in weights]
    for coalition in range(1 << n):
        members = [i for i in range(n) if coalition >> i & 1]
        weight = sum(weights[i] for i in members)
        for i in set(range(n)) - set(members):
            counts[i][len(members)] += weight < quota <= weight + weights[i]
    assert swings_by_size(weights, quota) == tuple(map(tuple, counts))
    totals = [sum(w for i, w in enumerate(weights) if c >> i & 1) for c in range(1 << n)]
    assert swings_of_listed(np.array(totals) >= quota) == tuple(map(tuple, counts))
    index = tuple(
        sum(
            Fraction(factorial(k) * factorial(n - k - 1), factorial(n)) * c
            for k, c in enumerate(row)
        )
        for row in counts
    )
    assert shapley_shubik(weights, quota) == index
    assert sum(index) == 1


@settings(deadline=None, max_examples=50)
@given(bodies, st.sampled_from([Fraction(1, 3), Fraction(1, 10), 10**9]))
def test_the_unit_of_votes_does_not_matter(body, unit) -> None:
    weights, quota = body
    scaled = [w * unit for w in weights], quota * unit
    assert swings(*scaled) == swings(weights, quota)
    assert (power(*scaled) == power(weights, quota)).all()


def test_decimals_are_taken_as_written() -> None:
    assert swings([0.1, 0.2, 0.3], 0.3) == swings([1, 2, 3], 3)
    assert swings([0.1, 0.1, 0.1], 0.3) == (1, 1, 1)


def test_weights_with_seventeen_digits_are_counted_coalition_by_coalition() -> None:
    """A share of a vote that decides nothing leaves the council of 1958 as it is; no table could hold it."""
    weights = dict(zip("figbnl", EEC[0], strict=True))
    with pytest.raises(TooLargeError):
        swings_by_size(["4.00000000000000001", *EEC[0][1:]], EEC[1])
    body = WeightedVoting.of(weights | {"f": "4.00000000000000001"}, quota=EEC[1])
    assert tuple(map(sum, body.swings_by_size())) == (10, 10, 10, 6, 6, 0)
    large = WeightedVoting.of({str(k): f"1.{k:017d}" for k in range(1, 23)}, quota=12)
    with pytest.raises(TooLargeError):
        large.swings_by_size()


def test_a_hundred_different_voters_take_no_time() -> None:
    start = time.perf_counter()
    index = shapley_shubik(range(1, 101), 2526)
    assert time.perf_counter() - start < 5
    assert sum(index) == 1
    assert list(index) == sorted(index)
    assert sum(banzhaf_index(range(1, 101), 2526)) == 1


@pytest.mark.parametrize(("weights", "quota"), [([1, 1], 3), ([1, 1], 0), ([1, -1, 3], 2)])
def test_impossible_bodies(weights, quota) -> None:
    with pytest.raises(UsageError):
        swings(weights, quota)


def test_a_table_beyond_the_limit_is_refused() -> None:
    weights = [10**12 + k for k in range(50)]
    with pytest.raises(TooLargeError, match="round the weights"):
        swings(weights, 3 * 10**13)


def test_pivotal_voter_of_a_batch() -> None:
    weights = np.array([45.0, 30.0, 25.0])
    support = np.array([[3.0, 1.0, 0.0], [2.0, 2.0, 0.0], [1.0, 3.0, 0.0]])
    assert pivotal(weights, support, 60.0).tolist() == [1, 0, 1]
    assert pivotal(weights, support, 100.0).tolist() == [2, 0, 2]
    with pytest.raises(UsageError):
        pivotal(weights, support, 101.0)
