"""Equilibria of costly signals as members of a solution.

Array convention. One game at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.games.private.costly_signal import CostlySignal
from sim.results import StrategyProfile
from sim.solutions.costly_signal._plays import CutPlay, gain_of_receiver, gain_of_sender


def cut_member(game: CostlySignal, play: CutPlay) -> StrategyProfile:
    """A cut-off equilibrium."""
    extra: dict[str, Any] = {"cut": play.cut}
    if play.between is not None:
        extra["cut_between"] = list(play.between)
    said = f"{play.high} from {game.private} {play.cut:.6g} on, {play.low} below"
    return _member(game, play, said, extra)


def pooling_member(game: CostlySignal, play: CutPlay, keeps: Sequence[str]) -> StrategyProfile:
    """All types send one message; ``keeps`` are answers to the other that keep them from it."""
    return _member(game, play, f"all send {play.low}", {"off_path": {play.high: list(keeps)}})


def _member(game: CostlySignal, play: CutPlay, said: str, extra: dict[str, Any]) -> StrategyProfile:
    payoffs = [0.0, 0.0]
    outcomes: dict[str, float] = {}
    sent: dict[str, float] = {}
    sends = {m: span for m, span in play.sends(game).items() if span[0] < span[1]}
    for message, (low, high) in sends.items():
        sent[message] = game.number.mass(low, high)[0]
        for answer, share in play.answers[message].items():
            for s in game.messages[message][answer]:
                chance, mean = game.number.mass(max(low, s.low), min(high, s.high))
                for who, line in enumerate((s.sender, s.receiver)):
                    payoffs[who] += share * (line[0] * chance + line[1] * mean)
                if chance * share > 0:
                    name = f"{message}: {s.name}"
                    outcomes[name] = outcomes.get(name, 0.0) + chance * share
    answered = "; ".join(
        f"{message} is answered by "
        + ", ".join(f"{r} {p:.4g}" for r, p in play.answers[message].items())
        for message in sends
        if len(game.messages[message]) > 1
    )
    return StrategyProfile(
        payoffs=dict(zip(game.actors, payoffs, strict=True)),
        strategies={game.actors[0]: sent},
        regret=max(gain_of_sender(game, play), gain_of_receiver(game, play)),
        outcome=f"{said}; {answered}" if answered else said,
        extra={
            **extra,
            "sends": {message: list(span) for message, span in sends.items()},
            "answers": {m: dict(play.answers[m]) for m in sends},
            "chances": outcomes,
        },
    )
