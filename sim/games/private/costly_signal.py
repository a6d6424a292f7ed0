"""Costly signals: somebody who alone knows a number sends one of two messages, and is answered.

Definition. The sender, who knows ``c``, sends a message; the receiver, who does not, answers; after some
answers the sender chooses once more. Payoffs are affine in ``c`` (``constant + slope * c``), so that what a
message and an answer are worth to the sender is the highest of some lines, and what they are worth to the
receiver is a line between the values of ``c`` at which the sender's last choice changes. A sender that is
indifferent at its last choice takes the one written first.

Array convention. Lines are pairs of constant and slope.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

from sim.games.private.private_number import PrivateNumber, private_number
from sim.games.private.screening import affine_in
from sim.scenario.sections.costly_signal import CostlySignalSection

Line = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Segment:
    """Private numbers from one to another with what both get there, and the outcome's name."""

    low: float
    high: float
    name: str
    sender: Line
    receiver: Line


@dataclass(frozen=True, slots=True, eq=False)
class CostlySignal:
    """A sender with a private number, two messages, and answers to each.

    Parameters
    ----------
    actors
        Sender and receiver.
    private
        Name of the number.
    number
        Its law.
    messages
        By name, the answers by name, each with its segments along the private number.
    """

    actors: tuple[str, str]
    private: str
    number: PrivateNumber
    messages: dict[str, dict[str, tuple[Segment, ...]]]


def costly_signal_game(
    section: CostlySignalSection, values: dict[str, float] | None = None
) -> CostlySignal:
    """The game that a ``costly_signal`` section of a file describes.

    Raises
    ------
    UsageError
        If a number has no finite value, or a payoff is not affine in the private number.

    Examples
    --------
    >>> section = CostlySignalSection(
    ...     sender="a", receiver="b", private={"c": {"from": 0, "to": 1}},
    ...     messages={"silent": {"stay": {"a": 0, "b": 1}},
    ...               "vow": {"resist, fight": {"a": "c - 1/2", "b": 0}, "resist, quit": {"a": 0, "b": 1}}})
    >>> [(s.name, s.low, s.high) for s in costly_signal_game(section).messages["vow"]["resist"]]
    [('resist, quit', 0.0, 0.5), ('resist, fight', 0.5, 1.0)]
    """
    known = {k: x for k, x in (values or {}).items() if k not in section.names}
    ((private, law),) = section.private.items()
    number = private_number(law, known, f"costly_signal.private.{private}")
    messages: dict[str, dict[str, tuple[Segment, ...]]] = {}
    for message, outcomes in section.messages.items():
        by_answer: dict[str, list[tuple[str, Line, Line]]] = {}
        for name, payoffs in outcomes.items():
            lines: list[Line] = []
            for who in (section.sender, section.receiver):
                path = f"costly_signal.messages.{message}.{name}.{who}"
                constant, slope = affine_in(payoffs[who], known, (private,), path)
                lines.append((constant, slope))
            by_answer.setdefault(name.split(",")[0].strip(), []).append((name, lines[0], lines[1]))
        messages[message] = {
            answer: _segments(choices, *number.ends) for answer, choices in by_answer.items()
        }
    return CostlySignal((section.sender, section.receiver), private, number, messages)


def _segments(
    choices: list[tuple[str, Line, Line]], low: float, high: float
) -> tuple[Segment, ...]:
    """What the sender chooses at last, along the private number."""
    turns = {low, high}
    for (_, one, _), (_, other, _) in combinations(choices, 2):
        if one[1] != other[1]:
            turns.add(float(np.clip((other[0] - one[0]) / (one[1] - other[1]), low, high)))
    found: list[Segment] = []
    for a, b in pairwise(sorted(turns)):
        middle = (a + b) / 2
        name, sender, receiver = max(choices, key=lambda c: c[1][0] + c[1][1] * middle)
        if found and found[-1].name == name:
            a = found.pop().low
        found.append(Segment(a, b, name, sender, receiver))
    return tuple(found)
