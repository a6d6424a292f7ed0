"""``sim explain`` says what one acts on in some twenty lines, in labels; the rest on request."""

from __future__ import annotations

import json

import pytest

LINES = 26
"""Of a hundred letters: about twenty."""


@pytest.fixture(scope="module")
def said(module_run):
    return module_run


@pytest.fixture(scope="module")
def module_run():
    import contextlib
    import io

    from sim.cli import run

    def _run(*words):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            code = run([*map(str, words)])
        return code, out.getvalue()

    return _run


def test_the_shipped_episode_takes_some_twenty_lines(said):
    code, out = said("explain", "kuril/2018")
    lines = out.splitlines()
    assert code == 0
    assert len(lines) <= LINES
    assert max(map(len, lines)) <= 100
    order = [
        "of 2,000 draws", "No treaty is feasible", "Blocked by", "Fails at that treaty",
        "Alone flips the verdict", "The smallest change",
    ]  # fmt: skip
    places = [out.index(words) for words in order]
    assert places == sorted(places)
    for label in (
        "Moscow, demand for recognition -0.0659",
        "Habomai and Shikotan",
        "moscow.demand_weight",
    ):
        assert label in " ".join(out.split())
    assert "Payoff terms" not in out


def test_the_rest_on_request(said):
    short = said("explain", "starts/blank")[1]
    terms = said("explain", "starts/blank", "--terms")[1]
    slacks = said("explain", "starts/blank", "--all-slacks")[1]
    full = said("explain", "starts/blank", "--full")[1]
    assert "Payoff terms of North" in terms
    assert "Gains and slacks" in slacks
    assert not {"Payoff terms", "Gains and slacks", "Assumed, not sourced"} & set(short.split("\n"))
    for words in (
        "Payoff terms of North",
        "Gains and slacks",
        "Ladder: best",
        "Assumed, not sourced",
    ):
        assert words in full
    assert len(short.splitlines()) < len(terms.splitlines()) < len(full.splitlines())


def test_labels_speak_the_language_asked_for(said):
    code, out = said("explain", "kuril/2018", "--lang", "ja", "--terms")
    assert code == 0
    for words in ("歯舞・色丹", "モスクワ", "承認の要求", "Payoff terms of 東京", "国会"):
        assert words in out
    assert "сахалин" not in out.lower()


def test_a_language_that_is_not_there_is_told_in_a_sentence(sim):
    code, out, err = sim("explain", "starts/blank", "--lang", "ja")
    assert (code, out) == (2, "")
    assert "has no labels by language" in err
    code, out, err = sim("explain", "kuril/2018", "--lang", "fr")
    assert (code, out) == (2, "")
    assert "its labels are in en, ja, ru" in err


def test_json_keeps_its_names_and_adds_labels(sim):
    data = json.loads(sim("explain", "kuril/2018", "--json")[1])["verdict"]
    assert data["binding"]["actor"] == "tokyo"
    assert data["best_agreement"].startswith("islands=two")
    assert data["labels"]["moscow"] == "Moscow"
    assert data["labels"]["islands=two"] == "Habomai and Shikotan"


@pytest.mark.parametrize(
    "words", [("starts/blank",), ("kuril/2018", "--set", "tokyo.minimum=0.36")]
)
def test_share_and_verdict_stand_in_the_first_three_lines(said, words):
    """The title, how sure it is, and the answer, before anything else."""
    lines = said("explain", *words)[1].splitlines()[:3]
    assert "of 2,000 draws" in lines[1]
    assert "treaty is feasible" in lines[2]
