"""A dispute in rounds as a solution: which round signs what, and what the delay costs.

Definition. As in :mod:`sim.solutions.markov.rounds` and :mod:`sim.solutions.markov.stationary_turns`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.games.in_time.rounds import RoundGame
from sim.games.outcomes import Outcomes, outcomes_of
from sim.results import Solution, StrategyProfile
from sim.solutions.markov.rounds import Ends, of_all, play_rounds
from sim.solutions.markov.stationary_turns import StationaryTurns, one_shot_regret, stationary_at
from sim.solutions.markov.turns import Turns, turns_of

MOST_TOLD = 6
"""Rounds of a path whose moves are told."""


def solution_in_rounds(game: RoundGame) -> Solution:
    """All subgame perfect outcomes of rounds with a last one; the stationary ones without."""
    batch = game.dispute.at(game.dispute.point())
    outcomes = [outcomes_of(kind, batch) for kind in game.kinds]
    factors = game.factors(batch)
    if game.for_ever:
        return _for_ever(game, outcomes, factors)
    everybody = of_all(outcomes[0].actors, game.dispute.scenario.document.principals, factors)
    ends = play_rounds(game.kinds, outcomes, game.order, everybody, certificate=True)
    if not ends[0].solved[0]:
        return Solution(
            concept="subgame_perfect",
            status="partial",
            note="a simultaneous stage of a round has no pure equilibrium; rounds are solved in pure play",
        )
    groups: dict[tuple[int, int], list[int]] = {}
    for k in np.flatnonzero(ends[0].alive[:, 0]):
        groups.setdefault((int(ends[0].row[k, 0]), int(ends[0].signed[k, 0])), []).append(int(k))
    members = tuple(_member(game, outcomes, ends, some) for some in groups.values())
    note = "" if len(members) == 1 else f"{len(members)} equilibrium outcomes; ties are kept"
    return Solution(concept="subgame_perfect", members=members, exhaustive=True, note=note)


def _member(
    game: RoundGame, outcomes: list[Outcomes], ends: list[Ends], some: list[int]
) -> StrategyProfile:
    first, k = ends[0], some[0]
    row, signed = int(first.row[k, 0]), int(first.signed[k, 0])
    value = {a: float(v) for a, v in zip(outcomes[0].actors, first.value[:, k, 0], strict=True)}
    return StrategyProfile(
        strategies=_path(game, ends, k),
        payoffs=value,
        regret=float(first.regret[k, 0]),
        outcome=game.dispute.space.label(row // game.dispute.shape[1]),
        extra=_told(game, outcomes[game.order[0]], row, signed, value)
        | ({"ways": len(some)} if len(some) > 1 else {}),
    )


def _told(
    game: RoundGame, outcomes: Outcomes, row: int, signed: int, value: dict[str, float]
) -> dict[str, Any]:
    """The class, the stances, the round (none: null), and what its coming later costs each principal."""
    dispute, columns = game.dispute, game.dispute.shape[1]
    document = dispute.scenario.document
    now = {a: float(x) for a, x in zip(outcomes.actors, outcomes.table[:, row, 0], strict=True)}
    out: dict[str, Any] = {
        "outcome_class": document.classes[int(dispute.classes[row // columns])],
        "stances": dispute.profile_label(row % columns),
        "round": signed + 1 if signed >= 0 else None,
    }
    if signed > 0:
        out["delay_costs"] = {actor: now[actor] - value[actor] for actor in document.principals}
    return out


def _path(game: RoundGame, ends: list[Ends], k: int) -> dict[str, dict[str, float]]:
    """The moves on a path, round by round."""
    words: dict[str, list[str]] = {}
    number = 0
    while k >= 0:
        kind = game.kinds[game.order[number]]
        leaf = np.unravel_index(int(ends[number].leaf[k, 0]), kind.shape)
        for axis, choice in zip(kind.axes, leaf, strict=True):
            words.setdefault(axis.actor, []).append(axis.labels[int(choice)])
        k = int(ends[number].after[k, 0])
        number += 1
    several = number > 1
    return {
        actor: {
            "; ".join(f"round {n + 1}: {part}" if several else part for n, part in _few(parts)): 1.0
        }
        for actor, parts in words.items()
    }


def _few(parts: list[str]) -> list[tuple[int, str]]:
    """The first moves, and the last."""
    numbered = list(enumerate(parts))
    return numbered if len(parts) <= MOST_TOLD else [*numbered[: MOST_TOLD - 1], numbered[-1]]


def _for_ever(game: RoundGame, outcomes: list[Outcomes], factors: FloatArray) -> Solution:
    document = game.dispute.scenario.document
    per_turn = [outcomes[k] for k in game.order]
    turns = turns_of(game.rounds, per_turn, document.principals, factors)
    (found,) = stationary_at(turns)
    members = tuple(
        _stationary(game, per_turn[0], turns, found, number) for number in range(len(found.values))
    )
    return Solution(
        concept="subgame_perfect",
        members=members,
        status="complete" if found.unique else "partial",
        exhaustive=found.unique,
        note=_note(document.principals, turns, found),
    )


def _note(principals: tuple[str, ...], turns: Turns, found: StationaryTurns) -> str:
    """What is proved of all equilibria."""
    if found.unique:
        return (
            "every subgame perfect equilibrium has these values: the box of all of them is a point"
        )
    spans = ", ".join(
        f"{actor} {low:.4g} to {high:.4g}"
        for actor, low, high in zip(principals, found.lower[:, 0], found.upper[:, 0], strict=True)
    )
    many = "all pure stationary equilibria" if found.exhaustive else "some stationary equilibria"
    none = "" if found.values else "no pure one was found; "
    answers = (
        "; where third parties have several answers one that lets the agreement stand is taken"
        if turns.several[0]
        else ""
    )
    return f"{none}{many}; values of all subgame perfect ones lie within {spans}{answers}"


def _stationary(
    game: RoundGame, outcomes: Outcomes, turns: Turns, found: StationaryTurns, number: int
) -> StrategyProfile:
    values, signs, choices = list(found.each())[number]
    document, space = game.dispute.scenario.document, game.dispute.space
    end = turns.signed(signs, choices, 0)
    plays: dict[str, list[str]] = {}
    for turn, kind in enumerate(game.rounds):
        actor = kind.axes[0].actor
        who = document.principals.index(actor)
        label = space.label(int(choices[who, turn]) + 1) if signs[who, turn] else "waits"
        plays.setdefault(actor, []).append(label)
    payoffs = {actor: float(values[i, 0]) for i, actor in enumerate(document.principals)}
    later = _told(game, outcomes, end.cell, end.round, payoffs)
    return StrategyProfile(
        strategies={actor: {"; ".join(dict.fromkeys(told)): 1.0} for actor, told in plays.items()},
        payoffs=payoffs,
        regret=max(0.0, one_shot_regret(turns.bargaining, 0, choices, values)),
        outcome=space.label(end.cell // game.dispute.shape[1]),
        extra=later,
    )
