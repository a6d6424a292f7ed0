"""Stochastic games: states, simultaneous actions, payoffs, and chances of the next state.

Definition. In every period the actors choose actions at the same time, knowing the state; they have their
payoffs, and the next state is drawn with chances that depend on state and actions. Sums are discounted and
counted in average units: a payoff of 1 in every period is worth 1. A game with one state is a repeated game
(Shapley 1953, Fink 1964).

Array convention. Per state ``payoffs`` have shape ``(actors, *actions)``, ``moves`` ``(*actions, states)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from sim._kernels.tolerance import RELATIVE, FloatArray
from sim.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StochasticGame:
    """A stochastic game.

    Parameters
    ----------
    actors, states
        Names.
    actions
        Per state and actor the names of its actions; one without a name where it has nothing to choose.
    payoffs, moves
        As the module defines them.
    discount
        Per actor, in [0, 1).
    start
        Number of the state at the start.

    Raises
    ------
    UsageError
        If chances are none, or a discount factor is not in [0, 1).

    Examples
    --------
    >>> game = StochasticGame.repeated([[3, 0], [4, 1]], [[3, 4], [0, 1]], 0.5)
    >>> game.shape(0), game.scales
    ((2, 2), array([4., 4.]))
    """

    actors: tuple[str, ...]
    states: tuple[str, ...]
    actions: tuple[tuple[tuple[str, ...], ...], ...]
    payoffs: tuple[FloatArray, ...]
    moves: tuple[FloatArray, ...]
    discount: FloatArray
    start: int = 0
    title: str = ""

    def __post_init__(self) -> None:
        if not ((self.discount >= 0) & (self.discount < 1)).all():
            raise UsageError("a discount factor lies in [0, 1)")
        for name, moves in zip(self.states, self.moves, strict=True):
            total = moves.sum(axis=-1)
            if (moves < 0).any() or np.abs(total - 1).max() > RELATIVE:
                bad = float(total.flat[int(np.abs(total - 1).argmax())])
                raise UsageError(f"state '{name}': chances of the next state add up to {bad:.6g}")

    def shape(self, state: int) -> tuple[int, ...]:
        """Numbers of actions in a state."""
        return self.payoffs[state].shape[1:]

    def pay(self, state: int, place: tuple[int, ...]) -> FloatArray:
        """Payoffs of everybody at a profile of actions, ``(actors,)``."""
        return np.array([table[place] for table in self.payoffs[state]])

    def profiles(self, state: int) -> list[tuple[int, ...]]:
        """All profiles of actions in a state."""
        return list(product(*map(range, self.shape(state))))

    @property
    def scales(self) -> FloatArray:
        """Each actor's spread of payoffs over all states and actions; 1 where there is none."""
        flat = np.concatenate([p.reshape(len(self.actors), -1) for p in self.payoffs], axis=1)
        spread = flat.max(axis=1) - flat.min(axis=1)
        return np.where(spread > 0, spread, 1.0)

    def worth(self, actor: int, state: int, values: FloatArray) -> FloatArray:
        """What each profile in a state is worth to an actor when continuation is worth ``values``."""
        d = self.discount[actor]
        return np.asarray((1 - d) * self.payoffs[state][actor] + d * self.moves[state] @ values)

    @classmethod
    def repeated(
        cls, row: object, column: object, discount: float, title: str = ""
    ) -> StochasticGame:
        """A repeated game of two actors from their payoff tables."""
        table = np.stack([np.asarray(row, dtype=np.float64), np.asarray(column, dtype=np.float64)])
        names = tuple(tuple(f"{k + 1}" for k in range(n)) for n in table.shape[1:])
        return cls(
            actors=("row", "column"),
            states=("always",),
            actions=(names,),
            payoffs=(table,),
            moves=(np.ones((*table.shape[1:], 1)),),
            discount=np.full(2, discount),
            title=title,
        )
