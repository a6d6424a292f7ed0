"""Branch and bound on boxes: divide what is undecided until little is left.

Definition. A *claim* (the best treaty has a margin >= 0, an agreement is an equilibrium outcome, ...) is
answered for whole boxes at once: it certainly holds at every point, certainly fails at every point, is
a knife-edge (a margin that is 0 on a whole region is neither yes nor no there), or is undecided. An
undecided box is cut in two along the parameter that contributes most to what is open. What is settled
in all of a box need not be looked at in its parts.

Array convention. Boxes have shape ``(varied, boxes)``; verdicts are codes into ``VERDICTS``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Any, Protocol

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.certified.bounds.boxes import Boxes, join
from sim.claims.claim import FEASIBLE, INFEASIBLE, KNIFE_EDGE, UNDECIDED, VERDICTS

__all__ = [
    "EVEN",
    "FEASIBLE",
    "INFEASIBLE",
    "KNIFE_EDGE",
    "UNDECIDED",
    "VERDICTS",
    "Divided",
    "Further",
    "OverBoxes",
    "Progress",
    "divide",
    "steepest",
]

EVEN = 1e-9
"""How much a parameter's width counts beside what it moves: only where nothing else tells them apart."""

Progress = Callable[[float, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class Further:
    """How to go on with boxes that are cut.

    Parameters
    ----------
    along
        Per box the parameter along which it is cut.
    scope
        What is to be looked at in their parts.
    size
        How many parts to look at at a time.
    """

    along: IntArray
    scope: Any
    size: int


class Answer(Protocol):
    """Verdicts on some boxes, shape ``(boxes,)``."""

    @property
    def verdict(self) -> IntArray:
        """Codes into ``VERDICTS``."""

    def further(self, cut: BoolArray, floor: FloatArray) -> Further:
        """How to go on with some of the boxes; sides of less than ``floor`` are not cut."""


class OverBoxes(Protocol):
    """A claim as it is decided over boxes."""

    def scope(self, whole: Boxes) -> Any:
        """What is to be looked at in the whole box."""

    def answer(self, boxes: Boxes, scope: Any) -> Answer:
        """The claim over some boxes that share a scope."""


@dataclass(frozen=True, slots=True, eq=False)
class Divided:
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
    scope: Any


def divide(
    claim: OverBoxes,
    whole: Boxes,
    *,
    tolerance: float = -inf,
    narrowest: float,
    limit: int,
    halvings: int = 1,
    first: Boxes | None = None,
    progress: Progress | None = None,
) -> Divided:
    """Divide a box by the verdict on a claim.

    Parameters
    ----------
    claim
        What is decided.
    whole
        The one box.
    tolerance
        Share of the volume that may stay undecided; by default volumes do not count, as of parts of lines.
    narrowest
        Boxes narrower than this share of every side are not divided further.
    limit
        How many boxes may be bounded.
    halvings
        How many times an undecided box is halved before its parts are bounded together: along one
        parameter eight parts cost little more than two.
    first
        Parts of the whole to begin with, where something is known of where to cut; by default the whole.
    progress
        Called with the undecided share and the number of boxes bounded so far.
    """
    queue = deque([_Task(whole if first is None else first, claim.scope(whole))])
    done: list[tuple[Boxes, IntArray]] = []
    open_share, examined, stuck = 1.0, 0, 0.0
    floor = whole.narrow(narrowest)
    while queue and open_share - stuck > tolerance and examined < limit:
        task = queue.popleft()
        examined += len(task.boxes)
        verdict, children, small = _examine(claim, task, floor, halvings)
        decided = verdict != UNDECIDED
        done.append((task.boxes.pick(decided | small), verdict[decided | small]))
        volumes = task.boxes.volumes(whole)
        open_share -= float(volumes[decided].sum())
        stuck += float(volumes[small].sum())
        queue.extend(children)
        if progress is not None:
            progress(max(0.0, open_share), examined)
    rest = [(task.boxes, np.full(len(task.boxes), UNDECIDED)) for task in queue]
    every = [*done, *rest]
    boxes = join([boxes for boxes, _ in every], len(whole.lo))
    verdict = np.concatenate([verdict for _, verdict in every])
    return Divided(boxes, verdict, examined, not queue or open_share - stuck <= tolerance)


def _examine(
    claim: OverBoxes, task: _Task, floor: FloatArray, halvings: int
) -> tuple[IntArray, list[_Task], BoolArray]:
    """Verdicts on the boxes of a task, the parts to look at next, and which are too small to cut."""
    answer = claim.answer(task.boxes, task.scope)
    verdict = answer.verdict
    small = (verdict == UNDECIDED) & (task.boxes.hi - task.boxes.lo <= floor).all(axis=0)
    cut = (verdict == UNDECIDED) & ~small
    if not cut.any():
        return verdict, [], small
    further = answer.further(cut, floor)
    children, along = task.boxes.pick(cut), further.along
    for _ in range(halvings):
        children, along = children.halved(along), np.tile(along, 2)
    return verdict, _spread(children, further.scope, further.size), small


def _spread(boxes: Boxes, scope: Any, size: int) -> list[_Task]:
    """Tasks of at most ``size`` boxes each, neighbours together."""
    if len(boxes) <= size:
        return [_Task(boxes, scope)]
    axis = int(
        np.argmax(
            np.ptp(boxes.mid, axis=1) / np.ptp(boxes.hi - boxes.lo + boxes.mid, axis=1).clip(1e-300)
        )
    )
    order = np.argsort(boxes.mid[axis], kind="stable")
    half = len(order) // 2
    return [
        *_spread(boxes.pick(order[:half]), scope, size),
        *_spread(boxes.pick(order[half:]), scope, size),
    ]


def steepest(weight: FloatArray, boxes: Boxes, floor: FloatArray, even: float) -> IntArray:
    """Per box the parameter of most weight that is wide enough; the widest where none has any.

    Parameters
    ----------
    weight
        How much each parameter contributes to what is open, shape ``(varied, boxes)``.
    even
        How much a parameter's width counts against weight, so that none that matters is left out.
    """
    width = boxes.hi - boxes.lo
    share = width / floor.clip(1e-300)
    weight = np.where(
        width > floor,
        weight + even * weight.max(axis=0) * (share / share.max(axis=0).clip(1e-300)),
        -1.0,
    )
    flat = ~(weight > 0).any(axis=0)
    weight[:, flat] = share[:, flat]
    return np.asarray(weight.argmax(axis=0))
