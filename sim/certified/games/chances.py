"""Whether an agreement enters into force, over boxes: bounds of its probability.

Definition. An agreement enters into force when the lowest slack of the conditions that the game enforces is
at least 0 (within the tolerance): its probability is 1, 0, or between them where bounds do not decide.
Where ratification at home has noise ``sigma`` its probability is ``Phi(home slack / sigma)``, bounded by
its monotony. The status quo needs nobody's consent.

Array convention. Probabilities have shape ``(agreements * profiles, boxes)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import ROUNDING, FloatArray, IntArray
from sim.certified.bounds.box_batch import BoxBatch
from sim.certified.bounds.rows import Bounds, Rows, rows_of
from sim.certified.ladder.best_treaty import pull
from sim.certified.ladder.parts import Slack, slack_over
from sim.errors import UsageError
from sim.games.stages import StageGame
from sim.payoffs.quantities import Term, fold
from sim.rules import outcomes as rules
from sim.rules.intervals import INTERVALS

LIBRARY = 1e-10
"""More than the relative error of any library's normal distribution function."""
SURE, NEVER, POSITIVE = 9.0, -40.0, -37.0
"""In floating point ``Phi`` is 1 above the first, 0 below the second, and not 0 above the third."""


@dataclass(frozen=True, slots=True, eq=False)
class Chances:
    """What entering into force rests on.

    Parameters
    ----------
    cells
        Those that a condition touches, ``agreement * profiles + profile``.
    size
        Number of all cells.
    certain
        The conditions, over these cells, that an agreement meets or not.
    by_chance
        Those at home where noise decides.
    noise
        Standard deviation of the noise there; ``None`` where ratification is certain.
    """

    cells: IntArray
    size: int
    certain: tuple[Slack, ...]
    by_chance: tuple[Slack, ...]
    noise: Rows | None

    @property
    def slacks(self) -> tuple[Slack, ...]:
        """All conditions."""
        return (*self.certain, *self.by_chance)

    @property
    def rows(self) -> tuple[Rows, ...]:
        """Every row that ratification rests on."""
        return (*(r for s in self.slacks for r in s.rows), *filter(None, [self.noise]))

    @property
    def affine(self) -> bool:
        """Whether the set of points at which an agreement is ratified is bounded by affine rows alone."""
        written = all(slack.direct is None for slack in self.slacks)
        return self.noise is None and written and not any(r.quantity.rest for r in self.rows)

    def bounds(self, batch: BoxBatch) -> Bounds:
        """Bounds of the probability that every cell enters into force."""
        lo, hi = np.ones((2, self.size, len(batch)))
        if self.certain:
            slack = self._lowest(self.certain, batch)
            wide = Bounds(slack.lo - ROUNDING, slack.hi + ROUNDING)
            lo[self.cells], hi[self.cells] = rules.met(INTERVALS, wide)
        if self.by_chance:
            low, high = self._of_slack(batch, self._lowest(self.by_chance, batch))
            lo[self.cells] *= low
            hi[self.cells] *= high
        return Bounds(lo, hi)

    def _lowest(self, slacks: Sequence[Slack], batch: BoxBatch) -> Bounds:
        index = np.arange(len(self.cells))
        return INTERVALS.fold("min", (slack.bounds(batch, index) for slack in slacks))

    def _of_slack(self, batch: BoxBatch, slack: Bounds) -> tuple[FloatArray, FloatArray]:
        assert self.noise is not None
        sigma = self.noise.bounds(batch)
        if (sigma.hi <= 0).any():
            raise UsageError("the noise of 'ratify' must be positive and finite everywhere")
        unknown = (sigma.lo <= 0) | ~np.isfinite(sigma.hi)
        low, high = np.where(unknown, 1.0, sigma.lo), np.where(unknown, 1.0, sigma.hi)
        with np.errstate(over="ignore", invalid="ignore"):
            worst = np.where(slack.lo >= 0, slack.lo / high, slack.lo / low)
            best = np.where(slack.hi >= 0, slack.hi / low, slack.hi / high)
        lo, hi = _phi(worst, -1), _phi(best, 1)
        return np.where(unknown, 0.0, lo), np.where(unknown, 1.0, hi)

    def weight(self, batch: BoxBatch) -> FloatArray:
        """How much each parameter moves slacks that are open, shape ``(varied, boxes)``.

        Slacks whose sign is open; with noise every slack and the noise itself.
        """
        weight = np.zeros((len(batch.mid), len(batch)))
        levels = [(self.certain, 0.0), (self.by_chance, None)]
        for slack, level in ((slack, level) for group, level in levels for slack in group):
            some = np.flatnonzero(slack.applies)
            for rows in slack.rows:
                weight += pull(rows, batch, some, level)
        if self.noise is not None:
            weight += pull(self.noise, batch, np.arange(len(self.cells)), None)
        return weight


def _phi(x: FloatArray, direction: int) -> FloatArray:
    """The normal distribution function, rounded outward by more than any library's error."""
    from scipy.special import ndtr

    value = ndtr(x) * (1 + direction * LIBRARY)
    if direction < 0:
        return np.where(x > SURE, 1.0, np.where(x > POSITIVE, value, 0.0))
    return np.where(x < NEVER, 0.0, np.clip(value, 1e-300, 1.0))


def chances_of(game: StageGame) -> Chances:
    """What entering into force in a stage game rests on."""
    dispute = game.dispute
    rows, columns = dispute.shape
    certain = [c for c in dispute.constraints if c.rung in game.enforced]
    home = [c for c in dispute.constraints if c.rung == "home"] if game.noise is not None else []
    touched = np.logical_or.reduce(
        [np.zeros(rows, np.bool_), *(c.applies for c in (*certain, *home))]
    )
    touched[0] = False
    agreement = np.repeat(np.flatnonzero(touched), columns)
    profile = np.tile(np.arange(columns), int(touched.sum()))
    strict, chance = (
        tuple(slack_over(dispute, c, agreement, profile) for c in group)
        for group in (certain, home)
    )
    noise = None
    if game.noise is not None:
        term = Term("game.noise", game.noise)
        noise = rows_of(fold([term], dispute.frame, term.path), agreement, profile)
    return Chances(agreement * columns + profile, rows * columns, strict, chance, noise)
