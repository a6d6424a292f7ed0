"""Division problems: two actors, several divisible items, points for each.

Definition. Actor ``i`` puts ``v_ik >= 0`` points on item ``k``; both distribute the same sum. A
share ``s_k`` of every item goes to the first actor, the rest to the second; points add up.

Array convention. ``points`` has shape ``(2, items)``. There is no batch axis.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import RELATIVE, FloatArray
from sim.errors import ExpressionError, UsageError
from sim.scenario.sections.division import DivisionSection


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DivisionProblem:
    """Items in dispute between two actors.

    Parameters
    ----------
    actors
        The two names.
    items
        Labels of the items.
    points
        Shape ``(2, items)``, finite, not negative, with equal and positive row sums.
    title
        For messages.

    Raises
    ------
    UsageError
        If a shape does not match, a number is negative or not finite, or the sums differ.

    Examples
    --------
    >>> DivisionProblem.from_table({"land": (60, 40), "water": (40, 60)}).points.sum(axis=1)
    array([100., 100.])
    """

    actors: tuple[str, str]
    items: tuple[str, ...]
    points: FloatArray
    title: str = ""

    def __post_init__(self) -> None:
        if self.points.shape != (2, len(self.items)) or not self.items:
            raise UsageError(f"points have shape {self.points.shape}, not (2, {len(self.items)})")
        if not (np.isfinite(self.points).all() and (self.points >= 0.0).all()):
            raise UsageError("points must be finite and not negative")
        first, second = map(float, self.points.sum(axis=1))
        if abs(first - second) > RELATIVE * max(first, second) or first <= 0.0:
            raise UsageError(
                f"both actors must distribute the same positive number of points,"
                f" not {first:g} and {second:g}"
            )

    @classmethod
    def from_table(
        cls,
        table: Mapping[str, Sequence[float]],
        *,
        actors: tuple[str, str] = ("actor 1", "actor 2"),
    ) -> DivisionProblem:
        """A problem from the two actors' points per item."""
        points = np.array([list(row) for row in table.values()], dtype=np.float64).T
        return cls(actors=actors, items=tuple(table), points=points)


def division_problem(
    section: DivisionSection, values: Mapping[str, float] | None = None, *, title: str = ""
) -> DivisionProblem:
    """The problem that a ``division`` section of a file describes.

    Parameters
    ----------
    section
        The section.
    values
        The file's parameters by dotted path, for numbers written as expressions.

    Raises
    ------
    UsageError
        If an expression names an unknown parameter (the message has the path), or the points are
        not a division problem.

    Examples
    --------
    >>> section = DivisionSection(actors=("a", "b"), items={"land": {"a": 100, "b": "all"}})
    >>> division_problem(section, {"all": 100.0}).points
    array([[100.],
           [100.]])
    """
    found = []
    for path, formula in section.numbers():
        try:
            found.append(float(formula.evaluate(dict(values or {}))))
        except ExpressionError as error:
            raise UsageError(f"division.{path}: {error.message}") from None
    first, second = section.actors
    points = np.array(found).reshape(len(section.items), 2).T
    return DivisionProblem(
        actors=(first, second), items=tuple(section.items), points=points, title=title
    )
