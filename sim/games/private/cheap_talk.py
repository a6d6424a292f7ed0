"""Cheap talk: a sender knows a state, says something about it at no cost, and a receiver acts.

Definition. The state ``s`` is uniform on an interval. The receiver chooses a number ``y``; it gets ``-(y -
s)**2`` and the sender ``-(y - s - bias)**2`` [crawford1982]_.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.errors import UsageError
from sim.games.files.finite import finite
from sim.scenario.sections.cheap_talk import CheapTalkSection


@dataclass(frozen=True, slots=True, kw_only=True)
class CheapTalk:
    """Sender and receiver, the interval of states, and the sender's bias.

    Parameters
    ----------
    actors
        Sender and receiver.
    low, high
        Ends of the interval.
    bias
        By how much more the sender wants.

    Raises
    ------
    UsageError
        If the interval is empty.
    """

    actors: tuple[str, str]
    low: float
    high: float
    bias: float

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise UsageError(
                f"cheap_talk.state: from {self.low:g} to {self.high:g} there is no state"
            )


def cheap_talk_game(
    section: CheapTalkSection, values: Mapping[str, float] | None = None
) -> CheapTalk:
    """The game that a ``cheap_talk`` section of a file describes.

    Raises
    ------
    UsageError
        If a number has no finite value, or the interval is empty.

    Examples
    --------
    >>> section = CheapTalkSection(sender="a", receiver="b", state={"from": 0, "to": 1}, bias="b")
    >>> cheap_talk_game(section, {"b": 0.1}).bias
    0.1
    """
    formulas = {**section.state, "bias": section.bias}
    known = dict(values or {})
    found = {path: float(finite(x, known, f"cheap_talk.{path}")) for path, x in formulas.items()}
    actors = (section.sender, section.receiver)
    return CheapTalk(actors=actors, low=found["from"], high=found["to"], bias=found["bias"])
