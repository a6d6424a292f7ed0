"""Legislative bargaining: published cases and the conditions of the stationary equilibrium."""

from __future__ import annotations

import pytest
from sim.errors import NotDefinedError, UsageError
from sim.games.bargaining import BargainingProblem, OfferRules
from sim.solutions.baron_ferejohn import baron_ferejohn

SOURCE = "Baron and Ferejohn (1989), closed rule, equal recognition"
CASES = [
    # source, members, discount, quota, proposer, partner
    (SOURCE, 3, 1.0, None, 2 / 3, 1 / 3),
    (SOURCE, 3, 0.9, None, 0.7, 0.3),
    (SOURCE, 5, 1.0, None, 0.6, 0.2),
    ("by hand: unanimity of two, 1 - 0.9 / 2", 2, 0.9, 2, 0.55, 0.45),
]


def budget(size, total=1.0, d=0.0, **rules):
    return BargainingProblem.from_table(
        {"budget": (total, *[0] * (size - 1))},
        disagreement=(d,) * size,
        mode="transferable",
        offers=OfferRules(**rules) if rules else None,
    )


@pytest.mark.parametrize(("source", "size", "delta", "quota", "proposer", "partner"), CASES)
def test_published_cases(source, size, delta, quota, proposer, partner):
    solution = baron_ferejohn(budget(size, discount=(delta,) * size, quota=quota))
    (found,) = solution.equilibria
    assert found.extra["proposer"] == pytest.approx(proposer, abs=1e-12)
    assert found.extra["partner"] == pytest.approx(partner, abs=1e-12)
    votes = solution.parameters["quota"]
    assert proposer + (votes - 1) * partner == pytest.approx(1.0)
    # a partner receives what waiting is worth, and every member expects the same
    expected = (proposer + (votes - 1) * partner) / size
    assert found.extra["partner"] == pytest.approx(delta * expected)
    assert list(found.payoffs.values()) == pytest.approx([1 / size] * size)
    assert found.regret == 0.0


def test_gains_are_counted_from_the_disagreement_point():
    (found,) = baron_ferejohn(budget(3, total=4.0, d=1.0, discount=(0.9,) * 3)).equilibria
    assert found.extra["proposer"] == pytest.approx(0.7)
    assert list(found.payoffs.values()) == pytest.approx([4 / 3] * 3)


def test_nothing_to_gain_and_bad_input():
    assert baron_ferejohn(budget(3, d=1.0, discount=(0.9,) * 3)).equilibria == ()
    with pytest.raises(UsageError, match="discount"):
        baron_ferejohn(budget(3))
    with pytest.raises(UsageError, match="discount"):
        baron_ferejohn(budget(2, discount=(0.9, 0.8)))
    fixed = BargainingProblem.from_table({"a": (1, 1)}, disagreement=(0, 0))
    with pytest.raises(NotDefinedError, match="transferable"):
        baron_ferejohn(fixed, rules=OfferRules(discount=(0.9, 0.9)))
