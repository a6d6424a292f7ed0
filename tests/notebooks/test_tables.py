"""Records in a notebook: they render as HTML, say what they hold, and escape every text."""

from html.parser import HTMLParser
from typing import Any

import pytest
import sim

MARKUP = "<script>alert(1)</script> & \"'"
FILE = """
title: {text}
description: {text}
parameters:
  tokyo: {{minimum: {{value: 0.4, range: [0, 1], unit: {text}, source: {text}}}}}
issues: {{peace: {{calm: {{}}, {text}: {{signed: 1}}}}}}
outcomes: {{treaty: signed}}
actors: {{tokyo: {{role: principal}}, moscow: {{role: principal}}}}
payoffs: {{tokyo: {{pride: (tokyo.minimum - 0.7)*signed, trade: signed/2}}, moscow: {{trade: signed}}}}
"""


def scenario() -> sim.Scenario:
    return sim.loads(FILE.format(text="'" + MARKUP.replace("'", "''") + "'"))


def records() -> dict[str, Any]:
    s = scenario()
    return {
        "scenario": s,
        "verdict": sim.explain(s),
        "run": sim.sweep(s, vary={"tokyo.minimum": (0, 1, 11)}),
        "solution": sim.solve(s, ["nash_bargaining"])[0],
        "frontier": sim.frontier(s, vary={"tokyo.minimum": (0, 1)}),
        "change": sim.smallest_change(s),
    }


class Reader(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("name", ["scenario", "verdict", "run", "solution", "frontier", "change"])
def test_a_record_renders_and_its_texts_stay_text(name: str) -> None:
    page = Reader(records()[name]._repr_html_())
    assert page.open == []
    assert "table" in page.seen
    assert "script" not in page.seen
    assert MARKUP in page.text or name == "change"  # which names parameters only


def test_a_verdict_names_what_binds() -> None:
    s = scenario().with_values({"tokyo.minimum": 0.1})
    verdict = sim.explain(s)
    text = Reader(verdict._repr_html_()).text
    assert "No treaty is feasible: margin -0.5 of payoff spread." in text
    assert "Lowest slack, in the units of the file: tokyo, gain, -0.5." in text


def test_a_scenario_counts_what_is_assumed() -> None:
    s = sim.loads(FILE.format(text="plain").replace("source: plain", "source: assumed"))
    assert "1 parameters, 1 of them assumed" in Reader(s._repr_html_()).text


def test_a_solution_without_members_says_why() -> None:
    pennies = sim.loads(
        "strategic: {actors: {a: [h, t], b: [h, t]},"
        " payoffs: [[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]]}"
    )
    page = Reader(sim.solve(pennies, ["pure_nash"])[0]._repr_html_())
    assert "0 found" in page.text
    assert "table" not in page.seen
