"""Equilibria along one parameter: what every actor plays as a number moves.

Definition. At every value of the parameter the scenario is solved under one concept. What is kept is the
first equilibrium of each actor's strategies, and how many equilibria there are.

Array convention. Probabilities of strategies have shape ``(strategies, points)``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import FloatArray, IntArray
from sim.errors import UsageError
from sim.results import Solution
from sim.scenario import Scenario
from sim.solving import solve


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EquilibriaAlong:
    """One solution concept along one parameter: what every actor plays in its first equilibrium.

    Parameters
    ----------
    title, concept, path, unit
        Of the scenario, the concept, the parameter and its unit.
    values
        Of the parameter, shape ``(points,)``.
    own
        The scenario's value.
    strategies
        Per actor its labels.
    played
        Per actor the probability of each label, shape ``(strategies, points)``; 0 where there is no
        equilibrium.
    count
        Number of equilibria, shape ``(points,)``.
    """

    title: str
    concept: str
    path: str
    unit: str
    values: FloatArray
    own: float
    strategies: Mapping[str, tuple[str, ...]]
    played: Mapping[str, FloatArray]
    count: IntArray


def equilibria_along(
    scenario: Scenario,
    path: str,
    *,
    concept: str,
    bounds: tuple[float, float] | None = None,
    points: int = 41,
) -> EquilibriaAlong:
    """What a solution concept says of a scenario while one of its parameters moves.

    Parameters
    ----------
    scenario
        In any form that the concept is defined on.
    path
        The parameter.
    concept
        Its name; it must be one whose members have strategies.
    bounds
        Of the parameter; its range by default.
    points
        How many values.

    Raises
    ------
    UsageError
        If the parameter is unknown or has no range, or the concept has no strategies.

    Examples
    --------
    >>> import sim
    >>> s = sim.loads(
    ...     "{parameters: {p: {value: 1, range: [-1, 1]}},"
    ...     " issues: {peace: {no: {}, yes: {signed: 1}}}, outcomes: {treaty: signed},"
    ...     " actors: {a: {role: principal}, b: {role: principal}},"
    ...     " payoffs: {a: {x: p*signed}, b: {x: signed}}, game: [offer: a, reply: b]}"
    ... )
    >>> equilibria_along(s, "p", concept="subgame_perfect", points=2).strategies["a"]
    ('no', 'yes')
    """
    span = bounds or scenario.range_of(path)
    if span is None:
        raise UsageError(f"{path} has no range in the file; give bounds")
    values = np.linspace(*span, points)
    found = [solve(scenario.at({path: float(v)}), [concept])[0] for v in values]
    labels, played = _played(found, concept)
    return EquilibriaAlong(
        title=scenario.title,
        concept=concept,
        path=path,
        unit=scenario.document.parameters[path].unit,
        values=values,
        own=scenario.values[path],
        strategies=labels,
        played=played,
        count=np.array([len(s.equilibria) for s in found]),
    )


def _labels(mixes: Sequence[Mapping[str, Mapping[str, float]]]) -> dict[str, tuple[str, ...]]:
    """Per actor the strategies that are played somewhere, in order of appearance."""
    out: dict[str, dict[str, None]] = {}
    for mix in mixes:
        for actor, chances in mix.items():
            out.setdefault(actor, {}).update(dict.fromkeys(chances))
    return {actor: tuple(names) for actor, names in out.items()}


def _played(
    found: Sequence[Solution], concept: str
) -> tuple[dict[str, tuple[str, ...]], dict[str, FloatArray]]:
    """Per actor its labels, and the probability of each in the first equilibrium at every point."""
    mixes = [dict(s.equilibria[0].strategies) if s.equilibria else {} for s in found]
    labels = _labels(mixes)
    if not labels:
        raise UsageError(f"{concept} has no equilibrium with strategies between these bounds")
    played = {
        actor: np.array([[mix.get(actor, {}).get(one, 0.0) for mix in mixes] for one in names])
        for actor, names in labels.items()
    }
    return labels, played
