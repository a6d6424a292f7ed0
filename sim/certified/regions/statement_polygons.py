"""Exact regions of two parameters where a claim on a classical game holds.

Definition. A statement on the signs of affine conditions is a union of alternatives, each a list of
half-planes: the box cut by them is a convex polygon. An edge carries the name of the condition that is 0
along it.
"""

from __future__ import annotations

import numpy as np

from sim.certified.bounds.boxes import Boxes
from sim.certified.forms.form_claim import FormClaim
from sim.certified.forms.logic import Sign, ways
from sim.certified.regions.convex_polygons import Plane, Polygon, cut

MOST_WAYS = 256
"""Alternatives beyond which a region is shown by its boxes alone."""


def statement_polygons(claim: FormClaim, whole: Boxes) -> tuple[Polygon, ...] | None:
    """The polygons on which a claim holds; ``None`` where they are not known."""
    if claim.statement is None or not claim.affine:
        return None
    found = ways(claim.statement, MOST_WAYS)
    if found is None:
        return None
    out: dict[bytes, Polygon] = {}
    for way in found:
        if any(sign.strict and claim.conditions.zero(sign.row) for sign in way):
            continue
        region = cut(whole, claim.varied, [_plane(claim, sign) for sign in way])
        if region is not None:
            one = Polygon(agreement="", stances="", corners=region[0], edges=tuple(region[1]))
            out.setdefault(np.round(one.corners, 12).tobytes(), one)
    return tuple(out.values())


def _plane(claim: FormClaim, sign: Sign) -> Plane:
    row = np.array([float(c) for c in claim.conditions.rows[sign.row]])
    names = claim.names or {}
    return Plane(-row if sign.flipped else row, names.get(sign.row, ""))
