"""How the factors of a world move: per factor the chances to go from one level to another.

Definition. A chance may read the levels of other factors, the same for all draws at the file's own values.
What is shown of it are its least and its greatest value over all states of the world.

Array convention. Matrices have shape ``(levels, levels)``, from row to column.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.dynamics.world import World, world_of
from sim.labels import NO_LABELS, Labels
from sim.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Moves:
    """How one factor moves.

    Parameters
    ----------
    factor, levels
        Its name and its levels, in the order of the file.
    now
        Number of the level at the start.
    low, high
        The least and the greatest chance to move per period; 0 where there is no move, and on the diagonal.
    sourced
        Whether every parameter that a chance reads has a source.
    """

    factor: str
    levels: tuple[str, ...]
    now: int
    low: FloatArray
    high: FloatArray
    sourced: BoolArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chain:
    """The world of a scenario, factor by factor, with the length of a period in what is counted."""

    title: str
    period_years: float
    unit: str
    factors: tuple[Moves, ...]
    labelled: Labels = NO_LABELS


def chain_of(scenario: Scenario) -> Chain:
    """How the factors of a scenario's world move, at the file's own values.

    Raises
    ------
    UsageError
        If it has no ``dynamics``.

    Examples
    --------
    >>> import sim
    >>> s = sim.loads(
    ...     "{issues: {peace: {no: {}, yes: {signed: 1}}}, outcomes: {treaty: signed},"
    ...     " actors: {a: {role: principal}, b: {role: principal}},"
    ...     " parameters: {mood: 0}, game: [{offer: a}, {reply: b}],"
    ...     " payoffs: {a: {x: signed}, b: {x: mood*signed}},"
    ...     " dynamics: {report: 10, discount: {a: 0.9, b: 0.9}, proposer: a, world: {b: {now: hostile,"
    ...     "  levels: {hostile: {mood: -1}, calm: {mood: 1}}, moves: {hostile: {calm: 0.1}}}}}}"
    ... )
    >>> chain_of(s).factors[0].high
    array([[0. , 0.1],
           [0. , 0. ]])
    """
    world = world_of(scenario)
    return Chain(
        title=scenario.title,
        period_years=world.dynamics.period.years,
        unit=world.dynamics.period.unit,
        factors=tuple(_moves(world, k) for k in range(len(world.factors))),
        labelled=scenario.labelled,
    )


def _moves(world: World, k: int) -> Moves:
    name = world.factors[k]
    record = world.dynamics.world[name]
    levels = tuple(record.levels)
    found = world.chances(name)
    at = np.array([levels.index(state[k]) for state in world.states])
    rows = [found[at == level] for level in range(len(levels))]
    off = 1.0 - np.eye(len(levels))
    return Moves(
        factor=name,
        levels=levels,
        now=levels.index(record.now),
        low=off * np.stack([row.min(axis=0) for row in rows]),
        high=off * np.stack([row.max(axis=0) for row in rows]),
        sourced=_sourced(world, name, levels),
    )


def _sourced(world: World, name: str, levels: tuple[str, ...]) -> BoolArray:
    """Which chances read parameters, and only such as have a source."""
    parameters = world.scenario.document.parameters
    out = np.zeros((len(levels), len(levels)), dtype=np.bool_)
    for start, moves in world.dynamics.world[name].moves.items():
        for end, formula in moves.items():
            read = [path for path in formula.names if path in parameters]
            fine = bool(read) and not any(parameters[path].assumed for path in read)
            out[levels.index(start), levels.index(end)] = fine
    return out
