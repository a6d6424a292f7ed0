"""What a dispute with types leads to along one parameter: outcomes, beliefs and chances at many values.

Payoffs of all values are computed together; the tree that is left is then solved value by value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.feasibility.private.signalled import signalled
from sim.feasibility.private.signalled_outcome import LEAST, Signalled, SignalledOutcome
from sim.games.private.typed_outcomes import TypedGame
from sim.scenario import Scenario

AT_ONCE = 64
"""Values whose payoffs are computed together."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PrivateAlong:
    """The prediction at some values of one parameter.

    Parameters
    ----------
    title
        Of the scenario.
    path
        The parameter.
    values
        Its values, ascending, shape ``(points,)``.
    found
        What the game leads to at each.
    here
        The value in the file, or as it was set.
    unit
        The parameter's unit.
    """

    title: str
    path: str
    values: FloatArray
    found: tuple[Signalled, ...]
    here: float
    unit: str = ""


def private_along(scenario: Scenario, path: str, values: Sequence[float]) -> PrivateAlong:
    """What a dispute with types leads to at some values of a parameter.

    Raises
    ------
    UsageError
        If the path is unknown or decides which agreements exist, or chances are none somewhere.
    """
    scenario.require(path)
    found = solved_at(TypedGame(scenario, [path]), path, values)
    return PrivateAlong(
        title=scenario.title,
        path=path,
        values=np.asarray(values, dtype=np.float64),
        found=tuple(found),
        here=scenario.values[path],
        unit=scenario.document.parameters[path].unit,
    )


def solved_at(game: TypedGame, path: str, values: Sequence[float]) -> list[Signalled]:
    """What a dispute that is compiled leads to at some values of a parameter."""
    found: list[Signalled] = []
    for start in range(0, len(values), AT_ONCE):
        points = [{path: float(v)} for v in values[start : start + AT_ONCE]]
        found += [signalled(typed) for typed in game.at(points)]
    return found


Shape = tuple[str, tuple[tuple[str, tuple[tuple[str, ...], ...], tuple[str, ...]], ...]]
"""The kind of an outcome and, by profile, the messages that are sent and the classes that come of it."""


def shape_of(outcome: SignalledOutcome) -> Shape:
    """What stays the same of an outcome while only its probabilities move."""
    rows = []
    for label, classes in outcome.by_type.items():
        said = {tuple(play.messages.values()) for play in outcome.plays if play.profile == label}
        came = tuple(sorted(name for name, p in classes.items() if p > LEAST))
        rows.append((label, tuple(sorted(said)), came))
    return outcome.kind, tuple(rows)


def shapes_of(found: Signalled) -> frozenset[Shape]:
    """The shapes of all outcomes."""
    return frozenset(map(shape_of, found.outcomes))


def outcomes_by_shape(found: Signalled) -> Iterator[SignalledOutcome]:
    """One outcome of each shape, the likeliest treaty first."""
    seen: set[Shape] = set()
    for outcome in found.outcomes:
        shape = shape_of(outcome)
        if shape not in seen:
            seen.add(shape)
            yield outcome
