"""The report: everything is on the page, every text of a file stays text, and nothing leaves it."""

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
import sim
from sim.cli import run
from sim.reporting import report
from sim.reporting.inputs import grouped

pytestmark = pytest.mark.xdist_group("report")  # one worker makes the pages that tests share

KURIL = Path(__file__).parents[2] / "scenarios" / "kuril" / "2018.yaml"
MARKUP = "<script>alert(1)</script>\"'&amp;<img src=x onerror=alert(2)>]]>--><!--$x_{$"

HOSTILE = """
title: {text}
description: {text}
source: {text}
observed: {{outcome: none, binding: tokyo, source: {text}, note: {text}}}
parameters:
  tokyo:
    minimum: {{value: 0.4, range: [0, 1], unit: {text}, source: {text}, note: {text}}}
    pride: {{value: 0.5, range: [0, 1], unit: {text}}}
issues:
  peace: {{{label}: {{}}, {label2}: {{signed: 1}}}}
outcomes: {{treaty: signed}}
actors: {{tokyo: {{role: principal, note: {text}}}, {actor}: {{role: principal}}}}
payoffs:
  tokyo: {{{label}: (tokyo.minimum - 0.7)*signed, {label2}: tokyo.pride*signed}}
  {actor}: {{{label}: signed}}
sweeps: {{}}
"""


class Page(HTMLParser):
    """Elements, attributes and texts of a page, as a browser would see them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.texts: list[str] = []
        self.feed(text.replace("<wbr>", ""))  # where a browser may break a name

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def hostile(text: str) -> sim.Scenario:
    try:
        return sim.loads(
            HOSTILE.format(
                text=quoted(text),
                label=quoted(text),
                label2=quoted(text + "2"),
                actor=quoted(text),
            )
        )
    except sim.ScenarioError:
        # names that expressions could never mention are refused by the loader; the free texts remain
        return sim.loads(
            HOSTILE.format(text=quoted(text), label="quiet", label2="loud", actor="moscow")
        )


def references(page: Page) -> list[str]:
    """What the page would ask a browser to fetch or follow, fragments and inlined data left out."""
    found = [v for _, k, v in page.attributes if k in ("src", "href", "xlink:href", "action")]
    for _, _, value in page.attributes:
        found += re.findall(r"url\(([^)]*)\)", value)
    return [v for v in found if not v.startswith(("#", "data:image/png;base64,"))]


BROKEN = """() => {
  const broken = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    if (node.parentElement.closest("svg, style, .hash")) continue;
    for (const word of node.data.matchAll(/[\\p{L}\\p{N}_]+/gu)) {
      const range = document.createRange();
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const boxes = [...range.getClientRects()].filter((box) => box.width > 0);
      if (new Set(boxes.map((box) => Math.round(box.top))).size > 1) broken.push(word[0]);
    }
  }
  return broken;
}"""


@pytest.fixture(scope="module")
def kuril_text() -> str:
    return report(sim.load(KURIL), command="sim report FILE")


@pytest.fixture(scope="module")
def kuril(kuril_text: str) -> Page:
    return Page(kuril_text)


def test_the_page_has_every_section(kuril: Page) -> None:
    ids = {value for _, name, value in kuril.attributes if name == "id"}
    wanted = {"ladder", "terms", "landscape", "sensitivity", "change", "solutions", "inputs"}
    wanted |= {"question", "provenance", "model"}
    assert wanted <= ids
    assert kuril.tags.count("svg") == 6


def test_the_page_says_what_the_verdict_says(kuril: Page) -> None:
    scenario = sim.load(KURIL)
    verdict = sim.explain(scenario)
    assert f"{verdict.margin:+.4g}".replace("-", "\N{MINUS SIGN}") in kuril.text
    for step in verdict.steps:
        assert scenario.labelled.constraint(step.actor, step.constraint) in kuril.text
    for path, parameter in scenario.document.parameters.items():
        assert path in kuril.text
        if parameter.source and not parameter.assumed:
            assert " ".join(parameter.source.split()) in kuril.text
    assert scenario.digest in kuril.text
    assert sim.__version__ in kuril.text
    assert "sim report FILE" in kuril.text


def test_the_page_says_the_smallest_change(kuril: Page) -> None:
    change = sim.smallest_change(sim.load(KURIL), singles=False, limit=1)
    assert " ".join(change.sentence().split()) in kuril.text


def test_the_page_needs_no_network_and_no_script(kuril: Page) -> None:
    assert not set(kuril.tags) & {"script", "iframe", "object", "embed", "link", "form", "base"}
    assert not [name for _, name, _ in kuril.attributes if name.startswith("on")]
    assert references(kuril) == []


def test_letters_of_figures_are_text(kuril: Page) -> None:
    assert kuril.tags.count("text") > 100
    assert "gain or slack" in kuril.text


def test_names_of_parts_are_given_once(kuril: Page) -> None:
    ids = [value for _, name, value in kuril.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    named = {f"#{i}" for i in ids}
    for _, name, value in kuril.attributes:
        if name in ("href", "xlink:href") and value.startswith("#"):
            assert value in named
        for target in re.findall(r"url\((#[^)]*)\)", value):
            assert target in named


@cache
def page_of(text: str) -> str:
    """The page of a file whose texts are all this one."""
    return report(hostile(text), command=text)


@pytest.mark.parametrize("text", [MARKUP, "$\\frac{$", "a\x85b", "日本 🕊 ة", "x" * 400])
def test_texts_of_the_file_stay_text(text: str) -> None:
    page = Page(page_of(text))
    assert not set(page.tags) & {"script", "img"}
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]
    assert references(page) == []
    assert page.tags.count("svg") >= 4


def test_markup_is_shown_as_text() -> None:
    text = page_of(MARKUP)
    assert Page(text).text.count("<script>alert(1)</script>") >= 5
    in_figures = Page("".join(re.findall(r"<svg.*?</svg>", text, flags=re.DOTALL)))
    assert "script>alert(1)" in in_figures.text


def test_a_value_that_was_set_is_marked() -> None:
    page = Page(report(hostile("calm").with_values({"tokyo.minimum": 0.25})))
    assert "set; file 0.4" in page.text
    assert "tokyo.minimum=0.25" in page.text


def test_a_classical_game_has_its_solutions() -> None:
    game = sim.loads(
        "{title: Dilemma, strategic: {actors: {a: [stay, leave], b: [stay, leave]},"
        " payoffs: [[[3, 3], [0, 5]], [[5, 0], [1, 1]]]}}"
    )
    page = Page(report(game))
    assert "a: leave; b: leave" in page.text
    assert "svg" not in page.tags


def test_a_file_without_a_treaty_says_so() -> None:
    none = sim.loads(
        "{issues: {peace: {no: {}, yes: {calm: 1}}}, outcomes: {interim: calm},"
        " actors: {a: {role: principal}, b: {role: principal}}, payoffs: {a: {x: calm}, b: {x: calm}}}"
    )
    assert "No treaty: the file has none." in Page(report(none)).text


def test_the_same_page_twice() -> None:
    assert report(hostile(MARKUP), command=MARKUP) == page_of(MARKUP)


def test_the_command_writes_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "game.yaml"
    file.write_text("strategic: {actors: {a: [x, y], b: [z]}, payoffs: [[[1, 2]], [[3, 0]]]}")
    out = tmp_path / "page.html"
    assert run(["report", str(file), "--out", str(out)]) == 0
    assert capsys.readouterr().out.strip() == str(out)
    assert out.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_page_that_cannot_be_written_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "game.yaml"
    file.write_text("strategic: {actors: {a: [x, y], b: [z]}, payoffs: [[[1, 2]], [[3, 0]]]}")
    assert run(["report", str(file), "--out", str(tmp_path / "no" / "page.html")]) == 2
    assert "there is no folder" in capsys.readouterr().err
    assert run(["report", str(file), "--out", str(file / "page.html")]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_the_page_shows_the_whole_model(kuril: Page) -> None:
    scenario = sim.load(KURIL)
    document, labels = scenario.document, scenario.labelled
    formulas = [f for terms in document.payoffs.values() for f in terms.values()]
    formulas += [*document.attributes.values(), *document.outcomes.values(), *document.rule_out]
    for formula in formulas:
        assert " ".join(formula.text.split()) in kuril.text
    for issue, positions in document.issues.items():
        for position in positions:
            assert f"{issue}.{position}" in kuril.text
            assert labels.at(f"issues.{issue}.{position}") in kuril.text
    for section in (document.domestic, document.abroad):
        for actor, constraints in section.items():
            for name, one in constraints.items():
                assert labels.constraint(actor, name) in kuril.text
                assert one.note in kuril.text
    assert "A body with blocs and a quota." in kuril.text
    assert f"{labels.actor('moscow')} offers an agreement, or none." in kuril.text


def test_inputs_that_matter_come_first_and_each_comes_once() -> None:
    scenario, swings = sim.load(KURIL), ["moscow.latitude", "tokyo.minimum", "claim.area"]
    first, rest = grouped(scenario, swings)
    assert [one.path for one in first] == swings
    paths = [one.path for group in (first, *rest.values()) for one in group]
    assert sorted(paths) == sorted(scenario.document.parameters)
    assert all(one.path.startswith("tokyo.") for one in rest[scenario.labelled.actor("tokyo")])


def test_a_file_with_time_has_its_forecast() -> None:
    river = sim.loads(
        "{issues: {peace: {no: {}, yes: {signed: 1}}}, outcomes: {treaty: signed},"
        " actors: {a: {role: principal}, b: {role: principal}},"
        " parameters: {mood: {value: 0, range: [-1, 1]}, gain: 1}, game: [{offer: a}, {reply: b}],"
        " payoffs: {a: {x: gain*signed}, b: {x: mood*signed}},"
        " dynamics: {report: 10, discount: {a: 0.9, b: 0.9}, proposer: a, world: {b: {now: hostile,"
        "  levels: {hostile: {mood: -1}, calm: {mood: 1}}, moves: {hostile: {calm: 0.1}}}}}}"
    )
    page = Page(report(river))
    assert {"forecast", "model"} <= {value for _, name, value in page.attributes if name == "id"}
    assert "hostile to calm: 0.1" in page.text
    assert "A treaty by" in page.text


def test_the_page_says_how_to_cite_it(kuril: Page) -> None:
    scenario = sim.load(KURIL)
    assert f'treatysim {sim.__version__}: report on "{scenario.title}"' in kuril.text
    assert f"(file of SHA-256 {scenario.digest[:12]})" in kuril.text


@pytest.mark.parametrize("width", [1280, 400])
def test_no_word_is_broken_and_nothing_is_wider_than_the_window(
    chromium, kuril_text: str, width: int
) -> None:
    shown = chromium.new_page(viewport={"width": width, "height": 900})
    try:
        shown.set_content(kuril_text)
        shown.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true })")
        assert shown.evaluate(BROKEN) == []
        assert shown.evaluate("document.documentElement.scrollWidth") <= width
    finally:
        shown.close()
