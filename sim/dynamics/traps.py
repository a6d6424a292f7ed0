"""What a dispute in time must satisfy beyond its document: no trap, and promises that can be kept.

Definition. In a state there is *hope* where, at the file's values or at a draw, some treaty has what a
signature needs and is worth at least the status quo for ever to every principal, which each can have by
refusing: without that none is signed in any subgame perfect equilibrium. A *trap* is a state that play can
enter and from which it can come to no state with hope, at the file's values and at every draw that is looked
at, while there is hope elsewhere. Mostly a level's ``moves`` were forgotten.

In a game of other stages, or in rounds, third parties may have taken any stance: what a signature needs is
looked at under the best one, a treaty is worth what it is under its best, and the status quo under its worst.
Only principals that can refuse every agreement are asked: those that make or answer each offer, and demand
where demands are made. Where ratification is a matter of chance only what a signature needs counts, since a
principal may accept a bad treaty that will probably fail.

A dispute without a world, or without hope in any state, is no mistake: its answer is that there will be no
treaty. Where chances to move read the year nothing is refused.

Array convention. Draws last; the file's own values are the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray
from sim.dynamics.drawing import draw
from sim.dynamics.period import POINTS, PeriodCompiler, PeriodGame, signable
from sim.dynamics.promises import check_promises, until_then
from sim.dynamics.stage_path import conditioned
from sim.dynamics.treaty_values import bargaining_of, discounts
from sim.dynamics.world import Course, World, world_of
from sim.errors import Problem, ScenarioError
from sim.games.in_time.markov_bargaining import MarkovBargaining
from sim.games.stages import StageGame
from sim.payoffs import Batch
from sim.payoffs.quantities import term_value
from sim.payoffs.slacks import CompiledConstraint
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

    Where treaties promise something for later only what a signature needs is looked at.
    """
    world = compiler.world
    period, moves, under = compiler.at(drawn, draws), course.still[0], course.under[0]
    game = bargaining_of(world, period, moves, drawn, under=under)
    if not compiler.plain:
        return _hopes_of_stages(compiler, period, game, drawn, draws)
    hopes = game.open
    if world.dynamics.treaty.hand_over is None:
        least = discounted(game, game.refuse) - RELATIVE * game.scales[:, None, None]
        hopes = hopes & (game.deals >= least[:, None]).all(axis=0)
    return np.asarray(hopes.any(axis=(0, 2)))


def _hopes_of_stages(
    compiler: PeriodCompiler,
    period: PeriodGame,
    game: MarkovBargaining,
    drawn: dict[str, FloatArray],
    draws: int,
) -> BoolArray:
    """The same in a game of any stages, third parties being at their best for a treaty."""
    rounds = compiler.problem.rounds
    kinds = rounds.kinds if rounds is not None else (compiler.problem.game,)
    games = [conditioned(compiler, kind) for kind in kinds if kind is not None]
    treaty = signable(period.dispute)
    ends = _Ends.of(compiler, games, drawn, draws)
    hopes = ends.open[treaty]
    if all(one.noise is None for one in games):
        rest = (1 - game.discount)[:, None, None, :]
        most = game.deals + rest * (ends.most - period.flow)[:, treaty]
        most += (ends.once - period.once)[:, treaty]
        least = discounted(game, rest[:, 0] * ends.least) - RELATIVE * game.scales[:, None, None]
        asked = _can_refuse(games, compiler.principals)
        hopes = hopes & (most >= least[:, None])[asked].all(axis=0)
    return np.asarray(hopes.any(axis=(0, 2)))


def _can_refuse(games: Sequence[StageGame], principals: Sequence[str]) -> BoolArray:
    """Which principals can see to it that nothing is agreed, whatever others do."""
    found = np.ones(len(principals), dtype=np.bool_)
    for one in games:
        asked: list[set[str]] = []
        demanding = {axis.actor for axis in one.axes if axis.kind == "demand"}
        for axis in one.axes:
            if axis.kind == "offer":
                asked.append({axis.actor})
            elif axis.kind == "reply" and asked:
                asked[-1].add(axis.actor)
        asked += [demanding] if demanding else []
        found &= [all(actor in some for some in asked) for actor in principals]
    return found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Ends:
    """What an agreement comes to under the stances that are best for it; agreements, states, draws.

    ``open`` says whether it can be in force, ``most`` and ``once`` what it gives each principal at most in a
    period and at signature, ``least`` what the status quo gives at least, ``(principals, states, draws)``.
    """

    open: BoolArray
    most: FloatArray
    once: FloatArray
    least: FloatArray

    @classmethod
    def of(
        cls,
        compiler: PeriodCompiler,
        games: Sequence[StageGame],
        drawn: dict[str, FloatArray],
        draws: int,
    ) -> _Ends:
        """At every state and draw."""
        dispute = compiler.problem.dispute
        needs = [c for c in dispute.constraints if all(c.rung in one.requires for one in games)]
        flat = compiler.theta(drawn, draws)
        parts = []
        for start in range(0, flat.shape[1], POINTS):
            batch = dispute.many(np.ascontiguousarray(flat[:, start : start + POINTS]))
            parts.append(_best(compiler, batch, needs))
        joined = [np.concatenate(x, axis=-1) for x in zip(*parts, strict=True)]
        shape = (len(compiler.world.states), draws)
        fine, most, once, least = (x.reshape(*x.shape[:-1], *shape) for x in joined)
        return cls(open=fine, most=most, once=once, least=least)


def _best(
    compiler: PeriodCompiler, batch: Batch, needs: Sequence[CompiledConstraint]
) -> tuple[BoolArray, FloatArray, FloatArray, FloatArray]:
    """The parts of :class:`_Ends` at a few points, ``(..., points)``."""
    dispute = batch.dispute
    shape = (*dispute.shape, batch.size)
    fine = np.ones(shape, dtype=np.bool_)
    for constraint in needs:
        fine &= np.broadcast_to(batch.slack(constraint) >= -RELATIVE, shape)
    env = dispute.frame.env(batch.theta) if compiler.once else {}
    most, at_once, least = [], [], []
    for actor in compiler.principals:
        whole = np.broadcast_to(batch.payoff(actor), shape)
        once = np.zeros(shape)
        for term in dispute.terms_of[actor]:
            if term.path in compiler.once:
                once = once + term_value(term, env)
        most.append((whole - once).max(axis=1))
        at_once.append(once.max(axis=1))
        least.append(whole[0].min(axis=0))
    return np.asarray(fine.any(axis=1)), np.stack(most), np.stack(at_once), np.stack(least)


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
