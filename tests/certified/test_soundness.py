"""Soundness: no point of a certified box contradicts the ladder computed at that point."""

import numpy as np
import pytest
from sim._kernels.tolerance import RELATIVE
from sim.certified import frontier
from sim.certified.bounds.box_batch import BoxBatch
from sim.certified.bounds.boxes import Boxes
from sim.certified.ladder.margin_bounds import LadderBatch, cells_of
from sim.certified.ladder.parts import parts_of
from sim.claims.claim import VERDICTS
from sim.feasibility.ladder import RUNGS, climb, ladder_labels
from sim.payoffs import compile_dispute

VARIED = ("p0", "p1", "p2")
CHUNK = 4096


def random_boxes(rng, count, widths):
    lo = rng.random((len(VARIED), count)) * (1 - widths)
    return Boxes(lo, lo + widths)


@pytest.mark.parametrize("curved", [False, True])
@pytest.mark.parametrize("seed", range(12))
def test_margin_lies_within_its_bounds(random_dispute, seed, curved):
    dispute = compile_dispute(random_dispute(seed, curved=curved), VARIED)
    parts = parts_of(dispute)
    rng = np.random.default_rng(seed)
    boxes = random_boxes(rng, 40, rng.choice([1.0, 0.3, 0.05, 1e-3, 0.0], size=40))
    bounds = LadderBatch(parts, BoxBatch(dispute.frame, boxes), cells_of(parts)).top()
    for _ in range(25):
        theta = boxes.lo + rng.random(boxes.lo.shape) * (boxes.hi - boxes.lo)
        margin = climb(dispute.at(theta)).margin
        assert (margin >= bounds.lo - 1e-12).all()
        assert (margin <= bounds.hi + 1e-12).all()


def test_bounds_of_affine_payoffs_are_attained_at_corners(random_dispute):
    for seed in range(0, 12, 2):
        dispute = compile_dispute(random_dispute(seed), VARIED)
        parts = parts_of(dispute)
        rng = np.random.default_rng(seed)
        boxes = random_boxes(rng, 10, 0.4)
        corners = np.array(np.meshgrid(*[[0.0, 1.0]] * 3)).reshape(3, -1)
        for rows in parts.gains[0]:
            found = rows.bounds(BoxBatch(dispute.frame, boxes))
            values = [
                rows.bounds(BoxBatch(dispute.frame, Boxes(at, at))).lo
                for at in (
                    boxes.lo + corners[:, [k]] * (boxes.hi - boxes.lo)
                    for k in range(corners.shape[1])
                )
            ]
            assert np.allclose(found.lo, np.min(values, axis=0), atol=1e-12)
            assert np.allclose(found.hi, np.max(values, axis=0), atol=1e-12)


def check_frontier(scenario, seed, points):
    """Every certain statement of a frontier at random points of each of its boxes; how many points."""
    found = frontier(scenario, vary=dict.fromkeys(VARIED[:2]), tolerance=0.02, unlabelled=0.2)
    assert sum(found.shares.values()) == pytest.approx(1, abs=1e-12)
    dispute = compile_dispute(scenario, VARIED[:2])
    rng = np.random.default_rng(seed)
    box_of_point = np.repeat(np.flatnonzero(found.verdict <= 1), points)
    for start in range(0, len(box_of_point), CHUNK):
        k = box_of_point[start : start + CHUNK]
        lo, hi = found.lo[:, k], found.hi[:, k]
        check_points(found, dispute, k, lo + rng.random(lo.shape) * (hi - lo))
    return len(box_of_point)


def check_points(found, dispute, k, theta):
    """What is certain in boxes ``k`` against the ladder at one point of each."""
    batch = dispute.at(theta)
    ladder = climb(batch)
    yes, no = found.verdict[k] == 0, found.verdict[k] == 1
    assert (ladder.margin[yes] >= -RELATIVE).all()
    assert (ladder.margin[no] <= RELATIVE).all()
    known = found.rung[k] >= 0
    edge = np.abs(ladder.margin) <= 2 * RELATIVE
    passed = np.where(yes, len(RUNGS), ladder.rung)
    assert (edge | ~known | (found.rung[k] == passed)).all()
    certain = found.agreement[k] >= 0
    same = found.agreement[k] == ladder.agreement
    assert (ladder.ties[certain & ~same] > 1).all()
    for part in np.unique(found.binding[k]):
        some = np.flatnonzero(certain & same & (found.binding[k] == part))
        if part >= 0 and len(some):
            value = value_of(part, dispute, batch, ladder, some)
            assert (value <= ladder.binding_slack[some] + 1e-9).all()


def value_of(part, dispute, batch, ladder, some):
    """A gain or slack of the ladder's best treaty at some of the points."""
    label = ladder_labels(dispute)[part]
    shape = (*dispute.shape, batch.size)
    a, s, s0 = ladder.agreement[some], ladder.profile[some], ladder.base_profile[some]
    if label.endswith(".gain"):
        actor = label.removesuffix(".gain")
        u = np.broadcast_to(batch.payoff(actor), shape)
        return (u[a, s, some] - u[0, s0, some]) / dispute.scales[actor]
    constraint = next(c for c in dispute.constraints if c.label == label)
    return np.broadcast_to(batch.slack(constraint), shape)[a, s, some]


@pytest.mark.parametrize("curved", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_no_point_contradicts_a_certified_box(random_dispute, seed, curved):
    assert check_frontier(random_dispute(seed, curved=curved), seed, 4) > 0


@pytest.mark.slow
@pytest.mark.parametrize("curved", [False, True])
@pytest.mark.parametrize("seed", range(200))
def test_no_point_contradicts_a_certified_box_in_full(
    random_dispute, record_property, seed, curved
):
    record_property("points", check_frontier(random_dispute(seed, curved=curved), seed, 1000))


def test_random_disputes_are_not_all_alike(random_dispute):
    seen = set()
    for seed in range(6):
        for curved in (False, True):
            found = frontier(random_dispute(seed, curved=curved), vary={"p0": None, "p1": None})
            seen |= {VERDICTS[k] for k in np.unique(found.verdict)}
    assert {"feasible", "infeasible"} <= seen
