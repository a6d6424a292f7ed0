"""What is counted of a sweep that keeps no point: answers by label, and the same by cell of a raster.

Definition. A tally is a set of named arrays of counts that add up over chunks. Everything in it is a whole
number but the sums of margins, which are added chunk by chunk in the order of the design, so that a tally
does not depend on who computed it.

Points may lie in the memory of a graphics card: only functions of numpy are used that its arrays know.

Array convention. Counts by label have shape ``(labels,)``, by cell ``(cells,)`` or ``(labels, cells)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import AnyArray, BoolArray, FloatArray, IntArray
from sim.feasibility.evaluate import Evaluation, Problem
from sim.sweeps.columns import labels_of
from sim.sweeps.failures import answered
from sim.sweeps.reduced.raster import Raster
from sim.sweeps.run_summary import NEAR

NO, YES, EDGE = range(3)
"""What ``feasible`` counts: margins below 0, above it, and on the knife-edge."""
COUNTED = ("feasible", "rung", "binding", "predicted_class")

Tally = dict[str, AnyArray]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Counting:
    """What to count.

    Parameters
    ----------
    varied
        Paths of the rows of points.
    box
        Per path the range that the file declares.
    raster
        Cells to count by as well.
    """

    varied: tuple[str, ...]
    box: Mapping[str, tuple[float, float]]
    raster: Raster | None = None

    def of(
        self, problem: Problem, theta: FloatArray, good: BoolArray, found: Evaluation | None
    ) -> Tally:
        """The tally of some points.

        Parameters
        ----------
        problem
            A compiled scenario.
        theta, good
            The points, shape ``(varied, batch)``, and which of them have an answer.
        found
            The answers of these; ``None`` where there are none.
        """
        sizes = {name: len(labels) for name, labels in labels_counted(problem).items()}
        codes = _codes(found, sizes)
        out: Tally = {name: _counts(codes[name], size) for name, size in sizes.items()}
        yes, inside = codes["feasible"] == YES, self._inside(theta)
        out["points"] = np.array([len(good), int(np.sum(~good))])
        known = inside[good]
        within = (inside, known, known & yes)
        out["plausible"] = np.array([int(np.sum(where)) for where in within])
        if self.raster is not None:
            margin = np.zeros(0) if found is None else found.ladder.margin
            cells = self.raster.cells(self.varied, theta)[good]
            out |= _by_cell(self.raster, cells, codes, sizes, margin)
        return out

    def solved(
        self, problem: Problem, theta: FloatArray, engine: str, *, keep_going: bool
    ) -> Tally:
        """The tally of points that an engine solves; those without an answer are counted if asked.

        Raises
        ------
        SimError
            If a point has no answer and such points are not to be counted.
        """
        good = np.ones(theta.shape[1], dtype=np.bool_)
        found, failed = answered(problem, theta, engine=engine, keep_going=keep_going)
        good[list(failed)] = False
        return self.of(problem, theta, good, found)

    def _inside(self, theta: FloatArray) -> BoolArray:
        """Which points lie within the ranges that the file declares."""
        held = np.ones_like(theta[0], dtype=np.bool_)
        for path, (lo, hi) in self.box.items():
            x, slip = theta[self.varied.index(path)], NEAR * (hi - lo)
            held &= (x >= lo - slip) & (x <= hi + slip)
        return held


def labels_counted(problem: Problem) -> dict[str, tuple[str, ...]]:
    """The labels that are counted, by name."""
    labels = labels_of(problem)
    out = {
        "feasible": ("no", "yes", "knife-edge"),
        "rung": labels["rung"],
        "binding": labels["binding"],
    }
    return out | ({} if problem.played is None else {"predicted_class": labels["class"]})


def added(total: Tally, part: Tally) -> Tally:
    """The tally of both.

    Examples
    --------
    >>> added({}, {"rung": np.array([1, 2])})["rung"].tolist()
    [1, 2]
    """
    return {name: total[name] + value if name in total else value for name, value in part.items()}


def _counts(codes: IntArray, size: int) -> IntArray:
    """How often each code occurs, those below 0 left out.

    On a card each is counted by itself: there many points that are added to few places wait for one another.
    """
    if isinstance(codes, np.ndarray):
        return np.bincount(codes[codes >= 0], minlength=size)
    return np.stack([np.sum(codes == k) for k in range(size)])


def _codes(found: Evaluation | None, names: Mapping[str, int]) -> dict[str, IntArray]:
    """Per point the code of every label, -1 for none."""
    if found is None:
        return {name: np.zeros(0, dtype=np.int64) for name in names}
    ladder = found.ladder
    known = np.isfinite(ladder.margin)
    out = {
        "feasible": np.where(found.knife_edge, EDGE, np.where(ladder.margin > 0, YES, NO)),
        "rung": found.rung,
        "binding": np.where(known, ladder.binding, -1),
    }
    if found.prediction is not None:
        out["predicted_class"] = found.prediction.outcome_class
    return out


def _by_cell(
    raster: Raster,
    cell: IntArray,
    codes: Mapping[str, IntArray],
    sizes: Mapping[str, int],
    margin: FloatArray,
) -> Tally:
    count = raster.size
    out: Tally = {}
    for name, size in sizes.items():
        known = codes[name] >= 0
        flat = codes[name][known] * count + cell[known]
        out[f"cells {name}"] = np.bincount(flat, minlength=size * count).reshape(size, count)
    finite = np.isfinite(margin)
    out["cells margin"] = np.bincount(cell[finite], weights=margin[finite], minlength=count)
    out["cells margins"] = np.bincount(cell[finite], minlength=count)
    return out
