"""Solutions along one parameter: what a concept says as a number moves.

Definition. At every value of the parameter the scenario is solved under one concept. Of members with
strategies the first is kept, as what every actor plays; of stable states and agreements, which of them are
members; of a region on a line its ends; of other members the payoffs of the first. Besides, how many
members there are.

Array convention. Probabilities of strategies have shape ``(strategies, points)``, ends ``(2, points)``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.errors import UsageError
from sim.results import Solution
from sim.scenario import Scenario
from sim.solving import solve

MOST_OUTCOMES = 12
"""Stable states or agreements that are told apart; where there are more, payoffs say what happens."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EquilibriaAlong:
    """One solution concept along one parameter.

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
        Number of members, shape ``(points,)``.
    outcomes
        Per stable state or agreement whether it is a member, shape ``(points,)``; empty where members
        have strategies, or nearly every point has an agreement of its own.
    region
        The ends of the region on a line, shape ``(2, points)``; nan where there is none.
    payoffs
        Per actor its payoff in the first member, shape ``(points,)``; nan where there is none.
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
    outcomes: Mapping[str, BoolArray] = field(default_factory=dict)
    region: FloatArray | None = None
    payoffs: Mapping[str, FloatArray] = field(default_factory=dict)


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
        Its name.
    bounds
        Of the parameter; its range by default.
    points
        How many values.

    Raises
    ------
    UsageError
        If the parameter is unknown or has no range, or the concept finds nothing anywhere.

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
    if not any(s.equilibria for s in found):
        raise UsageError(f"{concept} finds nothing between {span[0]:g} and {span[1]:g}")
    return _along(scenario, path, concept, values, found)


def _along(
    scenario: Scenario, path: str, concept: str, values: FloatArray, found: Sequence[Solution]
) -> EquilibriaAlong:
    """What is kept of the solutions."""
    labels, played = _played(found)
    region = _region(found)
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
        outcomes={} if labels or region is not None else _outcomes(found),
        region=region,
        payoffs=_payoffs(found),
    )


def _labels(mixes: Sequence[Mapping[str, Mapping[str, float]]]) -> dict[str, tuple[str, ...]]:
    """Per actor the strategies that are played somewhere, in order of appearance."""
    out: dict[str, dict[str, None]] = {}
    for mix in mixes:
        for actor, chances in mix.items():
            out.setdefault(actor, {}).update(dict.fromkeys(chances))
    return {actor: tuple(names) for actor, names in out.items()}


def _played(
    found: Sequence[Solution],
) -> tuple[dict[str, tuple[str, ...]], dict[str, FloatArray]]:
    """Per actor its labels, and the probability of each in the first member at every point."""
    mixes = [dict(s.equilibria[0].strategies) if s.equilibria else {} for s in found]
    labels = _labels(mixes)
    played = {
        actor: np.array([[mix.get(actor, {}).get(one, 0.0) for mix in mixes] for one in names])
        for actor, names in labels.items()
    }
    return labels, played


def _outcomes(found: Sequence[Solution]) -> dict[str, BoolArray]:
    """Per stable state or agreement where it is a member; empty where there are too many to tell apart."""
    named = [[m.outcome or m.agreement for m in s.equilibria] for s in found]
    if not all(isinstance(name, str) for here in named for name in here):
        return {}
    names = dict.fromkeys(str(name) for here in named for name in here)
    if len(names) > MOST_OUTCOMES:
        return {}
    return {name: np.array([name in here for here in named]) for name in names}


def _region(found: Sequence[Solution]) -> FloatArray | None:
    """The ends of the region on a line at every point."""
    ends = [s.equilibria[0].extra.get("interval") if s.equilibria else None for s in found]
    if not any(ends):
        return None
    return np.array([pair or (np.nan, np.nan) for pair in ends], dtype=np.float64).T


def _payoffs(found: Sequence[Solution]) -> dict[str, FloatArray]:
    """Per actor its payoff in the first member at every point."""
    rows = [s.equilibria[0].payoffs if s.equilibria else {} for s in found]
    actors = dict.fromkeys(actor for row in rows for actor in row)
    return {actor: np.array([row.get(actor, np.nan) for row in rows]) for actor in actors}
