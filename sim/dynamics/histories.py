"""Histories of a world, drawn by chance: how it moves, and when a treaty is signed.

Definition. For one history a draw of the uncertain numbers is taken, and its equilibrium. In every period
the world is in a state; a treaty is signed with the chance that the equilibrium gives to that state, and if
none is the world moves. After a signature it moves on.

Array convention. Histories last: states have shape ``(periods, histories)``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim._kernels.tolerance import FloatArray, IntArray
from sim.dynamics.drawing import Model
from sim.dynamics.outcome import AtDraws
from sim.dynamics.period import signable
from sim.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Histories:
    """Histories that were drawn.

    Parameters
    ----------
    title
        Of the scenario.
    years, unit
        The year with which each period ends, and what is counted: years, or periods.
    factors
        Per factor its levels.
    levels
        Per factor the number of its level, ``(periods, histories)``.
    signed
        The period in which a treaty was signed, -1 where none was, ``(histories,)``.
    deal
        What was signed, ``""`` where nothing was.
    draw
        Of which draw of the uncertain numbers, ``(histories,)``.
    """

    title: str
    years: tuple[int, ...]
    unit: str
    factors: dict[str, tuple[str, ...]]
    levels: dict[str, IntArray]
    signed: IntArray
    deal: tuple[str, ...]
    draw: IntArray
    labelled: Any = None

    @property
    def by(self) -> FloatArray:
        """Share of the histories with a treaty by the end of each period."""
        periods = np.arange(len(self.years))[:, None]
        return np.asarray(((self.signed >= 0) & (self.signed <= periods)).mean(axis=1))

    def to_frame(self) -> Any:
        """One row a history and year: levels, and whether a treaty is in force."""
        import pandas as pd

        count = len(self.signed)
        columns: dict[str, Any] = {
            "history": np.tile(np.arange(count), len(self.years)),
            "year": np.repeat(self.years, count),
        }
        for name, levels in self.factors.items():
            columns[name] = np.array(levels)[self.levels[name]].reshape(-1)
        periods = np.arange(len(self.years))[:, None]
        columns["treaty"] = ((self.signed >= 0) & (self.signed <= periods)).reshape(-1)
        return pd.DataFrame(columns)


def simulate(
    model: Model,
    played: Callable[[IntArray], AtDraws],
    answered: IntArray,
    years: tuple[int, ...],
    histories: int,
    rng: np.random.Generator,
) -> Histories:
    """Draw histories of a model, each of one of the draws that have an answer.

    Parameters
    ----------
    model
        The world with the points that were drawn.
    played
        What is played at some of them, in ascending order.
    answered
        Numbers of the draws that have an answer.
    years
        With which each period ends.
    histories
        How many.
    rng
        Where chance comes from.
    """
    if histories < 1:
        raise UsageError(f"histories: {histories}; at least 1 is needed")
    world, periods = model.world, len(years)
    draw = rng.choice(answered, size=histories)
    states = np.empty((periods, histories), dtype=np.int64)
    signed = np.full(histories, -1)
    deal = np.full(histories, -1)
    for first in range(0, model.drawn.size, model.chunk):
        of = np.flatnonzero((draw >= first) & (draw < first + model.chunk))
        if len(of):
            some, column = np.unique(draw[of], return_inverse=True)
            states[:, of], signed[of], deal[of] = _walk(model, played(some), column, periods, rng)
    dispute = model.compiler.problem.dispute
    treaties = np.flatnonzero(signable(dispute))
    names = {int(k): dispute.space.label(int(treaties[k])) for k in np.unique(deal) if k >= 0}
    table = world.positions
    return Histories(
        title=world.scenario.title,
        labelled=world.scenario.labelled,
        years=years,
        unit=world.dynamics.period.unit,
        factors={f: tuple(world.dynamics.world[f].levels) for f in world.factors},
        levels={f: table[states, k] for k, f in enumerate(world.factors)},
        signed=signed,
        deal=tuple(names.get(int(k), "") for k in deal),
        draw=draw,
    )


def _walk(
    model: Model, found: AtDraws, column: IntArray, periods: int, rng: np.random.Generator
) -> tuple[IntArray, IntArray, IntArray]:
    """States, the period of signature and the deal of histories, each of the draw ``column`` of some."""
    count = len(column)
    states = np.empty((periods, count), dtype=np.int64)
    signed, deal = np.full(count, -1), np.full(count, -1)
    at = np.full(count, model.start)
    for t in range(periods):
        states[t] = at
        chance = np.broadcast_to(found.signed_at(t), found.deal.shape)[at, column]
        new = (signed < 0) & (rng.uniform(size=count) < chance)
        signed[new], deal[new] = t, found.deal[at[new], column[new]]
        still, under = found.course.at(t), found.course.at(t, signed=True)
        at = _next(still, under, at, column, signed >= 0, rng)
    return states, signed, deal


def _next(
    still: FloatArray,
    under: FloatArray,
    at: IntArray,
    column: IntArray,
    signed: Any,
    rng: np.random.Generator,
) -> IntArray:
    """Where each history goes: by the chances of an open dispute, or by those under a treaty."""
    place = np.minimum(column, still.shape[2] - 1)
    rows = np.where(signed[:, None], under[at, :, place], still[at, :, place])
    ends = np.cumsum(rows, axis=1)
    return np.asarray((ends > rng.uniform(size=len(at))[:, None] * ends[:, -1:]).argmax(axis=1))
