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
from math import prod

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray, IntArray
from sim.games.in_time.markov_bargaining import MarkovBargaining
from sim.solutions.markov.equilibrium_box import EquilibriumBox, equilibrium_box

MOST_POLICIES, AT_ONCE = 20_000, 2_048
"""Policies tried at most, and how many of them at once."""


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

    Equilibria with the same values and the same signatures count once; what a principal would propose where
    it never does is left out.

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
    exhaustive = policies <= most
    sizes = [len(choice) if exhaustive else 1 for choice in options]
    seen: dict[bytes, tuple[FloatArray, BoolArray, IntArray]] = {}
    for first in range(0, prod(sizes), AT_ONCE):
        numbers = np.arange(first, min(first + AT_ONCE, prod(sizes)))
        rows = [choice[k] for choice, k in zip(options, _digits(numbers, sizes), strict=True)]
        choices = np.stack(rows, axis=1).reshape(-1, game.principals, game.states)
        values = _values(game, at, choices)
        for k in np.flatnonzero(_hold(game, at, choices, values)):
            signs = (choices[k] < game.deals.shape[1]) & (_column(game.recognition, at) > 0)
            rounded = np.round(values[k] / game.scales[:, None], 8) + 0.0
            key = rounded.tobytes() + signs.tobytes()
            seen.setdefault(key, (values[k].copy(), signs, choices[k].copy()))
    found = list(seen.values())
    return PureStationary(
        values=tuple(v for v, _, _ in found),
        signs=tuple(s for _, s, _ in found),
        choices=tuple(c for _, _, c in found),
        exhaustive=exhaustive,
        policies=policies,
    )


def _options(game: MarkovBargaining, box: EquilibriumBox, at: int) -> list[IntArray]:
    """What the box leaves possible, by proposer and state."""
    deals, chance = game.deals.shape[1], _column(game.recognition, at)
    out = []
    for p in range(game.principals):
        for s in range(game.states):
            if chance[p, s] == 0:
                out.append(np.array([deals]))
                continue
            signed = np.flatnonzero(box.deals[p, :, s, at])
            arranged = np.flatnonzero(box.arrangements[p, :, s, at])
            out.append(np.concatenate([signed, deals + _alike(game, at, s, arranged)]))
    return out


def _alike(game: MarkovBargaining, at: int, s: int, arranged: IntArray) -> IntArray:
    """One arrangement for all that are worth the same to everybody."""
    worth = game.interim[:, arranged, s, at]
    _, first = np.unique(np.round(worth / game.scales[:, None], 9), axis=1, return_index=True)
    return arranged[np.sort(first)]


def _digits(numbers: IntArray, sizes: list[int]) -> list[IntArray]:
    """Numbers of policies as one digit per proposer and state, the last one fastest; any number of digits."""
    out: list[IntArray] = []
    for size in reversed(sizes):
        numbers, digit = np.divmod(numbers, size)
        out.append(digit)
    return out[::-1]


def _column(table: FloatArray, at: int) -> FloatArray:
    """What game ``at`` has of a table that may be the same for the whole batch."""
    return np.asarray(table[..., min(at, table.shape[-1] - 1)])


def _values(game: MarkovBargaining, at: int, choices: IntArray) -> FloatArray:
    """Values of policies, ``(policies, principals, states)``, by what each proposer does in each state."""
    deals, states = game.deals.shape[1], np.arange(game.states)
    moves, chance = _column(game.transition, at), _column(game.recognition, at)
    factor = _column(game.discount, at)
    signs = choices < deals
    stay = (chance * ~signs).sum(axis=1)
    out = np.empty(choices.shape)
    for i in range(game.principals):
        signed = game.deals[i, np.where(signs, choices, 0), states, at] if deals else 0.0
        arranged = game.interim[i, np.where(signs, 0, choices - deals), states, at]
        now = (chance * np.where(signs, signed, arranged)).sum(axis=1)
        system = np.eye(game.states) - factor[i] * stay[:, :, None] * moves
        out[:, i] = np.linalg.solve(system, now[..., None])[..., 0]
    return out


def _hold(game: MarkovBargaining, at: int, choices: IntArray, values: FloatArray) -> BoolArray:
    """In which policies what is proposed is accepted everywhere, and the best that is acceptable."""
    slack, deals = RELATIVE * game.scales, game.deals.shape[1]
    ahead = _column(game.discount, at)[:, None] * (values @ _column(game.transition, at).T)
    chance = _column(game.recognition, at)
    out = np.ones(len(choices), dtype=np.bool_)
    for s in range(game.states):
        signed = np.broadcast_to(game.deals[:, :, s, at], (len(choices), game.principals, deals))
        arranged = game.interim[:, :, s, at] + ahead[:, :, s, None]
        worth = np.concatenate([signed, arranged], axis=2)
        open_now = np.concatenate([game.open[:, s, at], game.interim_open[:, s, at]])
        gain = worth - worth[:, :, deals : deals + 1]
        for p in np.flatnonzero(chance[:, s] > 0):
            others = np.arange(game.principals) != p
            accepted = open_now & (gain[:, others] >= -slack[others, None]).all(axis=1)
            surely = open_now & (gain[:, others] > slack[others, None]).all(axis=1)
            accepted[:, deals] = surely[:, deals] = True
            best = np.where(surely, worth[:, p], -np.inf).max(axis=1)
            own = choices[:, p, s, None]
            out &= np.take_along_axis(accepted, own, axis=1)[:, 0]
            out &= np.take_along_axis(worth[:, p], own, axis=1)[:, 0] >= best - slack[p]
    return out
