"""What a verdict rests on, what the game requires, and that verdict and prediction do not contradict each
other."""

from pathlib import Path

import numpy as np
import pytest
import sim
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.feasibility import evaluate, prepare
from sim.feasibility.words import sentences
from sim.loading import loads

DISPUTES = Path(__file__).parents[1] / "disputes"
PAID = (DISPUTES / "mediator-pays.yaml").read_text()

COERCED = (DISPUTES / "hegemon-coerces.yaml").read_text()

RENEGED = """
issues: {border: {open: {}, park: {settled: 1}}}
outcomes: {treaty: settled}
actors: {quito: {role: principal}, lima: {role: principal}}
payoffs: {quito: {peace: 0.3*settled}, lima: {peace: 0.5*settled}}
game:
  - offer: lima
  - reply: quito
  - {implement: lima, reneging: {lima: "0.1*settled", quito: "-0.4*settled"}}
"""

CONSENT = """
issues: {deal: {none: {}, bases: {signed: 1}}}
outcomes: {treaty: signed}
actors: {a: {role: principal}, b: {role: principal}, c: {role: third party, stances: {calm: {}}}}
payoffs: {a: {x: signed}, b: {x: signed}, c: {x: 0*signed}}
abroad: {c: {nod: {type: consent, clause: signed, gain: -0.25}}}
game: GAME
"""


def verdict(text, game=""):
    return sim.explain(loads(text.replace("GAME", game)), with_thresholds=False)


def test_a_mediator_who_pays_first():
    """Under 'pays' b gains 0.2 - 0.1 of a spread of 0.2 (payoffs -0.1, 0, 0.1)."""
    found = verdict(PAID)
    assert (found.feasible, found.rung) == (True, "feasible and predicted")
    assert found.margin == pytest.approx(0.5)
    assert found.rests_on == ("mediator pays (chosen before signature)",)
    assert found.to_dict()["rests_on"] == list(found.rests_on)
    assert "It rests on: mediator pays (chosen before signature)." in sentences(found)


def test_a_mediator_who_would_pay_only_afterwards():
    """Once the treaty is signed the mediator keeps its money, so b loses 0.1 of 0.2."""
    found = verdict(PAID.replace("offer_reply", "ultimatum"))
    assert (found.feasible, found.rung, found.rests_on) == (False, "mutual gain", ())
    assert found.margin == pytest.approx(-0.5)
    assert found.predicted["outcome_class"] == "none"


def test_a_hegemon_that_commits_itself_to_sanctions():
    """Without the treaty b is punished by 0.3, with it b loses 0.1; its payoffs spread over 0.3."""
    found = verdict(COERCED)
    assert (found.feasible, found.rung) == (True, "feasible and predicted")
    assert found.margin == pytest.approx(2 / 3)
    assert found.rests_on == ("hegemon sanctions (chosen before signature)",)


def test_frontiers_know_of_commitments():
    """b gains by the paid treaty up to a cost of 0.2, and by the coerced one up to 0.3."""
    for text, at in ((PAID, 0.2), (COERCED, 0.3)):
        for of in ("margin", "mutual gain"):
            (crossing,) = sim.frontier(loads(text), vary={"b.cost": (0.0, 0.5)}, of=of).crossings
            assert crossing.at == pytest.approx(at, abs=1e-6)


def test_feasible_but_not_what_the_game_leads_to():
    """Lima gains 0.1 by reneging, which would cost Quito 0.4 of the 0.3 that it gains."""
    found = verdict(RENEGED)
    first = " ".join(list(sentences(found))[:3])
    assert (found.feasible, found.rung) == (True, "predicted")
    assert "A treaty is feasible, but not what the game leads to" in first
    assert "lima would renege on park, so quito would not accept it" in first


@pytest.mark.parametrize(
    ("game", "predicted"),
    [
        ("[{offer: a}, {reply: b}]", "none"),
        ("{stages: [{offer: a}, {reply: b}], requires: [home]}", "treaty"),
        ("{protocol: offer_reply, requires: []}", "treaty"),
        ("offer_reply", "none"),
        ("demand", "none"),
    ],
)
def test_the_game_enforces_what_no_move_can_break(game, predicted):
    found = verdict(CONSENT, game)
    assert (found.feasible, found.rung) == (False, "accepted abroad")
    assert found.predicted["outcome_class"] == predicted
    assert found.difference == (
        "the game does not play 'accepted abroad'" if predicted == "treaty" else ""
    )


def test_the_best_treaty_is_not_dominated():
    """a gains 0.1 of 1 either way, b 1; sharing data gives c 1 of 1 instead of 0.3."""
    text = """
issues: {border: {open: {}, settled: {agreed: 1}}, data: {secret: {}, shared: {data: 1}}}
outcomes: {treaty: agreed}
actors: {a: {role: principal}, b: {role: principal}, c: {role: principal}}
payoffs:
  a: {peace: 0.1*agreed, cost: -0.9*data*(1 - agreed)}
  b: {peace: 0.5*agreed}
  c: {peace: 0.3*agreed, data: 0.7*data}
game: [offer: a, reply: b, reply: c]
"""
    found = verdict(text)
    assert found.best_agreement == found.predicted["agreement"] == "border=settled, data=shared"
    assert found.ties == ("border=settled", "border=settled, data=shared")


def test_without_a_game_nothing_is_predicted():
    text = RENEGED[: RENEGED.index("game:")]
    assert verdict(text).rung == "feasible"


def test_a_sum_that_is_zero_but_for_rounding_is_a_knife_edge():
    text = RENEGED[: RENEGED.index("game:")].replace("0.3*settled", "(0.1 + 0.2 - 0.3)*settled")
    found = verdict(text)
    assert (found.feasible, found.margin) == (None, 0.0)


GAMES = (
    "[{offer: tokyo}, {reply: moscow}]",
    "[washington.stance, {offer: moscow}, {reply: tokyo}, ratify]",
    "[washington.stance, {offer: tokyo}, {reply: moscow}, beijing.stance, ratify]",
    "[{offer: tokyo}, {reply: moscow}, washington.stance, beijing.stance, ratify]",
    "[{offer: tokyo}, {reply: moscow}, {offer: moscow}, {reply: tokyo}]",
    "offer_reply",
    "demand",
    "strategic",
)
PUSHES = np.array([[-2.0, -1.0, 0.0, 1.0, 2.0]])
disputes = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 10**6),
        "stances": st.sampled_from([(2, 2), (3, 2)]),
        "agreements": st.integers(2, 4),
        "rungs": st.sampled_from([(), ("home",), ("home", "abroad", "enforcement")]),
        "game": st.sampled_from(GAMES),
    }
)


def passes_where_predicted(tables, data):
    """Whether a treaty is predicted and kept anywhere; where it is, it passes every rung."""
    problem = prepare(loads(tables(**data).text()), ["push"])
    found = evaluate(problem, PUSHES)
    treaty = found.prediction.treaty
    assert (found.ladder.margin[treaty] >= 0).all(), data
    assert (found.rung[treaty] == len(sim.feasibility.RUNG_NAMES) - 1).all(), data
    return treaty.any()


@settings(max_examples=40, deadline=None)
@given(data=disputes)
def test_a_treaty_that_is_predicted_and_kept_passes_every_rung(tables, data):
    passes_where_predicted(tables, data)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(20))
def test_predicted_treaties_pass_on_many_disputes(tables, block):
    rng = np.random.default_rng(block)
    pick = lambda options: options[rng.integers(len(options))]  # noqa: E731
    found = [
        passes_where_predicted(
            tables,
            {
                "seed": int(rng.integers(10**6)),
                "principals": 2,
                "stances": pick([(2, 2), (3, 2)]),
                "agreements": int(rng.integers(2, 5)),
                "rungs": pick([(), ("home",), ("abroad",), ("home", "abroad", "enforcement")]),
                "game": pick(GAMES),
            },
        )
        for _ in range(100)
    ]
    assert any(found)


def with_ruin(t, kind):
    """The dispute with one more agreement, or stance, that brings -1e9 to everybody whom it concerns."""
    ruin = -(10**9)
    if kind == "agreement":
        new = len(t.treaties)
        more = {(new, s): ruin for s in t.profiles}
        payoffs = {actor: {**table, **more} for actor, table in t.payoffs.items()}
        slacks = {
            key: {**table, **{(new, s): -1 for s in t.profiles}}
            for key, table in t.constraints.items()
        }
        return t.with_(treaties=(*t.treaties, True), payoffs=payoffs, constraints=slacks)
    actor, count = next(iter(t.stances.items()))
    wide = t.with_(stances={**t.stances, actor: count + 1})
    same = lambda s: (min(s[0], count - 1), *s[1:])  # noqa: E731
    payoffs = {
        who: {
            (a, s): ruin if who == actor and s[0] == count else table[a, same(s)]
            for a, s in wide.cells
        }
        for who, table in t.payoffs.items()
    }
    slacks = {
        key: {(a, s): table[a, same(s)] for a, s in wide.cells}
        for key, table in t.constraints.items()
    }
    return wide.with_(payoffs=payoffs, constraints=slacks)


@settings(max_examples=40, deadline=None)
@given(data=disputes, kind=st.sampled_from(["agreement", "stance"]))
def test_an_outcome_that_nobody_would_choose_changes_nothing(tables, data, kind):
    """Payoffs differ by 1 at least: a tolerance of 1e-9 of the whole spread would swallow them."""
    t = tables(**data)
    answers = []
    for one in (t, with_ruin(t, kind)):
        found = evaluate(prepare(loads(one.text()), ["push"]), PUSHES)
        if not found.ladder.exact.all():  # stand-ins are compared in units of the spread
            return
        answers.append(
            (
                np.sign(found.ladder.margin),
                found.rung,
                found.prediction.count,
                found.prediction.treaty,
            )
        )
    for before, after in zip(*answers, strict=True):
        assert np.array_equal(before, after)
