"""Divide certified boxes further until their labels are certain too."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim._kernels.tolerance import BoolArray, IntArray
from sim.certified.bounds.boxes import Boxes, join
from sim.certified.bounds.division import FEASIBLE, INFEASIBLE, Divided
from sim.certified.ladder.best_treaty import fixed_stances
from sim.certified.ladder.labels import Labels, label
from sim.certified.ladder.leads import Leads
from sim.certified.ladder.margin_bounds import Stances
from sim.certified.ladder.parts import Parts

ROUNDS = 24
"""Times that the parts with the largest unknown labels are halved."""
NARROW = 2.0**-12
"""Share of the whole box below which a part is not halved for its labels."""


def refine(
    parts: Parts, whole: Boxes, division: Divided, labels: Labels, *, share: float, limit: int
) -> tuple[Divided, Labels]:
    """Divide boxes whose best treaty or binding constraint is not certain.

    Parameters
    ----------
    parts, whole, division, labels
        What is known so far.
    share
        Share of the decided volume that may stay without certain labels.
    limit
        How many boxes may be bounded, in all.
    """
    fixed, known = fixed_stances(parts, whole), Leads()
    for _ in range(ROUNDS):
        volumes = division.boxes.volumes(whole)
        open_ = _open(division.verdict, labels)
        decided = (division.verdict == FEASIBLE) | (division.verdict == INFEASIBLE)
        if not len(parts.treaties) or volumes[open_].sum() <= share * volumes[decided].sum():
            break
        widest = division.boxes.widths(whole).max(axis=0)
        cut = open_ & (widest > NARROW)
        cut &= volumes >= 0.25 * volumes[cut].max(initial=0.0)
        if not cut.any() or division.examined + 2 * cut.sum() > limit:
            break
        division, labels = _cut(parts, whole, division, labels, cut, fixed, known)
    return division, labels


def _open(verdict: IntArray, labels: Labels) -> BoolArray:
    decided = (verdict == FEASIBLE) | (verdict == INFEASIBLE)
    unsure = (labels.rung < 0) | (labels.agreement < 0) | (labels.binding < 0)
    return np.asarray(decided & unsure)


def _cut(
    parts: Parts,
    whole: Boxes,
    division: Divided,
    labels: Labels,
    cut: BoolArray,
    fixed: Stances | None,
    known: Leads,
) -> tuple[Divided, Labels]:
    boxes = division.boxes.pick(cut)
    along = boxes.widths(whole).argmax(axis=0)
    parts_of_them = boxes.halved(along)
    verdict = np.tile(division.verdict[cut], 2)
    fresh = label(parts, parts_of_them, verdict, fixed, known)
    kept = division.boxes.pick(~cut)
    merged = {
        kind: np.concatenate([getattr(labels, kind)[~cut], getattr(fresh, kind)])
        for kind in ("rung", "agreement", "binding")
    }
    after = replace(
        division,
        boxes=join([kept, parts_of_them], len(whole.lo)),
        verdict=np.concatenate([division.verdict[~cut], verdict]),
        examined=division.examined + len(parts_of_them),
    )
    return after, Labels(**merged)
