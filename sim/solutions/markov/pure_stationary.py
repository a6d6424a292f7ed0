"""All pure Markov perfect equilibria of bargaining in a Markov world, where few states are open.

Definition. A pure stationary policy says for every proposer and state which deal is signed or which
arrangement is made. Its values solve a linear system. It is Markov perfect when, at these values, what it
prescribes is accepted and no other acceptable proposal is better for the proposer: by the one-shot deviation
principle no other deviation has to be looked at (Blackwell 1965). Only what the box of all equilibria leaves
possible is tried (:mod:`sim.solutions.markov.equilibrium_box`).

Array convention. One game of a batch at a time; values have shape ``(principals, states)``, choices
``(proposers, states)``: deals by number, arrangements after them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import prod

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray, IntArray
from sim.games.markov_bargaining import MarkovBargaining
from sim.solutions.markov.equilibrium_box import EquilibriumBox, equilibrium_box

MOST_POLICIES = 20_000
"""Policies tried one by one."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PureStationary:
    """What was found in one game.

    Parameters
    ----------
    values
        Per equilibrium the principals' values, ``(principals, states)`` each.
    signs
        Per equilibrium whether a deal is signed, ``(proposers, states)``.
    choices
        Per equilibrium the deal, or the number of deals plus the arrangement, ``(proposers, states)``.
    exhaustive
        Whether every policy that the box leaves possible was tried.
    policies
        How many there are.
    """

    values: tuple[FloatArray, ...]
    signs: tuple[BoolArray, ...]
    choices: tuple[IntArray, ...]
    exhaustive: bool
    policies: int


def pure_stationary(
    game: MarkovBargaining,
    at: int = 0,
    box: EquilibriumBox | None = None,
    *,
    most: int = MOST_POLICIES,
) -> PureStationary:
    """The pure Markov perfect equilibria of game ``at`` of a batch.

    Equilibria with the same values and the same signatures count once.

    Examples
    --------
    Two indivisible deals, each the favourite of one side: with patience between, three equilibria.

    >>> game = MarkovBargaining.of(
    ...     deals=[[1, 0.85], [0.85, 1]], recognition=[0.5, 0.5], discount=[0.9, 0.9])
    >>> found = pure_stationary(game)
    >>> len(found.values), found.exhaustive
    (3, True)

    Notes
    -----
    Source: [maskin2001]_, [blackwell1965]_.
    """
    inside = equilibrium_box(game) if box is None else box
    options = _options(game, inside, at)
    policies = prod(len(choice) for choice in options)
    seen: dict[bytes, tuple[FloatArray, BoolArray, IntArray]] = {}
    tried = options if policies <= most else [choice[:1] for choice in options]
    deals = game.deals.shape[1]
    for policy in product(*tried):
        choice = np.array(policy).reshape(game.principals, game.states)
        values = _values(game, at, choice)
        if all(_holds(game, at, choice, values, p) for p in range(game.principals)):
            signs = choice < deals
            rounded = np.round(values / game.scales[:, None], 8) + 0.0
            seen.setdefault(rounded.tobytes() + signs.tobytes(), (values, signs, choice))
    found = list(seen.values())
    return PureStationary(
        values=tuple(v for v, _, _ in found),
        signs=tuple(s for _, s, _ in found),
        choices=tuple(c for _, _, c in found),
        exhaustive=policies <= most,
        policies=policies,
    )


def _options(game: MarkovBargaining, box: EquilibriumBox, at: int) -> list[IntArray]:
    """What the box leaves possible, by proposer and state."""
    deals = game.deals.shape[1]
    out = []
    for p in range(game.principals):
        for s in range(game.states):
            signed = np.flatnonzero(box.deals[p, :, s, at])
            arranged = np.flatnonzero(box.arrangements[p, :, s, at])
            out.append(np.concatenate([signed, deals + _alike(game, at, s, arranged)]))
    return out


def _alike(game: MarkovBargaining, at: int, s: int, arranged: IntArray) -> IntArray:
    """One arrangement for all that are worth the same to everybody."""
    worth = game.interim[:, arranged, s, at]
    _, first = np.unique(np.round(worth / game.scales[:, None], 9), axis=1, return_index=True)
    return arranged[np.sort(first)]


def _values(game: MarkovBargaining, at: int, choice: IntArray) -> FloatArray:
    """Values of a policy, ``(principals, states)``."""
    deals = game.deals.shape[1]
    column = min(at, game.transition.shape[2] - 1)
    moves = game.transition[..., column]
    chance = game.recognition[..., min(at, game.recognition.shape[2] - 1)]
    signs, states = choice < deals, np.arange(game.states)
    stay = (chance * ~signs).sum(axis=0)
    out = np.empty((game.principals, game.states))
    for i in range(game.principals):
        signed = game.deals[i, np.where(signs, choice, 0), states, at] if deals else 0.0
        arranged = game.interim[i, np.where(signs, 0, choice - deals), states, at]
        now = (chance * np.where(signs, signed, arranged)).sum(axis=0)
        factor = game.discount[i, min(at, game.discount.shape[1] - 1)]
        out[i] = np.linalg.solve(np.eye(game.states) - factor * stay[:, None] * moves, now)
    return out


def _holds(game: MarkovBargaining, at: int, choice: IntArray, values: FloatArray, p: int) -> bool:
    """Whether what proposer ``p`` is to do in each state is accepted and the best that is acceptable."""
    slack, deals = RELATIVE * game.scales, game.deals.shape[1]
    column = min(at, game.transition.shape[2] - 1)
    factor = game.discount[:, min(at, game.discount.shape[1] - 1)]
    ahead = factor[:, None] * (values @ game.transition[..., column].T)
    for s in range(game.states):
        worth = np.concatenate(
            [game.deals[:, :, s, at], game.interim[:, :, s, at] + ahead[:, s : s + 1]], axis=1
        )
        open_now = np.concatenate([game.open[:, s, at], game.interim_open[:, s, at]])
        gain = worth - worth[:, deals : deals + 1]
        others = np.arange(game.principals) != p
        accepted = open_now & (gain[others] >= -slack[others, None]).all(axis=0)
        surely = open_now & (gain[others] > slack[others, None]).all(axis=0)
        accepted[deals] = surely[deals] = True
        best = worth[p, surely].max()
        if not accepted[choice[p, s]] or worth[p, choice[p, s]] < best - slack[p]:
            return False
    return True
