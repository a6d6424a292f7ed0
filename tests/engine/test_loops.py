"""Nodes of one make, computed in loops: against numpy, to the last bit."""

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.engine import packs
from sim.engine.graph import Graph
from sim.engine.layout import Layout
from sim.engine.llvm_text import LANES
from sim.engine.loops import LoopPrinter
from sim.engine.machine import Function
from sim.engine.numpy_run import Plan
from sim.engine.packs import Packs

pytest.importorskip("llvmlite")

PLACES, COUNT = 5, 7
NUMBERS, TRUTHS = ("add", "sub", "mul", "min", "max"), ("lt", "le", "gt", "ge", "eq")


class Alike:
    """A graph made by steps that are taken for several copies at once, some of which stand out."""

    def __init__(self, seed):
        self.rng, self.g = np.random.default_rng(seed), Graph({"a": PLACES})
        g = self.g
        shared = [g.theta(0), g.theta(1), g.constant(2.0)]
        self.numbers = [[n] * COUNT for n in shared]
        self.numbers += [[g.constant(float(k)) for k in range(COUNT)]]
        self.numbers += [[g.constant(self.table(), ("a",)) for _ in range(COUNT)] for _ in range(2)]
        self.truths = [[g.constant(self.table() > 0, ("a",)) for _ in range(COUNT)]]

    def table(self):
        return self.rng.integers(-2, 3, PLACES).astype(float)

    def some(self, of):
        return of[self.rng.integers(len(of))]

    def step(self):
        g, kind = self.g, self.rng.integers(9)
        a, b, p = self.some(self.numbers), self.some(self.numbers), self.some(self.truths)
        if kind == 0:
            op = str(self.rng.choice(TRUTHS))
            self.truths.append([g.apply(op, x, y) for x, y in zip(a, b, strict=True)])
        elif kind == 1:
            self.numbers.append([g.apply("where", *at) for at in zip(p, a, b, strict=True)])
        elif kind == 2:
            self.numbers.append(self.chained(a, p))
        elif kind == 3:
            op = str(self.rng.choice(["most", "least"]))
            self.numbers.append([g.reduce(op, x, ("a",)) for x in a])
            self.truths.append([g.reduce("any", x, ("a",)) for x in p])
            self.numbers.append([g.reduce("count", x, ("a",)) for x in p])
        elif kind == 4:
            self.numbers.append([g.pick(x, "a", 2) for x in a])
        elif kind == 5:
            whole = p[0]
            for x in p[1:]:
                whole = g.apply("or", whole, g.apply("not", x))
            self.truths.append([whole] * COUNT)
        elif kind == 6:
            self.numbers.append([a[k // 3] for k in range(COUNT)])
        else:
            op = str(self.rng.choice(NUMBERS))
            made = [g.apply(op, x, y) for x, y in zip(a, b, strict=True)]
            if self.rng.random() < 0.3:
                made[2] = a[2] if kind == 7 else g.apply("sub", a[2], b[2])
            self.numbers.append(made)

    def chained(self, a, p):
        """One value of all copies: the lowest, the sum, or that of the first for which something holds."""
        g, op = self.g, str(self.rng.choice(["min", "max", "add", "where"]))
        whole = a[-1] if op == "where" else a[0]
        if op == "where":
            for x, truth in zip(reversed(a[:-1]), reversed(p[:-1]), strict=True):
                whole = g.apply("where", truth, x, whole)
        else:
            for x in a[1:]:
                whole = g.apply(op, whole, x)
        return [whole] * COUNT

    def ends(self):
        """Numbers that everything goes into."""
        g = self.g
        rows = [g.reduce("most", n, ("a",)) for row in self.numbers for n in row]
        some = [g.reduce("count", n, ("a",)) for row in self.truths for n in row]
        return [*dict.fromkeys([*rows, *some])]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_loops_give_the_numbers_of_numpy(seed):
    """Copies that stand out, chains, reductions and places of the axis, on top of one another."""
    alike = Alike(seed)
    for _ in range(12):
        alike.step()
    g, wanted = alike.g, alike.ends()
    theta = alike.rng.integers(-3, 4, (2, 2 * LANES)).astype(float)
    with patch.object(packs, "LEAST", 3):
        layout = Layout(g.copied(), "a", wanted).forgetting()
        printer = LoopPrinter(layout, wanted, alike.numbers)
        printer.print_levels()
        source = printer.source([printer.value(n) for n in wanted])
    before = Plan(g, [*source.scalars, *source.rows]).run(theta)
    scalars = np.array(
        [np.broadcast_to(before[n].reshape(-1), (2 * LANES,)) for n in source.scalars]
    )
    found = Function(source).run(scalars, np.empty((0, PLACES, 2 * LANES)))
    expected = Plan(g, wanted).run(theta)
    for row, n in zip(found, wanted, strict=True):
        assert np.array_equal(row, np.broadcast_to(expected[n].reshape(-1), row.shape))


def test_nodes_of_one_make_are_a_pack():
    """A weight of 1 and one of -1 are left out of a sum, and are the same sum all the same."""
    g = Graph({"a": PLACES})
    own, worth = g.theta(0), g.constant(np.arange(PLACES) + 1.0, ("a",))
    node = g.apply("mul", g.theta(1), worth)
    weighted = [
        g.apply("add", own, g.apply("mul", g.constant(w), node)) for w in np.arange(2, 20.0)
    ]
    nodes = [g.apply("add", own, node), g.apply("sub", own, node), own, *weighted]
    found = Packs(Layout(g, "a", nodes, nodes)).of(nodes)
    assert (found.kind, [part.kind for part in found.parts]) == ("add", ["same", "mul"])
    assert [part.kind for part in found.parts[1].parts] == ["numbers", "repeated"]
    weights = [g.scalar(n) for n in found.parts[1].parts[0].nodes]
    assert weights == [1, -1, 1, *np.arange(2, 20.0)]
