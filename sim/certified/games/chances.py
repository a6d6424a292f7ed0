"""Whether an agreement enters into force at home, over boxes: bounds of its probability.

Definition. Where ratification is certain an agreement enters into force when its lowest home slack is
at least 0 (within the tolerance): its probability is 1, 0, or between them where bounds do not
decide. With noise ``sigma`` it is ``Phi(slack / sigma)``, bounded by its monotony. The status quo needs
nobody's consent.

Array convention. Probabilities have shape ``(agreements * profiles, boxes)``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import RELATIVE, FloatArray, IntArray
from sim.certified.bounds.box_batch import BoxBatch
from sim.certified.bounds.rows import Bounds, Rows, rows_of
from sim.certified.ladder.best_treaty import pull
from sim.certified.ladder.parts import Slack, slack_over
from sim.errors import UsageError
from sim.games.stages import StageGame
from sim.payoffs.quantities import Term, fold

ROUNDING = 1e-12
SURE, NEVER, POSITIVE = 9.0, -40.0, -37.0
"""In floating point ``Phi`` is 1 above the first, 0 below the second, and not 0 above the third."""


@dataclass(frozen=True, slots=True, eq=False)
class Chances:
    """What ratification at home rests on.

    Parameters
    ----------
    cells
        Those that a home constraint touches, ``agreement * profiles + profile``.
    size
        Number of all cells.
    slacks
        The home constraints over these cells.
    noise
        Standard deviation of the noise there; ``None`` where ratification is certain.
    """

    cells: IntArray
    size: int
    slacks: tuple[Slack, ...]
    noise: Rows | None

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
        """Bounds of the probability of ratification of every cell."""
        lo, hi = np.ones((2, self.size, len(batch)))
        if self.slacks:
            lo[self.cells], hi[self.cells] = self._of_slack(batch, self._lowest(batch))
        return Bounds(lo, hi)

    def _lowest(self, batch: BoxBatch) -> Bounds:
        index = np.arange(len(self.cells))
        parts = [slack.bounds(batch, index) for slack in self.slacks]
        return Bounds(
            np.minimum.reduce([p.lo for p in parts]), np.minimum.reduce([p.hi for p in parts])
        )

    def _of_slack(self, batch: BoxBatch, slack: Bounds) -> tuple[FloatArray, FloatArray]:
        if self.noise is None:
            yes, no = slack.lo >= -RELATIVE + ROUNDING, slack.hi < -RELATIVE - ROUNDING
            return yes.astype(np.float64), (~no).astype(np.float64)
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
        for slack in self.slacks:
            some = np.flatnonzero(slack.applies)
            for rows in slack.rows:
                weight += pull(rows, batch, some, 0.0 if self.noise is None else None)
        if self.noise is not None:
            weight += pull(self.noise, batch, np.arange(len(self.cells)), None)
        return weight


def _phi(x: FloatArray, direction: int) -> FloatArray:
    """The normal distribution function, rounded outward by more than any library's error."""
    from scipy.special import ndtr

    value = ndtr(x) * (1 + direction * 1e-10)
    if direction < 0:
        return np.where(x > SURE, 1.0, np.where(x > POSITIVE, value, 0.0))
    return np.where(x < NEVER, 0.0, np.clip(value, 1e-300, 1.0))


def chances_of(game: StageGame) -> Chances:
    """What ratification in a stage game rests on."""
    dispute = game.dispute
    rows, columns = dispute.shape
    home = [c for c in dispute.constraints if c.rung == "home"] if game.ratified else []
    touched = np.logical_or.reduce([np.zeros(rows, np.bool_), *(c.applies for c in home)])
    touched[0] = False
    agreement = np.repeat(np.flatnonzero(touched), columns)
    profile = np.tile(np.arange(columns), int(touched.sum()))
    slacks = tuple(slack_over(dispute, c, agreement, profile) for c in home)
    noise = None
    if game.noise is not None and slacks:
        term = Term("game.noise", game.noise)
        noise = rows_of(fold([term], dispute.frame, term.path), agreement, profile)
    return Chances(agreement * columns + profile, rows * columns, slacks, noise)
