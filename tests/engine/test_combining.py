"""Sums of products as products of matrices say what the operations one after the other say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.engine import numpy_run
from sim.engine.combining import combined
from sim.engine.graph import Graph
from sim.engine.numpy_run import Plan

PLACES, ROWS = 5, 3
TABLES = st.lists(st.integers(-3, 3), min_size=PLACES, max_size=PLACES)


@st.composite
def graphs(draw):
    """A graph of sums and products over places, some of which are no combinations."""
    graph = Graph({"a": PLACES, "s": 2})
    nodes = [graph.theta(k) for k in range(ROWS)]
    nodes += [graph.constant(np.array(draw(TABLES), dtype=float), ("a",)) for _ in range(3)]
    nodes.append(graph.constant(draw(st.floats(-2, 2))))
    nodes.append(graph.constant(np.array([1.0, -2.0]), ("s",)))
    for _ in range(draw(st.integers(1, 14))):
        op = draw(st.sampled_from(["add", "sub", "mul", "neg", "min", "lt"]))
        some = [n for n in nodes if not graph[n].truth]
        args = [draw(st.sampled_from(some)) for _ in range(1 if op == "neg" else 2)]
        nodes.append(graph.apply(op, *args))
    return graph, nodes


@settings(max_examples=150, deadline=None)
@given(graphs(), st.integers(0, 2**32 - 1))
def test_the_values_are_those_of_the_operations(made, seed):
    graph, wanted = made
    theta = np.random.default_rng(seed).uniform(-2, 2, (ROWS, 7))
    one = Plan(graph, wanted).run(theta)
    other = Plan(combined(graph, wanted), wanted).run(theta)
    for node in wanted:
        if graph[node].truth:
            continue  # a comparison of what is equal but for its last bits
        a, b = np.broadcast_arrays(one[node], other[node])
        assert np.allclose(a, b, rtol=1e-9, atol=1e-9 * (1 + np.abs(a).max()))


def payoff(graph, terms):
    """A sum of parameters times tables."""
    total = graph.constant(0.0)
    for row in range(terms):
        table = graph.constant(np.arange(PLACES) + float(row), ("a",))
        total = graph.apply("add", total, graph.apply("mul", graph.theta(row), table))
    return total


def test_a_sum_is_one_operation_and_what_is_read_elsewhere_stays():
    graph = Graph({"a": PLACES})
    total = payoff(graph, 3)
    part = graph[total].args[0]
    best = graph.apply("max", total, part)
    found = combined(graph, [best])
    steps = [node.op for _, node, _ in Plan(found, [best]).steps]
    assert sorted(steps) == ["combine", "combine", "max", "theta", "theta", "theta"]
    assert graph[total].op == "add"


def test_products_of_two_that_vary_and_infinite_tables_are_left():
    graph = Graph({"a": PLACES})
    total = payoff(graph, 2)
    square = graph.apply("mul", total, total)
    open_end = graph.constant(np.array([np.inf, 0, 0, 0, 0]), ("a",))
    high = graph.apply("add", total, open_end)
    found = combined(graph, [square, high])
    assert (found[square].op, found[high].op, found[total].op) == ("mul", "add", "combine")


@pytest.mark.parametrize("alone", [1, 40, 1 << 17])
def test_large_products_are_done_in_pieces(monkeypatch, alone):
    monkeypatch.setattr(numpy_run, "ALONE", alone)
    graph = Graph({"a": PLACES})
    total = payoff(graph, 3)
    theta = np.arange(12.0).reshape(3, 4)
    value = Plan(combined(graph, [total]), [total]).run(theta)[total]
    tables = np.array([np.arange(PLACES) + row for row in range(3)])
    assert np.allclose(value, tables.T @ theta, rtol=1e-15)
