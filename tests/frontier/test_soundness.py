"""Soundness: no point of a certified box contradicts the ladder computed at that point."""

import numpy as np
import pytest
from sim._kernels.tolerance import RELATIVE
from sim.feasibility.ladder import RUNGS, climb, ladder_labels
from sim.frontier import frontier
from sim.frontier._batch import BoxBatch
from sim.frontier._margin import LadderBatch, cells_of
from sim.frontier._parts import parts_of
from sim.frontier.boxes import Boxes
from sim.frontier.record import VERDICTS
from sim.payoffs import compile_dispute

VARIED = ("p0", "p1", "p2")


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
    """Every certain statement of a frontier, at random points of its boxes."""
    found = frontier(scenario, vary=dict.fromkeys(VARIED[:2]), tolerance=0.02, unlabelled=0.2)
    assert sum(found.shares.values()) == pytest.approx(1, abs=1e-12)
    dispute = compile_dispute(scenario, VARIED[:2])
    names = ladder_labels(dispute)
    rng = np.random.default_rng(seed)
    for _ in range(points):
        theta = found.lo + rng.random(found.lo.shape) * (found.hi - found.lo)
        ladder = climb(dispute.at(theta))
        yes, no = found.verdict == 0, found.verdict == 1
        assert (ladder.margin[yes] >= -RELATIVE).all()
        assert (ladder.margin[no] <= RELATIVE).all()
        known = found.rung >= 0
        edge = np.abs(ladder.margin) <= 2 * RELATIVE
        passed = np.where(found.verdict == 0, len(RUNGS), ladder.rung)
        assert (edge | ~known | (found.rung == passed)).all()
        check_labels(found, dispute, ladder, theta, names)


def check_labels(found, dispute, ladder, theta, names):
    """The certain best treaty attains the best value at the rung that decides."""
    batch = dispute.at(theta)
    for k in np.flatnonzero((found.agreement >= 0) & (found.binding >= 0)):
        if found.agreement[k] != ladder.agreement[k]:
            assert ladder.ties[k] > 1
            continue
        label = names[found.binding[k]]
        a, s, s0 = ladder.agreement[k], ladder.profile[k], ladder.base_profile[k]
        if label.endswith(".gain"):
            actor = label.removesuffix(".gain")
            u = np.broadcast_to(batch.payoff(actor), (*dispute.shape, theta.shape[1]))
            value = (u[a, s, k] - u[0, s0, k]) / dispute.scales[actor]
        else:
            c = next(c for c in dispute.constraints if c.label == label)
            value = np.broadcast_to(batch.slack(c), (*dispute.shape, theta.shape[1]))[a, s, k]
        assert value <= ladder.binding_slack[k] + 1e-9


@pytest.mark.parametrize("curved", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_no_point_contradicts_a_certified_box(random_dispute, seed, curved):
    check_frontier(random_dispute(seed, curved=curved), seed, 4)


@pytest.mark.slow
@pytest.mark.parametrize("curved", [False, True])
@pytest.mark.parametrize("seed", range(200))
def test_no_point_contradicts_a_certified_box_in_full(random_dispute, seed, curved):
    check_frontier(random_dispute(seed, curved=curved), seed, 1000)


def test_random_disputes_are_not_all_alike(random_dispute):
    seen = set()
    for seed in range(6):
        for curved in (False, True):
            found = frontier(random_dispute(seed, curved=curved), vary={"p0": None, "p1": None})
            seen |= {VERDICTS[k] for k in np.unique(found.verdict)}
    assert {"feasible", "infeasible"} <= seen
