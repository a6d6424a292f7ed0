"""The intermediate form: nodes are made once, fold where nothing varies, and reduce as numpy does."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.engine.graph import Graph
from sim.engine.numpy_run import Plan

SIZES = {"a": 4, "s": 3}


def graph():
    return Graph(dict(SIZES))


def test_equal_nodes_are_one_node():
    g = graph()
    x, table = g.theta(0), g.constant(np.arange(4.0), ("a",))
    assert g.apply("mul", x, table) == g.apply("mul", x, table)
    assert g.constant(np.arange(4.0), ("a",)) == table
    assert g[g.apply("mul", x, table)].axes == ("a",)


def test_constants_lose_the_axes_along_which_they_do_not_change():
    g = graph()
    flat = g.constant(np.full((4, 3), 2.0), ("a", "s"))
    assert (g[flat].axes, g.scalar(flat)) == ((), 2.0)
    row = g.constant(np.broadcast_to([1.0, 2.0, 3.0], (4, 3)), ("a", "s"))
    assert (g[row].axes, g.table(row).tolist()) == (("s",), [1, 2, 3])


def test_what_does_not_vary_is_computed_at_once():
    g = graph()
    a, s = g.constant(np.arange(4.0), ("a",)), g.constant(np.arange(3.0), ("s",))
    product = g.apply("mul", a, s)
    assert g.table(product).tolist() == np.outer(np.arange(4), np.arange(3)).tolist()
    assert g.table(g.reduce("most", product, ("s",))).tolist() == [0, 2, 4, 6]


@pytest.mark.parametrize(
    ("op", "value", "first", "kept"),
    [
        ("add", 0.0, False, True), ("add", 0.0, True, True),
        ("sub", 0.0, False, True), ("sub", 0.0, True, False),
        ("mul", 1.0, True, True), ("div", 1.0, False, True), ("div", 1.0, True, False),
        ("min", np.inf, True, True), ("max", -np.inf, False, True), ("min", 1.0, False, False),
    ],
)  # fmt: skip
def test_neutral_elements_disappear(op, value, first, kept):
    g = graph()
    x, c = g.theta(0), g.constant(value)
    assert (g.apply(op, *((c, x) if first else (x, c))) == x) == kept


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_reductions_and_selections_are_those_of_numpy(seed):
    rng = np.random.default_rng(seed)
    g = graph()
    table, moved = rng.integers(-2, 3, (4, 3)).astype(float), rng.integers(-2, 3, (2, 5))
    x = g.apply("mul", g.theta(0), g.constant(table, ("a", "s")))
    x = g.apply("add", x, g.theta(1))
    value = table[..., None] * moved[0] + moved[1]
    holds = g.apply("ge", x, g.constant(0.0))
    wanted = {
        g.reduce("most", x, ("a",)): value.max(axis=0, keepdims=True),
        g.reduce("least", x, ("a", "s")): value.min(axis=(0, 1), keepdims=True),
        g.reduce("any", holds, ("s",)): (value >= 0).any(axis=1, keepdims=True),
        g.reduce("total", x, ("a",)): value.sum(axis=0, keepdims=True),
        g.reduce("total", g.theta(1), ("a",)): 4 * moved[1][None, None],
        g.reduce("count", holds, ("a", "s")): (value >= 0).sum(axis=(0, 1), keepdims=True),
        g.reduce("first", holds, ("a", "s")): (value >= 0)
        .reshape(12, 5)
        .argmax(axis=0)[None, None],
    }
    found = Plan(g, list(wanted)).run(moved.astype(float))
    for node, expected in wanted.items():
        assert np.array_equal(np.broadcast_to(found[node], expected.shape), expected)
