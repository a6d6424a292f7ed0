"""Printed code against numpy on random graphs, sorting by exchanges, and what is stored on disk."""

import os
import stat
from itertools import product
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sim.engine import layout, machine
from sim.engine.graph import Graph
from sim.engine.lanes import Printer
from sim.engine.layout import Layout
from sim.engine.leximin import exchanges
from sim.engine.llvm_text import LANES
from sim.engine.machine import Function, key_of
from sim.engine.numpy_run import Plan, border, needed
from sim.engine.operations import EXPRESSION

pytest.importorskip("llvmlite")

FLOATS = ("add", "sub", "mul", "div", "min", "max")
TRUTHS = ("lt", "le", "gt", "ge", "eq")


def random_graph(rng, steps=40):
    """A graph over one axis with operations of every kind, reductions on top of one another."""
    g = Graph({"a": 5})
    numbers = [g.theta(0), g.theta(1), g.constant(2.0)]
    numbers += [g.constant(rng.integers(-2, 3, 5).astype(float), ("a",)) for _ in range(3)]
    truths = [g.constant(rng.random(5) < 0.5, ("a",))]
    for _ in range(steps):
        kind = rng.integers(7)
        a, b = (numbers[rng.integers(len(numbers))] for _ in range(2))
        p, q = (truths[rng.integers(len(truths))] for _ in range(2))
        if kind == 0:
            truths.append(g.apply(str(rng.choice(TRUTHS)), a, b))
        elif kind == 1:
            truths.append(g.apply(str(rng.choice(["and", "or"])), p, g.apply("not", q)))
        elif kind == 2:
            numbers.append(g.apply("where", p, a, b))
        elif kind == 3:
            numbers.append(g.reduce(str(rng.choice(["most", "least"])), a, ("a",)))
            numbers.append(g.reduce("count", p, ("a",)))
            truths.append(g.reduce("any", p, ("a",)))
        elif kind == 4:
            numbers.append(g.pick(a, "a", int(rng.integers(5))))
        elif kind == 5:
            numbers.append(g.apply(EXPRESSION + "abs", g.apply("neg", a)))
        else:
            numbers.append(g.apply(str(rng.choice(FLOATS)), a, b))
    ends = [g.reduce("most", n, ("a",)) for n in numbers] + [
        g.apply("where", g.reduce("any", t, ("a",)), a, b) for t in truths
    ]
    return g, [g.reduce("least", n, ("a",)) for n in ends]


def compiled(g, wanted):
    printer = Printer(Layout(g, "a", wanted))
    printer.print_levels()
    return printer.source([printer.value(n) for n in wanted])


def run(g, source, theta):
    before = Plan(g, [*source.scalars, *source.rows]).run(theta)
    size = theta.shape[1]
    scalars = np.array([np.broadcast_to(before[n].reshape(-1), (size,)) for n in source.scalars])
    rows = np.array([np.broadcast_to(before[n], (5, size)) for n in source.rows])
    return Function(source).run(
        np.ascontiguousarray(scalars.reshape(-1, size), dtype=float),
        np.ascontiguousarray(rows.reshape(-1, 5, size), dtype=float),
    )


@pytest.mark.parametrize("remembered", [layout.REMEMBERED, 0])
@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6))
@example(seed=341)  # 0/0 at some points
def test_printed_code_gives_the_numbers_of_numpy(remembered, seed):
    """Whether what several loops read is kept between them or computed again.

    At points at which no node is 0/0 and the like: disputes leave such points to the definitions.
    """
    rng = np.random.default_rng(seed)
    g, wanted = random_graph(rng)
    theta = rng.integers(-3, 4, (2, 2 * LANES)).astype(float)
    with patch.object(layout, "REMEMBERED", remembered):
        source = compiled(g, wanted)
    found = run(g, source, theta)
    nodes = needed(g, wanted)
    expected = Plan(g, nodes).run(theta)
    flat = [
        np.asarray(expected[n], dtype=float).reshape(-1, np.shape(expected[n])[-1]) for n in nodes
    ]
    sound = ~np.any([np.isnan(v).any(axis=0) & np.ones(theta.shape[1], bool) for v in flat], axis=0)
    for row, n in zip(found, wanted, strict=True):
        value = np.broadcast_to(expected[n].reshape(-1), row.shape)
        told = np.isfinite(value) & sound
        assert np.array_equal(row[told], value[told])


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_values_at_places_are_those_of_whole_arrays(seed):
    rng = np.random.default_rng(seed)
    g, wanted = random_graph(rng)
    theta = rng.integers(-3, 4, (2, 6)).astype(float)
    rows = [n for n in needed(g, wanted) if g[n].axes and g[n].op != "constant"]
    if not rows:
        return
    known = [n for n in needed(g, wanted) if not g[n].axes] + needed(g, wanted[:9])
    edge = border(g, rows, known)
    whole = Plan(g, [*rows, *edge]).run(theta)
    place, point = rng.integers(0, 5, 9), rng.integers(0, 6, 9)
    some = Plan(g, rows, edge).at(place, point, theta, {n: whole[n] for n in edge})
    for n in rows:
        value = np.broadcast_to(whole[n], (5, 6))[place, point]
        found = np.broadcast_to(some[n].reshape(-1), (9,))
        assert np.array_equal(found, value, equal_nan=found.dtype.kind == "f")


@pytest.mark.parametrize("size", range(1, 10))
def test_exchanges_sort_every_list(size):
    """By the zero-one principle it is enough that they sort zeros and ones."""
    pairs = exchanges(size)
    for bits in product((0, 1), repeat=size):
        row = list(bits)
        for a, b in pairs:
            if row[a] > row[b]:
                row[a], row[b] = row[b], row[a]
        assert row == sorted(bits)


@pytest.fixture
def source():
    g, wanted = random_graph(np.random.default_rng(1), 12)
    return compiled(g, wanted)


def test_what_is_compiled_is_stored_under_its_hash(source, tmp_path, monkeypatch):
    folder = tmp_path / "cache"
    monkeypatch.setenv(machine.FOLDER, str(folder))
    Function(source)
    (stored,) = folder.iterdir()
    assert stored.stem == key_of(source)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700

    def never(_):
        raise AssertionError("compiled again")

    monkeypatch.setattr(machine, "compiled", never)
    Function(source)


def test_a_folder_that_others_may_write_to_is_not_used(source, tmp_path, monkeypatch):
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o777)
    monkeypatch.setenv(machine.FOLDER, str(folder))
    assert machine.folder_of() is None
    Function(source)
    assert not any(folder.iterdir())


def test_no_place_for_it_is_no_error(source, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    for place in ("", str(tmp_path / "file" / "inside")):
        monkeypatch.setenv(machine.FOLDER, place)
        assert machine.folder_of() is None
        Function(source)
    assert os.environ[machine.FOLDER]
