"""What core and nucleolus share: membership rows, normalised values, exact numbers for the reader.

Definition. A payoff vector ``x`` is *efficient* when ``x(N) = v(N)`` and an *imputation* when also
``x_i >= v(i)``. The *excess* of a coalition is ``v(S) - x(S)``, its complaint.

Array convention. Coalitions are bitmasks; ``membership(n)[S, i]`` is 1 when ``i`` is in ``S``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np

from sim._kernels.tolerance import AnyArray, IntArray
from sim.errors import TooLargeError
from sim.games.coalitional import CoalitionalGame, WeightedVoting


def membership(players: int) -> IntArray:
    """Which player is in which coalition, 0 or 1, shape ``(2**players, players)``.

    Examples
    --------
    >>> membership(2).tolist()
    [[0, 0], [1, 0], [0, 1], [1, 1]]
    """
    return np.arange(1 << players)[:, None] >> np.arange(players) & 1


def zero_normalised(exact: AnyArray, players: int) -> tuple[AnyArray, list[Fraction]]:
    """Values less what the members get alone, and what each player gets alone.

    Examples
    --------
    >>> values, alone = zero_normalised(np.array([0, 1, 2, 5], dtype=object), 2)
    >>> list(values), alone
    ([0, 0, 0, 2], [1, 2])
    """
    alone = [exact[1 << i] for i in range(players)]
    return exact - membership(players).astype(object) @ np.array(alone, dtype=object), alone


def as_coalitional(game: CoalitionalGame | WeightedVoting, limit: int) -> CoalitionalGame:
    """The game in coalitional form, if it has at most ``limit`` players.

    Raises
    ------
    TooLargeError
        Otherwise.
    """
    if len(game.players) > limit:
        raise TooLargeError(
            f"{len(game.players)} players (limit {limit}): every coalition is a constraint of a "
            "linear program; merge players who always vote together, or ask for shapley or banzhaf"
        )
    return game.coalitional() if isinstance(game, WeightedVoting) else game


def payoffs(players: Sequence[str], amounts: Sequence[Fraction]) -> dict[str, float]:
    """Amounts by player, as numbers."""
    return {player: float(amount) for player, amount in zip(players, amounts, strict=True)}


def texts(players: Sequence[str], amounts: Sequence[Fraction]) -> Mapping[str, str]:
    """Amounts by player, as fractions in text: exact."""
    return {player: str(amount) for player, amount in zip(players, amounts, strict=True)}


def label(game: CoalitionalGame, mask: int) -> str:
    """A coalition's members, as a file names them.

    Examples
    --------
    >>> label(CoalitionalGame.from_values(["a", "b"], {}, unlisted=0), 3)
    'a, b'
    """
    return ", ".join(game.members(mask))
