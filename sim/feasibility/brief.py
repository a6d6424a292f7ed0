"""The verdict in some twenty lines: what one acts on, and where the rest is.

Definition. A gain or slack *fails* below 0 and *nearly fails* below ``NEAR``, each in its own scale. Of the
parameters that alone flip the verdict those are named that move the least of their range.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite
from typing import TYPE_CHECKING

from sim._kernels.shown import Part
from sim.feasibility.words import headline, slack_table, term_tables

if TYPE_CHECKING:
    from sim.feasibility.thresholds import Threshold
    from sim.feasibility.verdict import Step, Verdict

NEAR = 0.1
"""A slack below this nearly fails."""
NAMED = 4
"""How many of a kind a sentence names."""


def brief(verdict: Verdict, *, terms: bool = False, all_slacks: bool = False) -> Iterator[Part]:
    """The verdict, what fails or nearly fails, and what alone flips it; on request more of it."""
    yield from headline(verdict)
    yield from details(verdict, terms=terms, all_slacks=all_slacks)


def details(verdict: Verdict, *, terms: bool = False, all_slacks: bool = False) -> Iterator[Part]:
    """What follows the headline; of a dispute with types only what is asked for."""
    if verdict.private is None:
        yield from tight(verdict)
        yield from flips(verdict)
    elif all_slacks or terms:
        yield f"Note: {verdict.notes[-1]}."
    if all_slacks:
        yield slack_table(verdict)
    if terms:
        yield from term_tables(verdict)


def tight(verdict: Verdict) -> Iterator[str]:
    """What fails and what nearly fails of the best treaty, the lowest first."""
    steps = sorted((s for s in verdict.steps if isfinite(s.slack)), key=lambda s: s.slack)
    failing = [s for s in steps if s.slack < 0]
    close = [s for s in steps if 0 <= s.slack < NEAR]
    for words, found in (("Fails at that treaty", failing), ("Nearly fails", close)):
        if found:
            yield f"{words}: {_listed([_step(verdict, s) for s in found], '; ')}."


def _step(verdict: Verdict, step: Step) -> str:
    actor = verdict.labelled.actor(step.actor)
    name = verdict.labelled.constraint(step.actor, step.constraint)
    return f"{actor}, {name} {step.slack:+.3g}"


def flips(verdict: Verdict) -> Iterator[str]:
    """Which parameters alone flip the verdict, the nearest first, and how many do not."""
    if not verdict.thresholds:
        return
    found = sorted((t for t in verdict.thresholds if t.at), key=_distance)
    rest = len(verdict.thresholds) - len(found)
    if not found:
        yield f"No parameter alone flips the verdict within its range ({rest} were tried, certified)."
        return
    others = f"; the other {rest} do not, wherever they lie in their ranges" if rest else ""
    yield f"Alone flips the verdict: {_listed([_flip(verdict, t) for t in found])}{others}."


def _distance(threshold: Threshold) -> float:
    """How far the nearest flip is, in widths of the range."""
    nearest = threshold.nearest
    width = threshold.high - threshold.low
    return abs((nearest or 0.0) - threshold.value) / width if width else 0.0


def _flip(verdict: Verdict, threshold: Threshold) -> str:
    name = verdict.labelled.with_path(threshold.path)
    span = f"{threshold.low:g} to {threshold.high:g}"
    return f"{name} at {threshold.nearest:.4g} (now {threshold.value:g}, range {span})"


def _listed(texts: list[str], mark: str = ", ") -> str:
    more = len(texts) - NAMED
    return mark.join(texts[:NAMED]) + (f" and {more} more" if more > 0 else "")
