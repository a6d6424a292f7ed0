"""What a dispute in time must satisfy beyond its document: no trap, and promises that can be kept.

Definition. In a state there is *hope* where, at the file's values or at a draw, some treaty has what a
signature needs and is worth at least the status quo for ever to every principal, which each can have by
refusing: without that none is signed in any subgame perfect equilibrium. A *trap* is a state that play can
enter and from which it can come to no state with hope, at the file's values and at every draw that is looked
at, while there is hope elsewhere. Mostly a level's ``moves`` were forgotten.

A dispute without a world, or without hope in any state, is no mistake: its answer is that there will be no
treaty. Where chances to move read the year nothing is refused.

Array convention. Draws last; the file's own values are the first.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray
from sim.dynamics.drawing import draw
from sim.dynamics.period import PeriodCompiler
from sim.dynamics.promises import check_promises, until_then
from sim.dynamics.treaty_values import bargaining_of, discounts
from sim.dynamics.world import Course, World, world_of
from sim.errors import Problem, ScenarioError
from sim.scenario import Scenario
from sim.solutions.markov.perfect import discounted

TRIED = 64
"""Draws of everything that has a range at which it is looked for."""


def check_in_time(scenario: Scenario) -> None:
    """Refuse a dispute in time that cannot be meant, as ``sim check`` does.

    Raises
    ------
    ScenarioError
        With the place in the file.
    UsageError
        If it has no ``dynamics``, or its game is one that cannot be played so.
    """
    world = world_of(scenario)
    compiler = PeriodCompiler(world, ())
    discounts(world, {})
    check_promises(world, compiler.plain)
    if world.dynamics.treaty.hand_over is not None:
        until_then(world, compiler.at({}, 1))
    refuse_traps(world)


def refuse_traps(world: World) -> None:
    """Refuse a world with states from which no treaty can ever come, while it can elsewhere.

    What is set from outside is a question and no file: then nothing is refused.

    Raises
    ------
    ScenarioError
        Naming the levels.

    Examples
    --------
    >>> import sim
    >>> refuse_traps(world_of(sim.load("classics/promised-transfer")))
    """
    if len(world.states) == 1 or world.scenario.overrides:
        return
    drawn, size = _tried(world)
    course = world.course(drawn, size)
    leads = _leads(np.asarray((course.still[0] > 0).any(axis=2)))
    reached = leads[world.start]
    if not course.steady or leads[reached][:, world.start].all():
        return
    hopes = _hopes(PeriodCompiler(world, tuple(drawn)), course, drawn, size)
    inside = reached & ~(leads & hopes).any(axis=1)
    if inside.any() and hopes[reached].any():
        raise ScenarioError([_problem(world, inside)])


def _tried(world: World) -> tuple[dict[str, FloatArray], int]:
    """The file's values and some draws, by path, and how many."""
    some = draw(world, TRIED, 0, None)
    points = some.points(0, TRIED)
    own = {path: world.scenario.values[path] for path in some.paths}
    rows = {p: np.concatenate([[own[p]], row]) for p, row in zip(some.paths, points, strict=True)}
    return rows, TRIED + 1


def _leads(moves: BoolArray) -> BoolArray:
    """Which states lead to which in any number of steps, none included."""
    found = moves | np.eye(len(moves), dtype=np.bool_)
    for _ in range(int(np.ceil(np.log2(len(moves)))) + 1):
        found = (found.astype(np.float32) @ found.astype(np.float32)) > 0
    return np.asarray(found)


def _hopes(
    compiler: PeriodCompiler, course: Course, drawn: dict[str, FloatArray], draws: int
) -> BoolArray:
    """In which states there is hope, ``(states,)``.

    Where treaties promise something for later only what a signature needs is looked at, and of a game of
    other stages nothing is said.
    """
    world = compiler.world
    if not compiler.plain:
        return np.ones(len(world.states), dtype=np.bool_)
    period, moves, under = compiler.at(drawn, draws), course.still[0], course.under[0]
    game = bargaining_of(world, period, moves, drawn, under=under)
    hopes = game.open
    if world.dynamics.treaty.hand_over is None:
        least = discounted(game, game.refuse) - RELATIVE * game.scales[:, None, None]
        hopes = hopes & (game.deals >= least[:, None]).all(axis=0)
    return np.asarray(hopes.any(axis=(0, 2)))


def _problem(world: World, inside: BoolArray) -> Problem:
    """What is said of a trap, at the level that nothing leaves."""
    states = [world.states[k] for k in np.flatnonzero(inside)]
    stuck = [
        (factor, levels.pop())
        for k, factor in enumerate(world.factors)
        if len(levels := {state[k] for state in states}) == 1
        and len(world.dynamics.world[factor].levels) > 1
    ]
    factor, level = stuck[0] if stuck else (world.factors[0], states[0][0])
    where = ", ".join(f"{f}={x}" for f, x in stuck) or world.labels[int(np.flatnonzero(inside)[0])]
    message = (
        f"from {where} the world comes to no state in which a treaty can be signed, at the file's values or "
        f"at any of {TRIED} draws: say under 'moves' how it is left, or leave the level out"
    )
    return world.scenario.problem(f"dynamics.world.{factor}.levels.{level}", message)
