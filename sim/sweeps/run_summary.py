"""What a run found, counted chunk by chunk: shares of its points, and of those that are plausible.

Definition. A point has an answer, or is *failed*. Shares are taken among the points with an answer. The
*plausible box* is made of the ranges that the file declares of the varied parameters; a sweep may go beyond
them, and then its grid says how large an area is, not how likely.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import UsageError
from sim.sweeps.arrow_arrays import as_numpy

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.sweeps.run import Run

COUNTED = ("status", "feasible", "predicted_class", "binding", "rung")
NEAR = 1e-9
"""Share of a range by which a grid's point may miss its end and still count as inside."""


def counts_of(run: Run, columns: Sequence[str]) -> dict[str, Counter[Any]]:
    """How often every value of some columns comes."""
    counts: dict[str, Counter[Any]] = {column: Counter() for column in columns}
    for part in run.tables(list(columns)):
        _count(part, counts)
    return counts


def _count(part: pa.Table, counts: Mapping[str, Counter[Any]]) -> None:
    for column, found in counts.items():
        for entry in part.column(column).value_counts().to_pylist():
            found[entry["values"]] += entry["counts"]


def summary_of(run: Run) -> dict[str, Any]:
    """Shares of the points that have an answer, and the share that is feasible in the plausible box."""
    wanted = [c for c in COUNTED if c in run.columns]
    counts: dict[str, Counter[Any]] = {column: Counter() for column in wanted}
    box: dict[str, list[float]] = dict(run.manifest.get("ranges", {}))
    inside: Counter[Any] = Counter()
    for part in run.tables([*box, *wanted]):
        _count(part, counts)
        if box:
            inside += _inside(part, box)
    points, failed = counts["status"].total(), counts["status"]["failed"]
    if not points:
        raise UsageError(f"{run.folder} holds no finished chunk yet")
    out: dict[str, Any] = {"points": points} | ({"failed": failed} if failed else {})
    answered = max(points - failed, 1)
    out["feasible_share"] = counts["feasible"][True] / answered
    out["knife_edge_share"] = (counts["feasible"][None] - failed) / answered
    if box:
        share = inside["feasible"] / inside["answered"] if inside["answered"] else None
        out["plausible"] = {"box": box, "points": inside["points"], "feasible_share": share}
    return out | {c: _shares(counts[c]) for c in wanted if c not in ("status", "feasible")}


def _inside(part: pa.Table, box: dict[str, list[float]]) -> Counter[str]:
    """Points of a chunk in the plausible box: all, those with an answer, those that are feasible."""
    held = np.ones(len(part), dtype=np.bool_)
    for path, (lo, hi) in box.items():
        x, slip = as_numpy(part.column(path)), NEAR * (hi - lo)
        held &= (x >= lo - slip) & (x <= hi + slip)
    chosen = part.filter(held)
    counts = {
        column: {e["values"]: e["counts"] for e in chosen.column(column).value_counts().to_pylist()}
        for column in ("status", "feasible")
    }
    answered = len(chosen) - counts["status"].get("failed", 0)
    return Counter(points=len(chosen), answered=answered, feasible=counts["feasible"].get(True, 0))


def _shares(counts: Counter[Any]) -> dict[str, float]:
    """The shares of labels, the most frequent first."""
    known = {str(k): n for k, n in counts.most_common() if isinstance(k, str)}
    return {label: n / sum(known.values()) for label, n in known.items()}
