"""How often a treaty is feasible when what is uncertain is drawn: what stands beside every point verdict.

Definition. Of ``n`` independent draws of the parameters that have an answer, the share at which a treaty is
feasible; knife-edges are neither yes nor no and are counted apart. The standard error of a share ``p`` is
``sqrt(p (1 - p) / (n - 1))``. Where none of the draws is feasible (or every one) that is 0 and says nothing;
at a confidence of 95 % the share is then within ``1 - 0.05^(1/n)`` of what was found.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import ceil, sqrt
from typing import Any

from sim._kernels.percent import percent

CONFIDENCE = 0.95
"""How sure the bound is where all draws agree."""
SHOWN = 4
"""Single things to lift that are named in words."""
ENOUGH = 100
"""Effective draws below which beliefs say that they are of few."""
_SIDES = {"either": "either side", "both needed": "both sides", "several needed": "several sides"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Believed:
    """What weights that fit a record say of a dispute.

    Parameters
    ----------
    share, error
        The believed share of draws with a feasible treaty, and its standard error.
    unfitted
        The share before the record is looked at; ``None`` where draws were steered towards it.
    states, states_error
        The same with all else that has a range drawn too; ``None`` where nothing else has one.
    below
        The believed share of draws with a margin below that at the file's own values.
    blocked, alone
        In what share which side blocks, and lifting what alone would do, most often first.
    episodes, effective
        Of the record; how many draws count.
    """

    share: float
    error: float
    unfitted: float | None
    states: float | None
    states_error: float | None
    below: float | None
    blocked: Mapping[str, float]
    alone: Mapping[str, float]
    episodes: int
    effective: float

    def sentence(self) -> str:
        """The believed share in words.

        Examples
        --------
        >>> Believed(share=0.15, error=0.012, unfitted=0.1, states=0.03, states_error=0.004,
        ...          below=0.96, blocked={}, alone={}, episodes=9, effective=900.0).sentence()
        'In 15.0 % (± 1.2) of the weights that fit the record of 9 episodes a treaty is feasible; 3.0 % (±
        0.4) if all else with a range varies too.'
        """
        few = ""
        if self.effective < ENOUGH:
            few = f"; only {self.effective:.0f} draws count: make beliefs of more (--points)"
        too = ""
        if self.states is not None and self.states_error is not None:
            too = f"; {_with_error(self.states, self.states_error)} if all else with a range varies too"
        return (
            f"In {_with_error(self.share, self.error)} of the weights that fit the record of {self.episodes} "
            f"episodes a treaty is feasible{too}{few}."
        )

    def against(self, say: Callable[[str], str] = str) -> str:
        """What stands against a treaty in the other draws, in words; empty where nothing does."""
        return against(self.blocked, self.alone, ", in those draws", say)

    def to_dict(self) -> dict[str, Any]:
        """What is believed as plain data."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def against(
    blocked: Mapping[str, float],
    alone: Mapping[str, float],
    where: str = "",
    say: Callable[[str], str] = str,
) -> str:
    """What stands against a treaty, with its shares, in words; empty where nothing does.

    Names are said as ``say`` has them.
    """
    if not blocked:
        return ""
    sides = ", ".join(f"{say(_SIDES.get(k, k))} {percent(x)}" for k, x in blocked.items())
    parts = ", ".join(f"{say(k)} {percent(x)}" for k, x in list(alone.items())[:SHOWN])
    more = f" Lifting one thing alone would do: {parts}." if parts else ""
    return f"Against it stand{where}: {sides}.{more}"


def _with_error(value: float, error: float) -> str:
    return f"{100 * value:.1f} % (± {100 * error:.1f})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """The share of draws over a file's own ranges at which a treaty is feasible.

    Parameters
    ----------
    feasible, knife_edge, draws
        How many draws are feasible, how many lie on the knife-edge, and how many have an answer.
    unanswered
        Draws without an answer: a term has no finite value there.
    below
        Draws with a margin below the one at the scenario's own values.
    drawn
        How many parameters were drawn; 0 where none has a range.
    held
        Parameters with a range that were set, and so stayed where they are.
    seed
        Of the draws.
    blocked
        In what share of the draws what blocks (:mod:`sim.feasibility.blockers`), most often first.
    believed
        What draws that fit a record say; ``None`` where there are none.
    alone
        In what share lifting one gain or constraint alone would make a treaty feasible, most often first.
    """

    feasible: int
    knife_edge: int
    draws: int
    unanswered: int
    below: int
    drawn: int
    held: tuple[str, ...]
    seed: int
    blocked: Mapping[str, float] = field(default_factory=dict)
    alone: Mapping[str, float] = field(default_factory=dict)
    believed: Believed | None = None

    @property
    def value(self) -> float | None:
        """The share; ``None`` where nothing could be drawn."""
        return self.feasible / self.draws if self.draws else None

    @property
    def error(self) -> float | None:
        """Its standard error."""
        if self.value is None:
            return None
        return sqrt(self.value * (1 - self.value) / max(1, self.draws - 1))

    @property
    def bound(self) -> float:
        """Where all draws agree: by how much the share may still differ, at a confidence of 95 %."""
        return float(1 - (1 - CONFIDENCE) ** (1 / self.draws)) if self.draws else 1.0

    def sentence(self) -> str:
        """The share in words.

        Examples
        --------
        >>> counts = {"knife_edge": 0, "unanswered": 0, "below": 0, "held": (), "seed": 0}
        >>> Share(feasible=65, draws=2000, drawn=124, **counts).sentence()
        "In 3.2 % (± 0.4) of 2,000 draws over the file's own ranges a treaty is feasible."
        >>> Share(feasible=0, draws=2000, drawn=124, **counts).sentence()
        "In none of 2,000 draws over the file's own ranges is a treaty feasible (the share is below 0.2 %)."
        >>> Share(feasible=0, draws=0, drawn=0, **counts).sentence()
        'No parameter has a range: how sure the verdict is cannot be said.'
        """
        if self.value is None:
            return f"{self._nothing_drawn()}: how sure the verdict is cannot be said."
        edge = f"; {percent(self.knife_edge / self.draws)} of them lie on the knife-edge"
        lost = f"; {self.unanswered:,} draws more have no answer"
        rest = (edge if self.knife_edge else "") + (lost if self.unanswered else "")
        return f"{self._counted()}{rest}."

    def _nothing_drawn(self) -> str:
        if self.unanswered:
            return f"None of {self.unanswered:,} draws has an answer"
        return "Every parameter with a range is set" if self.held else "No parameter has a range"

    def _counted(self) -> str:
        others = "what is not set" if self.held else "the file's own ranges"
        of = f"{self.draws:,} draws over {others}"
        bound = ceil(1000 * self.bound) / 10
        if self.feasible == 0:
            return f"In none of {of} is a treaty feasible (the share is below {bound:g} %)"
        if self.feasible == self.draws:
            return f"In all of {of} a treaty is feasible (the share is above {100 - bound:g} %)"
        error = 100 * (self.error or 0.0)
        digits = f"{error:.1f}" if error >= 0.1 else f"{error:.1g}"
        return f"In {percent(self.value or 0.0)} (± {digits}) of {of} a treaty is feasible"

    def rank(self) -> str:
        """How the scenario's own values stand among the draws, in words; empty where nothing was drawn."""
        if not self.draws:
            return ""
        return f"better than {percent(self.below / self.draws)} of those draws"

    def against(self, say: Callable[[str], str] = str) -> str:
        """What stands against a treaty in the other draws, in words; empty where nothing does.

        Examples
        --------
        >>> share = Share(feasible=1, knife_edge=0, draws=4, unanswered=0, below=0, drawn=1, held=(), seed=0,
        ...               blocked={"only b": 0.5, "either": 0.25}, alone={"b.gain": 0.75})
        >>> share.against()
        'Against it stand: only b 50 %, either side 25 %. Lifting one thing alone would do: b.gain 75 %.'
        """
        return against(self.blocked, self.alone, "", say)

    def to_dict(self) -> dict[str, Any]:
        """The share as plain data; ``beliefs`` is the one over draws that fit a record."""
        return {
            "own_ranges": self.value,
            "beliefs": None if self.believed is None else self.believed.share,
            "beliefs_error": None if self.believed is None else self.believed.error,
            "believed": None if self.believed is None else self.believed.to_dict(),
            "error": self.error,
            "knife_edge": self.knife_edge / self.draws if self.draws else None,
            "below_own_values": self.below / self.draws if self.draws else None,
            "draws": self.draws,
            "unanswered": self.unanswered,
            "parameters": self.drawn,
            "held": list(self.held),
            "seed": self.seed,
            "blocked": dict(self.blocked),
            "alone": dict(self.alone),
            "note": self.sentence(),
        }
