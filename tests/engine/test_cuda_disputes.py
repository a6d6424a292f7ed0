"""Disputes on a graphics card that the processor plays: numpy's numbers, and what is said without a card."""

import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from sim.cli import run
from sim.engine.cuda import card as cards
from sim.errors import UsageError
from sim.feasibility import evaluate_all, prepare
from sim.feasibility.engines import engine_for
from sim.feasibility.evaluate import evaluate
from sim.feasibility.on_card import CardScreen
from sim.loading import load, loads

SCENARIOS = Path(__file__).parents[2] / "scenarios"
NUMBERS = 1e-12


def on_card(problem, device):
    return CardScreen(problem.backends.screen, problem.dispute, device)


def assert_same(problem, theta, device):
    """Labels equal and numbers to 1e-12, wherever both are sure; and sure at the same points."""
    expected, sure = problem.backends.numpy.run(theta)
    found, certain = on_card(problem, device).run(theta)
    assert np.array_equal(sure, certain)
    for name, value in expected.items():
        told = sure & np.isfinite(value)
        near = {"rtol": NUMBERS, "atol": NUMBERS, "err_msg": name}
        np.testing.assert_allclose(found[name][told], value[told], **near)
        if not name.startswith(("margin", "every", "slack", "payoff")):
            assert np.array_equal(found[name][told], value[told]), name
    return sure


@pytest.mark.parametrize("seed", range(4))
def test_tables_full_of_ties(tables, card, seed):
    game = ("ultimatum", "offer_reply", "", "strategic")[seed]
    rungs = ((), ("home",), ("home", "abroad"), ("home", "enforcement"))[seed]
    text = tables(seed, stances=(2, 2), rungs=rungs, game=game).text()
    problem = prepare(loads(text), ["push"])
    if problem.backends.reason:
        pytest.skip(problem.backends.reason)
    assert_same(problem, np.linspace(-3, 3, 91)[None], card())


PRINCIPALS = ("tokyo", "moscow")


@pytest.mark.parametrize(
    "game",
    [
        "demand",
        "offer_reply",
        "[{offer: tokyo}, {reply: moscow}, {offer: moscow}, {reply: tokyo}, ratify]",
        "[{offer: tokyo}, {reply: moscow}, {ratify: {noise: 1.5}}]",
    ],
)
def test_several_offers_and_several_status_quos(tables, untied, card, game):
    """Demands, offers in turn, early stances, chance; an indifferent third party at the status quo."""
    quo = None if game.count("offer") > 1 else lambda actor, s, _: s if actor in PRINCIPALS else 0
    t = tables(1, stances=(2,), rungs=("home", "abroad"), agreements=5, game=game)
    problem = prepare(loads(untied(t, 1, quo).text()), ["push"])
    assert assert_same(problem, np.linspace(-3, 3, 91)[None], card()).mean() > 0.8


@pytest.mark.parametrize("name", ["controls/russia-norway-2010", "controls/japan-russia-1875"])
def test_shipped_files(card, name):
    scenario = load(SCENARIOS / f"{name}.yaml")
    paths = [
        p for p, r in scenario.document.parameters.items() if r.range and r.range[0] < r.range[1]
    ]
    ends = np.array([scenario.range_of(p) for p in paths])
    share = np.random.default_rng(0).random((len(paths), 200))
    theta = ends[:, :1] + share * (ends[:, 1:] - ends[:, :1])
    assert assert_same(prepare(scenario, paths), theta, card()).any()


def controls():
    scenario = load(SCENARIOS / "controls" / "russia-norway-2010.yaml")
    return prepare(scenario, list(scenario.values)[:2])


def kuril():
    paths = ["moscow.nationalism", "tokyo.minimum"]
    return prepare(load(SCENARIOS / "kuril" / "2018.yaml"), paths)


def test_pieces_as_there_is_room(card):
    problem, device = controls(), card(room=3000)
    theta = np.random.default_rng(1).random((len(problem.dispute.varied), 4000))
    screen = on_card(problem, device)
    screen.size = 1 << 14
    found, sure = screen.run(theta)
    assert device.sizes == [4000, 4000, 4000, 2000, 2000] or max(device.sizes[3:]) <= 3000
    expected, certain = problem.backends.numpy.run(theta[:, :500])
    assert np.array_equal(sure[:500], certain)
    near = {"rtol": NUMBERS, "atol": NUMBERS}
    np.testing.assert_allclose(found["margin"][:500], expected["margin"], **near)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("nvcc") is None, reason="no CUDA compiler")
def test_the_compiler_of_cuda_accepts_the_large_file(tmp_path):
    class Only:
        def function(self, kernel):
            return None

    source = tmp_path / "kernel.cu"
    source.write_text(on_card(kuril(), Only()).kernel.text)
    words = ["nvcc", "-ptx", *cards.OPTIONS, "-o", tmp_path / "kernel.ptx", source]
    assert subprocess.run(words, capture_output=True).returncode == 0


def test_an_engine_on_a_card_answers_as_the_definitions_do(tables, card, monkeypatch):
    """The whole way, with a card that is played: points near ties come from the definitions."""
    problem = prepare(loads(tables(1, stances=(2,), rungs=(), game="ultimatum").text()), ["push"])
    problem.backends._card = on_card(problem, card())
    monkeypatch.setattr(cards, "missing", lambda: "")
    assert engine_for("gpu", problem, 10).engine == "gpu"
    theta = np.linspace(-3, 3, 61)[None]
    found, expected = evaluate_all(problem, theta, engine="gpu"), evaluate(problem, theta)
    assert np.array_equal(found.ladder.margin, expected.ladder.margin)
    assert np.array_equal(found.rung, expected.rung)


def test_without_the_extra_one_line_says_what_is_missing(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "cupy", None)
    file = str(SCENARIOS / "controls" / "russia-norway-2010.yaml")
    assert run(["sweep", file, "--design", "sobol", "--points", "10", "--engine", "gpu"]) == 2
    told = capsys.readouterr().err.strip()
    assert "treatysim[gpu]" in told
    assert "\n" not in told


@pytest.mark.parametrize(
    ("count", "words"),
    [(lambda: 0, "has no graphics card"), (lambda: 1 / 0, "no graphics card can be used")],
)
def test_without_a_card_one_line_says_so(monkeypatch, count, words):
    runtime = SimpleNamespace(getDeviceCount=count)
    fake = SimpleNamespace(cuda=SimpleNamespace(runtime=runtime))
    monkeypatch.setitem(sys.modules, "cupy", fake)
    with pytest.raises(UsageError, match=words):
        engine_for("gpu", kuril(), 10)
