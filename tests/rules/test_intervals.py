"""The rules over boxes against the rules at points of them."""

import numpy as np
import pytest
from sim.engine.graph import Graph
from sim.engine.numpy_run import Plan
from sim.engine.operations import EXACT, TRUTH
from sim.rules import ladder, outcomes
from sim.rules.affine import Affine, Box, Forms
from sim.rules.arithmetic import ARRAYS, Arrays, Groups, Nodes
from sim.rules.induction import survivors
from sim.rules.intervals import INTERVALS, RULES, Interval, Intervals, IntervalTables

POINTS = 60
TRUTHS = ("and", "or", "not")


def boxes(rng, shape):
    """Boxes, some of which are points or touch 0, and points inside of them, points last."""
    lo = rng.integers(-3, 4, size=shape) + rng.choice([0.0, 0.1], size=shape)
    hi = lo + rng.choice([0.0, 0.5, 3.0], size=shape)
    inside = lo[..., None] + rng.random((*shape, POINTS)) * (hi - lo)[..., None]
    return Interval(lo, hi), np.concatenate([inside, lo[..., None], hi[..., None]], axis=-1)


def truths(rng, shape):
    values = rng.random((*shape, 3)) < 0.5
    return Interval(values.all(axis=-1), values.any(axis=-1)), values


def holds(found, values):
    """Whether bounds hold all values at the points of their boxes; not a number counts as anywhere."""
    if found.lo.dtype == np.bool_:
        return (found.lo[..., None] <= values).all() and (values <= found.hi[..., None]).all()
    low, high = found.lo[..., None] <= values, values <= found.hi[..., None]
    return ((low & high) | np.isnan(values)).all()


@pytest.mark.parametrize("op", sorted(EXACT))
@np.errstate(all="ignore")
def test_an_operation_on_boxes_holds_it_at_every_point(op):
    assert set(RULES) == set(EXACT)
    rng = np.random.default_rng(0)
    places = {"neg": 1, "abs": 1, "not": 1}.get(op, 2)
    kinds = [truths if op in TRUTHS else boxes] * places
    if op == "where":
        condition, inside = truths(rng, (500,))
        (a, x), (b, y) = boxes(rng, (500,)), boxes(rng, (500,))
        values = [np.where(c[:, None], x, y) for c in inside.T]
        found = INTERVALS.apply("where", condition, a, b)
        assert all(holds(found, v) for v in values)
        return
    some = [kind(rng, (500,)) for kind in kinds]
    found = INTERVALS.apply(op, *(box for box, _ in some))
    points = EXACT[op](*(values for _, values in some))
    assert holds(found, points)
    single = EXACT[op](*(box.lo for box, _ in some))
    fixed = INTERVALS.apply(op, *(box.lo for box, _ in some))
    exact = op in (*TRUTH, "min", "max", "neg", "abs")
    assert holds(fixed, single[:, None])
    assert not exact or (fixed.lo == fixed.hi).all()


def test_bounds_as_nodes_of_a_graph_are_those_of_arrays():
    rng = np.random.default_rng(1)
    (a, _), (b, _) = boxes(rng, (200,)), boxes(rng, (200,))
    graph = Graph({"place": 1})
    ends = [Interval(graph.theta(k), graph.theta(k + 1)) for k in (0, 2)]
    on = Intervals(Nodes(graph))

    def rules(on, a, b):
        value = on.apply("mul", on.apply("sub", a, b), 0.7)
        return ladder.snapped(on, outcomes.expected(on, 0.25, value, on.apply("abs", b)), 1e-9)

    node = rules(on, *ends)
    values = Plan(graph, [*node]).run(np.stack([a.lo, a.hi, b.lo, b.hi]))
    expected = rules(INTERVALS, a, b)
    assert all((values[n][0] == e).all() for n, e in zip(node, expected, strict=True))


@pytest.mark.parametrize("seed", range(5))
def test_the_ladder_over_boxes_holds_the_ladder_at_points(seed):
    rng = np.random.default_rng(seed)
    parts = [boxes(rng, (6, 8)) for _ in range(5)]
    stable, sure = rng.random((6, 8, POINTS + 2)) < 0.6, rng.random((6, 8)) < 0.3
    stable |= sure[..., None]
    stable[::2] |= ~stable[::2].any(axis=0) & ~stable[1::2].any(axis=0)
    starts = np.array([0, 2, 4])
    groups, over = Groups(starts), IntervalTables(Groups(starts))
    slacks = {1: [2], 3: [3, 4]}

    def tops(on, tables, values, counts):
        levels = ladder.levels(
            on, np.inf, values[:2], {k: [values[n] for n in own] for k, own in slacks.items()}
        )
        return [tables.best(level, counts, (0,)) for level in levels]

    at = tops(ARRAYS, groups, [x for _, x in parts], stable)
    counts = Interval(stable.all(axis=-1), stable.any(axis=-1))
    box = tops(INTERVALS, over, [b for b, _ in parts], counts)
    assert all(holds(b, x) for b, x in zip(box, at, strict=True))
    rung = ladder.first_failing(INTERVALS, box)
    assert holds(rung, ladder.first_failing(ARRAYS, at))
    some = [np.logical_or.reduceat(stable, starts, axis=0).all()]
    if all(some):
        known = tops(INTERVALS, IntervalTables(groups, some=True), [b for b, _ in parts], counts)
        assert all(holds(b, x) for b, x in zip(known, at, strict=True))
        assert all((k.lo >= b.lo).all() for k, b in zip(known, box, strict=True))


def test_of_what_always_counts_the_least_favourable_is_a_bound():
    table = Interval(np.array([[1.0], [4.0]]), np.array([[2.0], [5.0]]))
    alive = Interval(np.zeros((2, 1), dtype=bool), np.ones((2, 1), dtype=bool))
    unknown, known = IntervalTables(ARRAYS), IntervalTables(ARRAYS, some=True)
    assert [end.item() for end in unknown.best(table, alive, (0,))] == [-np.inf, 5]
    assert [end.item() for end in known.best(table, alive, (0,))] == [1, 5]
    assert [end.item() for end in known.over("least", known.held(table, alive), (0,))] == [1, 5]


@pytest.mark.parametrize("stages", [[[0], [1]], [[0], [1, 2]], [[0, 1, 2]], [[0], [1], [2]]])
def test_backward_induction_over_boxes_holds_it_at_points(stages):
    """What certainly survives does at every point, and what never may does at none."""
    rng = np.random.default_rng(len(stages))
    moves, size = sum(map(len, stages)), 40
    shape = (3, 2, 2)[:moves]
    payoffs = [boxes(rng, (*shape, size)) for _ in range(moves)]
    for box, inside in payoffs:  # a quarter of the boxes are points
        box.hi[..., ::4] = box.lo[..., ::4]
        inside[..., ::4, :] = box.lo[..., ::4, None]
    seen = []
    box = survivors(
        IntervalTables(ARRAYS),
        stages,
        lambda axis: (payoffs[axis][0], payoffs[axis][0]),
        Interval(np.ones((*shape, size), bool), np.ones((*shape, size), bool)),
        moves=moves,
        settle=seen.append,
    )
    at = survivors(
        Arrays(),
        stages,
        lambda axis: (payoffs[axis][1], payoffs[axis][1]),
        np.ones((*shape, size, POINTS + 2), bool),
        moves=moves,
        settle=lambda some: None,
    )
    assert holds(box, at)
    assert len(seen) == sum(len(stage) > 1 for stage in stages)
    assert box.lo[..., ::4].any()
    assert (box.lo == box.hi)[..., ::4].all()
    assert not box.hi.all()


def test_differences_of_affine_functions_are_bounded_by_what_they_do_not_share():
    """Exact: the ends are the least and the most at corners of the box, of either branch of a choice."""
    rng = np.random.default_rng(2)
    a, b, c = rng.integers(-3, 4, size=(3, 3, 50)).astype(float)
    b[1] = a[1]  # what both share
    mid, radius = rng.random((2, 2, 50))
    on = Forms(ARRAYS, Box(mid, radius, np.full(50, 1e-15)))
    force, _ = truths(rng, (50,))
    either = on.apply("where", force, Affine(tuple(a)), Affine(tuple(c)))
    found = on.bounded(on.apply("sub", either, Affine(tuple(b))))
    corners = np.array([(s, t) for s in (-1, 1) for t in (-1, 1)])
    x = mid + corners[..., None] * radius
    first, second = (d[0] + x[:, 0] * d[1] + x[:, 1] * d[2] for d in (a - b, c - b))
    reached = [np.where(force.hi, first, second), np.where(force.lo, first, second)]
    least, most = np.min(reached, axis=(0, 1)), np.max(reached, axis=(0, 1))
    assert np.allclose(found.lo, least, atol=1e-13)
    assert np.allclose(found.hi, most, atol=1e-13)
    assert (found.lo <= least).all()
    assert (found.hi >= most).all()
    same = on.bounded(on.apply("sub", Affine(tuple(a)), Affine(tuple(a))))
    assert not np.any(same)
