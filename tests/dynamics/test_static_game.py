"""One state of the world and no tomorrow: the static game of every shipped dispute comes back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import sim
from sim.dynamics.period import PeriodCompiler, signable
from sim.dynamics.treaty_values import bargaining_of
from sim.dynamics.world import world_of
from sim.feasibility.evaluate import evaluate_all, prepare
from sim.feasibility.stances import stance_equilibria
from sim.scenario.structural import structural_parameters
from sim.solutions.markov.perfect import play_period

SHIPPED = Path(__file__).parents[2] / "scenarios"
DRAWS = 40


FILES = [
    str(file.relative_to(SHIPPED))
    for file in sorted(SHIPPED.glob("*/*.yaml"))
    if "dynamics:" not in file.read_text()
    and file.parent.name != "starts"
    and (
        file.parent.name == "kuril"
        or "  - offer: " in file.read_text()
        or "ultimatum" in file.read_text()
    )
]  # every dispute with an offer; what is none is noticed by the test


def drawn_values(scenario: sim.Scenario, seed: int) -> dict[str, np.ndarray]:
    """Values of everything that has a range, the file's own first."""
    document, rng = scenario.document, np.random.default_rng(seed)
    fixed, out = structural_parameters(document), {}
    for path, p in document.parameters.items():
        if path not in fixed and p.range is not None and p.range[0] < p.range[1]:
            out[path] = rng.uniform(*p.range, DRAWS)
            out[path][0] = p.value
    return out


def test_there_are_disputes_of_every_kind():
    assert {Path(name).parent.name for name in FILES} >= {"classics", "controls", "kuril"}


@pytest.mark.parametrize("name", FILES)
def test_the_static_game_comes_back(name):
    """Signed exactly where the static game predicts a treaty, and the same one where it names only one."""
    scenario = sim.load(SHIPPED / name)
    if scenario.document.game is None:
        pytest.skip("a tree or another classical form")
    if scenario.document.private:
        pytest.skip("types and messages: it has no static game without them")
    own = prepare(scenario).game
    zero = ", ".join(f"{actor}: 0" for actor in scenario.document.principals)
    dynamics = (
        f"dynamics: {{discount: {{{zero}}}, proposer: {own.axes[0].actor}, report: 1,"
        f" requires: [{', '.join(own.enforced)}]}}\n"
    )
    world = world_of(sim.loads(scenario.resolved + "\n" + dynamics))
    drawn = drawn_values(world.scenario, 14)
    period = PeriodCompiler(world, tuple(drawn)).at(drawn, DRAWS)
    moves, _ = world.transition(drawn, DRAWS)
    game = bargaining_of(world, period, moves, drawn)
    played = play_period(game, np.zeros((game.principals, 1, DRAWS)))
    proposer = world.scenario.document.principals.index(own.axes[0].actor)
    signed = played.signs[proposer, 0]
    deal = np.flatnonzero(signable(period.dispute))[played.deal[proposer, 0]]

    problem = prepare(world.scenario, tuple(drawn))
    theta = np.stack(list(drawn.values())) if drawn else np.zeros((0, DRAWS))
    static = evaluate_all(problem, theta).prediction
    stable, _ = stance_equilibria(problem.dispute.at(theta))
    one_answer = (
        np.broadcast_to(stable, (*problem.dispute.shape, DRAWS)).sum(axis=1).max(axis=0) == 1
    )
    assert one_answer.mean() > 0.9
    assert (signed == static.treaty)[one_answer].all()
    alone = signed & one_answer & (static.count == 1)
    assert (deal == static.agreement)[alone].all()
