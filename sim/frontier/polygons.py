"""Exact regions of two parameters where payoffs are affine: polygons with named edges.

Definition. Where every gain and slack is affine in two parameters, the points at which a treaty ``a`` meets
all of them under stances ``s`` form a convex polygon: the box cut by one half-plane per part (and per
regret, where stances move). The treaty is feasible on the union of these polygons; an edge of a polygon
carries the name of the part that is 0 along it.

Array convention. Corners have shape ``(2, corners)``, counter-clockwise; edge ``k`` runs from corner ``k`` to
the next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product

import numpy as np

from sim._kernels.tolerance import RELATIVE, FloatArray
from sim.errors import UsageError
from sim.frontier._best_treaty import TOP, BestTreaty, fixed_stances, possible_cells
from sim.frontier._enclose import Rows
from sim.frontier._parts import Parts, parts_of
from sim.frontier.boxes import Boxes, box_of
from sim.payoffs import compile_dispute
from sim.scenario import Scenario

MOST_WAYS = 64
SMALL = 1e-12
BORDER = "range of "


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Polygon:
    """A convex region on which one treaty is feasible.

    Parameters
    ----------
    agreement, stances
        The treaty, and what third parties do there.
    corners
        Shape ``(2, corners)``, counter-clockwise.
    edges
        Per edge what is 0 along it: ``actor.gain``, ``actor.constraint``, ``range of PATH``.
    """

    agreement: str
    stances: str
    corners: FloatArray
    edges: tuple[str, ...]

    @property
    def area(self) -> float:
        """In the product of the parameters' units."""
        x, y = self.corners
        return float(0.5 * np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))


@dataclass(frozen=True, slots=True, eq=False)
class _Plane:
    """Points with ``row[0] + row[1] x + row[2] y >= 0``."""

    row: FloatArray
    name: str


def polygons(
    scenario: Scenario, *, vary: Mapping[str, Sequence[float] | None]
) -> tuple[Polygon, ...]:
    """Where each treaty is feasible over two parameters, exactly.

    Parameters
    ----------
    scenario
        A dispute.
    vary
        Two dotted paths, each with ``(lo, hi)`` or ``None`` for the range in the file.

    Raises
    ------
    UsageError
        If not exactly two parameters are varied, payoffs are not affine in them, or the stances of
        third parties depend on the parameters and on one another (then they may have no equilibrium).

    Examples
    --------
    >>> from sim.loading import loads
    >>> s = loads('''
    ... parameters: {x: {value: 0, range: [0, 1]}, y: {value: 0, range: [0, 1]}}
    ... issues: {peace: {no: {}, yes: {signed: 1}}}
    ... outcomes: {treaty: signed}
    ... actors: {a: {role: principal}, b: {role: principal}}
    ... payoffs: {a: {gain: (1 - x - y)*signed}, b: {gain: signed}}
    ... ''')
    >>> (triangle,) = polygons(s, vary={"x": None, "y": None})
    >>> triangle.edges, round(triangle.area, 9)
    (('range of y', 'a.gain', 'range of x'), 0.5)
    """
    if len(vary) != 2:
        raise UsageError(f"{len(vary)} parameters are varied; polygons need two")
    whole = box_of(scenario, vary)
    parts = parts_of(compile_dispute(scenario, list(vary)))
    if not has_polygons(parts):
        paths = " and ".join(vary)
        raise UsageError(
            f"payoffs are not affine in {paths}, or stances depend on one another; "
            "'sim frontier' certifies boxes instead"
        )
    return polygons_of(parts, whole)


def has_polygons(parts: Parts) -> bool:
    """Whether the feasible region is a union of polygons: affine, with stances that are always settled.

    Stances are settled where no varied parameter moves them, or no third party's regret depends on
    what other third parties do: then each has a best stance of its own, so an equilibrium exists.
    """
    if not parts.affine or parts.regrets.constant:
        return parts.affine
    document = parts.dispute.scenario.document
    sizes = [len(document.actors[name].stances) for name in document.third_parties]
    axes = [k for k, size in enumerate(sizes) for _ in range(size - 1)]
    if len(axes) != len(parts.regrets.rows):
        return len(sizes) == 1
    for axis, rows in zip(axes, parts.regrets.rows, strict=True):
        table = rows.matrix[rows.kind].reshape(len(parts.regrets.agreements), *sizes, -1)
        table = np.moveaxis(table, axis + 1, 1).reshape(
            len(table), sizes[axis], -1, table.shape[-1]
        )
        if not (table == table[:, :, :1]).all():
            return False
    return True


def polygons_of_claim(claim: object, whole: Boxes) -> tuple[Polygon, ...] | None:
    """The polygons on which a claim holds; ``None`` where they are not known exactly."""
    if isinstance(claim, BestTreaty) and claim.rung == TOP:
        parts = claim.parts
        return polygons_of(parts, whole) if len(parts.treaties) and has_polygons(parts) else None
    return None


def polygons_of(parts: Parts, whole: Boxes) -> tuple[Polygon, ...]:
    """The polygons of a dispute that is affine in two parameters."""
    fixed = fixed_stances(parts, whole)
    cells = possible_cells(parts, fixed)
    bases = np.arange(parts.columns) if fixed is None else np.flatnonzero(fixed.possible[0, :, 0])
    found: dict[bytes, Polygon] = {}
    for cell in cells.index.tolist():
        for base in bases.tolist():
            for planes in _ways(parts, cell, base, free=fixed is None):
                region = _cut(whole, parts.dispute.varied, planes)
                if region is not None:
                    one = _polygon(parts, cell, *region)
                    key = one.agreement.encode() + np.round(one.corners, 12).tobytes()
                    found.setdefault(key, one)
    return tuple(found.values())


def _polygon(parts: Parts, cell: int, corners: FloatArray, edges: list[str]) -> Polygon:
    dispute = parts.dispute
    return Polygon(
        agreement=dispute.space.label(int(parts.agreement[cell])),
        stances=dispute.profile_label(int(parts.profile[cell])),
        corners=corners,
        edges=tuple(edges),
    )


def _ways(parts: Parts, cell: int, base: int, *, free: bool) -> list[list[_Plane]]:
    """The lists of half-planes whose intersections make up where a cell is feasible."""
    principals = parts.dispute.scenario.document.principals
    fixed = [
        _plane(rows, cell, f"{actor}.gain")
        for actor, rows in zip(principals, parts.gains[base], strict=True)
    ]
    if free:
        for rows in parts.regrets.rows:
            for index in (cell + parts.columns, base):
                row = -_row(rows, index)
                row[0] += RELATIVE
                fixed.append(_Plane(row, "third parties' stances"))
    options = []
    for slack in parts.slacks:
        if slack.applies[cell]:
            opened = [c for c in slack.choices if c.open[cell]]
            options.append(
                [
                    [_plane(r, cell, slack.label) for r in (*c.members, *c.conditions)]
                    for c in opened
                ]
            )
    return [
        fixed + [p for part in way for p in part] for way in islice(product(*options), MOST_WAYS)
    ]


def _row(rows: Rows, index: int) -> FloatArray:
    return np.asarray(rows.matrix[rows.kind[index]] / rows.scale)


def _plane(rows: Rows, index: int, name: str) -> _Plane:
    return _Plane(_row(rows, index), name)


def _cut(
    whole: Boxes, varied: Sequence[str], planes: Sequence[_Plane]
) -> tuple[FloatArray, list[str]] | None:
    """The box cut by half-planes: corners and edge names, ``None`` where nothing is left."""
    (x0, y0), (x1, y1) = whole.lo[:, 0], whole.hi[:, 0]
    corners = np.array([[x0, x1, x1, x0], [y0, y0, y1, y1]])
    names = [f"{BORDER}{varied[k]}" for k in (1, 0, 1, 0)]
    for plane in planes:
        result = _clip(corners, names, plane)
        if result is None:
            return None
        corners, names = result
    x, y = corners
    area = 0.5 * np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y)
    if area <= SMALL * (x1 - x0) * (y1 - y0):
        return None
    long = np.hypot((np.roll(x, -1) - x) / (x1 - x0), (np.roll(y, -1) - y) / (y1 - y0)) > SMALL
    return corners[:, long], [name for name, kept in zip(names, long, strict=True) if kept]


def _clip(
    corners: FloatArray, names: list[str], plane: _Plane
) -> tuple[FloatArray, list[str]] | None:
    """One cut of a convex polygon by a half-plane [sutherland1974]_."""
    value = plane.row[0] + plane.row[1] * corners[0] + plane.row[2] * corners[1]
    inside = value >= 0
    if inside.all():
        return corners, names
    if not inside.any():
        return None
    points, kept = [], []
    for k in range(len(names)):
        after = (k + 1) % len(names)
        if inside[k]:
            points.append(corners[:, k])
            kept.append(names[k])
        if inside[k] != inside[after]:
            share = value[k] / (value[k] - value[after])
            points.append(corners[:, k] + share * (corners[:, after] - corners[:, k]))
            kept.append(plane.name if inside[k] else names[k])
    return np.array(points).T, kept
