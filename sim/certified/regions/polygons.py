"""Exact regions of two parameters where payoffs are affine: polygons with named edges.

Definition. Where every gain and slack is affine in two parameters, the points at which a treaty ``a`` meets
all of them under stances ``s`` form a convex polygon: the box cut by one half-plane per part (and per
regret, where stances move). The treaty is feasible on the union of these polygons; an edge of a polygon
carries the name of the part that is 0 along it. Other claims:
:mod:`sim.certified.regions.equilibrium_polygons`.

Array convention. Corners have shape ``(2, corners)``, counter-clockwise; edge ``k`` runs from corner ``k`` to
the next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice, product

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.certified.bounds.boxes import Boxes, box_of
from sim.certified.bounds.rows import Rows
from sim.certified.forms.form_claim import FormClaim
from sim.certified.games.equilibrium_outcome import EquilibriumOutcome
from sim.certified.ladder.best_treaty import TOP, BestTreaty, fixed_stances, possible_cells
from sim.certified.ladder.parts import Parts
from sim.certified.regions.claims import claim_on, compiled
from sim.certified.regions.convex_polygons import Plane, Polygon, cut
from sim.certified.regions.equilibrium_polygons import equilibrium_polygons
from sim.certified.regions.statement_polygons import statement_polygons
from sim.claims import Claim
from sim.errors import UsageError
from sim.scenario import Scenario

MOST_WAYS = 64
"""Ways to meet its constraints beyond which a treaty's region is not written out."""


@np.errstate(all="ignore")
def polygons(
    scenario: Scenario, *, vary: Mapping[str, Sequence[float] | None], of: str | Claim | None = None
) -> tuple[Polygon, ...]:
    """Where each treaty is feasible, or is the outcome of an equilibrium, over two parameters, exactly.

    Parameters
    ----------
    scenario
        A dispute, or a classical game with parameters.
    vary
        Two dotted paths, each with ``(lo, hi)`` or ``None`` for the range in the file.
    of
        ``margin``, a rung, or ``predicted:LABEL`` where all moves of the game are made at once.

    Raises
    ------
    UsageError
        If not exactly two parameters are varied, payoffs are not affine in them, the stances of third
        parties depend on the parameters and on one another (then they may have no equilibrium), or the
        region of the claim is not a union of polygons that is known.

    Examples
    --------
    >>> from sim.loading import loads
    >>> s = loads('''
    ... parameters: {x: {value: 0, range: [0, 1]}, y: {value: 0, range: [0, 1]}}
    ... issues: {peace: {no: {}, yes: {signed: 1}}}
    ... outcomes: {treaty: signed}
    ... actors: {a: {role: principal}, b: {role: principal}}
    ... payoffs: {a: {gain: (1 - x - y)*signed}, b: {gain: signed}}
    ... game: strategic
    ... ''')
    >>> (triangle,) = polygons(s, vary={"x": None, "y": None})
    >>> triangle.edges, round(triangle.area, 9)
    (('range of y', 'a.gain', 'range of x'), 0.5)
    >>> polygons(s, vary={"x": None, "y": None}, of="predicted:treaty")[0].edges
    ('range of y', 'a: yes to no', 'range of x')
    """
    if len(vary) != 2:
        raise UsageError(f"{len(vary)} parameters are varied; polygons need two")
    whole = box_of(scenario, vary)
    if whole.by_levels:
        path = list(vary)[whole.by_levels[0][0]]
        raise UsageError(f"{path} only takes its levels; polygons need parameters without levels")
    claim = claim_on(scenario, of)
    found = polygons_of_claim(compiled(scenario, list(vary), claim, whole), whole)
    if found is None:
        paths = " and ".join(vary)
        raise UsageError(
            f"no polygons of '{claim.text}': payoffs are not affine in {paths}, stances depend on one "
            "another, ratification is not settled or has too many ways, or moves are not made at "
            "once; 'sim frontier' certifies boxes"
        )
    return found


def has_polygons(parts: Parts) -> bool:
    """Whether the feasible region is a union of polygons: affine, with stances that are always settled.

    Stances are settled where no varied parameter moves them, or no third party's regret depends on
    what other third parties do: then each has a best stance of its own, so an equilibrium exists.
    """
    if not parts.affine or parts.regrets.constant:
        return parts.affine
    document = parts.dispute.scenario.document
    sizes = document.stance_counts
    axes = [k for k, size in enumerate(sizes) for _ in range(size - 1)]
    if len(axes) != len(parts.regrets.rows):
        return len(sizes) == 1
    for axis, rows in zip(axes, parts.regrets.whole, strict=True):
        table = rows.matrix[rows.kind].reshape(len(parts.regrets.agreements), *sizes, -1)
        table = np.moveaxis(table, axis + 1, 1).reshape(
            len(table), sizes[axis], -1, table.shape[-1]
        )
        if not (table == table[:, :, :1]).all():
            return False
    return True


def polygons_of_claim(claim: object, whole: Boxes) -> tuple[Polygon, ...] | None:
    """The polygons on which a claim holds; ``None`` where they are not known exactly."""
    if isinstance(claim, FormClaim):
        return statement_polygons(claim, whole)
    if isinstance(claim, EquilibriumOutcome):
        return equilibrium_polygons(claim, whole)
    if isinstance(claim, BestTreaty) and has_polygons(claim.parts):
        return polygons_of(claim.parts, whole, claim.rung)
    return None


def polygons_of(parts: Parts, whole: Boxes, rung: int = TOP) -> tuple[Polygon, ...] | None:
    """The polygons of a dispute that is affine in two parameters, up to a rung of the ladder.

    ``None`` where a treaty has so many ways to meet its constraints that not all are looked at.
    """
    fixed = fixed_stances(parts, whole)
    cells = possible_cells(parts, fixed)
    bases = np.arange(parts.columns) if fixed is None else np.flatnonzero(fixed.possible[0, :, 0])
    found: dict[bytes, Polygon] = {}
    for cell in cells.index.tolist():
        for base in bases.tolist():
            ways = _ways(parts, cell, base, rung, free=fixed is None)
            if len(ways) > MOST_WAYS:
                return None
            for planes in ways:
                region = cut(whole, parts.dispute.varied, planes)
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


def _ways(parts: Parts, cell: int, base: int, rung: int, *, free: bool) -> list[list[Plane]]:
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
                fixed.append(Plane(row, "third parties' stances"))
    options = []
    for slack in parts.slacks:
        if slack.applies[cell] and slack.rung <= rung:
            opened = [c for c in slack.choices if c.open[cell]]
            options.append(
                [
                    [_plane(r, cell, slack.label) for r in (*c.members, *c.conditions)]
                    for c in opened
                ]
            )
    return [
        fixed + [p for part in way for p in part]
        for way in islice(product(*options), MOST_WAYS + 1)
    ]


def _row(rows: Rows, index: int) -> FloatArray:
    return np.asarray(rows.matrix[rows.kind[index]] / rows.scale)


def _plane(rows: Rows, index: int, name: str) -> Plane:
    return Plane(_row(rows, index), name)
