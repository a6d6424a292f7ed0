"""Types, priors and messages in a file: what is refused, with its line; what is only noted."""

from __future__ import annotations

import pytest
import sim
from sim.errors import NotDefinedError, ScenarioError, UsageError
from sim.scenario.private.profiles import known, profiles_of

GOOD = """\
parameters:
  hardliners: {value: 0.4, range: [0, 1]}
  moscow: {red_line: 0.3, face: 0.1}
  tokyo: {need: 0.5}
  vowed: 0
issues: {islands: {none: {}, two: {area: 0.4, signed: 1}, four: {area: 1, signed: 1}}}
outcomes: {treaty: signed}
actors:
  moscow:
    role: principal
    types:
      hard: {chance: hardliners, set: {moscow.red_line: 0.2}}
      soft: {chance: 1 - hardliners, set: {moscow.red_line: 0.5}}
  tokyo: {role: principal}
payoffs:
  moscow: {peace: 0.3*signed, land: -0.2*area, face: -moscow.face*vowed*area}
  tokyo: {land: area, peace: tokyo.need*signed - 0.1}
domestic:
  moscow: {line: {type: veto_player, utility: moscow.red_line - area}}
  tokyo: {diet: {type: veto_player, utility: area - 0.3}}
game:
  - {signal: moscow, messages: {silent: {}, vow: {vowed: 1}}}
  - {offer: tokyo}
  - {reply: moscow}
  - ratify
"""


def errors(*changes):
    text = GOOD
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    with pytest.raises(ScenarioError) as caught:
        sim.loads(text, origin="x.yaml")
    return str(caught.value)


TYPES = "hard: {chance: hardliners, set: {moscow.red_line: 0.2}}"
REFUSED = [
    (("1 - hardliners", "0.5"), "x.yaml:12:7", "chances of moscow's types add up to 0.9, not to 1"),
    (
        ("chance: hardliners", "chance: 1.4"),
        "x.yaml:12",
        "1.4 is not a probability: it must be between 0",
    ),
    (("chance: hardliners, ", ""), "x.yaml:12", "its 'chance' is missing"),
    (
        ("red_line: 0.2}", "red_lin: 0.2}"),
        "x.yaml:12",
        "unknown parameter 'moscow.red_lin'; did you mean 'moscow.red_line'",
    ),
    (
        ("utility: area - 0.3", "utility: area - moscow.red_line"),
        "x.yaml:20",
        "domestic.tokyo.diet.utility: reads 'moscow.red_line', which only moscow knows",
    ),
    (
        ("vow: {vowed: 1}", "vow: {by: [], vowed: 1}"),
        "x.yaml:22",
        "game.0.messages.vow: nobody can send it",
    ),
    (
        ("vow: {vowed: 1}", "vow: {by: [hardd], vowed: 1}"),
        "x.yaml:22",
        "'hardd' is not a type of moscow; did you mean 'hard'?",
    ),
    (
        ("silent: {}, vow: {vowed: 1}", "vow: {by: [hard], vowed: 1}"),
        "x.yaml:22",
        "moscow of type 'soft' can send none of these messages",
    ),
    (
        ("vow: {vowed: 1}", "vow: {vowd: 1}"),
        "x.yaml:22",
        "unknown parameter 'vowd'; did you mean 'vowed'?",
    ),
    (
        ("vow: {vowed: 1}", "vow: {moscow.red_line: 1}"),
        "x.yaml:22",
        "'moscow.red_line' is set by a message, which all see, and by the types of moscow",
    ),
    (
        ("{treaty: signed}", "{treaty: signed and area > moscow.red_line - 9}"),
        "x.yaml:12",
        "'moscow.red_line' decides which agreements exist or how they are classed; it must be known",
    ),
    (
        ("{signal: moscow, messages: {silent: {}, vow: {vowed: 1}}}", "{signal: moscow}"),
        "x.yaml:22",
        "what moscow can say",
    ),
    (
        ("chance: hardliners,", "chance: area,"),
        "x.yaml:12",
        "'area' cannot be used here: only parameters",
    ),
    (
        ("game:", "prior: [{moscow: hard, chance: 0.4}, {moscow: soft, chance: 0.6}]\ngame:"),
        "x.yaml:12",
        "'prior' gives the chances already",
    ),
]


@pytest.mark.parametrize(("change", "place", "words"), REFUSED)
def test_what_is_refused_names_its_line(change, place, words):
    found = errors(change)
    assert place in found, found
    assert words in found, found


def test_chances_that_do_not_add_up_after_a_value_was_set():
    text = GOOD.replace("1 - hardliners", "0.6")
    with pytest.raises(UsageError, match=r"add up to 1\.1"):
        sim.explain(sim.loads(text).at({"hardliners": 0.5}))


def test_a_prior_must_name_every_actor_and_each_combination_once():
    two = ("  tokyo: {role: principal}", "  tokyo: {role: principal, types: {eager: {}, calm: {}}}")
    bare = [("chance: hardliners, ", ""), ("chance: 1 - hardliners, ", "")]
    rows = [
        "{moscow: hard, tokyo: eager, chance: 0.5}",
        "{moscow: hard, tokyo: eager, chance: 0.25}",
        "{moscow: soft, chance: 0.1}",
    ]
    found = errors(two, *bare, ("game:", f"prior: [{', '.join(rows)}]\ngame:"))
    assert "prior.1: this combination stands above already" in found
    assert "prior.2: it does not say which type tokyo is" in found
    assert "the chances of the prior add up to 0.85, not to 1" in found


def test_correlated_types_and_what_is_left_out():
    text = GOOD.replace("chance: hardliners, ", "").replace("chance: 1 - hardliners, ", "")
    text = text.replace(
        "  tokyo: {role: principal}",
        "  tokyo: {role: principal, types: {eager: {set: {tokyo.need: 1}}, calm: {}}}",
    )
    rows = [
        "{moscow: hard, tokyo: eager, chance: hardliners}",
        "{moscow: soft, tokyo: calm, chance: 1 - hardliners}",
    ]
    scenario = sim.loads(text.replace("game:", f"prior: [{', '.join(rows)}]\ngame:"))
    found = profiles_of(scenario)
    assert [(p.label, round(p.chance, 12)) for p in found] == [
        ("moscow hard, tokyo eager", 0.4),
        ("moscow soft, tokyo calm", 0.6),
    ]
    assert found[0].set == {"moscow.red_line": 0.2, "tokyo.need": 1.0}


def test_types_that_no_one_can_tell_apart_are_noted(tmp_path):
    path = tmp_path / "alike.yaml"
    path.write_text(GOOD.replace("red_line: 0.5", "red_line: 0.2"), encoding="utf-8")
    found = sim.check(path)
    assert found.ok
    assert "no one can tell the types 'hard' and 'soft' apart" in str(found)


def test_types_and_dynamics_exclude_each_other():
    text = GOOD + (
        "dynamics:\n  period: {start: 2026, years: 1}\n  discount: {moscow: 0.9, tokyo: 0.9}\n"
        "  world: {war: {now: yes, levels: {yes: {}, no: {}}, moves: {yes: {no: 0.1}}}}\n"
    )
    with pytest.raises(ScenarioError, match="a forecast knows neither"):
        sim.loads(text)


def test_a_type_that_is_known_is_the_plain_dispute():
    scenario = sim.loads(GOOD)
    hard, soft = (known(scenario, profile) for profile in profiles_of(scenario))
    assert not hard.document.private
    assert sim.explain(hard, draws=0, with_thresholds=False).feasible is False
    assert sim.explain(soft, draws=0, with_thresholds=False).feasible is True


@pytest.mark.parametrize(
    "ask",
    [
        lambda s, d: sim.sweep(s, vary={"hardliners": (0, 1, 3)}, out=d / "run"),
        lambda s, d: sim.smallest_change(s),
        lambda s, d: sim.report(s, out=d / "page.html"),
        lambda s, d: sim.solve(s, "subgame_perfect"),
        lambda s, d: sim.solve(s, "nash_bargaining"),
        lambda s, d: sim.compare([s, sim.load("classics/fearon-crisis")]),
        lambda s, d: sim.explore(s),
        lambda s, d: sim.sweep(s, vary={"hardliners": (0, 1, 3)}, concept="pure_nash"),
    ],
    ids=["sweep", "change", "report", "perfect", "bargaining", "compare", "explore", "concept"],
)
def test_what_knows_no_private_information_refuses(ask, tmp_path):
    with pytest.raises(NotDefinedError, match="private information"):
        ask(sim.loads(GOOD), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_dispute_with_types_and_no_game_has_its_ladders_alone():
    text = GOOD[: GOOD.index("game:")]
    found = sim.explain(sim.loads(text)).private
    assert found.prediction is None
    assert [one.verdict.feasible for one in found.types] == [False, True]
    assert found.feasible == 0.6
    assert found.treaty is None
    assert found.to_dict()["prediction"] is None


def test_without_private_information_nothing_is_lost():
    """Messages of an actor without types: the game is that of complete information, and is told as such."""
    text = GOOD.replace("      hard: {chance: hardliners, set: {moscow.red_line: 0.2}}\n", "")
    text = text.replace("      soft: {chance: 1 - hardliners, set: {moscow.red_line: 0.5}}\n", "")
    text = text.replace("    types:\n", "").replace("red_line: 0.3", "red_line: 0.5")
    found = sim.explain(sim.loads(text)).private
    (outcome,) = {one.treaty for one in found.prediction.outcomes}
    assert outcome == 1.0
    assert found.known_treaty == (1.0, 1.0)
    assert "costs" not in " ".join(found.sentences())
