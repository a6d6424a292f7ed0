"""Whose constraint blocks a treaty, and how often.

Definition. At a point without a feasible treaty the *binding* constraint is the lowest gain or slack of the
best treaty at the first rung that fails: what blocks it. At a point with one it is the lowest of all: what
would fail first. The shares are of the points without, and of the points with a treaty.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from sim._kernels.tolerance import BoolArray, IntArray
from sim.labels import NO_LABELS, Labels
from sim.sweeps.analyses._run import labels, standard_error, verdicts
from sim.sweeps.run import Run

NAMELESS = "no constraint named"


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingFrequencies:
    """How often each constraint binds where no treaty is feasible, and where one is.

    Parameters
    ----------
    shares
        Per ``actor.constraint`` its share of the points without a treaty, most frequent first.
    standard_errors
        Of the shares; empty where the points are not a sample.
    actors, actor_errors
        Per actor the sum over its constraints, and its standard error.
    points
        How many points are not feasible.
    tightest, tightest_errors, feasible_points
        Per ``actor.constraint`` its share of the points with a treaty, its standard error, and how many
        these points are.
    labelled
        What people read in place of names.
    """

    shares: dict[str, float]
    standard_errors: dict[str, float]
    actors: dict[str, float]
    actor_errors: dict[str, float]
    points: int
    tightest: dict[str, float]
    tightest_errors: dict[str, float]
    feasible_points: int
    labelled: Labels = field(default=NO_LABELS, repr=False)

    def to_dict(self) -> dict[str, Any]:
        """The record as plain data."""
        names = (one.name for one in fields(self) if one.name != "labelled")
        return {name: getattr(self, name) for name in names}


def binding_frequencies(codes: IntArray, names: Sequence[str]) -> dict[str, float]:
    """The shares of labels given as codes, most frequent first; those that do not occur are left out.

    Examples
    --------
    >>> binding_frequencies(np.array([0, 1, 0, 0]), ["moscow.duma", "tokyo.diet"])
    {'moscow.duma': 0.75, 'tokyo.diet': 0.25}
    """
    counts = np.bincount(codes, minlength=len(names)).tolist()
    order = sorted(range(len(names)), key=lambda k: (-counts[k], names[k]))
    return {names[k]: counts[k] / len(codes) for k in order if counts[k]}


def binding_of(run: Run) -> tuple[IntArray, tuple[str, ...]]:
    """The binding constraint of every row as codes, with a name of its own where none is named."""
    codes, names = labels(run, "binding")
    return np.where(codes < 0, len(names), codes), (*names, NAMELESS)


def binding_frequencies_of_run(run: Run) -> BindingFrequencies:
    """How often each constraint binds in a run.

    Raises
    ------
    UsageError
        If no point has an answer.
    """
    found = verdicts(run)
    codes, names = binding_of(run)
    blocked, treaty = found.no & found.draw, found.yes & found.draw
    shares = binding_frequencies(codes[blocked], names)
    tightest = binding_frequencies(codes[treaty], names)
    owners = [name.partition(".")[0] for name in names]
    actors = _by_actor(shares)
    return BindingFrequencies(
        shares=shares,
        standard_errors=_errors(run.design, codes, names, blocked, shares),
        actors=actors,
        actor_errors=_errors(run.design, codes, owners, blocked, actors),
        points=int(blocked.sum()),
        tightest=tightest,
        tightest_errors=_errors(run.design, codes, names, treaty, tightest),
        feasible_points=int(treaty.sum()),
        labelled=run.labelled,
    )


def _errors(
    design: str,
    codes: IntArray,
    names: Sequence[str],
    blocked: BoolArray,
    shares: Mapping[str, float],
) -> dict[str, float]:
    errors = {
        label: standard_error(
            design, np.isin(codes, [k for k, name in enumerate(names) if name == label]), blocked
        )
        for label in shares
    }
    return {label: error for label, error in errors.items() if error is not None}


def _by_actor(shares: Mapping[str, float]) -> dict[str, float]:
    actors: Counter[str] = Counter()
    for label, share in shares.items():
        actors[label.partition(".")[0]] += share  # type: ignore[assignment]
    return dict(actors.most_common())
