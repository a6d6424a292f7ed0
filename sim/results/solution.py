"""What a concept says about one game: its members, how far they go, and what was asked.

A :class:`Solution` says which concept was applied, whether the method ran to its end (*finished*),
whether the members are proved to be all (*exhaustive*), and the members themselves. Nothing found is
an empty tuple together with a status and a note that say what that means; it is never ``None`` or
``False``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sim._kernels import html
from sim._kernels.shown import Part, Shown
from sim.labels import NO_LABELS, Labels
from sim.results import solution_parts
from sim.results.members import Member

Status = Literal["complete", "partial", "limit reached", "refused"]

_EXTENT: dict[Status, str] = {
    "complete": "finished",
    "partial": "finished, perhaps not all",
    "limit reached": "stopped at its work limit, perhaps not all",
    "refused": "not defined here",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution(Shown):
    """What a solution concept says about one game.

    Parameters
    ----------
    concept
        The concept's name, as in ``sim list concepts``.
    members
        What was found, each a typed record (:mod:`sim.results.members`).
    status
        How the method ended: ``complete``, as planned; ``partial``: it ended, but cannot promise all
        members; ``limit reached``: a work limit stopped it; ``refused``: the concept cannot be
        applied to this game, and ``note`` says why.
    exhaustive
        Whether ``members`` are proved to be all members (for a continuum: all extreme points).
    parameters
        What was asked: options, weights, seeds.
    note
        One sentence for the reader, or an empty string.

    Examples
    --------
    >>> none = Solution(concept="pure_nash", exhaustive=True, note="no pure equilibrium")
    >>> none.finished, none.to_dict()["equilibria"], none.extent
    (True, [], 'proved to be all')
    """

    concept: str
    members: tuple[Member, ...] = ()
    status: Status = "complete"
    exhaustive: bool = False
    parameters: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""

    @property
    def equilibria(self) -> tuple[Member, ...]:
        """The members, by the name that JSON has for them."""
        return self.members

    @property
    def finished(self) -> bool:
        """Whether the method ran to its end, and no work limit stopped it."""
        return self.status in ("complete", "partial")

    @property
    def extent(self) -> str:
        """How far the members go, in words: proved to be all, what was found, or why not."""
        if self.exhaustive:
            return "proved to be all"
        return _EXTENT[self.status]

    def to_dict(self) -> dict[str, Any]:
        """The record as plain data for JSON."""
        return {
            "concept": self.concept,
            "status": self.status,
            "complete": self.exhaustive,
            "finished": self.finished,
            "exhaustive": self.exhaustive,
            "equilibria": [member.to_dict() for member in self.members],
            "parameters": dict(self.parameters),
            "note": self.note,
        }

    def __repr__(self) -> str:
        return f"<Solution {self.concept}: {self.found}>"

    @property
    def found(self) -> str:
        """How many members, and how far they go, in words."""
        count = "" if self.status == "refused" else f"{len(self.members)} found, "
        return count + self.extent

    def parts(self, *, book: Labels = NO_LABELS, full: bool = False) -> Iterator[Part]:
        """What ``sim solve`` prints of it: how many members, a table of them, and what else is known.

        ``book`` are the labels of the file; with ``full`` every member is in the table.
        """
        return solution_parts.parts(self, book, full=full)

    def _repr_html_(self) -> str:
        """The record as a table for a notebook."""
        rows = [
            (m.words, m.payoff_words, "" if m.regret is None else f"{m.regret:.2g}")
            for m in self.members
        ]
        columns = ("outcome or strategies", "payoffs", "regret|r")
        parts = [html.heading(f"{self.concept}: {len(rows)} found, {self.extent}")]
        parts += [html.table(columns, rows)] if rows else []
        return "".join([*parts, html.paragraph(self.note)] if self.note else parts)
