"""Whose preferences must change for a state of a conflict to be stable, by concept of stability."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim._kernels.shown import Part, Shown
from sim.errors import UsageError, suggest
from sim.scenario import Scenario
from sim.solutions.conflict._stable_states import SANCTIONS
from sim.solutions.conflict.stabilising import StabilisingChange, stabilising_changes
from sim.solving.forms import game_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Stabilised(Shown):
    """What each actor must cease to prefer for a state to be stable.

    Parameters
    ----------
    title, state
        Of the scenario; the state that is to be stable.
    changes
        By concept of stability, one per actor.
    """

    title: str
    state: str
    changes: Mapping[str, tuple[StabilisingChange, ...]]

    def parts(self) -> Iterator[Part]:
        """What ``sim solve --stabilise`` prints."""
        for concept, changes in self.changes.items():
            if all(change.stable for change in changes):
                yield f"{concept}: {self.state} is stable for all"
                continue
            yield f"{concept}:"
            for change in changes:
                more = "" if change.finished else " (perhaps not the fewest: work limit)"
                yield f"  {change}{more}"

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data for JSON."""
        stabilising = [
            {
                "concept": concept,
                "actor": change.actor,
                "state": change.state,
                "stable": change.stable,
                "alternatives": [list(names) for names in change.alternatives],
                "finished": change.finished,
            }
            for concept, changes in self.changes.items()
            for change in changes
        ]
        return {"scenario": self.title, "state": self.state, "stabilising": stabilising}


def stabilised(scenario: Scenario, state: str, concepts: Sequence[str] = ()) -> Stabilised:
    """Per concept of stability, all by default, what each actor must cease to prefer.

    Raises
    ------
    UsageError
        If the state or a concept is unknown.
    NotDefinedError
        If the scenario is not a conflict.

    Examples
    --------
    >>> import sim
    >>> print(stabilised(sim.load("classics/prisoners-dilemma-gmcr"), "YY", ["gmr"]))
    gmr: YY is stable for all
    """
    for name in concepts:
        if name not in SANCTIONS:
            raise UsageError(f"'{name}' is not a concept of stability{suggest(name, SANCTIONS)}")
    conflict = game_of(scenario, "conflict")
    names = tuple(concepts) or tuple(SANCTIONS)
    found = {name: stabilising_changes(conflict, state, name) for name in names}
    return Stabilised(title=scenario.title, state=state, changes=found)
