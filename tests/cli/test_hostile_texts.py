"""Texts of a file that would be more than texts: codes for terminals, markup, formulas, tags, emoji."""

from __future__ import annotations

import re
import unicodedata
from xml.etree import ElementTree

import pytest
from sim.plots import PLOTS

ESC = r"\e[31m\e]0;owned\a\e[2J\x9b1A"
SHORT = r"\e[3m $x^ <script>s"
HOSTILE = (
    f"{ESC}[bold red]b[/] [/x] $\\\\frac{{1}}$ <script>s</script> :warning: \\u202egnp \\0 _u =1+1"
)
DISPUTE = """
title: "TITLE"
description: "TITLE"
parameters:
  p: {value: 0.5, range: [0, 1], unit: "TITLE", source: "TITLE", note: "TITLE"}
  q: {value: 0.3, range: [0.1, 0.9], unit: "TITLE"}
issues:
  river: {none: {}, "half TITLE": {flow: 0.5}, most: {flow: 0.8, far: 1}}
  "peace TITLE": {no: {}, yes: {signed: 1}}
outcomes: {treaty: signed}
rule_out: [flow > 0 and not signed]
observed: {outcome: treaty, source: "TITLE"}
actors: {up: {role: principal, note: "TITLE"}, down: {role: principal}}
payoffs:
  up: {"term TITLE": p*flow - 0.4*far}
  down: {peace: 0.2*signed - q*far}
domestic: {up: {"house TITLE": {type: veto_player, utility: flow - 0.1, note: "TITLE"}}}
game: [offer: up, reply: down]
sweeps: {map: {vary: {p: [0, 1, 3], q: [0.1, 0.9, 3]}, note: "TITLE"}}
"""


@pytest.fixture
def hostile(folder):
    text = DISPUTE.replace("TITLE", HOSTILE.replace('"', "'"))
    (folder / "given").mkdir()
    (folder / "given" / "x.yaml").write_text(text, encoding="utf-8")
    return "given/x.yaml"


@pytest.fixture
def drawn(folder):
    (folder / "given").mkdir()
    (folder / "given" / "x.yaml").write_text(DISPUTE.replace("TITLE", SHORT), encoding="utf-8")
    return "given/x.yaml"


def is_plain(text: str) -> bool:
    return all(c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs") for c in text) and (
        "\u202e" not in text
    )


WORDS = (
    "check FILE", "solve FILE", "explain FILE --pairs 2", "solve FILE --json", "list parameters FILE",
    "frontier FILE --vary p", "sweep FILE --out run", "analyse run", "backcast given --points 4",
    "export FILE --to efg", "explain FILE --set p[bold]=1", "explain FILE[/bold]", "slove[/]",
)  # fmt: skip


def test_no_verb_lets_a_code_through_or_loses_a_text(sim, hostile):
    shown = ""
    for words in WORDS:
        code, out, err = sim(*words.replace("FILE", hostile).split())
        assert code in (0, 2), (words, err)
        assert is_plain(out + err), words
        shown += out + err
    for text in ("[bold red]b[/]", "[/x]", ":warning:", r"\x1b[31m", "$\\frac{1}$", "'p[bold]'"):
        assert text in shown.replace("\n", " "), text
    assert "\u26a0" not in shown


def test_a_page_shows_texts_as_texts(sim, hostile, folder):
    assert sim("report", hostile, "--out", "r.html")[0] == 0
    page = (folder / "r.html").read_text(encoding="utf-8")
    assert is_plain(page)
    assert "<script>s" not in page
    assert "&lt;script&gt;s" in page


@pytest.mark.parametrize("kind", ["svg", pytest.param("pdf", marks=pytest.mark.slow)])
def test_figures_show_texts_as_texts(sim, drawn, folder, kind):
    sim("sweep", drawn, "--out", "run")
    count = 0
    for name, plot in PLOTS.items():
        needs = plot.needs
        source = "run" if needs == "run" else "given" if needs == "scoreboard" else drawn
        if needs in ("run", "verdict", "scoreboard", "win-sets"):
            code, _, err = sim("plot", name, source, "--out", f"{name}.{kind}")
            assert code == 0, err
            count += 1
            if kind == "svg":
                text = (folder / f"{name}.svg").read_text(encoding="utf-8")
                assert is_plain(text)
                ElementTree.fromstring(text)
                assert not re.search(r"<script", text)
    assert count > 5


def test_letters_that_no_font_has_are_named_once(sim, folder):
    text = (folder / "dispute.yaml").read_text()
    (folder / "tangut.yaml").write_text(
        text.replace("two: {area", "\U00017000: {area").replace("four: {area", "\U00017001: {area"),
        encoding="utf-8",
    )
    with pytest.warns(UserWarning) as told:
        assert sim("plot", "win_sets", "tangut.yaml", "--out", "x.png")[0] == 0
    words = {str(w.message) for w in told}
    assert len(words) == 1, words
    assert "drawn as boxes: install one that does" in words.pop()
