"""Which points of a run boxes and rules are to tell from the others.

A target is a claim on the points of a run (:mod:`sim.claims.kinds`): ``feasible`` or ``infeasible``, a rung,
a label (``class=treaty``, ``blocker=moscow.duma``, ``blocker=moscow``, ``rung=mutual gain`` or any other
column of labels) or a bound (``margin>=0.1``). A blocker binds where no treaty is feasible; an actor stands
for all of its constraints.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import BoolArray
from sim.claims import EVERY, RUN, Claim, read_claim
from sim.errors import UsageError, suggest
from sim.rules.ladder import RUNGS
from sim.sweeps.analyses._run import Verdicts, labels, numbers, verdicts
from sim.sweeps.run import Run

COLUMNS = {"class": "predicted_class", "blocker": "binding"}
"""Columns of a run that a target calls by a shorter name."""
PLAIN = ("feasible", "infeasible")
"""Targets that are one word, said of a point."""
COMPARED = {">=": np.greater_equal, "<=": np.less_equal, ">": np.greater, "<": np.less}


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """The rows of interest, what they have in common in words, and which rows are draws."""

    rows: BoolArray
    words: str
    draw: BoolArray


def wanted_of(run: Run, target: str) -> Wanted:
    """The rows of a run that a target names.

    Raises
    ------
    UsageError
        If the target names no column, or a label that the column does not have; if no point has an answer.
    """
    found = verdicts(run)
    results = [name for name in run.columns if name not in run.varied]
    claim = read_claim(target, RUN, results)
    return Wanted(_rows(run, claim, found), claim.words, found.draw)


def _rows(run: Run, claim: Claim, found: Verdicts) -> BoolArray:
    """The rows at which a claim holds."""
    if claim.sign:
        return _bounded(run, claim)
    if claim.kind in ("feasible", "margin"):
        return found.yes
    if claim.kind == "infeasible":
        return found.no
    if claim.kind in RUNGS:
        codes, names = labels(run, "rung")
        passed = [
            k for k, name in enumerate(names) if name not in RUNGS[: 1 + RUNGS.index(claim.kind)]
        ]
        return found.answered & np.isin(codes, passed)
    if claim.kind == EVERY:
        agreed = np.asarray(numbers(run, "in_every_equilibrium") == 1)
        return agreed & _labelled(run, "predicted_class", claim.subject, found)
    return _labelled(run, COLUMNS.get(claim.kind, claim.kind), claim.subject, found)


def _labelled(run: Run, column: str, value: str, found: Verdicts) -> BoolArray:
    if column not in run.columns:
        raise UsageError(f"the run has no column '{column}'")
    codes, names = labels(run, column)
    actors = {name.partition(".")[0] for name in names} if column == "binding" else set()
    if value not in names and value not in actors:
        legal = sorted({*names, *actors})
        listed = ", ".join(legal[:12])
        raise UsageError(
            f"'{value}' does not occur in column '{column}'{suggest(value, legal)} (found: {listed})"
        )
    some = [
        k for k, n in enumerate(names) if n == value or (actors and n.partition(".")[0] == value)
    ]
    return np.isin(codes, some) & (found.no if column == "binding" else found.answered)


def _bounded(run: Run, claim: Claim) -> BoolArray:
    with np.errstate(invalid="ignore"):
        return np.asarray(COMPARED[claim.sign](numbers(run, claim.kind), float(claim.number)))
