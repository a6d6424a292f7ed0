"""The numbers of a frontier figure: boxes by verdict, the outline, the own point, levels as bands.

Array convention. Boxes have shape ``(boxes, 4)``: left, bottom, right, top.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.errors import UsageError
from sim.labels import labels_of

if TYPE_CHECKING:
    from sim.certified import Frontier

HOLDS, FAILS, KNIFE_EDGE, UNDECIDED = range(4)
HIDDEN = 2e-3
"""Share of the box that may be uncertain under an exact outline without being drawn."""
SEEN = 1e-5
"""Share of the box from which on a knife-edge is an area, and not a line."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FrontierData:
    """The numbers of a frontier figure.

    Parameters
    ----------
    title, claim, x, y, x_label, y_label
        The scenario, what was decided in words, and the two parameters with their units; the second is
        empty where one was varied.
    box
        Left, bottom, right and top of the whole.
    feasible, infeasible, knife_edge, unsure
        Boxes on which the claim holds, fails, is a knife-edge or undecided, shape ``(boxes, 4)``.
    shares
        Of the whole, in the order of the verdicts: holds, fails, knife-edge, undecided.
    is_margin
        Whether the claim is that a treaty is feasible.
    edges
        ``(name, start, end)`` of the exact outline, empty where it is not known; along one parameter the
        thresholds, named by their values.
    own, turn
        The scenario's point and where the verdict turns; ``None`` where outside or unknown.
    levels
        Per axis its levels, drawn at 0, 1, 2, ...; empty where it is a scale.
    """

    title: str
    claim: str
    x: str
    y: str
    x_label: str
    y_label: str
    box: tuple[float, float, float, float]
    feasible: FloatArray
    infeasible: FloatArray
    knife_edge: FloatArray
    unsure: FloatArray
    shares: tuple[float, ...]
    is_margin: bool
    edges: tuple[tuple[str, tuple[float, float], tuple[float, float]], ...]
    own: tuple[float, float] | None
    turn: tuple[float, float] | None
    levels: tuple[tuple[float, ...], ...] = ((), ())

    @property
    def is_open(self) -> bool:
        """Whether more is uncertain than an exact outline hides, where there is one."""
        return len(self.unsure) > 0 and (not self.edges or self.shares[UNDECIDED] > HIDDEN)

    @property
    def has_edge(self) -> bool:
        """Whether the margin is 0 on an area."""
        return len(self.knife_edge) > 0 and self.shares[KNIFE_EDGE] > SEEN


def frontier_data(found: Frontier) -> FrontierData:
    """The numbers behind :func:`frontier`.

    Raises
    ------
    UsageError
        If more than two parameters were varied.
    """
    size = len(found.varied)
    if size > 2:
        raise UsageError(f"figure 'frontier' needs one or two varied parameters, not {size}")
    levels = found.levels or ((),) * size
    sides = [_side(found, k, levels[k]) for k in range(size)]
    whole = [
        (-0.5, len(x) - 0.5) if x else ends for x, ends in zip(levels, _ends(found), strict=True)
    ]
    book = labels_of(found)
    named = zip(map(book.parameter, found.varied), found.units, strict=True)
    labels = [f"{name} ({unit})" if unit else name for name, unit in named]
    own = _own(found, levels)
    edges = tuple((book.say(e.name), e.start, e.end) for e in found.edges)
    if size == 1:
        sides.append((np.zeros(len(found.verdict)), np.ones(len(found.verdict))))
        whole, labels, levels = [*whole, (0.0, 1.0)], [*labels, ""], (*levels, ())
        edges = tuple((f"{c.at:.6g}", (c.at, 0.0), (c.at, 1.0)) for c in found.crossings)
    boxes = np.stack([sides[0][0], sides[1][0], sides[0][1], sides[1][1]], axis=1)
    return FrontierData(
        title=found.title,
        claim=book.prose(found.claim.words),
        x=found.varied[0],
        y=found.varied[1] if size == 2 else "",
        x_label=labels[0],
        y_label=labels[1],
        box=(whole[0][0], whole[1][0], whole[0][1], whole[1][1]),
        feasible=boxes[found.verdict == HOLDS],
        infeasible=boxes[found.verdict == FAILS],
        knife_edge=boxes[found.verdict == KNIFE_EDGE],
        unsure=boxes[found.verdict == UNDECIDED],
        shares=tuple(found.shares.values()),
        is_margin=found.claim.is_margin,
        edges=edges,
        own=own,
        turn=_turn(found, own),
        levels=levels,
    )


def _turn(found: Frontier, own: tuple[float, float] | None) -> tuple[float, float] | None:
    """Where the verdict turns; ``None`` where that is not known, or at the scenario's own point."""
    if own is None or len(found.turn) != 2 or tuple(found.turn) == own:
        return None
    return found.turn[0], found.turn[1]


def _ends(found: Frontier) -> list[tuple[float, float]]:
    return [(float(lo), float(hi)) for lo, hi in zip(found.low, found.high, strict=True)]


def _side(found: Frontier, k: int, levels: tuple[float, ...]) -> tuple[FloatArray, FloatArray]:
    """The ends of all boxes along an axis; half a band beyond a level where it has levels."""
    if not levels:
        return found.lo[k], found.hi[k]
    known = np.array(levels)
    first, last = (
        np.searchsorted(known, end[k]).astype(np.float64) for end in (found.lo, found.hi)
    )
    return first - 0.5, last + 0.5


def _own(found: Frontier, levels: tuple[tuple[float, ...], ...]) -> tuple[float, float] | None:
    """Where the scenario's own point lies on the axes; ``None`` where it lies outside."""
    out = []
    for value, (lo, hi), known in zip(found.values, _ends(found), levels, strict=True):
        if (known and value not in known) or not lo <= value <= hi:
            return None
        out.append(float(known.index(value)) if known else float(value))
    return out[0], out[1] if len(out) == 2 else 0.5
