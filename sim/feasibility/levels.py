"""The arithmetic of the ladder: gains, slacks, and the level of every treaty on every rung.

Definition. A *cell* is a treaty under some stances. Its *parts* are the gains of all principals, against the
status quo under given stances (a *view*), and its slacks. The *level* of a cell on a rung is the lowest of
its parts up to that rung. A part that ties with 0 is exactly 0: a gain where the two payoffs tie
(:mod:`sim._kernels.tolerance`), a slack within ``RELATIVE`` of its own scale. After that values are
compared as they are.

Only cells that may be equilibria somewhere in a batch are looked at.

Array convention. Values have shape ``(cells, batch)``; tops ``(rungs, batch)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray, IntArray
from sim.payoffs import Batch
from sim.payoffs.dispute import at_points
from sim.rules import ladder as rules
from sim.rules.arithmetic import ARRAYS, Groups
from sim.rules.ladder import RUNG_OF


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Cells of a batch that are candidates at some of its points.

    Parameters
    ----------
    batch
        A dispute at some points.
    agreement, profile
        Of every cell, shape ``(cells,)``, treaty by treaty.
    allowed
        Where each is a candidate, shape ``(cells, batch)``.
    payoffs
        Per principal its payoff in its unit, shape ``(cells, batch or 1)``.
    lowest
        Per rung its lowest slack; ``None`` where it has no constraint.
    """

    batch: Batch
    agreement: IntArray
    profile: IntArray
    allowed: BoolArray
    payoffs: tuple[FloatArray, ...]
    lowest: dict[int, FloatArray | None]

    @property
    def starts(self) -> IntArray:
        """Where each treaty's cells begin."""
        return np.flatnonzero(np.diff(self.agreement, prepend=-1))


def cells_of(batch: Batch, allowed: BoolArray) -> Cells:
    """The cells that are candidates somewhere; ``allowed`` has shape ``(agreements, profiles, batch)``."""
    agreement, profile = np.nonzero(allowed.any(axis=-1))
    scales, names = batch.dispute.scales, batch.dispute.scenario.document.principals
    slacks = {k: batch.lowest(rung) for rung, k in RUNG_OF.items()}
    return Cells(
        batch,
        agreement,
        profile,
        allowed[agreement, profile],
        tuple(_at(batch.payoff(actor), agreement, profile) / scales[actor] for actor in names),
        {k: None if v is None else _at(v, agreement, profile) for k, v in slacks.items()},
    )


def _at(value: FloatArray, agreement: IntArray, profile: IntArray) -> FloatArray:
    """A quantity of a batch at some cells, shape ``(cells, batch or 1)``."""
    rows, columns = value.shape[:2]
    out: FloatArray = value[np.minimum(agreement, rows - 1), np.minimum(profile, columns - 1)]
    return out


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """Cells and what their gains are measured against.

    Parameters
    ----------
    cells
        The candidates.
    against
        Per principal the stances under the status quo, shape ``(principals, batch)``.
    possible
        At which points the view counts, shape ``(batch,)``.
    rests
        Whether it counts only because third parties are committed to stances of theirs.
    """

    cells: Cells
    against: IntArray
    possible: BoolArray
    rests: bool = False

    def pick(self, batch: Batch, points: IntArray) -> View:
        """The same view at some points, of which ``batch`` is the batch."""
        cells = self.cells
        if batch is cells.batch:
            return self
        near = Cells(
            batch,
            cells.agreement,
            cells.profile,
            cells.allowed[:, points],
            tuple(at_points(u, points) for u in cells.payoffs),
            {k: None if v is None else at_points(v, points) for k, v in cells.lowest.items()},
        )
        return View(near, self.against[:, points], self.possible[points], self.rests)

    def base(self, principal: int) -> FloatArray:
        """What a principal has under the status quo, in its unit, shape ``(batch or 1,)``."""
        batch = self.cells.batch
        actor = batch.dispute.scenario.document.principals[principal]
        value = batch.payoff(actor)[0]
        rows = np.minimum(self.against[principal], len(value) - 1)
        if (rows == rows[0]).all():
            out = value[rows[0]]
        else:
            out = value[rows, np.arange(batch.size) if value.shape[1] > 1 else 0]
        return np.asarray(out / batch.dispute.scales[actor])

    def errors(self, cell: IntArray, point: IntArray) -> list[FloatArray]:
        """Up to what the gains of some cells at some points are known, in the principals' units."""
        dispute = self.cells.batch.dispute
        a, s = self.cells.agreement[cell], self.cells.profile[cell]
        return [
            (dispute.error(actor)[a, s, 0] + dispute.error(actor)[0, self.against[k, point], 0])
            / dispute.scales[actor]
            for k, actor in enumerate(dispute.scenario.document.principals)
        ]


def levels_of(view: View, *, snapped: bool = False) -> list[FloatArray]:
    """Per rung the lowest part up to it, ``-inf`` where a cell is not a candidate.

    ``snapped`` says whether parts that tie with 0 are 0; without that levels are right where they are not
    near 0.
    """
    cells = view.cells
    start = np.full(cells.allowed.shape, -np.inf)
    np.copyto(start, np.inf, where=cells.allowed & view.possible)
    gains = (gain_of(view, k) if snapped else u - view.base(k) for k, u in enumerate(cells.payoffs))
    slacks = {
        rung: [rules.snapped(ARRAYS, slack, RELATIVE) if snapped else slack]
        for rung, slack in cells.lowest.items()
        if slack is not None
    }
    return rules.levels(ARRAYS, start, gains, slacks)


def gain_of(view: View, principal: int) -> FloatArray:
    """A principal's gains in its unit, 0 where they tie with that, shape ``(cells, batch)``."""
    gain = view.cells.payoffs[principal] - view.base(principal)
    return np.asarray(rules.snapped(ARRAYS, gain, _errors_of(view, principal)))


def slack_at(slack: FloatArray, cells: Cells) -> FloatArray:
    """A slack of a batch at some cells, shape ``(cells, batch or 1)``."""
    return _at(slack, cells.agreement, cells.profile)


def _errors_of(view: View, principal: int) -> FloatArray:
    """Up to what a principal's gains are known, shape ``(cells, batch)``."""
    dispute, cells = view.cells.batch.dispute, view.cells
    actor = dispute.scenario.document.principals[principal]
    error = dispute.error(actor)[..., 0] / dispute.scales[actor]
    return np.asarray(
        error[cells.agreement, cells.profile][:, None] + error[0, view.against[principal]]
    )


def largest_error(views: Sequence[View]) -> float:
    """Up to what every part of every cell is known."""
    dispute = views[0].cells.batch.dispute
    rows = np.zeros(dispute.shape[0], dtype=np.bool_)
    rows[0] = True
    for view in views:
        rows[view.cells.agreement] = True
    return rules.known_to(
        float(dispute.error(actor)[rows].max()) / dispute.scales[actor]
        for actor in dispute.scenario.document.principals
    )


def tops_of(levels: Sequence[FloatArray]) -> FloatArray:
    """Per rung the best value over all cells, shape ``(rungs, batch)``."""
    same = [k > 0 and level is levels[k - 1] for k, level in enumerate(levels)]
    tops: list[FloatArray] = []
    for level, as_before in zip(levels, same, strict=True):
        tops.append(tops[-1] if as_before else level.max(axis=0, initial=-np.inf))
    return np.stack(tops)


def first_failing(tops: FloatArray) -> IntArray:
    """The first rung that no treaty reaches, ``len(RUNGS)`` where none fails."""
    return np.asarray(rules.first_failing(ARRAYS, [*tops]), dtype=np.int64)


def in_every(view: View, level: FloatArray) -> FloatArray:
    """Best treaty when each meets the least favourable of its stance equilibria."""
    cells = view.cells
    if len(cells.starts) == len(cells.agreement):
        return np.asarray(level.max(axis=0, initial=-np.inf))
    by_treaty = Groups(cells.starts)
    worst = by_treaty.over("least", np.where(cells.allowed, level, np.inf), (0,))
    some = by_treaty.over("any", cells.allowed, (0,))
    found = rules.least_favourable(ARRAYS, worst, some)
    return np.asarray(found.max(axis=0, initial=-np.inf))
