"""Comparisons of outcomes over boxes as compiled code: whether one is worth more than another to an actor.

Definition. As in :mod:`sim.certified.games.game_batch`, from the same rules: an outcome is worth its own
payoff where its agreement is in force, else the status quo's (:mod:`sim.rules.outcomes`); both are affine
functions over the box, so that everything that two outcomes share cancels (:mod:`sim.rules.affine`). Where
payoffs are not affine, or ratification is a chance, numpy compares.

Array convention. Comparisons are a batch: every one has two outcomes, and a box of its own.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.engine.choosing import print_at
from sim.engine.graph import Graph
from sim.engine.lanes import Printer
from sim.engine.layout import Layout
from sim.engine.llvm_text import LANES, Source
from sim.engine.machine import Function, available
from sim.rules import outcomes as rules
from sim.rules.affine import Affine, Box, Forms
from sim.rules.arithmetic import Arithmetic, Texts, Value
from sim.rules.intervals import Ends, Interval, Intervals

OUTCOME = "outcome"


class Outcome(NamedTuple):
    """An outcome in a box: its payoff and error where it is in force, the same where not, and whether it is.

    ``force`` is 2 where it certainly is, 1 where it may be, 0 where it is not.
    """

    number: Value
    force: Value
    payoff: Sequence[Value]
    other: Sequence[Value]
    error: Value
    other_error: Value


def compared(on: Arithmetic, box: Box, own: Outcome, second: Outcome) -> Ends:
    """Whether a second outcome is certainly, and possibly, worth more than one's own, beyond what ties."""
    forms, ends = Forms(on, box), Intervals(on)
    payoffs, errors = [], []
    for one in (own, second):
        surely, maybe = on.apply("gt", one.force, 1.0), on.apply("gt", one.force, 0.0)
        force = Interval(surely, maybe)
        kept, quo = Affine(tuple(one.payoff)), Affine(tuple(one.other))
        payoffs.append(rules.certain(forms, force, kept, quo))
        errors.append(rules.certain(ends, force, one.error, one.other_error))
    gain = forms.bounded(forms.apply("sub", payoffs[1], payoffs[0]))
    same = on.apply("eq", own.number, second.number)
    gain = Interval(*(on.apply("where", same, 0.0, end) for end in gain))
    return ends.apply("gt", gain, ends.apply("add", *errors))


class PrintedComparisons:
    """The comparisons of one actor as a function.

    Parameters
    ----------
    matrix
        Payoffs where every outcome is in force, shape ``(1 + varied, outcomes)``.
    error
        Up to what each is known.
    fallback
        What holds where an outcome is not in force.
    """

    def __init__(self, matrix: FloatArray, error: FloatArray, fallback: IntArray) -> None:
        self.varied = len(matrix) - 1
        graph = Graph({OUTCOME: matrix.shape[1]})
        columns = [*matrix, *matrix[:, fallback], error, error[fallback]]
        self._columns = [graph.constant(column, (OUTCOME,)) for column in columns]
        self._inputs = [graph.theta(k) for k in range(5 + 2 * self.varied)]
        self._code = Function(self._printed(graph))

    def _printed(self, graph: Graph) -> Source:
        printer = Printer(Layout(graph, OUTCOME, [*self._inputs, *self._columns]))
        names = [printer.value(n) for n in self._inputs]
        numbers, forces, error, rest = names[:2], names[2:4], names[4], names[5:]
        box = Box(rest[: self.varied], rest[self.varied :], error)
        both = [
            self._outcome(number, force, print_at(printer, number, [[n] for n in self._columns]))
            for number, force in zip(numbers, forces, strict=True)
        ]
        better = compared(Texts(printer), box, *both)
        return printer.source([printer.number(end) for end in better])

    def _outcome(self, number: str, force: str, values: Sequence[str]) -> Outcome:
        size = 1 + self.varied
        return Outcome(
            number, force, values[:size], values[size : 2 * size], values[-2], values[-1]
        )

    def run(
        self, numbers: Sequence[IntArray], forces: Sequence[FloatArray], box: Box
    ) -> tuple[BoolArray, BoolArray]:
        """Where the second outcomes are certainly, and possibly, worth more."""
        count = len(numbers[0])
        size = -(-count // LANES) * LANES
        given = [*numbers, *forces, box.error, *box.mid, *box.radius]
        order = dict(zip(self._inputs, given, strict=True))
        inputs = np.zeros((len(given), size))
        for row, n in zip(inputs, self._code.source.scalars, strict=True):
            row[:count] = order[n]
        surely, maybe = self._code.run(inputs, np.empty((0, self._code.source.places, size)))
        return surely[:count] != 0, maybe[:count] != 0


def printed_comparisons(
    matrix: FloatArray, error: FloatArray, fallback: IntArray
) -> PrintedComparisons | None:
    """The compiled comparisons; ``None`` where there is no compiler, or where it fails, which is said."""
    if not available():
        return None
    try:
        return PrintedComparisons(matrix, error, fallback)
    except Exception as failure:  # whatever a compiler may raise: numpy goes on
        words = f"compiling failed, so numpy computes: {type(failure).__name__}: {failure}"
        warnings.warn(words, RuntimeWarning, stacklevel=2)
        return None
