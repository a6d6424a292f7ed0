"""What has to fall for a treaty to break: one inequality out of several, replaced by linear ones over a box.

Definition. At a point where treaty ``a`` stands under stances ``s`` (against ``s0``), it breaks only if one
of its gains falls to the target, one of the alternatives by which a constraint is met now is lost, or the
stances are no longer an equilibrium. Over a box with derivatives of a row ``g`` in ``[low, high]``,

    g(p + u - v) >= g(p) + low . u - high . v      for u, v >= 0

so a linear program over such inequalities costs no more than any change that meets them.

Array convention. Points have shape ``(varied,)``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.certified.bounds.box_batch import BoxBatch
from sim.certified.bounds.boxes import Boxes, centre
from sim.certified.bounds.rows import Rows
from sim.certified.change.programs.linear_program import Demand
from sim.certified.ladder.parts import Parts, Slack


@dataclass(frozen=True, slots=True)
class Cut:
    """One inequality that helps to break a treaty: ``sign * row[index] >= level``."""

    rows: Rows
    index: int
    sign: int
    level: float

    @property
    def key(self) -> tuple[int, int, int]:
        """What tells it from others."""
        return id(self.rows), self.index, self.sign


class Window:
    """A box, or one point, over which cuts are replaced by linear inequalities.

    Parameters
    ----------
    parts
        Gains, slacks and regrets.
    start
        Where changes start from, shape ``(varied,)``.
    box
        One box; its slopes hold for all of it. Without one, slopes are those at the start.
    """

    def __init__(self, parts: Parts, start: FloatArray, box: Boxes | None = None) -> None:
        self.parts, self.point = parts, Boxes(start[:, None], start[:, None])
        self.box = self.point if box is None else box
        self.exact = box is None
        self._batches: dict[int, tuple[BoxBatch, BoxBatch]] = {}
        self._demands: dict[tuple[int, int, int], Demand | None] = {}

    def demand(self, cut: Cut) -> Demand | None:
        """The linear inequality; ``None`` where nothing in the box meets the cut."""
        if cut.key not in self._demands:
            self._demands[cut.key] = self._linear(cut)
        return self._demands[cut.key]

    def _linear(self, cut: Cut) -> Demand | None:
        row = np.array([cut.index])
        at, over = self.batches(int(cut.rows.agreement[cut.index]))
        value = cut.rows.bounds(at, row)
        low, high = (slope[:, 0, 0] for slope in cut.rows.slopes(over, row))
        lo, hi = float(value.lo[0, 0]), float(value.hi[0, 0])
        if self.exact:
            low = high = centre(low, high)
            lo = hi = float(centre(value.lo, value.hi)[0, 0])
        elif not self._reaches(cut, over):
            return None
        if cut.sign < 0:
            return Demand(-lo, -low, high, cut.level)
        return Demand(hi, high, -low, cut.level)

    def _reaches(self, cut: Cut, over: BoxBatch) -> bool:
        part = cut.rows.bounds(over, np.array([cut.index]))
        return bool((part.hi if cut.sign > 0 else -part.lo)[0, 0] >= cut.level)

    def batches(self, agreement: int) -> tuple[BoxBatch, BoxBatch]:
        """The start and the box, for one agreement and the status quo."""
        if agreement not in self._batches:
            some = np.unique([0, agreement])
            frame = self.parts.dispute.frame
            at = BoxBatch(frame, self.point, some)
            over = at if self.exact else BoxBatch(frame, self.box, some)
            self._batches[agreement] = at, over
        return self._batches[agreement]


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which a treaty may break; without a cut, one that is not known as a row."""

    cut: Cut | None


def ways_to_break(
    parts: Parts, here: Window, over: Window, cell: int, base: int, level: float
) -> Iterator[Way]:
    """What one cell, which stands at the point ``here``, needs to lose at least one of.

    ``base`` is a stance profile of the status quo, ``level`` what the margin is to fall to; ``over`` is
    the box that the answer is for.
    """
    yield from (Way(Cut(rows, cell, -1, -level)) for rows in parts.gains[base])
    for slack in parts.slacks:
        if slack.applies[cell]:
            yield from _of_slack(parts, slack, here, over, cell, level)
    for rows in parts.regrets.rows:
        yield Way(Cut(rows, cell + parts.columns, 1, 0.0))
        yield Way(Cut(rows, base, 1, 0.0))


def _of_slack(
    parts: Parts, slack: Slack, here: Window, over: Window, cell: int, level: float
) -> Sequence[Way]:
    """The cuts by which the alternative that meets a constraint at this point would no longer do so."""
    agreement, row = int(parts.agreement[cell]), np.array([cell])
    if slack.direct is not None:
        low = slack.bounds(over.batches(agreement)[1], row).lo[0, 0]
        return [Way(None)] if low <= level else []
    if not slack.choices:
        return []
    now = here.batches(agreement)[0]
    values = [float(choice.bounds(now, row).hi[0, 0]) for choice in slack.choices]
    best = slack.choices[int(np.argmax(values))]
    cuts = [Cut(rows, cell, -1, -level) for rows in best.members]
    cuts += [Cut(rows, cell, -1, 0.0) for rows in best.conditions]
    return [Way(cut) for cut in cuts]
