"""What ``sim backcast`` and ``sim calibrate`` print: the scoreboard, and what a fit leaves open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim._kernels.shown import Heading, Part, Table
from sim.feasibility.blockers import NOTHING

if TYPE_CHECKING:
    from sim.backcasting.calibrate import Calibration
    from sim.backcasting.row import Row
    from sim.backcasting.scoreboard import Scoreboard
    from sim.backcasting.scores import Scores

WIDTH = 165
"""Columns that the table of the scoreboard needs."""
COLUMNS = (
    "scenario", "observed", "predicted", "blocks", "lowest slack", "margin|r", "right", "signs|r", "robust|r",
    "left out|r", "sets|r", "hinges on",
)  # fmt: skip


MEANING = (
    "",
    "blocks: whose needs, lifted alone, make a treaty feasible; lowest slack: what units alone would name",
    "right: the observed class and, where none was signed, who blocked; signs: counterfactuals passed",
    "robust: share of all ranges in which it is right; left out: that among weights best on the others",
    "sets: parameters that the file sets itself; hinges on: what moves the margin most",
)
"""What the columns say."""


def scoreboard_parts(board: Scoreboard) -> Iterator[Part]:
    """The rows, how many are right, and what naive forecasters score."""
    yield Table(COLUMNS, [_cells(row) for row in board.rows])
    yield from MEANING
    yield from ("", _count(board))
    yield from _blockers(board)
    words = ", ".join(f"{name} {share:.0%}" for name, share in board.baselines.items())
    yield f"baselines on the class alone: {words}"
    for family, score in board.leave_one_out.items():
        yield f"leave-one-out{_named(family)}: {score:.0%} of the best-fitting points on average"
    for family, scored in board.scores.items():
        yield from score_parts(family, scored)
    for name, signs in board.signs.items():
        yield f"sign tests of {name}: {sum(sign.passed for sign in signs)} of {len(signs)}"
    if board.skipped:
        yield f"skipped, no observed outcome: {', '.join(board.skipped)}"
    if board.failed:
        yield Heading(f"failed: {', '.join(board.failed)}")


def _count(board: Scoreboard) -> str:
    """How many rows are right, those apart in which the model cannot tell who blocked."""
    either = sum(row.right and row.singled is False for row in board.rows)
    alone = sum(row.right for row in board.rows) - either
    more = f"; the class and one of several that block: {either} more" if either else ""
    return f"right: {alone} of {len(board.rows)}{more}"


def _blockers(board: Scoreboard) -> Iterator[str]:
    """How far the model says who blocked, and what the lowest slack would say."""
    found = board.blockers_named()
    count, alone, lowest = found["observed"], found["singled_out"], found["lowest_slack"]
    if count:
        yield (
            f"who blocked, of {count}: singled out {alone}; elsewhere lifting what another needs is as good. "
            f"The lowest slack, which depends on units, names {lowest}"
        )


def _named(family: str) -> str:
    """Which family, behind what is told of it; nothing where its files lie in the folder itself."""
    return "" if family == "." else f", {family}"


def _head(family: str) -> str:
    """Which family, before what is told of it."""
    return "" if family == "." else f"{family}, "


def score_parts(family: str, found: Scores) -> Iterator[Part]:
    """What the record of a family supports, then the scores of all forecasters."""
    yield ""
    for question in found.tables:
        best, gain, error = found.best_baseline(question)
        word = "supports" if found.supports(question) else "does not support"
        yield Heading(
            f"{_head(family)}{question}: as states are coded, the record {word} a claim beyond '{best.name}'",
            f" (the fitted model is {gain:+.2f} ± {error:.2f} bits an episode better)",
        )
        own, rule = found.in_view(question)
        yield (
            "  what coding may hide: with the record in view the files' own values score "
            f"{own:.2f} bits, and a two-line rule on the coded states {rule:.2f}"
        )
    yield (
        f"{len(found.episodes)} episodes; {found.weights} free weights; {found.states} coded states, "
        f"{found.dummies} of them different in one episode only; the record moves the weights by "
        f"{found.bits:.1f} bits; error rate {found.error:g}; at least {found.effective:.0f} of {found.draws} "
        "draws count in a fit"
    )
    if found.coded_twice is not None:
        yield found.coded_twice.sentence()
    for question, table in found.tables.items():
        yield Table(
            ("forecaster", "log score (bits)|r", "Brier score|r"),
            [(s.name, f"{s.log_score:.2f}", f"{s.brier_score:.2f}") for s in table],
            heading=f"{_head(family)}scores of the {question}, lower is better",
        )


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
    blocks = "" if row.lifting == NOTHING else row.lifting
    if row.observed_binding and not row.singled:
        blocks += f" (observed {row.observed_binding})"
    passed = sum(sign.passed for sign in row.signs)
    return (
        row.name,
        row.observed,
        row.predicted,
        blocks,
        row.binding or "",
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
    if row.right:
        return "yes" if row.singled is not False else "class right, actor one of several"
    return "class right, actor wrong" if row.predicted == row.observed else "class wrong"
