"""Backward induction by values, for stage games with a simultaneous stage without a pure equilibrium.

A stage with two movers is solved in mixed strategies (the first extreme equilibrium of the exact
enumeration); with more movers it is reported as unsolved. Among ties the first choice is taken,
so the result is one equilibrium and not all.

Array convention. Values have shape ``(actors, *moves so far)``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.games.outcomes import Outcomes
from sim.games.stages import StageGame
from sim.games.strategic import StrategicGame, regret
from sim.results import Solution, StrategyProfile
from sim.solutions.strategic.mixed_nash import mixed_nash
from sim.solutions.strategic.pure_nash import pure_nash_mask


class UnsolvedStageError(Exception):
    """A simultaneous stage of three or more movers without a pure equilibrium."""


@dataclass(slots=True)
class _Play:
    """How every history of every stage is played: mixtures by stage and history, and the largest regret."""

    mixes: dict[tuple[int, tuple[int, ...]], list[FloatArray]] = field(default_factory=dict)
    regret: float = 0.0


def mixed_path(game: StageGame, outcomes: Outcomes) -> Solution:
    """One subgame perfect equilibrium in behaviour strategies, or an honest 'not solved'."""
    actors = list(outcomes.payoffs)
    value = np.stack([outcomes.payoffs[a][outcomes.leaf][..., 0] for a in actors])
    play = _Play()
    try:
        for number in reversed(range(len(game.stages))):
            value = _solve_stage(game, actors, value, number, play)
    except UnsolvedStageError as error:
        return Solution(concept="subgame_perfect", status="partial", note=str(error))
    leaves = _reached(game, play)
    member = _member(game, outcomes, actors, value, play, leaves)
    note = "a simultaneous stage has no pure equilibrium; it is played in mixed strategies"
    return Solution(
        concept="subgame_perfect",
        members=(member,),
        status="partial",
        exhaustive=False,
        note=note,
    )


def _solve_stage(
    game: StageGame, actors: list[str], value: FloatArray, number: int, play: _Play
) -> FloatArray:
    axes = game.stages[number]
    before = value.shape[1 : 1 + axes[0]]
    out = np.empty((len(actors), *before))
    movers = [actors.index(game.axes[k].actor) for k in axes]
    for history in np.ndindex(*before):
        table = value[(slice(None), *history)]
        mixes = _stage_equilibrium(game, axes, table[movers])
        play.mixes[number, history] = mixes
        play.regret = max(play.regret, regret(_stage(game, axes, table[movers]), mixes))
        result = table
        for mix in reversed(mixes):
            result = result @ mix
        out[(slice(None), *history)] = result
    return out


def _stage_equilibrium(
    game: StageGame, axes: tuple[int, ...], table: FloatArray
) -> list[FloatArray]:
    pure = np.argwhere(pure_nash_mask(table[..., None])[..., 0])
    if len(pure):
        return [np.eye(n)[k] for n, k in zip(table.shape[1:], pure[0], strict=True)]
    if len(axes) > 2:
        who = ", ".join(game.axes[k].actor for k in axes)
        raise UnsolvedStageError(
            f"the stage of {who} has no pure equilibrium; not solved in mixed form"
        )
    stage = _stage(game, axes, table)
    member = mixed_nash(stage).equilibria[0]
    return [
        np.array([member.strategies[name].get(label, 0.0) for label in menu])
        for name, menu in zip(stage.actors, stage.strategies, strict=True)
    ]


def _stage(game: StageGame, axes: tuple[int, ...], table: FloatArray) -> StrategicGame:
    labels = tuple(game.axes[k].labels for k in axes)
    names = tuple(game.axes[k].actor for k in axes)
    return StrategicGame(actors=names, strategies=labels, payoffs=table[..., None])


def _reached(game: StageGame, play: _Play) -> dict[tuple[int, ...], float]:
    """Probability of every leaf that the equilibrium reaches."""
    paths: dict[tuple[int, ...], float] = {(): 1.0}
    for number in range(len(game.stages)):
        grown: dict[tuple[int, ...], float] = {}
        for history, p in paths.items():
            mixes = play.mixes[number, history]
            for choice in np.ndindex(*(len(mix) for mix in mixes)):
                q = float(np.prod([mix[k] for mix, k in zip(mixes, choice, strict=True)]))
                if q > 0:
                    grown[(*history, *choice)] = p * q
        paths = grown
    return paths


def _member(
    game: StageGame,
    outcomes: Outcomes,
    actors: list[str],
    value: FloatArray,
    play: _Play,
    leaves: dict[tuple[int, ...], float],
) -> StrategyProfile:
    chances: dict[str, float] = {}
    for leaf, p in leaves.items():
        row = outcomes.leaf[leaf]
        failed = outcomes.ratification[row, 0] == 0
        label = game.dispute.space.label(0 if failed else int(game.leaf_agreement[leaf]))
        chances[label] = chances.get(label, 0.0) + p
    first = game.stages[0]
    strategies: dict[str, dict[str, float]] = {}
    for k, mix in zip(first, play.mixes[0, ()], strict=True):
        axis = game.axes[k]
        strategies[axis.actor] = {
            label: float(p) for label, p in zip(axis.labels, mix, strict=True) if p > 0
        }
    likeliest = max(chances, key=lambda label: chances[label])
    return StrategyProfile(
        strategies=strategies,
        payoffs=dict(zip(actors, map(float, value), strict=True)),
        regret=play.regret,
        outcome=likeliest,
        extra={"outcome_chances": chances, "first_stage_only": len(game.stages) > 1},
    )
