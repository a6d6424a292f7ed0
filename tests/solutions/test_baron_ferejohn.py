"""Legislative bargaining: published cases and the conditions of the stationary equilibrium."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.cli import run
from sim.errors import NotDefinedError, UsageError
from sim.games.bargaining import BargainingProblem, OfferRules
from sim.solutions.bargaining.baron_ferejohn import baron_ferejohn, stationary_terms

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
    assert found.extra["by_actor"]["as proposer"]["actor 1"] == pytest.approx(1.7)
    assert list(found.payoffs.values()) == pytest.approx([4 / 3] * 3)


def test_impatience_makes_a_vote_cheap_and_therefore_wanted():
    """By hand: votes cost the same, w = delta_i v_i, so that v is proportional to 1 / delta."""
    (found,) = baron_ferejohn(budget(3, discount=(0.9, 0.99, 0.99), quota=2)).equilibria
    assert list(found.payoffs.values()) == pytest.approx([11 / 31, 10 / 31, 10 / 31], abs=1e-12)
    assert "proposer" in found.extra


@settings(deadline=None, max_examples=150)
@given(st.integers(2, 6), st.data())
def test_the_conditions_of_a_stationary_equilibrium(size, data):
    weights = data.draw(st.lists(st.integers(1, 9), min_size=size, max_size=size))
    discount = data.draw(st.lists(st.integers(1, 19), min_size=size, max_size=size))
    quota = data.draw(st.integers(1, size))
    chances = np.array(weights) / sum(weights)
    delta = np.array(discount) / 20
    terms = stationary_terms(chances, delta, quota)
    assert terms.values.sum() == pytest.approx(1)
    assert terms.votes == pytest.approx(delta * terms.values)
    others = [sorted(np.delete(terms.votes, i))[: quota - 1] for i in range(size)]
    assert terms.proposing == pytest.approx([1 - sum(bought) for bought in others])
    assert terms.values == pytest.approx(chances * terms.proposing + terms.votes * terms.bought)
    assert terms.bought.sum() == pytest.approx(quota - 1)
    assert (terms.bought <= 1 - chances + 1e-9).all()
    dearest = max((max(bought) for bought in others if bought), default=0)
    assert (terms.bought[terms.votes > dearest + 1e-9] < 1e-9).all()
    cheap = terms.votes < min((max(bought) for bought in others if bought), default=0) - 1e-9
    assert terms.bought[cheap] == pytest.approx((1 - chances)[cheap])
    assert (terms.proposing >= terms.votes - 1e-9).all()


def test_a_majority_of_three_from_a_file(tmp_path, capsys):
    path = tmp_path / "majority.yaml"
    path.write_text(
        "bargaining: {actors: [a, b, c], disagreement: {a: 0, b: 0, c: 0}, mode: transferable, "
        "agreements: {budget: {a: 1, b: 0, c: 0}}, offers: {discount: 0.9, quota: 2}}"
    )
    assert run(["solve", str(path)]) == 0
    out = capsys.readouterr().out
    assert [line.split(":")[0] for line in out.splitlines() if "found" in line] == [
        "baron_ferejohn"
    ]
    header, row = (
        next(line for line in out.splitlines() if line.startswith(k)) for k in ("#", "1  a")
    )
    assert "as proposer" in header
    assert row.split()[3:5] == ["0.7", "0.3"]


def test_nothing_to_gain_and_bad_input():
    assert baron_ferejohn(budget(3, d=1.0, discount=(0.9,) * 3)).equilibria == ()
    with pytest.raises(UsageError, match="discount"):
        baron_ferejohn(budget(3))
    with pytest.raises(UsageError, match="recognition"):
        budget(2, discount=(0.9, 0.8), recognition=(0.9, 0.2))
    fixed = BargainingProblem.from_table({"a": (1, 1)}, disagreement=(0, 0))
    with pytest.raises(NotDefinedError, match="transferable"):
        baron_ferejohn(fixed, rules=OfferRules(discount=(0.9, 0.9)))
