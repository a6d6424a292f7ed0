"""What sender and receiver expect where types on two sides of a cut send two messages.

Array convention. One game at a time; values of the private number in order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise

from sim._kernels.tolerance import RELATIVE
from sim.games.private.costly_signal import CostlySignal, Line, Segment


@dataclass(frozen=True, slots=True)
class CutPlay:
    """Who sends what, and how it is answered.

    Parameters
    ----------
    low, high
        The messages of types below and above the cut.
    cut
        Where types change from one to the other; at the upper end all send ``low``.
    answers
        By message, answers with their chances.
    between
        Bounds of the cut, where it is not exact.
    """

    low: str
    high: str
    cut: float
    answers: Mapping[str, Mapping[str, float]]
    between: tuple[float, float] | None = None

    def sends(self, game: CostlySignal) -> dict[str, tuple[float, float]]:
        """From which to which private number each message is sent."""
        low, high = game.number.ends
        return {self.low: (low, self.cut), self.high: (self.cut, high)}


def at(line: Line, c: float) -> float:
    """The value of a line."""
    return line[0] + line[1] * c


def scale_of(game: CostlySignal) -> float:
    """The largest payoff that the lines reach, and no less than 1."""
    ends = game.number.ends
    lines = [
        line
        for answers in game.messages.values()
        for segments in answers.values()
        for segment in segments
        for line in (segment.sender, segment.receiver)
    ]
    return max(1.0, *(abs(k) + abs(m) * max(map(abs, ends)) for k, m in lines))


def sender_value(game: CostlySignal, play: CutPlay, message: str, c: float) -> float:
    """What a message is worth to a type: lines of all its last choices, the best of them."""
    return sum(
        chance * max(at(s.sender, c) for s in game.messages[message][answer])
        for answer, chance in play.answers[message].items()
    )


def turns_of(game: CostlySignal, play: CutPlay) -> list[float]:
    """Numbers between which the values of both messages are straight."""
    turns = {*game.number.ends, play.cut}
    for message, answers in play.answers.items():
        for answer in answers:
            turns |= {end for s in game.messages[message][answer] for end in (s.low, s.high)}
    return sorted(turns)


def receiver_total(game: CostlySignal, message: str, answer: str, low: float, high: float) -> float:
    """What an answer brings the receiver, summed over the types between two numbers."""
    total = 0.0
    for segment in game.messages[message][answer]:
        chance, mean = game.number.mass(max(low, segment.low), min(high, segment.high))
        total += segment.receiver[0] * chance + segment.receiver[1] * mean
    return total


def gain_of_sender(game: CostlySignal, play: CutPlay) -> float:
    """The most that a type would gain by the other message."""
    gains = []
    for c in turns_of(game, play):
        more = sender_value(game, play, play.high, c) - sender_value(game, play, play.low, c)
        gains += [more] if c <= play.cut else []
        gains += [-more] if c >= play.cut and play.cut < game.number.ends[1] else []
    return max(0.0, *gains)


def gain_of_receiver(game: CostlySignal, play: CutPlay) -> float:
    """The most that the receiver would gain by other answers to one of the messages."""
    gains = [0.0]
    for message, (low, high) in play.sends(game).items():
        if message in play.answers and low < high:
            totals = {
                r: receiver_total(game, message, r, low, high) for r in game.messages[message]
            }
            now = sum(p * totals[r] for r, p in play.answers[message].items())
            gains.append(max(totals.values()) - now)
    return max(gains)


def common_segments(game: CostlySignal, message: str) -> list[dict[str, Segment]]:
    """By answer the segment that holds, for stretches on which no answer's segment ends."""
    answers = game.messages[message]
    turns = sorted(
        {end for segments in answers.values() for s in segments for end in (s.low, s.high)}
    )
    return [
        {
            answer: next(s for s in segments if s.low <= (a + b) / 2 <= s.high)
            for answer, segments in answers.items()
        }
        for a, b in pairwise(turns)
    ]


def could_be_best(game: CostlySignal, message: str, answer: str) -> bool:
    """Whether an answer is best for the receiver against some type."""
    room = RELATIVE * scale_of(game)
    for lines in common_segments(game, message):
        low, high = max(s.low for s in lines.values()), min(s.high for s in lines.values())
        points = [low, high]
        for one, other in combinations([s.receiver for s in lines.values()], 2):
            if one[1] != other[1]:
                points.append((other[0] - one[0]) / (one[1] - other[1]))
        for c in points:
            if low <= c <= high:
                values = {r: at(s.receiver, c) for r, s in lines.items()}
                if values[answer] >= max(values.values()) - room:
                    return True
    return False
