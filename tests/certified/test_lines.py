"""Bounds along lines that meet in a point, against those of a box at a time and against points."""

import numpy as np
import pytest
from sim.certified.bounds.boxes import Boxes
from sim.certified.bounds.shared_batch import shared_batch
from sim.certified.bounds.straight import Bends
from sim.certified.ladder.parts import parts_of
from sim.loading import loads
from sim.payoffs import compile_dispute

VARIED = ("a", "b", "c", "d")
CURVED = """
parameters: {a: 0.4, b: 0.7, c: 1.3, d: 0.2}
issues: {peace: {no: {}, yes: {signed: 1}, more: {signed: 1, land: 2}}}
attributes: {met: (a*land + b) / c, both: a*b*(1 - d)}
outcomes: {treaty: signed}
actors:
  one: {role: principal}
  two: {role: principal}
  far: {role: third party, stances: {yes: {y: 1}, no: {}}}
payoffs:
  one: {gain: (met - d)*signed + y*both, cost: "max(0, a - b)*land", more: a*b*c*(d - 0.1)*signed}
  two: {gain: both*signed - b*d*(1 + a*land), other: a/(c + d)*signed}
  far: {gain: y*(both - 0.1*c)*signed}
"""


def lines(seed, count=60):
    rng = np.random.default_rng(seed)
    here = np.array([0.4, 0.7, 1.3, 0.2])
    along = rng.integers(len(VARIED), size=count)
    lo = np.repeat(here[:, None], count, axis=1)
    hi = lo.copy()
    ends = np.sort(
        here[along] + rng.uniform(-0.15, 0.4, (2, count)) * rng.choice([1, 1e-6], count), axis=0
    )
    lo[along, np.arange(count)], hi[along, np.arange(count)] = ends
    return Boxes(lo, hi, along=along)


@pytest.fixture(scope="module")
def parts():
    return parts_of(compile_dispute(loads(CURVED), VARIED))


@pytest.mark.parametrize("seed", range(3))
def test_rows_along_lines_hold_all_points_and_are_no_wider_than_boxes(parts, seed):
    frame, boxes = parts.dispute.frame, lines(seed)
    together = shared_batch(frame, boxes)
    alone = shared_batch(frame, Boxes(boxes.lo, boxes.hi))
    shares = np.random.default_rng(seed).random((6, len(boxes)))
    points = [
        boxes.lo + share * (boxes.hi - boxes.lo) for share in (*shares, np.zeros(1), np.ones(1))
    ]
    for rows in parts.rows:
        found, wide = rows.bounds(together), rows.bounds(alone)
        assert (found.lo >= wide.lo - 1e-12).all() and (found.hi <= wide.hi + 1e-12).all()
        for point in points:
            value = rows.bounds(shared_batch(frame, Boxes(point, point)))
            assert (found.lo <= value.hi).all() and (value.lo <= found.hi).all()


def test_ends_of_lines_are_exact_where_nothing_is_bent(parts):
    frame, boxes = parts.dispute.frame, lines(5)
    bends = Bends(frame)
    straight = boxes.pick(np.flatnonzero(boxes.along == VARIED.index("d")))
    for rows in parts.gains[0]:
        bent = {n for term in rows.quantity.rest for n in bends.of(term.expression)}
        found = rows.bounds(shared_batch(frame, straight))
        ends = [rows.bounds(shared_batch(frame, Boxes(x, x))) for x in (straight.lo, straight.hi)]
        if "d" not in bent:
            assert np.allclose(found.lo, np.minimum(ends[0].lo, ends[1].lo), atol=1e-13)
            assert np.allclose(found.hi, np.maximum(ends[0].hi, ends[1].hi), atol=1e-13)


def test_what_is_bent(parts):
    bends = Bends(parts.dispute.frame)
    by_path = {
        t.path: bends.of(t.expression) for q in parts.dispute.payoffs.values() for t in q.rest
    }
    assert by_path["payoffs.one.gain"] == {"c"}
    assert by_path["payoffs.one.more"] == set()
    assert by_path["payoffs.one.cost"] == {"a", "b"}
    assert by_path["payoffs.two.other"] == {"c", "d"}
