"""Bargaining in a Markov world: who proposes, what a deal is worth for good, what a period brings.

Definition. Time is discrete and the world is in one of finitely many *states*. In every period one
principal is recognised as the proposer, with the chance that the state gives it; it offers a *deal*, or an
*arrangement* for this period only, and what it offers stands when every other principal accepts. A deal is
absorbing: ``deals`` holds each principal's value of signing it now, for ever. An arrangement, or the status
quo where nothing was offered or somebody refused, lasts one period; then the world moves to its next state
and bargaining goes on (Merlo and Wilson 1995, with indivisible deals).

All amounts are in the units in which values add up: a flow ``u`` in average units counts as
``(1 - discount) * u`` per period.

Array convention. States before batch, batch last:

- ``deals`` ``(principals, deals, states, batch)``; ``open`` ``(deals, states, batch)``: whether the deal can
  enter into force there;
- ``interim`` ``(principals, arrangements, states, batch)``: the period's worth of each arrangement, the
  status quo first; ``interim_open`` ``(arrangements, states, batch)``;
- ``recognition`` ``(principals, states, batch or 1)``; ``transition`` ``(states, states, batch or 1)``, from
  row to column; ``discount`` ``(principals, batch or 1)``; ``scales`` ``(principals,)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray, IntArray
from sim.errors import UsageError


@dataclass(frozen=True, kw_only=True, eq=False)
class MarkovBargaining:
    """A bargaining game in a Markov world, for a batch of parameter values.

    Parameters
    ----------
    deals, open, interim, interim_open, recognition, transition, discount
        As the module defines them.
    scales
        Each principal's payoff unit: values that differ by less than a billionth of it tie.

    Raises
    ------
    UsageError
        If shapes do not fit, chances are none, or a discount factor is not in [0, 1).

    Examples
    --------
    A pie of 2 in three indivisible shares, proposers by the toss of a coin, discount factor 0.9:

    >>> game = MarkovBargaining.of(
    ...     deals=[[0.0, 1.0, 2.0], [2.0, 1.0, 0.0]], recognition=[0.5, 0.5], discount=[0.9, 0.9])
    >>> game.deals.shape, game.states
    ((2, 3, 1, 1), 1)
    """

    deals: FloatArray
    open: BoolArray
    interim: FloatArray
    interim_open: BoolArray
    recognition: FloatArray
    transition: FloatArray
    discount: FloatArray
    scales: FloatArray

    def __post_init__(self) -> None:
        n, deals, states, batch = self.deals.shape
        rows = self.interim.shape[1]
        wanted = {
            "open": (deals, states, batch),
            "interim": (n, rows, states, batch),
            "interim_open": (rows, states, batch),
        }
        for name, shape in wanted.items():
            if getattr(self, name).shape != shape:
                raise UsageError(f"{name} has shape {getattr(self, name).shape}, not {shape}")
        _chances("recognition", self.recognition, 0)
        _chances("transition", self.transition, 1)
        if not ((self.discount >= 0) & (self.discount < 1)).all():
            raise UsageError("a discount factor lies in [0, 1)")
        if not self.interim_open[0].all():
            raise UsageError("the status quo, the first arrangement, is always possible")

    @property
    def principals(self) -> int:
        """Number of principals."""
        return int(self.deals.shape[0])

    @property
    def states(self) -> int:
        """Number of world states."""
        return int(self.deals.shape[2])

    @property
    def batch(self) -> int:
        """Number of games."""
        return int(self.deals.shape[3])

    @cached_property
    def arranged(self) -> IntArray:
        """Which arrangement each proposer makes where no deal is signed, ``(proposers, states, batch)``.

        The best for it of those that nobody else loses by; a period's arrangement does not change what
        comes after, so this holds whatever that is.
        """
        slack = RELATIVE * self.scales[:, None, None, None]
        fine = self.interim >= self.interim[:, :1] - slack
        chosen = np.empty((self.principals, self.states, self.batch), dtype=np.int64)
        for p in range(self.principals):
            others = [r for r in range(self.principals) if r != p]
            can = self.interim_open & fine[others].all(axis=0)
            can[0] = True
            chosen[p] = np.where(can, self.interim[p], -np.inf).argmax(axis=0)
        return chosen

    @cached_property
    def wait(self) -> FloatArray:
        """What a period without a deal is worth, ``(proposers, principals, states, batch)``."""
        picked = [
            np.take_along_axis(self.interim, k[None, None], axis=1)[:, 0] for k in self.arranged
        ]
        return np.stack(picked)

    @property
    def refuse(self) -> FloatArray:
        """What a period is worth after a refusal: the status quo's, ``(principals, states, batch)``."""
        return self.interim[:, 0]

    @classmethod
    def of(
        cls,
        *,
        deals: object,
        recognition: object,
        discount: object,
        transition: object = None,
        flow: object = 0.0,
        open: object = None,
    ) -> MarkovBargaining:
        """One game from plain tables, without a batch axis.

        Parameters
        ----------
        deals
            Values of deals, ``(principals, deals)`` or ``(principals, deals, states)``.
        recognition
            Chances to propose, ``(principals,)`` or ``(principals, states)``.
        discount
            ``(principals,)``.
        transition
            ``(states, states)``; one state that stays by default.
        flow
            What a period without a signature brings, broadcast against ``(principals, states)``.
        open
            Which deals are possible, broadcast against ``(deals, states)``; all of them by default.
        """
        values = np.asarray(deals, dtype=np.float64)
        values = values[:, :, None] if values.ndim == 2 else values
        moves = np.eye(values.shape[2]) if transition is None else np.asarray(transition, float)
        n, k, states = len(values), values.shape[1], len(moves)
        values = np.broadcast_to(values, (n, k, states))
        chances = np.asarray(recognition, dtype=np.float64).reshape(n, -1)
        flows = np.broadcast_to(np.asarray(flow, dtype=np.float64), (n, states))
        possible = np.ones((k, states), dtype=np.bool_) if open is None else np.asarray(open, bool)
        spread = values.max(axis=(1, 2)) - values.min(axis=(1, 2))
        return cls(
            deals=values[..., None],
            open=np.broadcast_to(possible, (k, states))[..., None],
            interim=flows[:, None, :, None],
            interim_open=np.ones((1, states, 1), dtype=np.bool_),
            recognition=np.broadcast_to(chances, (n, states))[..., None],
            transition=moves[..., None],
            discount=np.asarray(discount, dtype=np.float64).reshape(n, 1),
            scales=np.where(spread > 0, spread, 1.0),
        )


def _chances(name: str, table: FloatArray, axis: int) -> None:
    """Refuse what is not a table of chances along an axis."""
    total = table.sum(axis=axis)
    if not ((table >= 0).all() and np.allclose(total, 1.0, rtol=0.0, atol=RELATIVE)):
        raise UsageError(f"{name}: chances must be at least 0 and add up to 1")
