"""The frozen records that every solution concept returns.

A :class:`Solution` says which concept was applied, whether the method ran to its end (*finished*),
whether the members are proved to be all (*exhaustive*), and the members themselves. Concepts with
strategies fill ``strategies`` and ``regret``; bargaining and cooperative concepts fill ``payoffs``
and ``agreement``. Nothing found is an empty tuple together with a status and a note that say what
that means; it is never ``None`` or ``False``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sim._kernels import html
from sim._kernels.shown import Part, Shown
from sim.results import solution_parts

Status = Literal["complete", "partial", "limit reached", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Equilibrium:
    """One member of a solution.

    Parameters
    ----------
    payoffs
        Each actor's (expected) payoff, in the units of the game.
    strategies
        Per actor the probability of each strategy label; labels with probability 0 are left out.
    regret
        The largest gain that any one actor could make by a deviation of its own, computed from the
        original payoffs: the certificate. ``None`` where the concept has no deviations.
    outcome
        Label of the outcome that results (scenario games), or ``None``.
    agreement
        What is agreed (bargaining and cooperative concepts): a label, or weights by label.
    extra
        Concept-specific numbers (an interval, a multiplier, ...), by name.

    Examples
    --------
    >>> Equilibrium(payoffs={"row": 1.0}, strategies={"row": {"C": 1.0}}, regret=0.0).to_dict()
    {'strategies': {'row': {'C': 1.0}}, 'payoffs': {'row': 1.0}, 'regret': 0.0, 'outcome': None}
    """

    payoffs: Mapping[str, float]
    strategies: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    regret: float | None = None
    outcome: str | None = None
    agreement: str | Mapping[str, float] | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """What it comes to: its outcome or agreement, else what each actor plays, else its numbers.

        Examples
        --------
        >>> Equilibrium(payoffs={"a": 1.0}, strategies={"a": {"x": 0.25, "y": 0.75}}).words
        'a: x 0.25, y 0.75'
        """
        for result in (self.outcome, self.agreement):
            if result is not None:
                return result if isinstance(result, str) else solution_parts.mixture(result)
        plays = "; ".join(
            f"{actor}: {solution_parts.mixture(mix)}" for actor, mix in self.strategies.items()
        )
        if plays or self.payoffs:
            return plays
        return "; ".join(f"{name}: {_short(value)}" for name, value in self.extra.items())

    @property
    def payoff_words(self) -> str:
        """Each actor's payoff, in four digits."""
        return ", ".join(f"{actor} {value + 0.0:.4g}" for actor, value in self.payoffs.items())

    def to_dict(self) -> dict[str, Any]:
        """The record as plain data for JSON."""
        data: dict[str, Any] = {
            "strategies": {actor: dict(mix) for actor, mix in self.strategies.items()},
            "payoffs": dict(self.payoffs),
            "regret": self.regret,
            "outcome": self.outcome,
        }
        if self.agreement is not None:
            same = isinstance(self.agreement, str)
            data["agreement"] = self.agreement if same else dict(self.agreement)  # type: ignore[arg-type]
        if self.extra:
            data["extra"] = dict(self.extra)
        return data


_EXTENT: dict[Status, str] = {
    "complete": "finished",
    "partial": "finished, perhaps not all",
    "limit reached": "stopped at its work limit, perhaps not all",
    "refused": "not defined here",
}


def _short(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_short(one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return " ".join(map(_short, value))
    return f"{value:.4g}" if isinstance(value, float) else str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution(Shown):
    """What a solution concept says about one game.

    Parameters
    ----------
    concept
        The concept's name, as in ``sim list concepts``.
    equilibria
        The members found.
    status
        How the method ended: ``complete``, as planned; ``partial``: it ended, but cannot promise all
        members; ``limit reached``: a work limit stopped it; ``refused``: the concept cannot be
        applied to this game, and ``note`` says why.
    exhaustive
        Whether ``equilibria`` are proved to be all members (for a continuum: all extreme points).
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
    equilibria: tuple[Equilibrium, ...] = ()
    status: Status = "complete"
    exhaustive: bool = False
    parameters: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""

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
            "equilibria": [member.to_dict() for member in self.equilibria],
            "parameters": dict(self.parameters),
            "note": self.note,
        }

    def __repr__(self) -> str:
        return f"<Solution {self.concept}: {self.found}>"

    @property
    def found(self) -> str:
        """How many members, and how far they go, in words."""
        count = "" if self.status == "refused" else f"{len(self.equilibria)} found, "
        return count + self.extent

    def parts(self) -> Iterator[Part]:
        """What ``sim solve`` prints of it: how many members, a table of them, and what else is known."""
        return solution_parts.parts(self)

    def _repr_html_(self) -> str:
        """The record as a table for a notebook."""
        rows = [
            (m.words, m.payoff_words, "" if m.regret is None else f"{m.regret:.2g}")
            for m in self.equilibria
        ]
        columns = ("outcome or strategies", "payoffs", "regret|r")
        parts = [html.heading(f"{self.concept}: {len(rows)} found, {self.extent}")]
        parts += [html.table(columns, rows)] if rows else []
        return "".join([*parts, html.paragraph(self.note)] if self.note else parts)
