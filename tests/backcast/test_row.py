"""What a row is made of, made in fewer passes, against what makes each part alone."""

import dataclasses

import numpy as np
import pytest
import sim
from sim.backcasting.calibrate import shared_assumed
from sim.backcasting.family import alike
from sim.backcasting.hinges import hinges
from sim.backcasting.own_verdict import own_verdict
from sim.backcasting.sampling import Shared, all_drawn, drawn, shared_drawn
from sim.explaining import explain

EPISODES = ("controls/russia-norway-2010", "kuril/1956", "kuril/1992", "kuril/2018", "kuril/2022")


@pytest.mark.parametrize("name", EPISODES)
def test_the_verdict_of_a_row_is_that_of_explain(name: str) -> None:
    s = sim.load(name)
    verdict, row = explain(s, with_thresholds=False, draws=0), own_verdict(s)
    assert verdict.predicted and verdict.blockers and verdict.binding
    assert row.predicted == verdict.predicted["outcome_class"]
    assert (row.margin, row.lifting) == (verdict.margin, verdict.blockers.lifting)
    assert row.binding == verdict.binding.actor


def test_a_file_without_a_treaty_has_no_margin() -> None:
    s = sim.loads("""
    issues: {deal: {no: {}, yes: {signed: 1}}}
    outcomes: {treaty: signed > 1}
    actors: {a: {role: principal}, b: {role: principal}}
    payoffs: {a: {gain: signed}, b: {gain: signed}}
    """)
    assert tuple(own_verdict(s)) == ("none", None, None, "nothing")


def test_all_that_is_asked_in_one_pass() -> None:
    """1960, 1992 and 1993 are alike; 2018 has other agreements, 2006 its own."""
    names = ("1960", "1992", "1993", "2006", "2018")
    episodes = {name: sim.load(f"kuril/{name}") for name in names}
    assert [len(group) for group in alike([*episodes.values()])] == [3, 1, 1]
    shared = Shared(tuple(episodes.values()), shared_assumed(episodes))
    for name in ("1960", "1992", "2018"):
        s, found = episodes[name], drawn(episodes[name], shared, 100, 3)
        alone = all_drawn(s, 100, 3), shared_drawn(s, shared, 100, 3)
        for one, other in zip(found[:2], alone, strict=True):
            for field in dataclasses.fields(one):
                mine, its = getattr(one, field.name), getattr(other, field.name)
                close = np.allclose if field.name == "margin" else np.array_equal
                assert mine == its if field.name == "actors" else close(mine, its)
        assert (found.ends is None) == (name == "2018")
        assert hinges(s, ends=found.ends) == hinges(s)


def test_without_a_flip_the_widest_swings() -> None:
    """In 1960 nothing alone flips the verdict."""
    s = sim.load("kuril/1960")
    thresholds = sim.explain(s, draws=0).thresholds
    assert not any(t.at for t in thresholds)
    assert hinges(s, count=9) == tuple(t.path for t in thresholds[:9])


def test_what_cannot_move_is_no_hinge() -> None:
    s = sim.loads("""
    parameters: {fixed: 1}
    issues: {deal: {no: {}, yes: {signed: 1}}}
    outcomes: {treaty: signed}
    actors: {a: {role: principal}, b: {role: principal}}
    payoffs: {a: {gain: fixed*signed}, b: {gain: signed}}
    """)
    assert hinges(s) == ()
