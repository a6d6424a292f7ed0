"""Boxes for any target, levels as values, densities that cannot be had, and what is within noise."""

import json
import re

import numpy as np
import pytest
import sim
from sim import plots
from sim.cli import run as command
from sim.errors import UsageError
from sim.sweeps import analyses
from sim.sweeps.analyses._cloud import cloud
from sim.sweeps.analyses.prim import best_box, prim

STYLES = """
title: A mediator whose middle style is vetoed
parameters:
  gain: {value: 0.4, range: [0, 1]}
  idle: {value: 0.5, range: [0, 1]}
  style: {value: 0, range: [0, 2], levels: [0, 1, 2]}
issues: {line: {open: {}, drawn: {settled: 1}}}
outcomes: {treaty: settled}
actors: {north: {role: principal}, south: {role: principal}}
payoffs:
  north: {line: "(gain - 0.3)*settled", other: 0*idle}
  south: {line: settled}
domestic: {south: {cabinet: {type: veto_player, utility: "abs(style - 1) - 0.5"}}}
game: [{offer: north}, {reply: south}, ratify]
"""


@pytest.fixture(scope="module")
def made():
    return sim.sweep(sim.loads(STYLES), design="saltelli", points=2000, seed=1)


def test_a_box_names_the_levels_it_keeps(made):
    """By hand: feasible where style is 0 or 2 and gain is above 0.3; a box of both has density 1."""
    found = analyses.prim_of_run(made, density=0.99)
    limits = {k.path: k for k in found.best.limits}
    assert limits["style"].levels == (0, 2)
    assert "style in {0, 2}" in found.best.rule
    assert limits["gain"].low == pytest.approx(0.3, abs=0.05)
    assert found.best.density >= 0.99
    assert found.missed == ""
    assert found.to_dict()["best"]["limits"]
    json.dumps(found.to_dict())


def test_a_tree_splits_levels_by_value(made):
    pytest.importorskip("sklearn")
    found = analyses.cart_of_run(made)
    rules = [leaf.rule for leaf in found.leaves if leaf.density > 0.9]
    assert any("style in {0, 2}" in rule for rule in rules)
    texts = [t.get_text() for t in plots.cart(found).texts]
    assert {"≠ 1", "= 1"} <= set(texts)


@pytest.mark.parametrize("seed", range(4))
def test_levels_of_a_box_measure_what_they_say(seed):
    rng = np.random.default_rng(seed)
    x = np.stack([rng.integers(0, 5, 3000).astype(float), rng.random(3000)])
    wanted = np.isin(x[0], (1, 4)) & (x[1] > 0.4)
    held = cloud(["kind", "p"], x, wanted, levels={"kind": (0, 1, 2, 3, 4)})
    box = best_box(held, prim(held))
    limits = {k.path: k for k in box.limits}
    assert limits["kind"].levels == (1, 4)
    inside = np.isin(x[0], limits["kind"].levels)
    inside &= (x[1] >= limits["p"].low) & (x[1] <= limits["p"].high)
    assert held.inside(box).tolist() == inside.tolist()
    assert box.density == pytest.approx(wanted[inside].mean())
    assert box.coverage == pytest.approx(wanted[inside].sum() / wanted.sum())
    without = (x[1] >= limits["p"].low) & (x[1] <= limits["p"].high)
    assert limits["kind"].density_without == pytest.approx(wanted[without].mean())


def test_a_density_that_no_box_reaches_is_said(tmp_path, capsys):
    """A fair coin beside one parameter: inside p > 0.5 the density is 0.8, and nothing is denser."""
    rng = np.random.default_rng(3)
    x = rng.random((2, 4000))
    wanted = rng.random(4000) < np.where(x[0] > 0.5, 0.8, 0.1)
    held = cloud(["p", "q"], x, wanted)
    assert best_box(held, prim(held), 0.99).density < 0.9
    many = "\n".join(f"  p{k}: {{value: 0.5, range: [0, 1]}}" for k in range(8))
    text = STYLES.replace("parameters:", f"parameters:\n{many}")
    text = text.replace("gain - 0.3)", " + ".join(f"p{k}" for k in range(8)) + " - 4)")
    vary = {f"p{k}": (0, 1) for k in range(8)}
    made = sim.sweep(sim.loads(text), design="sobol", points=512, vary=vary, out=tmp_path / "r")
    found = analyses.prim_of_run(made, density=0.999)
    assert re.search(r"no box has a density of 99\.9%; the densest .* has \d", found.missed)
    assert found.best == analyses.prim_of_run(made).best
    assert command(["analyse", str(tmp_path / "r"), "--density", "0.999"]) == 0
    assert "no box has a density of 99.9%" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("target", "words", "rows"),
    [
        ("class=treaty", "the game predicts 'treaty'", lambda f: f["predicted_class"] == "treaty"),
        ("blocker=south", "south blocks a treaty",
         lambda f: (f["feasible"] == 0) & f["binding"].astype(str).str.startswith("south")),
        ("blocker=north.gain", "north.gain blocks a treaty",
         lambda f: (f["feasible"] == 0) & (f["binding"] == "north.gain")),
        ("rung=ratifiable at home", "the ladder fails at 'ratifiable at home'",
         lambda f: f["rung"] == "ratifiable at home"),
        ("margin>=0.1", "the margin is at least 0.1", lambda f: f["margin"] >= 0.1),
    ],
)  # fmt: skip
def test_targets_of_any_class_blocker_rung_or_margin(made, target, words, rows):
    frame = made.to_frame()
    draws = np.arange(len(frame)) % 5 < 2
    found = analyses.prim_of_run(made, target)
    assert found.words == words
    assert found.share == pytest.approx(rows(frame)[draws].mean())
    assert analyses.cart_of_run(made, target).words == words
    assert words in plots.discovery(found).get_title()


@pytest.mark.parametrize(
    ("target", "word"),
    [
        ("feasibl", "did you mean 'feasible'"),
        ("blocker=sout", "did you mean 'south'"),
        ("clas=treaty", "did you mean 'class'"),
        ("margin>=high", "a number is needed"),
        ("style=1", "legal for a run: feasible, infeasible"),
    ],
)
def test_targets_that_name_nothing(made, target, word):
    with pytest.raises(UsageError, match=word):
        analyses.prim_of_run(made, target)


def test_what_chance_explains_is_grey_and_not_listed(tmp_path, capsys):
    run = sim.sweep(sim.loads(STYLES), design="saltelli", points=1000, out=tmp_path / "r")
    found = analyses.tornado_of_run(run)
    noise = {bar.path: bar.within_noise for bar in found.bars}
    assert noise == {"style": False, "gain": False, "idle": True}
    style = next(bar for bar in found.bars if bar.path == "style")
    assert style.swing > 5 * style.standard_error
    ax = plots.tornado(found)
    greys = {patch.get_facecolor()[:3] for patch in ax.patches if abs(patch.get_y() + 2) < 0.5}
    assert len({g for g in greys if max(g) - min(g) < 1e-6}) == len(greys)
    assert command(["analyse", str(tmp_path / "r"), "--full"]) == 0
    said = capsys.readouterr().out
    table = said[said.index("Mean margin") : said.index("Sobol indices")]
    assert "idle" not in table
    assert "1 more parameter moves it by no more than chance explains" in table
    assert "±" in table


def test_the_standard_error_of_a_swing_is_that_of_two_means():
    """Of 40 runs with other seeds the swing of a parameter without effect is seldom beyond two errors."""
    swings = []
    for seed in range(40):
        run = sim.sweep(sim.loads(STYLES), design="monte_carlo", points=200, seed=seed)
        bar = next(b for b in analyses.tornado_of_run(run).bars if b.path == "idle")
        swings.append(bar.swing / bar.standard_error)
    assert np.std(swings) == pytest.approx(1, abs=0.35)
