"""A period that holds several rounds, against a recursion in plain Python, and the static game."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import sim
from sim.cli import run
from sim.dynamics.period import PeriodCompiler
from sim.dynamics.stage_path import StageWorld, stage_backward
from sim.dynamics.treaty_values import bargaining_of
from sim.dynamics.world import world_of
from sim.feasibility.evaluate import evaluate, prepare
from tests.solutions.markov.rounds_slowly import random_small
from tests.solutions.markov.test_rounds import loaded

PERIODS, DEALS = 3, 3
RIVER = Path(__file__).parents[2] / "scenarios/classics/offers-in-turn.yaml"
NAMES = [f"{actor}{k}" for actor in "ab" for k in range(DEALS + 1)]


def scenario_of(
    payoffs: np.ndarray, d: np.ndarray, delta: np.ndarray, turns: list[str], moves: np.ndarray
) -> sim.Scenario:
    """Two states that set all payoffs, ``(states, principals, agreements)``, and rounds in every period."""
    levels = [
        ", ".join(f"{n}: {x:.9f}" for n, x in zip(NAMES, state.reshape(-1), strict=True))
        for state in payoffs
    ]
    positions = ", ".join(f"p{k}: {{d{k}: 1}}" for k in range(1, DEALS + 1))
    quo = " - ".join(["1", *(f"d{k}" for k in range(1, DEALS + 1))])
    terms = {
        actor: " + ".join([f"{actor}0*({quo})", *(f"{actor}{k}*d{k}" for k in range(1, DEALS + 1))])
        for actor in "ab"
    }
    signed = " + ".join(f"d{k}" for k in range(1, DEALS + 1))
    return sim.loads(
        f"issues: {{deal: {{no: {{}}, {positions}}}}}\noutcomes: {{treaty: {signed}}}\n"
        "actors: {a: {role: principal}, b: {role: principal}}\n"
        f"parameters: {{{', '.join(f'{name}: 0' for name in NAMES)}}}\n"
        f'payoffs: {{a: {{x: "{terms["a"]}"}}, b: {{x: "{terms["b"]}"}}}}\n'
        f"game: {{rounds: {{turns: [{', '.join(turns)}]}}, discount: {{a: {delta[0]!r}, b: {delta[1]!r}}}}}\n"
        f"dynamics:\n  ends: {PERIODS - 1}\n  report: {PERIODS}\n"
        f"  discount: {{a: {d[0]!r}, b: {d[1]!r}}}\n"
        f"  world: {{w: {{now: l, levels: {{l: {{{levels[0]}}}, h: {{{levels[1]}}}}},"
        f" moves: {{l: {{h: {moves[0]!r}}}, h: {{l: {moves[1]!r}}}}}}}}}\n"
    )


def by_hand(
    payoffs: np.ndarray, d: np.ndarray, delta: np.ndarray, turns: list[str], moves: np.ndarray
) -> np.ndarray:
    """Values in the first period, ``(principals, states)``."""
    chain = np.array([[1 - moves[0], moves[0]], [moves[1], 1 - moves[1]]])
    signed, never = np.empty((2, 2, DEALS + 1)), np.empty((2, 2))
    for i in range(2):
        for k in range(DEALS + 1):
            whole = (1 - d[i]) * np.linalg.solve(np.eye(2) - d[i] * chain, payoffs[:, i, k])
            signed[i, :, k] = whole
        never[i] = signed[i, :, 0]
    later = never
    for _ in range(PERIODS):
        now = np.empty((2, 2))
        for s in range(2):
            none = [(1 - d[i]) * payoffs[s, i, 0] + d[i] * chain[s] @ later[i] for i in range(2)]
            value = list(none)  # of what follows the last refusal
            for number, turn in reversed(list(enumerate(turns))):
                p = "ab".index(turn)
                refused = list(none)
                if number + 1 < len(turns):
                    refused = [(1 - delta[i]) * none[i] + delta[i] * value[i] for i in range(2)]
                best = refused
                for k in range(1, DEALS + 1):
                    fine = signed[1 - p, s, k] >= refused[1 - p]
                    if fine and signed[p, s, k] > best[p]:
                        best = [signed[0, s, k], signed[1, s, k]]
                value = best
            now[:, s] = value
        later = now
    return later


@pytest.mark.parametrize("seed", range(12))
def test_rounds_in_a_period_are_the_recursion_by_hand(seed):
    rng = np.random.default_rng(seed)
    payoffs = np.round(rng.uniform(-1, 2, (2, 2, DEALS + 1)), 6)
    d, delta = (np.round(rng.uniform(0.2, 0.95, 2), 3) for _ in range(2))
    moves, turns = np.round(rng.uniform(0.1, 0.6, 2), 3), list(rng.permutation(["a", "b", "a"]))
    d, delta, moves = ([float(x) for x in row] for row in (d, delta, moves))
    scenario = scenario_of(payoffs, d, delta, turns, moves)
    world = world_of(scenario)
    compiler = PeriodCompiler(world, ())
    period = compiler.at({}, 1)
    chain, _ = world.transition({}, 1)
    game = bargaining_of(world, period, chain, {})
    found = stage_backward(StageWorld(compiler, {}, 1, period, game), PERIODS)[0].values[..., 0]
    wanted = by_hand(payoffs, d, delta, turns, moves)
    assert np.allclose(found, wanted, atol=1e-9)


def test_without_a_tomorrow_a_period_is_the_static_game():
    """Where nothing counts after this period, what is signed in it is what the rounds predict."""
    river = sim.load("classics/offers-in-turn")
    text = "dynamics: {report: 2, discount: {upstream: 0, downstream: 0}, treaty: {}}\n"
    for values in ({}, {"upstream.patience": 0.95}, {"downstream.patience": 0.3}):
        scenario = sim.loads(RIVER.read_text() + text).with_values(values)
        world = world_of(scenario)
        compiler = PeriodCompiler(world, ())
        period = compiler.at({}, 1)
        chain, _ = world.transition({}, 1)
        found = stage_backward(
            StageWorld(compiler, {}, 1, period, bargaining_of(world, period, chain, {})), 1
        )[0]
        static = evaluate(prepare(river.with_values(values)), np.zeros((0, 1))).prediction
        assert static is not None
        assert found.deal[0, 0] + 1 == static.agreement[0]
        payoffs = [static.payoffs[a][0] for a in ("upstream", "downstream")]
        assert found.values[:, 0, 0] == pytest.approx(payoffs)


def test_without_a_tomorrow_third_parties_and_voids_are_those_of_the_static_game():
    """On small disputes in which the static game has one outcome, since others leave a choice."""
    seen = 0
    for seed in range(40):
        small = random_small(seed)
        static = evaluate(prepare(loaded(small.text())), np.zeros((0, 1))).prediction
        assert static is not None
        if len(small.rounds) < 2 or static.count[0] != 1:
            continue
        time = {"report": 1, "discount": dict.fromkeys(small.principals, 0)}
        world = world_of(loaded(small.text() | {"dynamics": time}))
        compiler = PeriodCompiler(world, ())
        period = compiler.at({}, 1)
        chain, _ = world.transition({}, 1)
        game = bargaining_of(world, period, chain, {})
        found = stage_backward(StageWorld(compiler, {}, 1, period, game), 1)[0]
        wanted = [static.payoffs[name][0] for name in small.principals]
        assert found.values[:, 0, 0] == pytest.approx(wanted)
        assert bool(found.signs[0, 0] > 0) == bool(static.treaty[0])
        seen += 1
    assert seen > 10


def test_a_forecast_of_rounds_is_printed(tmp_path, capsys):
    file = tmp_path / "river.yaml"
    file.write_text(
        RIVER.read_text() + "dynamics: {report: 5, discount: {upstream: 0.9, downstream: 0.9}}\n"
    )
    assert run(["forecast", str(file), "--draws", "32"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "Up to 3 offers are made once a period" in told
    assert "A treaty by period 4: 100 %" in told
