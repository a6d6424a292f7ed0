"""Profiles of mixed strategies as members of a solution, with payoffs and regret as certificate.

Definition. An actor's regret is what its best reply to the others' mixes pays more than its own mix;
that of the profile is the largest of them. Mixes in fractions are judged on exact payoffs, so that
nothing is rounded before the difference is taken.

Array convention. One game; a mix is a vector of probabilities over an actor's menu.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from sim._kernels.tolerance import AnyArray, FloatArray, IntArray
from sim.games.strategic import StrategicGame, expected_payoffs, named, regret
from sim.results import StrategyProfile

LONGEST_TEXT = 60
"""Digits of a denominator beyond which a probability is not written out as a fraction."""


def exact_member(
    game: StrategicGame,
    exact: AnyArray,
    mixes: Sequence[AnyArray],
    extra: Mapping[str, Any] | None = None,
) -> StrategyProfile:
    """A profile of mixes in fractions, with its exact payoffs and regret in floats.

    Examples
    --------
    >>> game = StrategicGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> pure = [np.array([Fraction(0), Fraction(1)])] * 2
    >>> member = exact_member(game, game.exact, pure)
    >>> member.payoffs, member.regret
    ({'player 1': 1.0, 'player 2': 1.0}, 0.0)
    """
    payoffs, gains = {}, [Fraction(0)]
    for k, actor in enumerate(game.actors):
        replies = against(exact[k], mixes, k)
        own = sum((p * v for p, v in zip(mixes[k], replies, strict=True) if p), Fraction(0))
        payoffs[actor] = float(own)
        gains.append(max(replies) - own)
    texts = exact_texts(game, mixes) if game.exact is not None else {}
    return as_given(
        game, mixes, payoffs, regret=float(max(gains)), extra={**(extra or {}), **texts}
    )


def against(own: AnyArray, mixes: Sequence[AnyArray], actor: int) -> list[Fraction]:
    """An actor's payoff of each of its strategies against the others' mixes, exactly."""
    table = np.moveaxis(own, actor, 0)
    for mix in reversed([mix for k, mix in enumerate(mixes) if k != actor]):
        used = [k for k, p in enumerate(mix) if p]
        table = table[..., used] @ np.array([mix[k] for k in used], dtype=object)
    return [Fraction(v) for v in table]


def float_member(
    game: StrategicGame, mixes: list[FloatArray], extra: Mapping[str, Any]
) -> StrategyProfile:
    """A profile of mixes in floats; regret is taken over payoffs less each actor's smallest."""
    payoffs = expected_payoffs(game, mixes).tolist()
    return StrategyProfile(
        strategies=named(game, mixes),
        payoffs=dict(zip(game.actors, payoffs, strict=True)),
        regret=regret(_centred(game), mixes),
        extra=extra,
    )


def as_given(
    game: StrategicGame,
    mixes: Sequence[Sequence[Fraction]] | Sequence[AnyArray],
    payoffs: Mapping[str, float],
    *,
    regret: float,
    extra: Mapping[str, Any] | None = None,
) -> StrategyProfile:
    """A profile with the payoffs and the regret that somebody has computed."""
    floats = [np.array([float(p) for p in mix]) for mix in mixes]
    return StrategyProfile(
        strategies=named(game, floats), payoffs=payoffs, regret=regret, extra=dict(extra or {})
    )


def counted(number: int, one: str, many: str) -> str:
    """A number of things in words."""
    return f"{number} {one if number == 1 else many}"


def embedded(
    game: StrategicGame,
    menus: tuple[IntArray, ...],
    pair: Sequence[int],
    mixes: Sequence[Sequence[Fraction]] | Sequence[FloatArray],
) -> list[AnyArray]:
    """Mixes of the reduced game of some actors as mixes over the full menus of every actor."""
    out = []
    for actor, size in enumerate(game.shape):
        inside = np.asarray(mixes[pair.index(actor)] if actor in pair else [1])
        mix = np.zeros(size, dtype=inside.dtype)
        mix[menus[actor]] = inside
        out.append(mix)
    return out


def exact_texts(
    game: StrategicGame, mixes: Sequence[Sequence[Fraction]] | Sequence[AnyArray]
) -> dict[str, dict[str, dict[str, str]]]:
    """The probabilities as fractions in words, unless they are too long to read."""
    longest = max(p.denominator for mix in mixes for p in mix)
    if longest >= 10**LONGEST_TEXT:
        return {}
    return {
        "exact": {
            actor: {label: str(p) for label, p in zip(labels, mix, strict=True) if p}
            for actor, labels, mix in zip(game.actors, game.strategies, mixes, strict=True)
        }
    }


def _centred(game: StrategicGame) -> StrategicGame:
    """The game less each actor's smallest payoff, so that a large constant rounds nothing away."""
    moves = tuple(range(1, game.payoffs.ndim))
    return replace(game, payoffs=game.payoffs - game.payoffs.min(axis=moves, keepdims=True))
