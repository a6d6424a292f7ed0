"""Which points of a run boxes and rules are to tell from the others.

A target is ``feasible`` or ``infeasible``, a label (``class=treaty``, ``blocker=moscow.duma``,
``blocker=moscow``, ``rung=mutual gain`` or any other column of labels) or a bound (``margin>=0.1``). A
blocker binds where no treaty is feasible; an actor stands for all of its constraints.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import BoolArray
from sim.errors import UsageError, suggest
from sim.feasibility.levels import RUNGS
from sim.sweeps.analyses._run import Verdicts, labels, numbers, verdicts
from sim.sweeps.run import Run

PLAIN = {"feasible": "a treaty is feasible", "infeasible": "a treaty is infeasible"}
SHORT = {"class": "predicted_class", "blocker": "binding"}
BOUND = re.compile(r"\s*([\w.]+)\s*(>=|<=|=|>|<)\s*(.+?)\s*")
BOUNDS = {
    ">=": (np.greater_equal, "at least"),
    "<=": (np.less_equal, "at most"),
    ">": (np.greater, "above"),
    "<": (np.less, "below"),
}
FORMS = "feasible, infeasible, class=LABEL, blocker=ACTOR[.CONSTRAINT], rung=LABEL, margin>=NUMBER"


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
    if target in PLAIN:
        rows = found.yes if target == "feasible" else found.no
        return Wanted(rows, PLAIN[target], found.draw)
    parts = BOUND.fullmatch(target)
    if parts is None:
        raise UsageError(f"unknown target '{target}'{suggest(target, PLAIN)}; legal: {FORMS}")
    short, sign, value = parts.groups()
    column = SHORT.get(short, short)
    if column not in run.columns or column in run.varied:
        results = [name for name in run.columns if name not in run.varied]
        raise UsageError(f"target '{target}': no result '{short}'{suggest(short, results)}")
    if sign == "=":
        return Wanted(*_labelled(run, column, value, found), found.draw)
    return Wanted(*_bounded(run, column, sign, value), found.draw)


def _labelled(run: Run, column: str, value: str, found: Verdicts) -> tuple[BoolArray, str]:
    codes, names = labels(run, column)
    actors = {name.partition(".")[0] for name in names} if column == "binding" else set()
    if value not in names and value not in actors:
        legal = sorted({*names, *actors})
        listed = ", ".join(legal[:12])
        raise UsageError(
            f"'{value}' does not occur in column '{column}'{suggest(value, legal)} (there is: {listed})"
        )
    some = [
        k for k, n in enumerate(names) if n == value or (actors and n.partition(".")[0] == value)
    ]
    rows = np.isin(codes, some)
    if column == "binding":
        return rows & found.no, f"{value} blocks a treaty"
    told = {"predicted_class": f"the game predicts '{value}'"}
    if column == "rung" and value in RUNGS:
        told["rung"] = f"the ladder fails at '{value}'"
    return rows & found.answered, told.get(column, f"{column} is '{value}'")


def _bounded(run: Run, column: str, sign: str, value: str) -> tuple[BoolArray, str]:
    compare, word = BOUNDS[sign]
    try:
        bound = float(value)
    except ValueError:
        raise UsageError(f"{column} {sign} {value}: a number is needed") from None
    with np.errstate(invalid="ignore"):
        rows = np.asarray(compare(numbers(run, column), bound))
    return rows, f"the {column} is {word} {bound:g}"
