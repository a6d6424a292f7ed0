"""The period game of every state and draw: what the file's own game is worth before time is added.

Definition. In a period the principal that is recognised offers an agreement, the others reply, third parties
take their stances, and what a signature needs is looked at. Third parties answer what is signed and know no
later period. A payoff is read as a flow per period, in average units; terms named ``once`` count once, at
signature.

Array convention. Draws last: flows have shape ``(principals, agreements, states, draws)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray
from sim.constraints import Rung
from sim.dynamics.world import World
from sim.errors import UsageError
from sim.feasibility.evaluate import prepare
from sim.feasibility.stances import stance_equilibria
from sim.games.order import rounds_of, stages_of
from sim.payoffs import Batch, Dispute
from sim.payoffs.quantities import term_value
from sim.scenario.dynamics_checks import once_paths

POINTS = 512
"""Points whose period game is compiled at once."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PeriodGame:
    """Flows and conditions of a chunk of draws.

    Parameters
    ----------
    dispute
        Compiled for everything that is drawn or set by a level.
    flow
        ``(principals, agreements, states, draws)``: the yearly payoff under an agreement in force, without
        what counts once.
    once
        The same shape: what counts at signature.
    met
        Per label of a constraint whether it is met, ``(agreements, states, draws)``.
    required
        Whether everything that a signature needs is met.
    answered
        Where every point of a draw has an answer, ``(draws,)``.
    """

    dispute: Dispute
    flow: FloatArray
    once: FloatArray
    met: Mapping[str, BoolArray]
    required: BoolArray
    answered: BoolArray


class PeriodCompiler:
    """A scenario compiled once for all chunks of draws."""

    def __init__(self, world: World, drawn: tuple[str, ...]) -> None:
        self.world = world
        self.paths = tuple(dict.fromkeys([*drawn, *world.dynamics.sets]))
        self.problem = prepare(world.scenario, self.paths)
        self.principals = world.scenario.document.principals
        known = once_paths(world.scenario.document)
        self.once = frozenset(known[name] for name in world.dynamics.treaty.once)
        self.plain = plain_offer(world)
        if not self.plain:
            _check_proposer(world)

    def at(self, drawn: Mapping[str, FloatArray], draws: int) -> PeriodGame:
        """The period games of a chunk of draws."""
        dispute, states = self.problem.dispute, len(self.world.states)
        rows, points = dispute.shape[0], states * draws
        flat = self.theta(drawn, draws)
        flow = np.empty((len(self.principals), rows, points))
        once = np.zeros_like(flow)
        met = {c.label: np.empty((rows, points), dtype=np.bool_) for c in dispute.constraints}
        for start in range(0, points, POINTS):
            part = slice(start, start + POINTS)
            batch = dispute.many(np.ascontiguousarray(flat[:, part]))
            self._fill(
                batch, flow[..., part], once[..., part], {k: v[:, part] for k, v in met.items()}
            )
        shape = (states, draws)
        kept = {k: v.reshape(rows, *shape) for k, v in met.items()}
        return PeriodGame(
            dispute=dispute,
            flow=(flow - once).reshape(*flow.shape[:2], *shape),
            once=once.reshape(*flow.shape[:2], *shape),
            met=kept,
            required=self._required(kept, (rows, *shape)),
            answered=np.ones(draws, dtype=np.bool_),
        )

    def theta(self, drawn: Mapping[str, FloatArray], draws: int) -> FloatArray:
        """Varied parameters of every state and draw, ``(paths, states * draws)``."""
        values = self.world.values(drawn, draws)
        table = [values[path].reshape(-1) for path in self.paths]
        return np.array(table).reshape(len(self.paths), len(self.world.states) * draws)

    def _fill(
        self, batch: Batch, flow: FloatArray, once: FloatArray, met: Mapping[str, BoolArray]
    ) -> None:
        """Payoffs and conditions of a few points, under the stances that answer each agreement."""
        dispute = batch.dispute
        rows, columns = dispute.shape
        shape = (rows, columns, batch.size)
        stable, _ = stance_equilibria(batch)
        answer = np.broadcast_to(stable, shape).argmax(axis=1)[:, None]

        def pick(value: FloatArray) -> FloatArray:
            whole = np.broadcast_to(value, shape)
            return np.asarray(np.take_along_axis(whole, answer, axis=1)[:, 0])

        env = dispute.frame.env(batch.theta) if self.once else {}
        for i, actor in enumerate(self.principals):
            flow[i] = pick(batch.payoff(actor))
            for term in dispute.terms_of[actor]:
                if term.path in self.once:
                    once[i] += pick(term_value(term, env))
        for constraint in dispute.constraints:
            met[constraint.label][:] = pick(batch.slack(constraint)) >= -RELATIVE

    def _required(self, met: Mapping[str, BoolArray], shape: tuple[int, ...]) -> BoolArray:
        """Whether an agreement may enter into force: the constraints of the rungs that a signature needs."""
        out = np.ones(shape, dtype=np.bool_)
        for constraint in self.problem.dispute.constraints:
            if constraint.rung in needed(self.world):
                out &= met[constraint.label]
        return out


def needed(world: World) -> tuple[Rung, ...]:
    """The rungs that a signature needs: not that of enforcement where breaking is a move of its own."""
    promises = world.dynamics.treaty.hand_over is not None
    return tuple(r for r in world.dynamics.requires if not (promises and r == "enforcement"))


def signable(dispute: Dispute) -> BoolArray:
    """Which agreements are treaties that can be signed, ``(agreements,)``: the status quo is none."""
    out = dispute.treaties.copy()
    out[0] = False
    return out


def plain_offer(world: World) -> bool:
    """Whether the game is one offer, its replies, then stances and certain ratification: nothing else."""
    if in_rounds(world):
        return False
    moves = [move for stage in stages_of(world.scenario) for move in stage]
    kinds = [move.kind for move in moves]
    first = kinds.index("stance") if "stance" in kinds else len(kinds)
    odd = set(kinds) - {"offer", "reply", "stance", "ratify"}
    late = {"offer", "reply"} & set(kinds[first:])
    chance = any(move.noise is not None or move.menu is not None for move in moves)
    return not (odd or late or chance) and kinds.count("offer") == 1


def in_rounds(world: World) -> bool:
    """Whether a period holds several rounds."""
    game = world.scenario.document.game
    return game is not None and game.rounds is not None


def first_mover(world: World) -> str:
    """The principal that makes the file's first offer or demand."""
    several = in_rounds(world)
    if several:
        found = rounds_of(world.scenario)
        stages = found.kinds[found.order[0]]
    else:
        stages = stages_of(world.scenario)
    moves = [move for stage in stages for move in stage]
    return next(move.actor for move in moves if move.kind in ("offer", "demand"))


def _check_proposer(world: World) -> None:
    """Where the game has stages of its own, they say who proposes."""
    rule, first = world.dynamics.proposer, first_mover(world)
    if rule is not None and rule != first:
        raise UsageError(
            f"{world.scenario.origin}: dynamics.proposer: the stages of this game say who proposes, "
            f"'{first}' first; remove 'proposer', or make the game one offer with its replies"
        )
