"""Labels: where they may stand, what they replace, and that they are text and nothing else."""

from __future__ import annotations

import jsonschema
import pytest
import sim
from sim.labels import NO_LABELS
from sim.loading import loads, schema
from sim.loading.yaml_tree import parse_yaml
from sim.scenario.labelled import labelled_parts

TEXT = """
title: L
actors:
  a: {role: principal, label: {en: Athens, ru: Афины}, short: {en: Ath}}
  b: {role: principal}
  m:
    role: third party
    label: Mediator
    stances: {aloof: {}, pays: {grant: 1, label: the mediator pays}, waits: {label: sits it out}}
issues:
  peace: {label: Peace, no: {}, yes: {signed: 1, label: a treaty, short: signed}}
  land: {none: {}, half: {moved: 0.5}}
outcomes: {treaty: signed}
parameters: {a: {price: {value: 1, range: [0, 2], label: the price}}}
payoffs:
  a: {gain: {formula: 0.5*signed*a.price, label: glory}}
  b: {gain: 0.5*signed}
  m: {x: signed}
domestic: {a: {house: {type: veto_player, utility: signed, label: the House}}}
labels: {domestic.a.house: {ja: 議会}, payoffs.b.gain: quiet}
"""


@pytest.fixture(scope="module")
def book():
    return loads(TEXT).labelled


def test_labels_are_gathered_from_wherever_they_stand(book):
    assert set(book.texts) == {
        "actors.a", "actors.m", "actors.m.stances.pays", "actors.m.stances.waits", "issues.peace",
        "issues.peace.yes",
        "parameters.a.price", "payoffs.a.gain", "payoffs.b.gain", "domestic.a.house",
    }  # fmt: skip
    assert set(book.shorts) == {"actors.a", "issues.peace.yes"}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a", "Athens"),
        ("b", "b"),
        ("peace=yes, land=half", "a treaty, land=half"),
        ("peace=no", "Peace: no"),
        ("a.house", "Athens: the House"),
        ("a.gain", "Athens: gain"),
        ("b.gain", "b.gain"),
        ("only a", "only Athens"),
        ("a.house + a.gain; b.gain", "Athens: the House + Athens: gain; b.gain"),
        ("m=pays", "the mediator pays"),
        ("m=aloof", "Mediator: aloof"),
        ("m=waits", "Mediator: sits it out"),
        ("a.price", "the price"),
        ("status quo", "status quo"),
        ("", ""),
    ],
)
def test_names_of_results_become_labels(book, name, said):
    assert book.say(name) == said


def test_terms_constraints_and_parameters_by_what_is_meant(book):
    assert (book.term("a", "gain"), book.term("b", "gain")) == ("glory", "quiet")
    assert book.constraint("a", "house") == "the House"
    assert book.with_path("a.price") == "the price (a.price)"
    assert book.with_path("b.price") == "b.price"
    assert book.actor("a", short=True) == "Ath"


def test_a_language_falls_back_to_what_there_is(book):
    assert book.languages == ("en", "ja", "ru")
    russian = book.speaking("ru")
    assert (russian.actor("a"), russian.say("peace=yes")) == ("Афины", "a treaty")
    assert book.speaking("ja").constraint("a", "house") == "議会"


def test_a_language_that_no_label_has_is_refused():
    with pytest.raises(sim.SimError, match="does not speak 'fr': its labels are in en, ja, ru"):
        loads(TEXT).speaking("fr")
    with pytest.raises(sim.SimError, match="it has no labels by language"):
        loads("{strategic: {actors: {a: [x], b: [y]}, payoffs: [[[1, 2]]]}}").speaking("en")


def test_labels_change_no_answer():
    bare = loads("\n".join(line for line in TEXT.splitlines() if not line.startswith("labels")))
    plain = TEXT.replace("label: ", "note: ")
    assert sim.explain(loads(TEXT), draws=64).margin == sim.explain(bare, draws=64).margin
    assert plain != TEXT


def test_a_file_without_labels_says_its_names():
    scenario = sim.load("controls/russia-norway-2010")
    assert scenario.labelled is NO_LABELS
    assert scenario.labelled.say("oslo.gain, x=y") == "oslo.gain, x=y"


def test_what_a_run_stores_has_the_labels():
    scenario = loads(TEXT)
    assert loads(scenario.resolved).labelled.to_dict() == scenario.labelled.to_dict()


def test_an_episode_keeps_the_label_of_a_term_whose_formula_it_changes(tmp_path):
    (tmp_path / "base.yaml").write_text(TEXT, encoding="utf-8")
    (tmp_path / "e.yaml").write_text("{extends: base.yaml, payoffs: {a: {gain: 2*signed}}}")
    scenario = sim.load(tmp_path / "e.yaml")
    assert scenario.document.payoffs["a"]["gain"].text == "2*signed"
    assert scenario.labelled.term("a", "gain") == "glory"


@pytest.mark.parametrize("key", ["label", "short"])
def test_an_attribute_or_a_position_may_be_called_so(key):
    text = "{issues: {peace: {no: {}, %s: {signed: 1, %s: 2}}}, outcomes: {treaty: signed},"
    text += " actors: {a: {role: principal}, b: {role: principal}},"
    text += " payoffs: {a: {x: signed*%s}, b: {x: signed}}}"
    scenario = loads(text % (key, key, key))
    assert list(scenario.document.issues["peace"]) == ["no", key]
    assert scenario.document.issues["peace"][key][key] == 2


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("ru: Афины", "russian: Афины", "'russian' is not a language code"),
        ("label: Peace", "label: ''", "an empty label names nothing"),
        ("label: the price", f"label: {'x ' * 100}x", "a label of 201 letters"),
        ("label: the price", f"label: {'x' * 41}", "a word of 41 letters fits on no line"),
        ("label: glory", "lable: glory", "'lable' is not part of a term"),
        ("payoffs.b.gain: quiet", "payoffs.b.gian: quiet", "did you mean 'payoffs.b.gain'"),
        ("label: the House", "label: [the House]", "a text is needed here"),
        ("formula: 0.5*signed*a.price", "text: signed", "'text' is not part of a term"),
    ],
)
def test_what_is_no_label_is_refused_where_it_stands(before, after, said):
    assert before in TEXT
    with pytest.raises(sim.ScenarioError) as caught:
        loads(TEXT.replace(before, after))
    (problem,) = caught.value.problems
    assert said in problem.message
    assert problem.line is not None


def test_the_schema_takes_labels():
    data = parse_yaml(TEXT, "t").data
    assert not [*jsonschema.Draft202012Validator(schema()).iter_errors(data)]


@pytest.mark.parametrize("name", ["kuril/2018", "kuril/horizon"])
def test_kuril_files_are_labelled_in_three_languages(name):
    """Every actor, issue, position, stance, term, constraint, factor and level has all three."""
    scenario = sim.load(name)
    document, book = scenario.document, scenario.labelled
    wanted = {p for p in labelled_parts(document) if not p.startswith("parameters.")}
    missing = {p for p in wanted if set(book.texts.get(p, {})) != {"en", "ja", "ru"}}
    assert missing == set()
