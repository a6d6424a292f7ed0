"""What ``sim backcast`` and ``sim calibrate`` print: the scoreboard, and what a fit leaves open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim._kernels.shown import Heading, Part, Table

if TYPE_CHECKING:
    from sim.backcast.calibrate import Calibration
    from sim.backcast.scoreboard import Row, Scoreboard

WIDTH = 150
"""Columns that the table of the scoreboard needs."""
COLUMNS = (
    "scenario", "observed", "predicted", "binding", "margin|r", "right", "signs|r", "robust|r",
    "left out|r", "sets|r", "hinges on",
)  # fmt: skip


def scoreboard_parts(board: Scoreboard) -> Iterator[Part]:
    """The rows, how many are right, and what naive forecasters score."""
    yield Table(COLUMNS, [_cells(row) for row in board.rows])
    yield from ("", f"right: {sum(r.right for r in board.rows)} of {len(board.rows)}")
    words = ", ".join(f"{name} {share:.0%}" for name, share in board.baselines.items())
    yield f"baselines on the class alone: {words}"
    for family, score in board.leave_one_out.items():
        yield f"leave-one-out, {family}: {score:.0%} of the best-fitting points on average"
    for name, signs in board.signs.items():
        yield f"sign tests of {name}: {sum(sign.passed for sign in signs)} of {len(signs)}"
    if board.skipped:
        yield f"skipped, no observed outcome: {', '.join(board.skipped)}"
    if board.failed:
        yield Heading(f"failed: {', '.join(board.failed)}")


def calibration_parts(fit: Calibration) -> Iterator[Part]:
    """How well the episodes are fitted, which parameters that narrows, and leave-one-out."""
    yield f"{len(fit.episodes)} episodes, {len(fit.parameters)} assumed parameters, seed {fit.seed}"
    own, right = int(fit.fits[:, 0].sum()), int(fit.fits.sum(axis=0).max())
    yield f"the files' own values fit {own}; the best of {fit.fits.shape[1]:,} points fit {right}"
    told = fit.narrowed()
    yield f"{int(fit.best.sum()):,} points fit equally well; among them"
    for path in told:
        low, high = fit.intervals[path]
        yield f"  {path}: {low:.4g} .. {high:.4g}, {fit.left_open[path]:.0%} of its range"
    rest = len(fit.parameters) - len(told)
    which = f"the other {rest}" if told else f"all {rest}"
    yield f"  {which} parameters spread as widely as chance has it: the record tells nothing of them"
    yield f"leave-one-out: {fit.score:.0%} on average"
    for name, share in fit.left_out.items():
        yield f"  {name}: {share:.0%}"


def _cells(row: Row) -> tuple[str, ...]:
    binding = row.binding or ""
    if row.observed_binding and row.observed_binding != row.binding:
        binding += f" (observed {row.observed_binding})"
    passed = sum(sign.passed for sign in row.signs)
    return (
        row.name,
        row.observed,
        row.predicted,
        binding,
        "" if row.margin is None else f"{row.margin:+.3f}",
        _right(row),
        f"{passed}/{len(row.signs)}",
        f"{row.robust_share:.0%}",
        "" if row.left_out is None else f"{row.left_out:.0%}",
        str(row.sets),
        ", ".join(row.hinges),
    )


def _right(row: Row) -> str:
    """Whether a row is right; of a treaty that is right without being predicted, why."""
    if row.right and row.predicted != row.observed:
        return "yes, as best"
    return "yes" if row.right else "NO"
