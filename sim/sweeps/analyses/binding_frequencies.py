"""Whose constraint blocks a treaty, and how often.

Definition. Over the points at which no treaty is feasible, the share at which each gain or slack is the
binding one: the lowest of the best treaty at the first rung that fails.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sim.sweeps.analyses._run import RANDOM, feasible, representative, standard_error
from sim.sweeps.run import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingFrequencies:
    """How often each constraint binds where no treaty is feasible.

    Parameters
    ----------
    shares
        Per ``actor.constraint`` its share, most frequent first.
    standard_errors
        Of the shares; empty where the points are no sample.
    actors
        Per actor the sum over its constraints.
    points
        How many points are not feasible.
    """

    shares: dict[str, float]
    standard_errors: dict[str, float]
    actors: dict[str, float]
    points: int

    def to_dict(self) -> dict[str, Any]:
        """The record as plain data."""
        return asdict(self)


def binding_frequencies(labels: Sequence[str]) -> dict[str, float]:
    """The shares of labels, most frequent first.

    Examples
    --------
    >>> binding_frequencies(["moscow.duma", "tokyo.diet", "moscow.duma", "moscow.duma"])
    {'moscow.duma': 0.75, 'tokyo.diet': 0.25}
    """
    counts = Counter(labels)
    return {label: count / len(labels) for label, count in counts.most_common()}


def binding_frequencies_of_run(run: Run) -> BindingFrequencies:
    """How often each constraint binds where no treaty is feasible in a run."""
    yes, answered = feasible(run)
    used = answered & ~yes & representative(run, len(yes))
    labels = run.to_frame(["binding"])["binding"][used].dropna().astype(str).tolist()
    shares = binding_frequencies(labels)
    actors: Counter[str] = Counter()
    for label, share in shares.items():
        actors[label.partition(".")[0]] += share  # type: ignore[assignment]
    sampled = run.design in RANDOM
    errors = {label: standard_error(share, len(labels)) for label, share in shares.items()}
    return BindingFrequencies(
        shares=shares,
        standard_errors=errors if sampled else {},
        actors=dict(actors.most_common()),
        points=len(labels),
    )
