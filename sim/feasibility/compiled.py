"""Ladder and prediction by compiled code; what that is unsure of comes from the definitions.

Definition. The screen of a dispute (:mod:`sim.feasibility.screening.screen`) is printed as vector code and
compiled. Its answers are those of :func:`sim.feasibility.evaluate.evaluate` to the last bit wherever it is
sure of them; at all other points that function answers.

Array convention. ``theta`` has shape ``(varied, batch)``; results have shape ``(batch,)``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.engine.cells import Cells
from sim.engine.choosing import print_at, print_choice
from sim.engine.emit import AGREEMENT
from sim.engine.graph import Graph
from sim.engine.lanes import Printer
from sim.engine.layout import Layout
from sim.engine.llvm_text import LANES, Source
from sim.engine.loops import LoopPrinter
from sim.engine.machine import Function
from sim.engine.numpy_run import Plan
from sim.feasibility.screening.printed import at_cells, names_of, printed
from sim.feasibility.screening.screen import Screen
from sim.feasibility.screening.screened import Values
from sim.payoffs import Dispute

DOUBTS = ("unsure", "doubt", "lost", "end doubt")
"""Values that are not 0 where others are not sure."""
LEAST_LOOPED = 16
"""From so many cells of an agreement on it is tried to compute them in loops."""
LINES, LONG = 320, 1 << 20
"""Characters of text for a node that is written out, and from where on a text is long to compile."""
ROOM, MOST_LANES = 1 << 22, 8192
"""Numbers of inputs along agreements that go through the code together, and points at most."""


class Machine:
    """A dispute and its game as compiled code.

    Parameters
    ----------
    screen
        What is compiled.
    dispute
        Compiled for the varied parameters.
    """

    def __init__(self, screen: Screen, dispute: Dispute) -> None:
        self.dispute = dispute
        self.names = names_of(screen)
        self.source = source_of(screen, dispute.shape[0])
        inputs = [*self.source.scalars, *self.source.rows]
        self.before = Plan(screen.graph, list(dict.fromkeys(inputs)))
        self._code = Function(self.source)

    def run(self, theta: FloatArray) -> tuple[Values, BoolArray]:
        """Values by name, and at which points they are sure."""
        numbers = max(1, len(self.source.rows)) * self.dispute.shape[0]
        size = int(np.clip(ROOM // numbers // LANES * LANES, LANES, MOST_LANES))
        starts = range(0, theta.shape[1], size)
        parts = [self._some(theta[:, start : start + size]) for start in starts]
        values, sure = parts[0]
        if len(parts) > 1:
            values = np.concatenate([part[0] for part in parts], axis=1)
            sure = np.concatenate([part[1] for part in parts])
        return dict(zip(self.names, values, strict=True)), sure

    def _some(self, theta: FloatArray) -> tuple[FloatArray, BoolArray]:
        size, source = theta.shape[1], self.source
        found = self.before.run(theta)
        scalars = np.empty((len(source.scalars), size))
        rows = np.empty((len(source.rows), self.dispute.shape[0], size))
        for target, n in zip(scalars, source.scalars, strict=True):
            target[:] = found[n].reshape(-1)
        for part, n in zip(rows, source.rows, strict=True):
            part[:] = found[n][:, 0]
        out = self._code.run(scalars, rows)
        sure = np.ones(size, dtype=np.bool_)
        for name, row in zip(self.names, out, strict=True):
            if name in DOUBTS:
                sure &= row == 0
        return out, sure


def source_of(screen: Screen, rows: int) -> Source:
    """A screen as a function on blocks of points, rows being how many agreements there are.

    Cells of many stance profiles are computed by loops where the text is shorter by that.
    """
    if len(screen.cells.masks) < LEAST_LOOPED:
        return _printed(screen, rows, Printer(_layout(screen, screen.graph)))
    layout = _layout(screen, screen.graph.copied())
    written = LINES * len(layout.inside)
    singles, packs = looped(screen)
    looped_source = _printed(screen, rows, LoopPrinter(layout.forgetting(), singles, packs))
    size = len(looped_source.text)
    if 2 * size <= written or LONG < size <= written:
        return looped_source
    return _printed(screen, rows, Printer(_layout(screen, screen.graph)))


def looped(screen: Screen) -> tuple[list[int], list[Sequence[int]]]:
    """What is read of a screen: single nodes, and nodes side by side."""
    choices = _choices(screen)
    packs: list[Sequence[int]] = []
    for c in choices:
        packs += [c.masks, *zip(*c.parts, strict=True)]
    packs += [*screen.looked.values(), *screen.at_best.values()]
    return [*screen.outputs.values(), *(n for c in choices for n in (c.level, c.some))], packs


def _choices(screen: Screen) -> list[Cells]:
    return [screen.cells] if screen.ends is None else [screen.cells, screen.ends]


def _layout(screen: Screen, graph: Graph) -> Layout:
    cells = screen.cells
    wanted = [*screen.outputs.values(), cells.some, *cells.nodes, *at_cells(screen)]
    return Layout(graph, AGREEMENT, wanted, [c.some for c in _choices(screen)])


def _printed(screen: Screen, rows: int, printer: Printer) -> Source:
    printer.print_levels()
    return printer.source(printed(screen, printer, print_choice, print_at, rows))
