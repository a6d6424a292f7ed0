"""Branch and bound on boxes: divide what is undecided until little is left.

Definition. A box is *feasible* when the lower bound of the margin over it is above 0, *infeasible* when
the upper bound is below 0, and a *knife-edge* when both are 0, all three up to rounding: a margin that
is 0 on a whole region is neither yes nor no there. A box that is none of these is cut in two along the
parameter that contributes most to the width of the undecided bounds. Treaties that cannot be feasible
anywhere in a box are not looked at in its parts.

Array convention. Boxes have shape ``(varied, boxes)``; verdicts are codes into ``VERDICTS``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.frontier._batch import BoxBatch
from sim.frontier._enclose import Rows
from sim.frontier._margin import Cells, LadderBatch, Levels, Stances, cells_of, stances_over
from sim.frontier._parts import Parts
from sim.frontier.boxes import Boxes, join

VERDICTS = ("feasible", "infeasible", "knife-edge", "undecided")
FEASIBLE, INFEASIBLE, KNIFE_EDGE, UNDECIDED = range(4)
PLATEAU = 1e-12
MOST = 512
WORK = 1 << 17

Progress = Callable[[float, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class Division:
    """Where branch and bound ended.

    Parameters
    ----------
    boxes, verdict
        All parts of the whole, shape ``(varied, boxes)`` and ``(boxes,)``.
    examined
        How many boxes were bounded.
    finished
        Whether the tolerance was met; otherwise the work limit was.
    """

    boxes: Boxes
    verdict: IntArray
    examined: int
    finished: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Task:
    boxes: Boxes
    cells: Cells


def divide(
    parts: Parts,
    whole: Boxes,
    *,
    tolerance: float,
    narrowest: float,
    limit: int,
    target: float = 0.0,
    progress: Progress | None = None,
) -> Division:
    """Divide a box by the verdict on the margin.

    Parameters
    ----------
    parts
        What the ladder reads.
    whole
        The one box.
    tolerance
        Share of the volume that may stay undecided.
    narrowest
        Boxes narrower than this share of every side are not divided further.
    limit
        How many boxes may be bounded.
    target
        The margin from which on a box counts as feasible.
    progress
        Called with the undecided share and the number of boxes bounded so far.
    """
    fixed = fixed_stances(parts, whole)
    queue = deque([_Task(whole, possible_cells(parts, fixed))])
    done: list[tuple[Boxes, IntArray]] = []
    open_share, examined, stuck = 1.0, 0, 0.0
    floor = narrowest * (whole.hi - whole.lo)
    while queue and open_share - stuck > tolerance and examined < limit:
        task = queue.popleft()
        examined += len(task.boxes)
        verdict, children, small = _examine(parts, task, fixed, floor, target)
        decided = verdict != UNDECIDED
        done.append((task.boxes.pick(decided | small), verdict[decided | small]))
        volumes = task.boxes.volumes(whole)
        open_share -= float(volumes[decided].sum())
        stuck += float(volumes[small].sum())
        queue.extend(children)
        if progress is not None:
            progress(max(0.0, open_share), examined)
    rest = [(task.boxes, np.full(len(task.boxes), UNDECIDED)) for task in queue]
    boxes = join([b for b, _ in done + rest], len(whole.lo))
    verdict = np.concatenate([v for _, v in done + rest])
    return Division(boxes, verdict, examined, not queue or open_share - stuck <= tolerance)


def fixed_stances(parts: Parts, whole: Boxes) -> Stances | None:
    """Stances of the status quo and all treaties where no varied parameter moves them."""
    if not parts.regrets.constant:
        return None
    batch = BoxBatch(parts.dispute.frame, Boxes(whole.mid, whole.mid))
    return stances_over(parts, batch, np.arange(len(parts.treaties) + 1))


def possible_cells(parts: Parts, fixed: Stances | None) -> Cells:
    """The cells whose stances can be an equilibrium at all."""
    if fixed is None:
        return cells_of(parts)
    return cells_of(parts, np.flatnonzero(fixed.possible[1:].reshape(-1)))


def verdicts(levels: Levels, target: float = 0.0) -> IntArray:
    """The verdict on each box from bounds of its margin."""
    out = np.full(len(levels.lo), UNDECIDED)
    out[(levels.hi <= target + PLATEAU) & (levels.lo >= target - PLATEAU)] = KNIFE_EDGE
    out[levels.lo > target + PLATEAU] = FEASIBLE
    out[levels.hi < target - PLATEAU] = INFEASIBLE
    return out


def _examine(
    parts: Parts, task: _Task, fixed: Stances | None, floor: FloatArray, target: float
) -> tuple[IntArray, list[_Task], BoolArray]:
    """Verdicts on the boxes of a task, the parts to look at next, and which are too small to cut."""
    batch = BoxBatch(parts.dispute.frame, task.boxes)
    levels = LadderBatch(parts, batch, task.cells, fixed).top()
    verdict = verdicts(levels, target)
    small = (verdict == UNDECIDED) & (task.boxes.hi - task.boxes.lo <= floor).all(axis=0)
    cut = (verdict == UNDECIDED) & ~small
    if not cut.any():
        return verdict, [], small
    alive = (levels.treaty_hi[:, cut] >= target).any(axis=1)
    keep = np.repeat(alive, np.diff(task.cells.starts, append=len(task.cells.index)))
    cells = cells_of(parts, task.cells.index[keep])
    along = _where_to_cut(parts, batch, cells, floor, target)[cut]
    children = task.boxes.pick(cut).halved(along)
    size = max(1, min(MOST, WORK // max(1, len(cells.index))))
    if not parts.affine:
        size = max(1, size // 8)
    return verdict, _spread(children, cells, size), small


def _spread(boxes: Boxes, cells: Cells, size: int) -> list[_Task]:
    """Tasks of at most ``size`` boxes each, neighbours together."""
    if len(boxes) <= size:
        return [_Task(boxes, cells)]
    axis = int(
        np.argmax(
            np.ptp(boxes.mid, axis=1) / np.ptp(boxes.hi - boxes.lo + boxes.mid, axis=1).clip(1e-300)
        )
    )
    order = np.argsort(boxes.mid[axis], kind="stable")
    half = len(order) // 2
    return [
        *_spread(boxes.pick(order[:half]), cells, size),
        *_spread(boxes.pick(order[half:]), cells, size),
    ]


def _where_to_cut(
    parts: Parts, batch: BoxBatch, cells: Cells, floor: FloatArray, target: float
) -> IntArray:
    """Per box the parameter that moves the undecided rows most; the widest where none does."""
    weight = np.zeros((len(parts.dispute.varied), len(batch)))
    bases = (
        parts.gains.values() if not parts.regrets.constant else [next(iter(parts.gains.values()))]
    )
    groups = [rows for base in bases for rows in base]
    groups += [rows for slack in parts.slacks for rows in slack.rows]
    for rows in groups:
        weight += _pull(rows, batch, cells.index, target)
    if not parts.regrets.constant:
        for rows in parts.regrets.rows:
            weight += _pull(rows, batch, np.arange(len(rows.kind)), 0.0)
    width = batch.boxes.hi - batch.boxes.lo
    share = width / floor.clip(1e-300)
    weight = np.where(
        width > floor, weight + 1e-9 * weight.max(axis=0) * (share / share.max(axis=0)), -1.0
    )
    flat = ~(weight > 0).any(axis=0)
    weight[:, flat] = share[:, flat]
    return np.asarray(weight.argmax(axis=0))


def _pull(rows: Rows, batch: BoxBatch, index: IntArray, level: float) -> FloatArray:
    """How much each parameter contributes to rows whose sign is open, shape ``(varied, boxes)``."""
    if rows.constant:
        return np.zeros((len(batch.mid), len(batch)))
    if not rows.quantity.rest:
        kinds = np.unique(rows.kind[index])
        lo, hi = (end[kinds] for end in rows.flat(batch))
        open_ = (lo < level) & (hi > level)
        width = np.where(open_, hi - lo, np.inf)
        return np.asarray(np.abs(rows.matrix[kinds, 1:]).T @ (1 / width)) * batch.radius
    part = rows.bounds(batch, index)
    low, high = rows.slopes(batch, index)
    open_ = (part.lo < level) & (part.hi > level)
    steep = np.maximum(np.abs(low), np.abs(high)) * batch.radius[:, None]
    steep = np.where(np.isfinite(steep), steep, 1.0)
    width = np.where(
        open_, np.where(np.isfinite(part.hi - part.lo), part.hi - part.lo, 1.0), np.inf
    )
    return np.asarray((steep / width).sum(axis=1))
