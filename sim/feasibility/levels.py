"""The arithmetic of the ladder: gains, slacks, the level of every treaty on every rung, and the best.

Definition. The *level* of a treaty under some stances on a rung is the lowest of its gains and of its
slacks up to that rung; the first rung on which no level is >= 0 is where the ladder fails.

Array convention. Values have shape ``(agreements, profiles, batch)``, batch last; ``tops`` and choices
have shape ``(batch,)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray, IntArray
from sim.constraints import Rung
from sim.payoffs import Batch

RUNGS = ("mutual gain", "ratifiable at home", "accepted abroad", "self-enforcing")
RUNG_OF: dict[Rung, int] = {"home": 1, "abroad": 2, "enforcement": 3}


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """Payoffs of the principals in their units, and slacks, on the smallest shapes they need.

    ``slacks`` has every constraint's with its rung; ``lowest`` has per rung the lowest of them, ``None``
    where the rung has none.
    """

    payoffs: list[FloatArray]
    slacks: list[tuple[int, FloatArray]]
    lowest: dict[int, FloatArray | None]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Heights:
    """How far treaties come; ``tied`` has shape ``(agreements, batch)``, all else ``(batch,)``.

    Parameters
    ----------
    margin, every
        Best treaty by all gains and slacks, in some and in every stance equilibrium.
    rung
        First rung that fails, ``len(RUNGS)`` where none does.
    agreement, profile, tied
        Best treaty there, the stances that it meets, and all treaties that share its value.
    """

    margin: FloatArray
    every: FloatArray
    rung: IntArray
    agreement: IntArray
    profile: IntArray
    tied: BoolArray


def values_of(batch: Batch) -> Values:
    """Payoffs of the principals in their units, and the slacks, at a chunk of points."""
    dispute = batch.dispute
    payoffs = [
        batch.payoff(actor) / dispute.scales[actor]
        for actor in dispute.scenario.document.principals
    ]
    slacks = [(RUNG_OF[c.rung], batch.slack(c)) for c in dispute.constraints]
    lowest = {k: batch.lowest(rung) for rung, k in RUNG_OF.items()}
    return Values(payoffs, slacks, lowest)


def base_payoffs(values: Values, s0: int) -> list[FloatArray]:
    """Payoffs of the status quo under stance profile ``s0``, in the principals' units."""
    return [u[0, min(s0, u.shape[1] - 1)] for u in values.payoffs]


def heights(values: Values, base: Sequence[FloatArray], allowed: BoolArray) -> Heights:
    """How far treaties come.

    Parameters
    ----------
    values
        Payoffs and slacks at a chunk of points.
    base
        What gains are measured against, per principal, shape ``(batch,)``.
    allowed
        Treaties under the stances that are equilibria, shape ``(agreements, profiles, batch)``.
    """
    levels = levels_of(values, base, allowed)
    tops = tops_of(levels)
    rung = first_failing(tops)
    agreement, profile, tied = best_treaties(levels, tops, rung)
    every = in_every(levels[-1], allowed)
    return Heights(
        margin=tops[-1], every=every, rung=rung, agreement=agreement, profile=profile, tied=tied
    )


def levels_of(values: Values, base: Sequence[FloatArray], allowed: BoolArray) -> list[FloatArray]:
    """Per rung the lowest value up to it, ``-inf`` where a treaty is not among the candidates."""
    current = np.full(allowed.shape, np.inf)
    np.copyto(current, -np.inf, where=~allowed)
    for u, at in zip(values.payoffs, base, strict=True):
        np.minimum(current, u - at, out=current)
    levels = [current]
    for rung in range(1, len(RUNGS)):
        slack = values.lowest[rung]
        if slack is not None:
            current = np.minimum(current, slack)
        levels.append(current)
    return levels


def tops_of(levels: Sequence[FloatArray]) -> list[FloatArray]:
    """Per rung the best value over all treaties and stances, shape ``(batch,)``."""
    return [level.reshape(-1, level.shape[-1]).max(axis=0) for level in levels]


def first_failing(tops: Sequence[FloatArray]) -> IntArray:
    """The first rung that no treaty reaches, ``len(RUNGS)`` where none fails."""
    rung = np.full(tops[0].shape, len(RUNGS), dtype=np.int64)
    for k in reversed(range(len(RUNGS))):
        rung[tops[k] < -RELATIVE] = k
    return rung


def best_treaties(
    levels: Sequence[FloatArray], tops: Sequence[FloatArray], rung: IntArray
) -> tuple[IntArray, IntArray, BoolArray]:
    """Best treaty, its stance profile, and which treaties tie, at the rung that decides.

    Among treaties that tie the one with the largest mutual gain stands for them, then the first.
    """
    place = np.zeros(rung.shape, dtype=np.int64)
    tied = np.zeros((levels[0].shape[0], len(rung)), dtype=np.bool_)
    level_of = np.minimum(rung, len(RUNGS) - 1)
    for k in np.unique(level_of):
        points = level_of == k
        pick = slice(None) if points.all() else points
        level, mutual = levels[k][..., pick], levels[0][..., pick]
        near = level >= tops[k][pick] - RELATIVE
        tied[:, pick] = near.any(axis=1)
        if k > 0:
            largest = np.where(near, mutual, -np.inf).reshape(-1, near.shape[-1]).max(axis=0)
            near &= mutual >= largest - RELATIVE
        place[pick] = near.reshape(-1, near.shape[-1]).argmax(axis=0)
    columns = levels[0].shape[1]
    return place // columns, place % columns, tied


def in_every(level: FloatArray, allowed: BoolArray) -> FloatArray:
    """Best treaty when each meets the least favourable of its stance equilibria."""
    if level.shape[1] == 1:
        return np.asarray(level[:, 0].max(axis=0))
    worst = level.copy()
    np.copyto(worst, np.inf, where=~allowed)
    worst = worst.min(axis=1)
    np.copyto(worst, -np.inf, where=~allowed.any(axis=1))
    return np.asarray(worst.max(axis=0))


def lowest_part(
    values: Values, base: Sequence[FloatArray], found: Heights
) -> tuple[IntArray, FloatArray]:
    """Which gain or slack of the best treaty is lowest, among the rungs up to the one that decides.

    Gains are counted first, then slacks, as the ladder's labels name them.
    """
    parts = [(0, u) for u in values.payoffs] + values.slacks
    points = np.arange(len(found.rung))
    table = np.empty((len(parts), len(points)))
    for k, (level, value) in enumerate(parts):
        rows = np.minimum(found.agreement, value.shape[0] - 1)
        columns = np.minimum(found.profile, value.shape[1] - 1)
        at = value[rows, columns, points if value.shape[2] > 1 else 0]
        at = at - base[k] if k < len(base) else at
        table[k] = np.where(level <= found.rung, at, np.inf)
    lowest = table.argmin(axis=0)
    return lowest, table[lowest, points]
