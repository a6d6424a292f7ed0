"""What analyses read of a run: one column at a time, so that memory grows by the points and not by the table.

Definition. Of the rows, those with a status ``ok`` have an *answer*: a treaty is feasible, or is not, or the
margin lies on the knife-edge, which is neither. A row is a *draw* if it is one point of a sample: all rows
are, but of a block of a Saltelli design only the first two. The standard error of a share of independent
draws is ``sqrt(p (1 - p) / (n - 1))``, which a Latin hypercube does not exceed [owen1997]_. A scrambled
Sobol sequence does better still; there it is estimated from ``PARTS`` consecutive parts, whose shares ``p_k``
of ``n_k`` draws give ``sqrt(PARTS / (PARTS - 1) * sum_k (n_k (p_k - p))^2) / n``: still on the safe side,
since the parts fill each other's gaps.

Array convention. A column has shape ``(rows,)``, points have shape ``(varied, rows)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.errors import UsageError, suggest
from sim.sweeps.run import Run

RANDOM = ("monte_carlo", "sobol", "latin", "saltelli")
EVEN = ("sobol", "saltelli")
PARTS = 16
"""Consecutive parts from which the error of a Sobol sequence is estimated."""
LARGEST = 1_000_000
"""Most rows that an analysis reads; of more it draws so many."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Verdicts:
    """What is known at every row of a run.

    Parameters
    ----------
    yes, no
        Whether a treaty is feasible, and whether none is; neither on the knife-edge.
    answered
        Whether there is an answer.
    draw
        Whether the row is a draw that has one.
    """

    yes: BoolArray
    no: BoolArray
    answered: BoolArray
    draw: BoolArray

    @property
    def knife_edge(self) -> BoolArray:
        """Whether the margin is 0 within tolerance."""
        return self.answered & ~self.yes & ~self.no


def verdicts(run: Run) -> Verdicts:
    """What is known at every row of a run.

    Raises
    ------
    UsageError
        If no point has an answer.
    """
    said = numbers(run, "feasible")
    status, names = labels(run, "status")
    answered = status == names.index("ok") if "ok" in names else np.zeros(len(said), dtype=np.bool_)
    draw = answered & _single(run, len(said))
    if not draw.any():
        raise UsageError("no point of the run has an answer; failures.jsonl in its folder says why")
    return Verdicts(yes=said == 1, no=said == 0, answered=answered, draw=draw)


def _single(run: Run, rows: int) -> BoolArray:
    if run.design != "saltelli":
        return np.ones(rows, dtype=np.bool_)
    return np.asarray(run.index() % (len(run.varied) + 2) < 2)


def numbers(run: Run, column: str) -> FloatArray:
    """A numeric column, nan where it is null."""
    import pyarrow as pa

    values = _column(run, column)
    if pa.types.is_dictionary(values.type):
        raise UsageError(f"column '{column}' holds labels, a column of numbers is needed")
    return np.asarray(values.cast(pa.float64()).to_numpy())


def labels(run: Run, column: str) -> tuple[IntArray, tuple[str, ...]]:
    """A column of labels as codes into a tuple of them, -1 where it is null."""
    values = _column(run, column).unify_dictionaries().combine_chunks()
    codes = values.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return np.asarray(codes, dtype=np.int64), tuple(map(str, values.dictionary.to_pylist()))


def _column(run: Run, column: str) -> Any:
    if column not in run.columns:
        raise UsageError(f"this run has no column '{column}'{suggest(column, run.columns)}")
    return run.to_arrow([column]).column(column)


def points_of(run: Run, rows: IntArray) -> FloatArray:
    """The varied parameters at some rows, shape ``(varied, rows)``."""
    out = np.empty((len(run.varied), len(rows)))
    for k, path in enumerate(run.varied):
        out[k] = numbers(run, path)[rows]
    return out


def some(rows: BoolArray, rng: np.random.Generator, most: int = LARGEST) -> IntArray:
    """Which rows hold, at most so many of them, drawn at random."""
    found = np.flatnonzero(rows)
    if len(found) > most:
        found = np.sort(rng.choice(found, most, replace=False, shuffle=False))
    return found


def span(run: Run, path: str, x: FloatArray) -> tuple[float, float]:
    """The ends of what a parameter was varied over: as declared, else as met."""
    declared = run.manifest["design"].get("parameters", {})
    law = declared.get(path, {}) if isinstance(declared, dict) else {}
    ends = [law.get("lo"), law.get("hi")]
    met = [float(x.min()), float(x.max())]
    low, high = (
        m if e is None or not np.isfinite(e) else e for e, m in zip(ends, met, strict=True)
    )
    return float(low), float(high)


def levels_met(run: Run, path: str, x: FloatArray) -> tuple[float, ...]:
    """The levels of a parameter that has some and took no other value; empty otherwise."""
    drawn = run.manifest["design"].get("parameters", {})
    law = drawn.get(path, {}) if isinstance(drawn, dict) else {}
    known = tuple(run.manifest.get("levels", {}).get(path, law.get("levels", ())))
    return known if len(known) > 1 and bool(np.isin(x, known).all()) else ()


def standard_error(design: str, hits: BoolArray, draw: BoolArray) -> float | None:
    """Of the share of the draws that are hits; ``None`` where the points are not a sample.

    Notes
    -----
    Source: [owen1997]_.

    Examples
    --------
    >>> yes = np.array([True, False, False, False, True])
    >>> round(standard_error("monte_carlo", yes, np.full(5, True)) or 0, 4)
    0.2449
    """
    count = int(draw.sum())
    if design not in RANDOM or not count:
        return None
    share = float((hits & draw).sum() / count)
    if design not in EVEN or count < 4 * PARTS:
        return float(np.sqrt(share * (1 - share) / max(count - 1, 1)))
    part = np.arange(len(draw)) * PARTS // len(draw)
    found = np.bincount(part, hits & draw, PARTS)
    expected = share * np.bincount(part, draw, PARTS)
    return float(np.sqrt(PARTS / (PARTS - 1) * ((found - expected) ** 2).sum()) / count)
