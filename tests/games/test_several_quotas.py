"""Bodies that vote by several weights: against counting every coalition, and the European double majority."""

from fractions import Fraction
from itertools import chain, combinations
from math import factorial
from random import Random

import pytest
import sim
from hypothesis import given, settings
from hypothesis import strategies as st
from sim._kernels.several_quotas import swings_by_several
from sim.errors import ScenarioError, TooLargeError


def slowly(needed, enough):
    """Swings by size from the definition."""
    voters = range(len(needed[0][0]))

    def wins(s):
        met = [sum(w[i] for i in s) >= q for w, q in (*needed, *enough)]
        return all(met[: len(needed)]) or any(met[len(needed) :])

    out = []
    for i in voters:
        others = [k for k in voters if k != i]
        sizes = [0] * len(voters)
        for s in chain.from_iterable(combinations(others, k) for k in range(len(voters))):
            sizes[len(s)] += wins((*s, i)) and not wins(s)
        out.append(tuple(sizes))
    return tuple(out)


@st.composite
def bodies(draw):
    size = draw(st.integers(1, 6))

    def rule():
        weights = tuple(
            Fraction(w, 2) for w in draw(st.lists(st.integers(0, 4), min_size=size, max_size=size))
        )
        return weights, Fraction(draw(st.integers(1, max(1, int(2 * sum(weights))))), 2)

    return [rule() for _ in range(draw(st.integers(1, 3)))], [
        rule() for _ in range(draw(st.integers(0, 1)))
    ]


@settings(deadline=None, max_examples=120)
@given(bodies())
def test_swings_against_every_coalition(body):
    needed, enough = body
    assert swings_by_several(needed, enough) == slowly(needed, enough)


TWO = """
voting:
  weights: {a: 1, b: 1, c: 1}
  quota: 2
  also: [{weights: {a: 60, b: 30, c: 10}, quota: 65}]
"""


def test_a_body_from_a_file_by_hand():
    """Winning: ab (90), ac (70), abc; bc has 40. a is in all of them: Banzhaf 3, 1, 1."""
    scenario = sim.loads(TWO)
    assert list(sim.solve(scenario, "banzhaf")[0].equilibria[0].payoffs.values()) == [0.6, 0.2, 0.2]
    shares = sim.solve(scenario, "shapley")[0].equilibria[0].payoffs.values()
    assert list(shares) == pytest.approx([2 / 3, 1 / 6, 1 / 6])
    bounds = sim.solve(scenario, "core")[0].equilibria[0].extra["bounds"]
    assert bounds["a"] == pytest.approx((1, 1))
    loose = sim.loads(TWO + "  enough: [{weights: {a: 1, b: 1, c: 1}, quota: 1}]\n")
    assert set(sim.solve(loose, "banzhaf")[0].equilibria[0].payoffs.values()) == {1 / 3}


def test_the_double_majority_in_a_union_of_27():
    """55 % of members with 65 % of the people, or all but three members; against orders drawn at random."""
    people = [
        832,
        674,
        591,
        474,
        381,
        192,
        174,
        115,
        107,
        107,
        103,
        103,
        97,
        89,
        69,
        58,
        55,
        55,
        50,
    ]
    people += [54, 40, 28, 21, 19, 13, 9, 5]
    one = (Fraction(1),) * 27
    rules = [(one, Fraction(15)), (tuple(map(Fraction, people)), Fraction(65, 100) * sum(people))]
    counts = swings_by_several(rules, [(one, Fraction(24))])
    shares = [
        sum(
            Fraction(factorial(k) * factorial(26 - k), factorial(27)) * c
            for k, c in enumerate(sizes)
        )
        for sizes in counts
    ]
    assert sum(shares) == 1
    assert [shares[k] >= shares[k + 1] for k in range(6)] == [True] * 6
    rng = Random(1)
    pivots = [0] * 27
    for _ in range(4000):
        order, members, held = rng.sample(range(27), 27), 0, 0
        for i in order:
            members, held = members + 1, held + people[i]
            if (members >= 15 and held * 100 >= 65 * sum(people)) or members >= 24:
                pivots[i] += 1
                break
    for share, drawn in zip(shares, pivots, strict=True):
        error = (float(share) * (1 - float(share)) / 4000) ** 0.5
        assert abs(float(share) - drawn / 4000) < 5 * error + 1e-4


def test_what_is_refused():
    with pytest.raises(
        ScenarioError, match=r"also.0.weights: the voters must be those of 'weights'"
    ):
        sim.loads(TWO.replace("c: 10", "d: 10"))
    with pytest.raises(ScenarioError, match="at most all votes"):
        sim.loads(TWO.replace("65}", "101}"))
    odd = tuple(Fraction(k * k * k * 1_000_003, 7) for k in range(1, 21))
    with pytest.raises(TooLargeError, match="write weights with fewer digits"):
        swings_by_several([(odd, Fraction(1)), (odd, Fraction(2))], [])
