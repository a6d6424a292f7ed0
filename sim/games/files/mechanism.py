"""From the ``mechanism`` section of a file to a problem of collective choice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from sim._kernels.tolerance import ROUNDING, FloatArray
from sim.errors import TooLargeError, UsageError
from sim.expressions import Expression
from sim.games.files.finite import finite
from sim.games.mechanism import MechanismProblem
from sim.scenario.sections.mechanism import CHANCE, MechanismActor, MechanismSection, Steps

MOST_NUMBERS = 5_000_000
"""Payoffs of all outcomes and profiles of types together that are kept."""


def mechanism_problem(
    section: MechanismSection, values: Mapping[str, float] | None = None, *, title: str = ""
) -> MechanismProblem:
    """The problem that a ``mechanism`` section of a file describes.

    Parameters
    ----------
    section
        The section.
    values
        The file's parameters by dotted path.

    Raises
    ------
    UsageError
        If an expression has no finite value, or chances are negative or do not add up to 1.
    TooLargeError
        If there are too many payoffs to keep.

    Examples
    --------
    >>> section = MechanismSection(
    ...     actors={"a": {"grid": {"cost": {"from": 0, "to": 1, "count": 2}}}},
    ...     outcomes={"no": {"a": 0}, "yes": {"a": "1 - a.cost"}})
    >>> mechanism_problem(section).payoffs[0, 1]
    array([0.75, 0.25])
    """
    numbers = _Numbers(dict(values or {}))
    actors = tuple(section.actors)
    shape = tuple(actor.count for actor in section.actors.values())
    types, chances = [], np.ones(shape)
    for k, (who, actor) in enumerate(section.actors.items()):
        along = (1,) * k + (-1,) + (1,) * (len(actors) - k - 1)
        names, own = _types(numbers, who, actor)
        types.append(names)
        chances = chances * own.pop(CHANCE).reshape(along)
        numbers.known |= {f"{who}.{name}": row.reshape(along) for name, row in own.items()}
    if section.weight is not None:
        chances = chances * numbers.read(section.weight, "weight")
        chances = chances / chances.sum()
    names, payoffs = _outcomes(section, numbers, shape)
    return MechanismProblem(
        actors=actors,
        types=tuple(types),
        prior=np.asarray(chances),
        outcomes=names,
        payoffs=payoffs,
        actions=tuple(section.actions[who] for who in actors) if section.actions else (),
        transfers=section.transfers,
        title=title,
    )


class _Numbers:
    """Evaluates expressions of a section with the numbers known so far."""

    def __init__(self, known: dict[str, Any]) -> None:
        self.known = known

    def read(self, formula: Expression, path: str, **more: ArrayLike) -> FloatArray:
        """A finite value, or an error that names the path."""
        return finite(formula, self.known | more, f"mechanism.{path}")

    def one(self, formula: Expression, path: str) -> float:
        """A single number."""
        return float(self.read(formula, path))


def _types(
    numbers: _Numbers, who: str, actor: MechanismActor
) -> tuple[tuple[str, ...], dict[str, FloatArray]]:
    """Names of an actor's types, and their chances and numbers."""
    path = f"actors.{who}"
    for name, grid in actor.grid.items():
        low, high = (numbers.one(x, f"{path}.grid.{name}") for x in (grid.low, grid.high))
        middles = low + (high - low) * (np.arange(grid.count) + 0.5) / grid.count
        own = {CHANCE: np.full(grid.count, 1.0 / grid.count), name: middles}
        return tuple(f"{name} {x:.6g}" for x in middles), own
    read = {
        key: np.array(
            [numbers.one(one[key], f"{path}.types.{t}.{key}") for t, one in actor.types.items()]
        )
        for key in (CHANCE, *actor.numbers)
    }
    total = float(read[CHANCE].sum())
    if (read[CHANCE] < 0).any() or abs(total - 1) > ROUNDING:
        raise UsageError(
            f"mechanism.{path}: chances of types must not be negative and add up to 1, not {total:g}"
        )
    return tuple(actor.types), read


def _outcomes(
    section: MechanismSection, numbers: _Numbers, shape: tuple[int, ...]
) -> tuple[tuple[str, ...], FloatArray]:
    """Names of all outcomes and their payoffs, shape ``(actors, outcomes, *T)``."""
    if section.actions:
        order = [", ".join(profile) for profile in section.profiles()]
    else:
        order = list(section.outcomes)
    along = {
        name: _values(numbers, steps, f"outcomes.{name}.along.{key}")
        for name in order
        for key, steps in section.outcomes[name].along.items()
    }
    count = sum(len(along.get(name, (0,))) for name in order)
    size = count * len(section.actors) * int(np.prod(shape))
    if size > MOST_NUMBERS:
        raise TooLargeError(
            f"{count:,} outcomes at {int(np.prod(shape)):,} profiles of types are {size:,} payoffs, the "
            f"limit is {MOST_NUMBERS:,}; take fewer types or steps"
        )
    names: list[str] = []
    parts = []
    for name in order:
        outcome = section.outcomes[name]
        xs = along.get(name, np.zeros(1))
        more = {key: xs.reshape(-1, *(1 for _ in shape)) for key in outcome.along}
        rows = [
            np.broadcast_to(
                numbers.read(outcome.payoffs[who], f"outcomes.{name}.payoffs.{who}", **more),
                (len(xs), *shape),
            )
            for who in section.actors
        ]
        names += [f"{name} {x:.6g}" for x in xs] if outcome.along else [name]
        parts.append(np.stack(rows))
    return tuple(names), np.concatenate(parts, axis=1)


def _values(numbers: _Numbers, steps: Steps, path: str) -> FloatArray:
    """Equal steps and the numbers besides, sorted, each once."""
    low, high = numbers.one(steps.low, path), numbers.one(steps.high, path)
    equal = low + (high - low) * np.arange(steps.steps + 1) / steps.steps
    return np.unique([*equal, *(numbers.one(x, path) for x in steps.also)])
