"""A tree of rules that tells points of interest from others: a record of its splits and leaves."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from sim.labels import NO_LABELS, Labels
from sim.records.boxes import Box


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSplit:
    """A split: points up to ``at`` go to ``low``, the others to ``high``; an integer is a leaf's number.

    Where it is by a ``level``, points at that level go to ``high``, the others to ``low``.
    """

    path: str
    unit: str
    at: float
    low: RuleSplit | int
    high: RuleSplit | int
    level: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cart:
    """A tree of rules.

    Parameters
    ----------
    target, words
        Which points are of interest, as asked for and in words.
    share
        How many of all points are.
    leaves
        The boxes that share out all points, from low to high values of every split.
    root
        The first split; the number 0 where one leaf holds all.
    explained, explained_error
        Share of the variance that the tree foretells at points unseen, and its standard error; nan where
        there is none.
    note
        What stands in the way, if anything does.
    labelled
        What people read in place of names.
    """

    target: str
    words: str
    share: float
    leaves: tuple[Box, ...]
    root: RuleSplit | int
    explained: float
    note: str
    explained_error: float = np.nan
    labelled: Labels = field(default=NO_LABELS, repr=False)

    def to_dict(self) -> dict[str, Any]:
        """The record as plain data."""
        return {
            "target": self.target,
            "words": self.words,
            "share": self.share,
            "explained": None if np.isnan(self.explained) else self.explained,
            "explained_error": None if np.isnan(self.explained_error) else self.explained_error,
            "leaves": [leaf.to_dict() for leaf in self.leaves],
            "root": self.root if isinstance(self.root, int) else asdict(self.root),
            "note": self.note,
        }
