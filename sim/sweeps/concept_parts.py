"""What a sweep of a concept says of itself: how many members there are where, and the first rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sim._kernels.shown import Part, Table

if TYPE_CHECKING:
    from sim.sweeps.concept_sweep import ConceptRun

MOST_SHOWN = 66
"""Rows that are printed; the folder of a sweep holds all of them."""
MOST_OUTCOMES = 6
"""Outcomes whose share of the points is printed."""


def parts(run: ConceptRun) -> Iterator[Part]:
    """What ``sim sweep`` prints of a concept."""
    summary = run.summary()
    yield f"{run.concept} at {summary['points']:,} points over {', '.join(run.design.varied)}"
    for number, points in summary["members"].items():
        yield f"{number} found at {points:,} of them"
    if "failed" in summary:
        yield f"{summary['failed']:,} have no answer; the column 'status' says why"
    for outcome, share in list(summary.get("outcomes", {}).items())[:MOST_OUTCOMES]:
        yield f"{outcome}: at {share:.1%}"
    shown = [name for name in run.columns if name not in ("point", "status")]
    count = len(run.columns["point"])
    rows = range(min(count, MOST_SHOWN))
    yield Table(
        [_heading(name) for name in shown],
        [[_cell(run.columns[name][k]) for name in shown] for k in rows],
    )
    if count > MOST_SHOWN:
        yield f"{count - MOST_SHOWN:,} more rows; --out DIR writes all of them"


def _heading(column: str) -> str:
    words = column.removeprefix("plays.").replace("payoff.", "payoff ")
    return words if column == "outcome" else f"{words}|r"


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value != value else f"{value + 0.0:.6g}"
