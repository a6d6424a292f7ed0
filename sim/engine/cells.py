"""Cells that are compared for the best, and what was found of them; who compares them is another matter.

Array convention. Cells are places of an axis by variants, a place's variants side by side; numbers are nodes
of a graph.
"""

from __future__ import annotations

from dataclasses import dataclass

MOST_PARTS = 64
"""With more parts than this the code that sorts them would be long."""


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Candidates: the variants of every place.

    Parameters
    ----------
    some
        Whether any variant of a place is a candidate.
    masks
        Per variant whether it is one.
    parts
        Per variant its parts.
    levels
        The level of every part.
    level
        Up to which level parts count; a number per point.
    summed
        How many of the first parts are added for what decides where all parts are equal.
    bests, error
        Per level the best variants of every place, from whose tops on candidates lie within twice this error
        (:func:`sim.rules.ladder.bar`); none where all places are to be looked at.
    tied
        Whether a place is as good as the top of the level that decides.
    """

    some: int
    masks: tuple[int, ...]
    parts: tuple[tuple[int, ...], ...]
    levels: tuple[int, ...]
    level: int
    summed: int
    bests: tuple[tuple[int, ...], ...]
    error: float
    tied: int

    @property
    def nodes(self) -> list[int]:
        """All nodes that are read at candidates."""
        return [*self.masks, *(n for part in self.parts for n in part), self.level]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Names of values: the chosen cell, which part is lowest, that part, and whether that is unsure.

    ``ties`` is how many places tie, where that was counted on the way.
    """

    cell: str
    lowest: str
    value: str
    unsure: str
    ties: str = ""
