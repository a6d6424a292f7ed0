"""Stage games: the sequential game of a scenario as one tensor with an order on its axes.

Definition. Stages follow one another; the moves of a stage are made at the same time, each stage
knows all earlier ones, and menus do not depend on history. Such a game of fixed menus has one
axis per move; a *leaf* is one choice on every axis. At a leaf the outcome is an agreement (the
one that was offered and accepted by all, or on which the demands agree; the status quo
otherwise), a stance profile, and whether the agreement was reneged upon.

Third parties that the game does not mention take their stances together before ratification, or
at the end where nothing is ratified.

Array convention. ``leaf_*`` arrays have the shape of the axes, ``(*moves,)``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray, IntArray
from sim.constraints import Rung
from sim.expressions import Expression
from sim.games.leaves import Axis, EveryLeaf
from sim.games.order import stages_of
from sim.games.protocols import Stages
from sim.games.requirements import first_decision, last_decision, required
from sim.payoffs import Dispute
from sim.payoffs.magnitudes import expression_magnitude
from sim.payoffs.space import derive, holds
from sim.scenario import Move


@dataclass(frozen=True, slots=True, eq=False)
class StageGame:
    """A scenario's game on a compiled dispute.

    Parameters
    ----------
    dispute
        Payoffs and slacks.
    axes
        The moves in order.
    leaves
        What comes about at every leaf.
    ratified
        Whether an agreement needs ratification at home.
    requires
        Which other conditions of the ladder it must meet to be in force.
    noise
        Standard deviation of the noise on ratification; ``None`` where it is certain.
    reneging, reneging_error
        Payoff change by actor when the agreement is reneged upon, and up to what it is known, broadcast
        against ``(agreements, profiles, 1)``.
    """

    dispute: Dispute
    axes: tuple[Axis, ...]
    leaves: EveryLeaf
    ratified: bool
    requires: tuple[Rung, ...]
    noise: Expression | None
    reneging: dict[str, Expression]
    reneging_error: dict[str, FloatArray]

    @property
    def leaf_agreement(self) -> IntArray:
        """The agreement at every leaf, shape ``(*moves,)``."""
        return self.leaves.agreement

    @property
    def leaf_profile(self) -> IntArray:
        """The stance profile at every leaf."""
        return self.leaves.profile

    @property
    def leaf_reneged(self) -> BoolArray:
        """Whether the agreement is reneged upon, at every leaf."""
        return self.leaves.reneged

    @property
    def shape(self) -> tuple[int, ...]:
        """Length of every axis."""
        return tuple(len(axis.options) for axis in self.axes)

    @property
    def stages(self) -> tuple[tuple[int, ...], ...]:
        """Axis numbers by stage, in order."""
        numbers = sorted({axis.stage for axis in self.axes})
        return tuple(tuple(k for k, a in enumerate(self.axes) if a.stage == n) for n in numbers)

    @property
    def cells(self) -> int:
        """Leaves that are looked at where the game is solved: of each offer alone, if there are several."""
        return sum(part.count for part in self.leaves.by_offers or (self.leaves,))

    @property
    def enforced(self) -> tuple[Rung, ...]:
        """The conditions under which an agreement is in force for certain or not at all."""
        home: tuple[Rung, ...] = ("home",) if self.ratified and self.noise is None else ()
        return (*home, *self.requires)

    @property
    def moves(self) -> list[tuple[str, str, int]]:
        """Kind, actor and stage of every move."""
        return [(axis.kind, axis.actor, axis.stage) for axis in self.axes]

    def fixed_for(self, principal: str | None = None) -> list[int]:
        """Third parties (by number) whose stance is the same whatever is signed.

        For a principal: those who take theirs no later than it first decides anything.
        """
        last = (
            last_decision(self.moves)
            if principal is None
            else first_decision(self.moves, principal)
        )
        third = self.dispute.scenario.document.third_parties
        return [
            third.index(a) for kind, a, stage in self.moves if kind == "stance" and stage <= last
        ]

    @property
    def simultaneous(self) -> bool:
        """Whether all moves are made at once, so that the game is in strategic form."""
        return len(self.stages) == 1


def stage_game(dispute: Dispute) -> StageGame:
    """The stage game of a compiled dispute.

    Raises
    ------
    UsageError
        If the scenario has no game.
    ScenarioError
        If its stages make no sense (a reply without an offer, ...).
    TooLargeError
        If the game has more than ``MAX_LEAVES`` leaves, unless it is one offer after the other.
    """
    return game_of_stages(dispute, stages_of(dispute.scenario))


def game_of_stages(dispute: Dispute, stages: Stages) -> StageGame:
    """The game of some stages on a compiled dispute, under the settings of its file."""
    axes = tuple(
        _axis(dispute, move, number)
        for number, stage in enumerate(stages)
        for move in stage
        if move.kind != "ratify"
    )
    leaves = EveryLeaf(axes, dispute.scenario.document)
    for part in leaves.by_offers or (leaves,):
        part.check()
    ratify = [move for stage in stages for move in stage if move.kind == "ratify"]
    reneging = {a: e for stage in stages for move in stage for a, e in move.reneging.items()}
    noise = ratify[0].noise if ratify else None
    game = dispute.scenario.document.game
    assert game is not None
    needs = required(game, stages)
    errors = {
        a: RELATIVE * expression_magnitude(dispute.scenario, dispute.frame, e)
        for a, e in reneging.items()
    }
    return StageGame(dispute, axes, leaves, bool(ratify), needs, noise, reneging, errors)


def _axis(dispute: Dispute, move: Move, stage: int) -> Axis:
    if move.kind in ("offer", "demand"):
        options = _menu(dispute, move, stage)
        labels = tuple(dispute.space.label(int(k)) for k in options)
    elif move.kind == "stance":
        labels = dispute.scenario.document.stances[move.actor]
        options = np.arange(len(labels))
    elif move.kind == "signal":
        labels = tuple(move.messages or ())
        options = np.arange(len(labels))
    else:
        labels = ("accept", "reject") if move.kind == "reply" else ("comply", "renege")
        options = np.arange(2)
    return Axis(move.kind, move.actor, stage, labels, options)


def _menu(dispute: Dispute, move: Move, stage: int) -> IntArray:
    """Agreement indices that may be named; the status quo (no offer) always may."""
    if move.menu is None:
        return np.arange(len(dispute.space))
    env = derive(dispute.scenario.document, {**dispute.scenario.values, **dispute.space.attributes})
    path = f"game.{stage}.menu"
    allowed = holds(move.menu, env, len(dispute.space), path, dispute.scenario).copy()
    allowed[0] = True
    return np.flatnonzero(allowed)
