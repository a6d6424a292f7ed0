"""Blockers: brute force over all subsets of what could be lifted, and no unit in them."""

from __future__ import annotations

from itertools import chain, combinations

import numpy as np
import pytest
import sim
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.feasibility import prepare
from sim.feasibility.blockers import blockers, lifted_all

PUSHES = [-2, -1, 0, 1, 3]
GAMES = {
    "none": None,
    "deal": lambda p, third: [[("offer", p[0])], *([("reply", i)] for i in p[1:])],
    "stances first": lambda p, third: [
        [("stance", j) for j in third],
        [("offer", p[0])],
        *([("reply", i)] for i in p[1:]),
    ],
}

disputes = st.tuples(
    st.integers(0, 10**6),
    st.integers(2, 3),
    st.sampled_from([(), (2,), (2, 2)]),
    st.integers(2, 3),
    st.sampled_from([(), ("home", "home"), ("home", "abroad"), ("home", "abroad", "enforcement")]),
    st.sampled_from(list(GAMES)),
)


def made(tables, data):
    seed, principals, stances, agreements, rungs, game = data
    t = tables(seed, principals=principals, stances=stances, agreements=agreements, rungs=rungs)
    stages = None
    if game != "none":
        stages = [stage for stage in GAMES[game](t.principals, list(t.stances)) if stage]
        words = [", ".join(f"{who}.{what}" for what, who in stage) for stage in stages]
        t = t.with_(game="[" + ", ".join(f"[{word}]" for word in words) + "]")
    return t, stages


def subsets(names):
    return chain.from_iterable(combinations(sorted(names), k) for k in range(len(names) + 1))


def brute_force(slow):
    """All sets of gains and constraints, and of actors, whose lifting makes a treaty feasible."""
    cells = slow.static()
    if all(min(v for _, v in slow.parts(*cell).values()) < 0 for cell in cells) and slow.third:
        cells += slow.supported() if slow.stages is not None else []
    parts = [{name: v for name, (_, v) in slow.parts(*cell).items()} for cell in cells]
    names = list(parts[0])

    def feasible(gone):
        return any(all(v >= 0 or name in gone for name, v in cell.items()) for cell in parts)

    enough = [set(some) for some in subsets(names) if feasible(set(some))]
    owners = {name.partition(".")[0] for name in names}
    whose = [
        set(some)
        for some in subsets(owners)
        if feasible({name for name in names if name.partition(".")[0] in some})
    ]
    return smallest(enough), smallest(whose)


def smallest(sets):
    return {frozenset(one) for one in sets if not any(other < one for other in sets)}


def word_of(whose):
    sizes = sorted(len(one) for one in whose)
    if sizes[0] != 1:
        return ["nothing", None, "both needed", "several needed"][min(sizes[0], 3)]
    return f"only {next(iter(min(whose, key=len)))}" if sizes.count(1) == 1 else "either"


@settings(max_examples=40, deadline=None)
@given(data=disputes)
def test_blockers_are_what_brute_force_over_subsets_finds(tables, slow_reading, data):
    t, stages = made(tables, data)
    scenario = sim.loads(t.text())
    many = lifted_all(prepare(scenario, ["push"]), np.array([PUSHES], dtype=float))
    for point, push in enumerate(PUSHES):
        sets, whose = brute_force(slow_reading(t, push, stages))
        found = blockers(prepare(scenario.at({"push": push})))
        if sets == {frozenset()}:
            assert (found.lifting, found.actors, found.minimal_sets) == ("nothing", (), ())
        else:
            assert set(map(frozenset, found.minimal_sets)) == sets
            assert set(map(frozenset, found.actors)) == whose
        assert found.lifting == word_of(whose) == many.labels[many.lifting[point]]
        alone = {name for name, yes in zip(many.parts, many.alone[:, point], strict=True) if yes}
        assert alone == {next(iter(one)) for one in sets if len(one) == 1}
        single = {a for a, yes in zip(many.actors, many.single[:, point], strict=True) if yes}
        assert single == {next(iter(one)) for one in whose if len(one) == 1}


@settings(max_examples=25, deadline=None)
@given(data=disputes, factors=st.lists(st.sampled_from([0.5, 2, 10, 1e-3]), min_size=4, max_size=4))
def test_no_unit_of_a_constraint_changes_what_blocks(tables, data, factors):
    t, _ = made(tables, data)
    rescaled = {
        key: {cell: value * factor for cell, value in table.items()}
        for factor, (key, table) in zip(factors, t.constraints.items(), strict=False)
    }
    other = t.with_(constraints=rescaled)
    mine, theirs = (prepare(sim.loads(x.text())) for x in (t, other))
    assert blockers(mine) == blockers(theirs)


HAND = """\
issues: {area: {none: {}, two: {land: 0.1}, four: {land: 1}}, peace: {no: {}, yes: {signed: 1}}}
outcomes: {treaty: signed}
rule_out: [land > 0 and not signed]
actors: {tokyo: {role: principal}, moscow: {role: principal}}
payoffs: {tokyo: {x: signed}, moscow: {x: signed}}
domestic:
  tokyo: {diet: {type: veto_player, utility: land - NEED}}
  moscow: {duma: {type: veto_player, utility: PATIENCE - land}}
game: [{offer: tokyo}, {reply: moscow}]
"""


@pytest.mark.parametrize(
    ("need", "patience", "lifting", "sets"),
    [
        (0.1, 0.1, "nothing", []),
        (
            0.1,
            0.05,
            "either",
            [["moscow.duma"], ["tokyo.diet"]],
        ),  # less for Tokyo, more from Moscow
        (2, 1, "only tokyo", [["tokyo.diet"]]),  # not even four are enough
        (0, -1, "only moscow", [["moscow.duma"]]),
        (2, -1, "both needed", [["moscow.duma", "tokyo.diet"]]),
    ],
)
def test_by_hand(need, patience, lifting, sets):
    text = HAND.replace("NEED", str(need)).replace("PATIENCE", str(patience))
    verdict = sim.explain(sim.loads(text), with_thresholds=False)
    assert verdict.blockers.lifting == lifting
    data = verdict.to_dict()["blockers"]
    assert sorted(map(sorted, data["minimal_sets"])) == sets
    said = str(verdict)
    assert ("Blocked by" in said) == (lifting != "nothing")
    if lifting == "both needed":
        assert "tokyo and moscow would have to be lifted together" in said
    if lifting.startswith("only"):
        assert f"Blocked by {lifting[5:]} alone" in said
    if sets:
        assert said.index("Blocked by") < said.index("Lowest slack")


def test_a_file_without_treaty_names_no_blocker():
    none = sim.loads(
        HAND.replace("treaty:", "interim:").replace("NEED", "0").replace("PATIENCE", "0")
    )
    assert sim.explain(none).blockers is None


def test_shares_of_blockers_are_lengths():
    """With need uniform on [0, 2] no treaty is possible above 0.1 (Moscow bears two islands)."""
    text = HAND.replace("NEED", "need").replace("PATIENCE", "0.15")
    s = sim.loads("parameters: {need: {value: 0.5, range: [0, 2]}}\n" + text)
    share = sim.explain(s, with_thresholds=False).share
    assert share.value == pytest.approx(0.05, abs=0.02)
    assert share.blocked["either"] == pytest.approx(
        0.45, abs=0.05
    )  # four islands are enough up to 1
    assert share.blocked["only tokyo"] == pytest.approx(0.5, abs=0.05)
    assert share.alone["tokyo.diet"] == pytest.approx(0.95, abs=0.02)
    assert share.value + sum(share.blocked.values()) == pytest.approx(1)
