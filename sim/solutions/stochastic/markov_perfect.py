"""Pure Markov perfect equilibria of a stochastic game.

Definition. A *Markov* strategy names an action for every state; a profile of them is *Markov perfect* when
nobody gains by another action in any state, at the values that the profile has (Maskin and Tirole 2001): by
the one-shot deviation principle no other deviation has to be looked at. All profiles that the box of
subgame perfect values leaves possible are gone through, so that where they are few the list is complete.

Array convention. Values have shape ``(actors, states)``.
"""

from __future__ import annotations

from itertools import islice, product
from math import prod
from typing import Any

import numpy as np

from sim._kernels.tolerance import RELATIVE, FloatArray
from sim.games.in_time.stochastic import StochasticGame
from sim.results import Solution, StrategyProfile
from sim.solutions.options import Option
from sim.solutions.stochastic._box import box_of

OPTIONS = (
    Option(
        name="limit",
        kind="integer",
        low=1,
        default=200_000,
        meaning="Profiles of strategies that are gone through.",
    ),
)


def markov_perfect(game: StochasticGame, *, limit: int = 200_000) -> Solution:
    """All pure Markov perfect equilibria, where states and actions are few.

    Parameters
    ----------
    game
        A stochastic game.
    limit
        Profiles that are gone through; where there are more the answer is not exhaustive.

    Returns
    -------
    Solution
        Members name an action for each state and actor; payoffs are values at the start, in average units,
        ``extra`` has those of every state. The regret is the largest gain from one other action, in payoff.

    Notes
    -----
    Source: [maskin2001]_, [blackwell1965]_.

    Examples
    --------
    In the repeated prisoner's dilemma, which has no state to remember by, both arm:

    >>> game = StochasticGame.repeated([[3, 0], [4, 1]], [[3, 4], [0, 1]], 0.9)
    >>> [member.payoffs for member in markov_perfect(game).members]
    [{'row': 1.0, 'column': 1.0}]
    """
    box = box_of(game)
    options = [
        list(product(*(np.flatnonzero(alive).tolist() for alive in box.alive[s])))
        for s in range(len(game.states))
    ]
    count = prod(map(len, options))
    members = []
    for policy in islice(product(*options), limit):
        values = policy_values(game, policy)
        regret = one_shot_regret(game, policy, values)
        if (regret <= RELATIVE * game.scales).all():
            members.append(_member(game, policy, values, float(regret.max())))
    note = "" if count <= limit else f"{count:,} profiles, of which {limit:,} were gone through"
    return Solution(
        concept="markov_perfect",
        members=tuple(members),
        status="complete" if count <= limit else "limit reached",
        exhaustive=count <= limit,
        parameters={"limit": limit},
        note=note or ("" if members else "no pure equilibrium; mixed ones are not looked for"),
    )


Policy = tuple[tuple[int, ...], ...]


def policy_values(game: StochasticGame, policy: Policy) -> FloatArray:
    """Values of a profile of Markov strategies, ``(actors, states)``."""
    moves = np.stack([game.moves[s][a] for s, a in enumerate(policy)])
    out = np.empty((len(game.actors), len(game.states)))
    for i, d in enumerate(game.discount):
        now = np.array([game.payoffs[s][(i, *a)] for s, a in enumerate(policy)])
        out[i] = np.linalg.solve(np.eye(len(policy)) - d * moves, (1 - d) * now)
    return out


def one_shot_regret(game: StochasticGame, policy: Policy, values: FloatArray) -> FloatArray:
    """The most that each actor gains by one other action in some state, ``(actors,)``."""
    out = np.zeros(len(game.actors))
    for i in range(len(game.actors)):
        for s, place in enumerate(policy):
            worth = game.worth(i, s, values[i])
            own: tuple[Any, ...] = (*place[:i], slice(None), *place[i + 1 :])
            mine = worth[own]
            out[i] = max(out[i], float(mine.max() - mine[place[i]]))
    return out


def _member(
    game: StochasticGame, policy: Policy, values: FloatArray, regret: float
) -> StrategyProfile:
    strategies = {
        actor if len(game.states) == 1 else f"{actor} in {state}": {
            game.actions[s][i][policy[s][i]]: 1.0
        }
        for i, actor in enumerate(game.actors)
        for s, state in enumerate(game.states)
        if len(game.actions[s][i]) > 1
    }
    by_state = {
        state: {actor: float(values[i, s]) for i, actor in enumerate(game.actors)}
        for s, state in enumerate(game.states)
    }
    return StrategyProfile(
        payoffs=by_state[game.states[game.start]],
        strategies=strategies,
        regret=regret,
        extra={"values": by_state},
    )
