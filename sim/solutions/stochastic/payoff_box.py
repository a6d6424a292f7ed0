"""Bounds on what any subgame perfect equilibrium of a stochastic game gives, pure or mixed.

Definition. The smallest box that surely dominated actions and securing leave, from the worst and the best
payoffs inwards (:mod:`sim.solutions.stochastic._box`; after [abreu1990]_, with intervals for sets). Where it
is a point every equilibrium has these values.

Array convention. Bounds have shape ``(actors, states)``.
"""

from __future__ import annotations

from itertools import product

from sim.games.in_time.stochastic import StochasticGame
from sim.results import Region, Solution
from sim.solutions.stochastic._box import box_of

CLOSED, DIGITS = 1e-9, 10
"""Width of a box, in payoff units, that counts as a point, and digits of that point."""


def payoff_box(game: StochasticGame) -> Solution:
    """The least and the most that each actor may get in any subgame perfect equilibrium.

    Returns
    -------
    Solution
        The corners of the box at the start, in average units; ``extra["bounds"]`` has the least and the most
        of each actor in every state, and ``extra["never"]`` the actions that no equilibrium plays.

    Notes
    -----
    Source: [abreu1990]_.

    Examples
    --------
    >>> game = StochasticGame.repeated([[3, 0], [4, 1]], [[3, 4], [0, 1]], 0.1)
    >>> [member.payoffs for member in payoff_box(game).members]
    [{'row': 1.0, 'column': 1.0}]
    """
    box = box_of(game)
    bounds = {
        state: {
            actor: _ends(float(box.lower[i, s]), float(box.upper[i, s]), float(game.scales[i]))
            for i, actor in enumerate(game.actors)
        }
        for s, state in enumerate(game.states)
    }
    never = {
        f"{state}: {actor}": [
            name for name, kept in zip(game.actions[s][i], box.alive[s][i], strict=True) if not kept
        ]
        for s, state in enumerate(game.states)
        for i, actor in enumerate(game.actors)
        if not box.alive[s][i].all()
    }
    own = bounds[game.states[game.start]]
    corners = dict.fromkeys(product(*(tuple(own[actor]) for actor in game.actors)))
    members = tuple(
        Region(
            payoffs=dict(zip(game.actors, corner, strict=True)),
            extra={"bounds": bounds, "never": never},
        )
        for corner in corners
    )
    return Solution(
        concept="payoff_box",
        members=members,
        status="complete" if box.settled else "limit reached",
        note="every subgame perfect equilibrium lies within these corners",
    )


def _ends(low: float, high: float, scale: float) -> list[float]:
    """Both ends; one number twice where nothing but rounding lies between them."""
    if high - low > CLOSED * scale:
        return [low, high]
    middle = round((low + high) / 2, DIGITS)
    return [middle, middle]
