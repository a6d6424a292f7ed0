"""Labels in figures and tables: shown in place of names, and text and nothing else everywhere."""

from __future__ import annotations

import contextlib
import io
import xml.etree.ElementTree as ET

import pytest
import sim
from matplotlib.text import Text
from sim import plots, views
from sim.cli import run
from sim.loading import loads

HOSTILE = {
    "markup": "<b>bold</b> & [red]x[/red]",
    "mathtext": r"$x^2$ \frac{1}{2} _under_",
    "right to left": "\u05d0\u05d1\u05d2 \u202eabc",
    "control": "a\x1b[31mred\x07 b",
    "long": "wide words " * 5,
    "formula": "=1+1",
}
FILE = """
title: T
actors:
  aa: {role: principal, label: %(label)s}
  bb: {role: principal}
issues: {peace: {label: %(label)s, no: {}, yes: {signed: 1, label: %(label)s}}}
outcomes: {treaty: signed}
parameters: {cost: {value: 0.5, range: [0, 1], label: %(label)s}, two: {value: 1, range: [0, 2]}}
payoffs:
  aa: {gain: {formula: (0.3 - cost)*signed, label: %(label)s}}
  bb: {gain: 0.1*signed*two}
domestic: {aa: {house: {type: veto_player, utility: signed - 0.4, label: %(label)s}}}
game: [{offer: aa}, {reply: bb}]
"""


def scenario_with(label: str) -> sim.Scenario:
    import json

    return loads(FILE % {"label": json.dumps(label)})


def figures(scenario):
    verdict = sim.explain(scenario, draws=64)
    grid = sim.sweep(scenario, vary={"cost": (0, 1, 5), "two": (0, 2, 5)})
    line = sim.sweep(scenario, vary={"cost": (0, 1, 5)})
    return {
        "ladder": plots.ladder(verdict),
        "terms": plots.terms(verdict),
        "tornado": plots.tornado(verdict),
        "thresholds": plots.thresholds(verdict),
        "landscape": plots.landscape(grid, color_by="binding"),
        "margin": plots.margin(line),
        "margin_map": plots.margin_map(grid),
        "win_sets": plots.win_sets(views.win_sets(scenario)),
        "utility_space": plots.utility_space(views.utility_space(scenario)),
        "comparison": plots.comparison(sim.compare({"x": scenario, "y": scenario}, draws=0)),
    }


def texts_of(ax) -> str:
    return " ".join(t.get_text() for t in ax.figure.findobj(Text)).replace("\n", " ")


def test_every_figure_of_a_dispute_says_labels():
    for name, ax in figures(scenario_with("Athens")).items():
        assert "Athens" in texts_of(ax), name


DEAR = [
    pytest.param(k, marks=() if k in ("mathtext", "markup") else pytest.mark.slow) for k in HOSTILE
]


@pytest.mark.parametrize("kind", DEAR)
def test_a_hostile_label_is_text_in_every_figure(kind, tmp_path):
    made = figures(scenario_with(HOSTILE[kind]))
    for name, ax in made.items():
        for text in ax.figure.findobj(Text):
            shown = text.get_text()
            assert "\x1b" not in shown and "\u202e" not in shown, name
            if "$x^2$" in shown:
                assert not text.get_parse_math(), (name, shown)
    for name in ("ladder", "margin"):
        target = plots.save(made[name], tmp_path / f"{name}.svg")
        ET.parse(target)
        assert b"\x1b" not in target.read_bytes()


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("form", ["table", "csv", "markdown", "latex"])
def test_a_hostile_label_is_text_in_every_table(kind, form, tmp_path):
    import json

    file = tmp_path / "h.yaml"
    file.write_text(FILE % {"label": json.dumps(HOSTILE[kind])}, encoding="utf-8")
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert run(["explain", str(file), "--full", "--format", form]) == 0
        assert run(["compare", str(file), "starts/blank", "--draws", "0", "--format", form]) == 0
    said = out.getvalue()
    assert "\x1b" not in said
    assert "\u202e" not in said
    if form == "csv":
        assert not [line for line in said.splitlines() if line.startswith("=")]
    if form == "markdown":
        assert "<b>" not in said
    if form == "latex":
        assert r"\frac{" not in said


@pytest.mark.filterwarnings("ignore:Glyph")
def test_a_stored_run_keeps_its_labels_and_speaks_another_language(tmp_path):
    scenario = sim.load("kuril/2018")
    run_ = sim.sweep(scenario, vary={"moscow.nationalism": (0, 1, 3)}, out=tmp_path / "r")
    again = sim.open_run(tmp_path / "r")
    assert again.labelled.actor("tokyo") == run_.labelled.actor("tokyo") == "Tokyo"
    assert again.speaking("ja").labelled.actor("tokyo") == "東京"
    assert "引渡し" in plots.margin(again.speaking("ja")).get_xlabel()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ladder", "F", "--size", "6by4"], "WIDTHxHEIGHT in inches is needed"),
        (["ladder", "F", "--size", "0.1x4"], "1 to 60 inches"),
        (["ladder", "F", "--certified"], "figure 'ladder' has no --certified"),
        (["ladder", "F", "--color-by", "binding"], "figure 'ladder' has no --color-by"),
        (["ladder", "F", "--lang", "fr"], "it has no labels by language"),
        (["comparison", "F"], "sim compare A B --out FILE"),
    ],
)
def test_looks_that_no_figure_has_are_refused(words, said, tmp_path, capsys):
    (tmp_path / "f.yaml").write_text(FILE % {"label": "x"})
    words = [str(tmp_path / "f.yaml") if word == "F" else word for word in words]
    assert run(["plot", *words, "--out", str(tmp_path / "o.png")]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "o.png").exists()


def test_size_resolution_and_title_are_taken(tmp_path):
    from PIL import Image

    (tmp_path / "f.yaml").write_text(FILE % {"label": "x"})
    for words, width in (
        (["--size", "8x4", "--dpi", "50"], 400),
        (["--size", "4x4", "--dpi", "100"], 400),
    ):
        out = tmp_path / "o.png"
        assert (
            run(
                [
                    "plot",
                    "ladder",
                    str(tmp_path / "f.yaml"),
                    "--title",
                    "Mine",
                    "--out",
                    str(out),
                    *words,
                ]
            )
            == 0
        )
        with Image.open(out) as picture:
            assert abs(picture.width - width) < 0.15 * width
    large = tmp_path / "large.png"
    assert (
        run(["plot", "ladder", str(tmp_path / "f.yaml"), "--style", "slide", "--out", str(large)])
        == 0
    )
    with Image.open(large) as picture:
        assert picture.width > 1500
