"""The arithmetic of the ladder: gains, slacks, the level of every treaty on every rung, and the best.

Array convention. Values have shape ``(agreements, profiles, batch)``, batch last; ``tops`` and choices
have shape ``(batch,)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray, IntArray
from sim.payoffs import Batch

RUNGS = ("mutual gain", "ratifiable at home", "accepted abroad", "self-enforcing")
RUNG_OF = {"home": 1, "abroad": 2, "enforcement": 3}


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """Gains less the base payoff, and slacks, on the smallest shapes they need."""

    payoffs: list[FloatArray]
    slacks: list[tuple[int, FloatArray]]


def values_of(batch: Batch) -> Values:
    """Payoffs of the principals in their units, and the slacks, at a chunk of points."""
    dispute = batch.dispute
    payoffs = [
        batch.payoff(actor) / dispute.scales[actor]
        for actor in dispute.scenario.document.principals
    ]
    slacks = [(RUNG_OF[c.rung], batch.slack(c)) for c in dispute.constraints]
    return Values(payoffs, slacks)


def gains_against(values: Values, s0: int) -> list[FloatArray]:
    """Payoffs less the status quo's under stance profile ``s0``, in units of spread."""
    return [u - u[:1, min(s0, u.shape[1] - 1)][:, None] for u in values.payoffs]


def tops_of(levels: Sequence[FloatArray]) -> list[FloatArray]:
    """Per rung the best value over all treaties and stances, shape ``(batch,)``."""
    return [level.reshape(-1, level.shape[-1]).max(axis=0) for level in levels]


def levels_of(parts: Sequence[tuple[int, FloatArray]], allowed: BoolArray) -> list[FloatArray]:
    """Per rung the lowest value up to it, ``-inf`` where a treaty is not among the candidates."""
    levels: list[FloatArray] = []
    current = np.full(allowed.shape, np.inf)
    np.copyto(current, -np.inf, where=~allowed)
    for rung in range(len(RUNGS)):
        mine = [value for k, value in parts if k == rung]
        if mine or not levels:
            current = current.copy()
            for value in mine:
                np.minimum(current, value, out=current)
        levels.append(current)
    return levels


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


def lowest_part(
    parts: Sequence[tuple[int, FloatArray]], rung: IntArray, agreement: IntArray, profile: IntArray
) -> tuple[IntArray, FloatArray]:
    """Which gain or slack of the best treaty is lowest, among the rungs up to the one that decides."""
    points = np.arange(len(rung))
    table = np.empty((len(parts), len(rung)))
    for k, (level, value) in enumerate(parts):
        rows = np.minimum(agreement, value.shape[0] - 1)
        columns = np.minimum(profile, value.shape[1] - 1)
        at = value[rows, columns, points if value.shape[2] > 1 else 0]
        table[k] = np.where(level <= rung, at, np.inf)
    lowest = table.argmin(axis=0)
    return lowest, table[lowest, points]


def in_every(level: FloatArray, allowed: BoolArray) -> FloatArray:
    """Best treaty when each meets the least favourable of its stance equilibria."""
    if level.shape[1] == 1:
        return np.asarray(level[:, 0].max(axis=0))
    worst = level.copy()
    np.copyto(worst, np.inf, where=~allowed)
    worst = worst.min(axis=1)
    np.copyto(worst, -np.inf, where=~allowed.any(axis=1))
    return np.asarray(worst.max(axis=0))
