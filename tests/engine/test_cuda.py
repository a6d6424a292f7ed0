"""Kernels for a graphics card, compiled here by g++ and run on the processor, against the numpy back end."""

import shutil
import subprocess

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.engine.cuda.c_text import literal
from sim.engine.cuda.card import LEAST, in_parts
from sim.engine.cuda.kernel import KernelPrinter
from sim.engine.graph import Graph
from sim.engine.numpy_run import Plan
from sim.engine.operations import EXPRESSION
from sim.expressions.evaluate import OPERATIONS

UNARY = ("neg", "truth", "not", "abs", "exp", "log", "sqrt", "logistic")
BINARY = ("+", "-", "*", "/", "**", "<", "<=", ">", ">=", "==", "!=")
SEVERAL = ("and", "or", "min", "max")


def every_operation():
    """Every operation of the expression language on two parameters, and all reductions over an axis."""
    g = Graph({"a": 5})
    x, y = g.theta(0), g.theta(1)
    nodes = [g.apply(EXPRESSION + op, x) for op in UNARY]
    nodes += [g.apply(EXPRESSION + op, x, y) for op in BINARY]
    nodes += [g.apply(EXPRESSION + op, x, y, g.apply("sub", x, y)) for op in SEVERAL]
    nodes += [g.apply(EXPRESSION + op, x, y, g.apply("mul", x, y)) for op in ("clip", "where")]
    assert {g[n].op.removeprefix(EXPRESSION) for n in nodes} == {*OPERATIONS}
    row = g.apply("add", g.apply("mul", g.constant([2.0, -1, 0, 3, 1], ("a",)), x), y)
    holds = g.apply("and", g.apply("gt", row, x), g.constant(np.arange(5) < 3, ("a",)))
    nodes += [g.reduce(op, row, ("a",)) for op in ("most", "least", "total")]
    nodes += [g.reduce("count", holds, ("a",)), g.pick(row, "a", 3)]
    nodes.append(g.apply("where", g.reduce("any", holds, ("a",)), x, g.apply("neg", y)))
    above = g.apply("gt", row, g.reduce("least", row, ("a",)))
    return g, [*nodes, g.reduce("count", above, ("a",))]


def kernel_of(graph, wanted):
    printer = KernelPrinter(graph, "a", wanted)
    return printer.kernel([printer.value(n) for n in wanted])


def test_every_operation_is_that_of_numpy(card):
    values = [-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 3.0, 700.0, np.nan]
    theta = np.array(np.meshgrid(values, values)).reshape(2, -1)
    graph, wanted = every_operation()
    found = card().function(kernel_of(graph, wanted))(np.ascontiguousarray(theta))
    told = ~np.isnan(theta).any(axis=0)
    expected = Plan(graph, wanted).run(theta)
    for row, node in zip(found, wanted, strict=True):
        value = np.broadcast_to(expected[node].reshape(-1), row.shape)
        op = graph[node].op
        points = slice(None) if op.startswith(EXPRESSION) else told
        np.testing.assert_allclose(row[points], value[points], rtol=1e-12, err_msg=op)


@pytest.mark.skipif(shutil.which("nvcc") is None, reason="no CUDA compiler")
def test_the_compiler_of_cuda_accepts_every_operation(tmp_path):
    source = tmp_path / "kernel.cu"
    source.write_text(kernel_of(*every_operation()).text)
    words = ["nvcc", "-ptx", "--fmad=false", "-o", tmp_path / "kernel.ptx", source]
    assert subprocess.run(words, capture_output=True).returncode == 0
    assert ".entry points" in (tmp_path / "kernel.ptx").read_text()


@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_written_to_the_last_bit(value):
    assert float.fromhex(literal(value)) == value


@settings(max_examples=30, deadline=None)
@given(count=st.integers(1, 20_000), room=st.integers(LEAST, 20_000), first=st.integers(1, 40_000))
def test_without_room_there_are_smaller_parts(count, room, first):
    def work(start, stop):
        if stop - start > room:
            raise MemoryError
        return range(start, stop)

    parts, size = in_parts(work, 0, count, first)
    assert [k for part in parts for k in part] == [*range(count)]
    assert size <= max(first, LEAST)


def test_no_room_at_all_is_an_error():
    def work(*_):
        raise MemoryError

    with pytest.raises(MemoryError):
        in_parts(work, 0, 10, 1 << 16)
