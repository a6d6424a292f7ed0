"""The rows of a swept concept: one record per member and point.

Points that a batch settles (:mod:`sim.sweeps.concept_batches`) come from there; what it leaves open (a tie,
a continuum, a form without a batch function) is solved at that point alone, by the concept itself, so that
every row says what ``sim solve`` says there.

Array convention. ``theta`` has shape ``(varied, points)``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sim._kernels.tolerance import FloatArray
from sim.errors import SimError
from sim.results import Member, Solution
from sim.scenario import Scenario
from sim.solving import solve
from sim.sweeps.concept_batches import Row, settled_in_batch


def rows_of(
    scenario: Scenario,
    concept: str,
    paths: tuple[str, ...],
    theta: FloatArray,
    options: Mapping[str, Any],
) -> Iterator[Row]:
    """The members at every point, in the order of the points.

    Parameters
    ----------
    scenario
        What is swept.
    concept
        A concept that takes a batch.
    paths, theta
        The varied parameters and their values.
    options
        Of the concept.
    """
    settled = settled_in_batch(scenario, concept, _values(scenario, paths, theta), options)
    for point in range(theta.shape[1]):
        if point in settled:
            yield from _numbered(point, settled[point])
            continue
        here = scenario.with_values(dict(zip(paths, theta[:, point].tolist(), strict=True)))
        yield from _alone(here, concept, point, options)


def _values(
    scenario: Scenario, paths: tuple[str, ...], theta: FloatArray
) -> dict[str, FloatArray | float]:
    return {**scenario.values, **dict(zip(paths, theta, strict=True))}


def _alone(
    scenario: Scenario, concept: str, point: int, options: Mapping[str, Any]
) -> Iterator[Row]:
    try:
        (solution,) = solve(scenario, concept, **options)
    except SimError as error:
        yield {"point": point, "member": 0, "status": f"failed: {error}"}
        return
    yield from _numbered(point, [_row(member) for member in solution.equilibria], solution)


def _numbered(point: int, rows: list[Row], solution: Solution | None = None) -> Iterator[Row]:
    status = "proved to be all" if solution is None else solution.extent
    if not rows:
        yield {"point": point, "member": 0, "status": status}
    for k, row in enumerate(rows, start=1):
        yield {"point": point, "member": k, "status": status, **row}


def _row(member: Member) -> Row:
    """A member's numbers by column."""
    plays = {
        f"plays.{actor}.{label}": p
        for actor, mix in member.strategies.items()
        for label, p in mix.items()
    }
    payoffs = {f"payoff.{actor}": value for actor, value in member.payoffs.items()}
    words = member.outcome or member.agreement
    extra: Row = {} if member.regret is None else {"regret": member.regret}
    if words is not None:
        extra["outcome"] = words if isinstance(words, str) else _mixture(words)
    return {**plays, **payoffs, **extra}


def _mixture(mix: Mapping[str, float]) -> str:
    return ", ".join(f"{label} {p:.6g}" for label, p in mix.items())
