"""What must not move a verdict, and what may move it in one direction only."""

import itertools
import random
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sim.feasibility import RUNGS, evaluate, prepare
from sim.feasibility.views import needed
from sim.loading import loads

GAMES = (
    "",
    "[{offer: tokyo}, {reply: moscow}]",
    "[washington.stance, {offer: moscow}, {reply: tokyo}, ratify]",
    "[{offer: tokyo}, {reply: moscow}, {ratify: {noise: 0.7}}]",
    "demand",
    "strategic",
    "offer_reply",
)
PUSHES = np.array([[-2.0, -1.0, 0.0, 1.0, 2.0]])
some_disputes = st.builds(
    dict,
    seed=st.integers(0, 10**6),
    stances=st.sampled_from([(2,), (2, 2)]),
    agreements=st.integers(2, 4),
    rungs=st.sampled_from([(), ("home",), ("home", "abroad", "enforcement")]),
    game=st.sampled_from(GAMES),
)
few = settings(max_examples=20, deadline=None)


def answer(text, pushes=PUSHES):
    """Everything that a verdict rests on, by labels, so that no order can show."""
    problem = prepare(loads(text), ["push"])
    found = evaluate(problem, pushes)
    ladder, dispute = found.ladder, problem.dispute
    out = []
    for k in range(pushes.shape[1]):
        row = {
            "margin": round(float(ladder.margin[k]), 9) + 0.0,
            "every": round(float(ladder.margin_in_every[k]), 9) + 0.0,
            "rung": int(found.rung[k]),
            "slack": round(float(ladder.binding_slack[k]), 9) + 0.0,
            "ties": int(ladder.ties[k]),
            "exact": bool(ladder.exact[k]),
        }
        if found.prediction is not None:
            row["outcomes"] = int(found.prediction.count[k])
            row["treaty"] = bool(found.prediction.treaty[k])
            row["sure"] = bool(found.prediction.in_every[k])
        if ladder.ties[k] == 1:
            row["best"] = dispute.space.label(int(ladder.agreement[k]))
        out.append(row)
    return out


@few
@given(
    data=some_disputes,
    factor=st.sampled_from([1e-9, 0.001, 3.0, 1e9]),
    constant=st.sampled_from([0.0, 17.0, -1e3]),
    which=st.integers(0, 3),
)
def test_rescaling_the_payoffs_of_one_actor_changes_nothing(tables, data, factor, constant, which):
    t = tables(**data)
    actors = list(t.payoffs)
    actor = actors[which % len(actors)]
    moved = t.text(factor={actor: factor}, constant={actor: constant * factor})
    assert answer(moved) == answer(t.text())


@few
@given(data=some_disputes, rung=st.sampled_from(["home", "abroad", "enforcement"]))
def test_a_constraint_that_always_holds_changes_nothing(tables, data, rung):
    t = tables(**data)
    loose = dict.fromkeys(t.cells, 1000)
    constraints = {**t.constraints, ("moscow", "loose", rung): loose}
    assert answer(t.with_(constraints=constraints).text()) == answer(t.text())


@few
@given(data=some_disputes, by=st.sampled_from([1, 2, 5]), pick=st.integers(0, 5))
def test_tightening_a_constraint_never_raises_the_margin_or_the_rung(tables, data, by, pick):
    """Without a game: where one commits third parties, a constraint may commit them to other stances."""
    t = tables(**{**data, "rungs": data["rungs"] or ("home",), "game": ""})
    name = list(t.constraints)[pick % len(t.constraints)]
    tight = {cell: value - by for cell, value in t.constraints[name].items()}
    harder = answer(t.with_(constraints={**t.constraints, name: tight}).text())
    for before, after in zip(answer(t.text()), harder, strict=True):
        assert after["margin"] <= before["margin"]
        assert after["every"] <= before["every"]
        assert min(after["rung"], len(RUNGS)) <= min(before["rung"], len(RUNGS))


@few
@given(data=some_disputes)
def test_a_ban_on_every_treaty_makes_the_margin_negative(tables, data):
    ban = "domestic: {moscow: {ban: {type: legal_ban, bans: signed, hard: 2}}}"
    t = tables(**{**data, "rungs": ()})
    for row in answer(t.with_(extra=ban).text()):
        assert row["margin"] <= -2


@few
@given(data=some_disputes, seed=st.integers(0, 1000))
@example(
    data={"seed": 754, "stances": (2, 2), "agreements": 4, "rungs": (), "game": GAMES[1]}, seed=0
)
def test_the_order_of_actors_and_constraints_changes_nothing(tables, data, seed):
    t = tables(**{**data, "principals": 3 if not data["game"] else 2})
    rng = random.Random(seed)
    shuffled = lambda d: dict(rng.sample(list(d.items()), len(d)))  # noqa: E731
    first = t.principals[0]
    third = list(t.stances)
    order = rng.sample(range(len(third)), len(third))
    turn = lambda table: {(a, tuple(s[j] for j in order)): v for (a, s), v in table.items()}  # noqa: E731
    moved = t.with_(
        stances={third[j]: t.stances[third[j]] for j in order},
        payoffs=shuffled({actor: turn(table) for actor, table in t.payoffs.items()}),
        constraints=shuffled({key: turn(table) for key, table in t.constraints.items()}),
    ).text()
    lines = moved.splitlines()
    roles = [line for line in lines if "role:" in line]
    places = [k for k, line in enumerate(lines) if "role:" in line]
    if data["game"] != "offer_reply":
        for k, line in zip(places, rng.sample(roles, len(roles)), strict=True):
            lines[k] = line
    assert first in moved
    assert answer("\n".join(lines)) == answer(t.text())


@few
@given(data=some_disputes, seed=st.integers(0, 1000))
def test_the_order_of_agreements_after_the_status_quo_changes_nothing(tables, data, seed):
    t = tables(**data)
    lines = t.text().splitlines()
    places = [k for k, line in enumerate(lines) if line.startswith("    p") and "economy" in line]
    later = places[1:]
    for k, source in zip(later, random.Random(seed).sample(later, len(later)), strict=True):
        lines[k] = t.text().splitlines()[source]
    assert answer("\n".join(lines)) == answer(t.text())


@few
@given(data=some_disputes)
def test_a_treaty_that_everybody_rejects_changes_no_margin(tables, data):
    """Added: a treaty that gives everyone the worst payoff and breaks every constraint by far."""
    t = tables(**{**data, "game": "", "rungs": data["rungs"] or ("home",)})
    new = len(t.treaties)
    worst = {
        actor: {**table, **{(new, s): min(table.values()) for s in t.profiles}}
        for actor, table in t.payoffs.items()
    }
    broken = {
        key: {**table, **{(new, s): -1000 for s in t.profiles}}
        for key, table in t.constraints.items()
    }
    more = t.with_(treaties=(*t.treaties, True), payoffs=worst, constraints=broken)
    for before, after in zip(answer(t.text()), answer(more.text()), strict=True):
        assert after["margin"] == before["margin"]
        assert after["every"] == before["every"]


FILE = """
parameters: {{{parameters}}}
issues: {{{issues}}}
attributes: {{area: (95*habomai + 251*shikotan) / 346}}
outcomes: {{treaty: signed == 1, interim: trade > 0}}
rule_out: [{rules}]
actors: {{tokyo: {{role: principal}}, moscow: {{role: principal}}}}
payoffs:
  tokyo: {{land: value * area, peace: 0.2*signed - 0.1*signed*area}}
  moscow: {{land: -holding * area + 0.3*trade, peace: 0.15*signed}}
domestic: {{moscow: {{duma: {{type: public_opinion, support: 1 - area/2, threshold: line}}}}}}
game: [{{offer: tokyo}}, {{reply: moscow}}, ratify]
"""
PARAMETERS = ["value: 1.0", "holding: 0.4", "line: 0.6", "push: 0"]
ISSUES = [
    "islands: {none: {}, one: {habomai: 1}, two: {habomai: 1, shikotan: 1}}",
    "peace: {no: {}, yes: {signed: 1}}",
    "economy: {old: {}, new: {trade: 1}}",
]
RULES = ["area > 0 and not signed", "trade > 0 and area == 1"]


def read(parameters, issues, rules):
    join = ", ".join
    return loads(FILE.format(parameters=join(parameters), issues=join(issues), rules=join(rules)))


def by_words(scenario):
    """Margin, binding constraint and the agreements predicted and best, as sets of positions."""
    problem = prepare(scenario)
    found = evaluate(problem, np.zeros((0, 1)))
    space = problem.dispute.space
    words = lambda k: frozenset(space.label(int(k)).split(", "))  # noqa: E731
    return (
        round(float(found.ladder.margin[0]), 12),
        words(found.ladder.agreement[0]),
        found.ladder.labels[int(found.ladder.binding[0])],
        words(found.prediction.agreement[0]),
        int(found.prediction.count[0]),
        frozenset(map(words, range(len(space)))),
    )


@pytest.mark.parametrize("issues", list(itertools.permutations(ISSUES)))
def test_the_order_of_issues_changes_nothing(issues):
    assert by_words(read(PARAMETERS, issues, RULES)) == by_words(read(PARAMETERS, ISSUES, RULES))


@pytest.mark.parametrize("seed", range(6))
def test_the_order_of_parameters_and_rules_changes_nothing(seed):
    rng = random.Random(seed)
    moved = read(rng.sample(PARAMETERS, 4), ISSUES, rng.sample(RULES, 2))
    assert by_words(moved) == by_words(read(PARAMETERS, ISSUES, RULES))


def test_which_status_quo_is_named_does_not_depend_on_the_other_points_of_a_batch():
    """Status quos that are equal at a point, of which others of the batch tell one or the other apart."""
    rng = np.random.default_rng(3)
    for _ in range(200):
        one = rng.integers(0, 4, (int(rng.integers(2, 8)), 1, 6)).astype(float)
        table = np.concatenate([one, one + rng.integers(0, 2)], axis=1)
        possible = rng.random((len(table), 6)) < 0.8
        together = needed(views_of(table, possible))
        kept = {view.number for view in together}
        for p in range(6):
            alone = needed(views_of(table[..., p : p + 1], possible[:, p : p + 1]))
            for view in alone:
                if view.possible.any():
                    assert view.number in kept


def views_of(table, possible):
    """Views that are worth so much to the principals, ``(views, principals, batch)``, and possible there."""
    cells = SimpleNamespace(batch=SimpleNamespace(size=table.shape[-1]), payoffs=[*"ab"])
    return [
        SimpleNamespace(cells=cells, possible=p, number=k, base=own.__getitem__)
        for k, (own, p) in enumerate(zip(table, possible, strict=True))
    ]
