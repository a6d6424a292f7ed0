"""A period of any game: the file's own stages, with what comes after added where no treaty is in force.

Definition. A leaf of the stage game that ends in a treaty which is in force and kept is worth the treaty's
value for good; every other leaf is worth ``(1 - d_i)`` times its payoff, and then the world moves and the
game is played again:

    (1 - d_i) U_i(leaf, s) + d_i * sum over s' of Q(s, s') V_i(s').

Third parties look at the period alone. Where a signature is ratified by chance the two are mixed. Of several
equilibrium outcomes one that is a kept treaty is taken (``favour``), or one that is not.

Array convention. A *point* is a state and a draw, states first; tables have shape ``(actors, outcomes,
points)``, values ``(principals, states, draws)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.constraints import Rung
from sim.dynamics.period import PeriodCompiler, PeriodGame, needed
from sim.dynamics.rounds_path import play_in_rounds
from sim.errors import UsageError
from sim.feasibility.reached import kinds_of, reach, summary
from sim.games.in_time.markov_bargaining import MarkovBargaining
from sim.games.in_time.rounds import RoundGame
from sim.games.outcomes import Outcomes, outcomes_of
from sim.games.stages import StageGame
from sim.payoffs import Batch
from sim.payoffs.quantities import term_value
from sim.solutions.markov.perfect import SETTLED, continuation, without_deals

MORE = 8
"""Equilibrium outcomes of the rounds to come that there is room for at every point."""
MOST_CELLS, MOST_ROUNDS = 2_000_000, 1_000
"""Leaves times draws that are held at once, and rounds of iteration at most."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StagePeriod:
    """What is played in one period.

    Parameters
    ----------
    values, errors
        The principals' values at its start, and up to what they are known, ``(principals, states, draws)``.
    signs
        Chance that a treaty enters into force, ``(states, draws)``.
    deal
        Which treaty, counted among those that can be signed, or -1.
    several
        Whether some equilibrium ends in a kept treaty and another does not.
    solved
        Whether every simultaneous stage had a pure equilibrium.
    """

    values: FloatArray
    errors: FloatArray
    signs: FloatArray
    deal: IntArray
    several: BoolArray
    solved: BoolArray


@dataclass(frozen=True, kw_only=True, eq=False)
class _Worth(Outcomes):
    """Outcomes whose payoffs are given: what they are worth in time."""

    value: FloatArray
    error: FloatArray

    def filled(self, sign: int) -> FloatArray:
        """The values, or the least or the most that they may be."""
        return self.value + sign * self.error if sign else self.value


class StageWorld:
    """The stage game of every state and draw of a chunk.

    Parameters
    ----------
    compiler, drawn, draws
        As for :class:`sim.dynamics.period.PeriodCompiler`.
    period
        Its period games: they say what third parties answer to a treaty in force.
    bargaining
        Treaty values, transition and discount factors of the same chunk.
    """

    def __init__(
        self,
        compiler: PeriodCompiler,
        drawn: Mapping[str, FloatArray],
        draws: int,
        period: PeriodGame,
        bargaining: MarkovBargaining,
    ) -> None:
        self.world, self.bargaining = compiler.world, bargaining
        self.game, self.rounds = _games(compiler)
        self.shape = (len(self.world.states), draws)
        self.principals = self.world.scenario.document.principals
        self.theta = compiler.theta(drawn, draws)
        leaves = max(self.game.leaf_agreement.size, int(np.prod(self.game.dispute.shape)))
        several = 1 if self.rounds is None else MORE
        self.step = max(1, MOST_CELLS // (leaves * several))
        treaty = np.flatnonzero(period.dispute.treaties & (np.arange(period.dispute.shape[0]) > 0))
        self.number = np.full(period.dispute.shape[0], -1)
        self.number[treaty] = np.arange(len(treaty))
        now = (1 - bargaining.discount[:, None, None, :]) * period.flow[:, treaty]
        later = bargaining.deals - period.once[:, treaty] - now
        self.later = np.zeros((len(self.principals), period.dispute.shape[0], *self.shape))
        self.later[:, treaty] = later
        self.once = compiler.once

    def play(self, values: FloatArray, errors: FloatArray, *, favour: bool = True) -> StagePeriod:
        """One period when tomorrow's values are ``values``, known up to ``errors``."""
        points = self.shape[0] * self.shape[1]
        ahead = continuation(self.bargaining, values).reshape(len(values), points)
        unsure = continuation(self.bargaining, errors).reshape(len(values), points)
        factor = np.broadcast_to(self.bargaining.discount[:, None], values.shape)
        factor = factor.reshape(len(values), points)
        parts = [
            self._chunk(slice(k, min(k + self.step, points)), ahead, unsure, factor, favour)
            for k in range(0, points, self.step)
        ]
        joined = [np.concatenate(x, axis=-1) for x in zip(*parts, strict=True)]
        shaped = [x.reshape(*x.shape[:-1], *self.shape) for x in joined]
        return StagePeriod(
            values=shaped[0],
            errors=shaped[1],
            signs=shaped[2],
            deal=shaped[3],
            several=shaped[4],
            solved=shaped[5],
        )

    def _chunk(
        self, part: slice, ahead: FloatArray, unsure: FloatArray, factor: FloatArray, favour: bool
    ) -> tuple[np.ndarray, ...]:
        """Values, their errors, signatures, deals, whether several, whether solved at some points."""
        game = self.game
        batch = game.dispute.at(np.ascontiguousarray(self.theta[:, part]))
        known = part, ahead[:, part], unsure[:, part], factor[:, part]
        if self.rounds is not None:
            return self._chunk_of_rounds(self.rounds, batch, known, favour)
        outcomes = outcomes_of(game, batch)
        worth = self._worth(outcomes, *known)
        present, solved = reach(game, worth)
        kept = kinds_of(game, len(present)).kept_treaty[:, None]
        treaty, other = (present & kept).any(axis=0), (present & ~kept).any(axis=0)
        if not favour:
            present = present & ~(kept & other)
        found = summary(game, worth, present, solved)
        points = np.arange(len(solved))
        rows = [worth.actors.index(actor) for actor in self.principals]
        value = worth.value[rows][:, found.chosen, points]
        error = worth.error[rows][:, found.chosen, points]
        signed = np.where(kept[found.chosen, 0] & solved, 1.0, 0.0)
        signed *= outcomes.ratification[found.chosen, points]
        count, columns = game.dispute.shape
        deal = self.number[found.chosen % (count * columns) // columns]
        several = np.asarray(treaty & other)
        return value, error, signed, np.where(signed > 0, deal, -1), several, solved

    def _chunk_of_rounds(
        self,
        rounds: RoundGame,
        batch: Batch,
        known: tuple[slice, FloatArray, FloatArray, FloatArray],
        favour: bool,
    ) -> tuple[np.ndarray, ...]:
        """The same where a period holds several rounds."""
        worth = [self._worth(outcomes_of(kind, batch), *known) for kind in rounds.kinds]
        found = play_in_rounds(rounds, worth, favour=favour)
        count, columns = rounds.dispute.shape
        deal = self.number[found.row % (count * columns) // columns]
        signed = np.where(found.treaty, 1.0, 0.0)
        kept = np.where(found.treaty, deal, -1)
        return found.value, found.error, signed, kept, found.several, found.solved

    def _worth(
        self,
        outcomes: Outcomes,
        part: slice,
        ahead: FloatArray,
        unsure: FloatArray,
        factor: FloatArray,
    ) -> _Worth:
        """What every outcome is worth in time, to principals; to third parties its payoff."""
        value, dispute = outcomes.table.copy(), self.game.dispute
        error = (outcomes.filled(1) - outcomes.filled(-1)) / 2
        rows, columns = dispute.shape
        size = value.shape[-1]
        chance = outcomes.ratification.reshape(-1, rows, columns, size)[0]
        treaties = np.flatnonzero(self.number >= 0)
        env = dispute.frame.env(outcomes.batch.theta) if self.once else {}
        later = self.later.reshape(len(self.principals), rows, -1)[:, :, part]
        for i, actor in enumerate(self.principals):
            k, d = outcomes.actors.index(actor), factor[i]
            pay = np.broadcast_to(outcomes.batch.payoff(actor), (rows, columns, size))
            once = np.zeros_like(pay)
            for term in dispute.terms_of[actor]:
                if term.path in self.once:
                    once = once + np.broadcast_to(term_value(term, env), pay.shape)
            refused = (1 - d) * pay[:1] + ahead[i]
            lasting = once + (1 - d) * (pay - once) + later[i][:, None]
            table = value[k].reshape(-1, rows, columns, size)
            table[:] = (1 - d) * table + ahead[i]
            mixed = chance * lasting + (1 - chance) * refused
            table[0, treaties] = mixed[treaties]
            wrong = error[k].reshape(-1, rows, columns, size)
            signed = 2 * wrong[0].max(axis=1, keepdims=True)
            wrong[:] = (1 - d) * wrong + unsure[i]
            wrong[0, treaties] = np.maximum(wrong[0], np.where(chance > 0, signed, 0))[treaties]
        names = ("game", "batch", "actors", "ratification")
        return _Worth(value=value, error=error, **{n: getattr(outcomes, n) for n in names})


def _games(compiler: PeriodCompiler) -> tuple[StageGame, RoundGame | None]:
    """The file's game under the conditions that the dynamics name; its first round where it has several."""
    rounds = compiler.problem.rounds
    if rounds is None:
        game = compiler.problem.game
        if game is None:
            raise UsageError(f"{compiler.world.scenario.origin}: a forecast needs a game")
        return conditioned(compiler, game), None
    kinds = tuple(conditioned(compiler, game) for game in rounds.kinds)
    first = kinds[rounds.order[0]]
    return first, replace(rounds, kinds=kinds) if len(rounds.order) > 1 else None


def conditioned(compiler: PeriodCompiler, game: StageGame) -> StageGame:
    """A stage game under the conditions that the dynamics name."""
    played: list[Rung] = ["home"] if game.noise is not None else []
    if any(axis.kind == "implement" for axis in game.axes):
        played.append("enforcement")
    needs = tuple(r for r in needed(compiler.world) if r not in played)
    return replace(game, ratified=game.noise is not None, requires=needs)


def stage_backward(stages: StageWorld, periods: int, *, favour: bool = True) -> list[StagePeriod]:
    """Backward induction over a number of periods, the first period first; no treaty can come after."""
    values = without_deals(stages.bargaining)
    errors = np.zeros_like(values)
    out: list[StagePeriod] = []
    for _ in range(periods):
        out.append(stages.play(values, errors, favour=favour))
        values, errors = out[-1].values, out[-1].errors
    return out[::-1]


def stage_iterate(
    stages: StageWorld, *, most: int = MOST_ROUNDS, favour: bool = True
) -> tuple[StagePeriod, BoolArray]:
    """The limit of ever longer horizons, and for which draws play repeats, ``(draws,)``."""
    values = without_deals(stages.bargaining)
    errors = np.zeros_like(values)
    unit = SETTLED * stages.bargaining.scales[:, None, None]
    for _ in range(most):
        now = stages.play(values, errors, favour=favour)
        settled = np.asarray((np.abs(now.values - values) <= unit).all(axis=(0, 1)))
        values, errors = now.values, now.errors
        if settled.all():
            break
    return now, settled & now.solved.all(axis=0)
