r"""What nobody chooses in any perfect Bayesian equilibrium, found from the end of the game backwards.

Definition. Let the continuation after an option be worth between ``lo`` and ``hi`` to its mover, by profile
of types. At a history a type of the mover never chooses option ``o``

- where another is better whatever is true: ``hi(o) < lo(c)`` for every profile with that type, and for all
  that is chosen at the same time; or
- where moves are not simultaneous and no belief makes it best: there is no distribution ``mu`` over the
  profiles with that type with ``mu . hi(o) >= mu . lo(c)`` for all ``c``.

Such an option is left out where nothing is left to choose after it, or where no type of the mover would
choose it: otherwise those who move later may still believe, off the path, that it was this type that did.
Of options after which nothing is left to choose and the outcome is the same whatever is true, the first
stands for all. What is left out is never played with a positive chance in an equilibrium, on the path or
off it, is nobody's profitable deviation and restricts no belief, so the equilibrium outcomes of what is
kept are those of the whole game.

Array convention. Per axis ``kept`` has shape ``(*earlier stages, options, types)``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.games.private.typed_outcomes import TypedOutcomes

OPEN = -1
"""In place of an outcome: something is left to choose."""
BARELY = 1e-7
"""Share of the largest gap by which every belief must fail, so that rounding cuts nothing."""


def kept_options(typed: TypedOutcomes) -> list[BoolArray]:
    """Per axis which options may be chosen, shape ``(*earlier stages, options, types)``."""
    stages = typed.game.stages
    least, most, final = typed.least, typed.most, typed.final
    out: list[BoolArray] = [np.ones(0, dtype=np.bool_)] * len(typed.game.axes)
    for stage in reversed(stages):
        before, sizes = final.shape[: stage[0]], final.shape[stage[0] : -1]
        count = int(np.prod(before, dtype=np.int64))
        actors, types = least.shape[0], final.shape[-1]
        lo = least.reshape(actors, count, *sizes, types)
        hi = most.reshape(actors, count, *sizes, types)
        ends = final.reshape(count, *sizes, types)
        kept = _stage(typed, stage, lo, hi, ends)
        for k, one in zip(stage, kept, strict=True):
            out[k] = one.reshape(*before, one.shape[1], types)
        played = _together(kept)
        inner = tuple(range(1, 1 + len(sizes)))
        least = np.where(played, lo, np.inf).min(axis=tuple(k + 1 for k in inner))
        most = np.where(played, hi, -np.inf).max(axis=tuple(k + 1 for k in inner))
        alone = played.sum(axis=inner) == 1
        final = np.where(alone, np.where(played, ends, OPEN).max(axis=inner), OPEN)
        least = least.reshape(actors, *before, types)
        most, final = most.reshape(actors, *before, types), final.reshape(*before, types)
    return out


def _together(kept: Sequence[BoolArray]) -> BoolArray:
    """Which joint choices of a stage are kept, shape ``(histories, *options, types)``."""
    out = np.ones((1,) * (len(kept) + 2), dtype=np.bool_)
    for k, one in enumerate(kept):
        shape = [one.shape[0], *(1 for _ in kept), one.shape[2]]
        shape[1 + k] = one.shape[1]
        out = out & one.reshape(shape)
    return out


def _stage(
    typed: TypedOutcomes, stage: Sequence[int], lo: FloatArray, hi: FloatArray, ends: IntArray
) -> list[BoolArray]:
    """What is kept on every axis of a stage."""
    count = ends.shape[0]
    kept = [np.repeat(typed.allowed[k][None], count, axis=0) for k in stage]
    changed = True
    while changed:
        changed = False
        for j, axis in enumerate(stage):
            mover = typed.actors.index(typed.game.axes[axis].actor)
            cut = np.zeros_like(kept[j])
            for own in _classes(typed.own[axis]):
                worse = _worse(j, kept, lo[mover][..., own], hi[mover][..., own], own)
                cut[..., own] = worse[..., None]
            cut = _may_go(j, cut, kept[j], ends, typed.own[axis])
            if (cut & kept[j]).any():
                kept[j] &= ~cut
                changed = len(stage) > 1
    for j, axis in enumerate(stage):
        if typed.game.axes[axis].kind != "signal":
            for own in _classes(typed.own[axis]):
                _merge(j, kept, ends[..., own], own)
    return kept


def _may_go(j: int, cut: BoolArray, kept: BoolArray, ends: IntArray, types: IntArray) -> BoolArray:
    """What may be left out of what is worse: nothing is left to choose after it, or no type chooses it."""
    inner = tuple(k for k in range(1, ends.ndim - 1) if k != 1 + j)
    settled = (ends != OPEN).all(axis=inner)
    for own in _classes(types):
        settled[..., own] = settled[..., own].all(axis=-1, keepdims=True)
    nobody = (cut | ~kept).all(axis=-1, keepdims=True)
    return np.asarray(cut & (settled | nobody))


def _classes(own: IntArray) -> list[IntArray]:
    return [np.flatnonzero(own == k) for k in np.unique(own)]


def _worse(
    j: int, kept: Sequence[BoolArray], lo: FloatArray, hi: FloatArray, own: IntArray
) -> BoolArray:
    """Which options of a stage's axis a type of its mover never chooses, ``(histories, options)``."""
    low, high = (np.moveaxis(x, 1 + j, 1) for x in (lo, hi))
    count, options = low.shape[:2]
    low, high = low.reshape(count, options, -1), high.reshape(count, options, -1)
    others = [
        np.ones((count, 1, len(own)), dtype=np.bool_) if k == j else one[..., own]
        for k, one in enumerate(kept)
    ]
    alive = np.moveaxis(_together(others), 1 + j, 1).reshape(count, 1, -1)
    mine: BoolArray = np.asarray(kept[j][..., own].all(axis=-1))
    if alive.shape[-1] == 1:
        top = np.where(mine[..., None], low, -np.inf).max(axis=1, keepdims=True)
        return np.asarray((high < top)[..., 0])
    out = np.zeros((count, options), dtype=np.bool_)
    for c in range(options):
        better = ((high < low[:, c : c + 1]) | ~alive).all(axis=-1)
        out |= better & mine[:, c : c + 1]
    if len(kept) == 1 and len(own) > 1:
        for h in range(count):
            here = np.flatnonzero(mine[h] & ~out[h])
            if len(here) > 1:
                out[h, here] = _never_best(low[h, here], high[h, here])
    return out


def _never_best(low: FloatArray, high: FloatArray) -> BoolArray:
    """Which options no belief makes best, from values of shape ``(options, types)``."""
    if low.shape[1] > 2:
        return np.array([_no_belief(high[o] - np.delete(low, o, axis=0)) for o in range(len(low))])
    gap = high[:, None, :] - low[None, :, :]
    first, second = gap[..., 0], gap[..., 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        cut = second / (second - first)
    most = np.where((first < 0) & (second >= 0), cut, 1.0)
    least = np.where((first >= 0) & (second < 0), cut, 0.0)
    itself = np.eye(len(low), dtype=np.bool_)
    beaten = ((first < 0) & (second < 0) & ~itself).any(axis=1)
    most, least = np.where(itself, 1.0, most), np.where(itself, 0.0, least)
    return np.asarray(beaten | (least.max(axis=1) > most.min(axis=1)))


def _no_belief(gaps: FloatArray) -> bool:
    """Whether no distribution over types keeps every row of gaps at or above 0."""
    from scipy.optimize import linprog

    rows, types = gaps.shape
    gaps = gaps / (np.abs(gaps).max() or 1.0)
    found = linprog(
        np.append(np.zeros(types), -1.0),
        A_ub=np.hstack([-gaps, np.ones((rows, 1))]),
        b_ub=np.zeros(rows),
        A_eq=np.append(np.ones(types), 0.0)[None],
        b_eq=[1.0],
        bounds=[(0, 1)] * types + [(None, None)],
    )
    return bool(found.status == 0 and -found.fun < -BARELY)


def _merge(j: int, kept: Sequence[BoolArray], ends: IntArray, own: IntArray) -> None:
    """Keep the first of options that come to the same outcome whatever is true."""
    table = np.moveaxis(ends, 1 + j, 1)
    count, options = table.shape[:2]
    table = table.reshape(count, options, -1)
    mine = kept[j][..., own[0]]
    for h in range(count):
        seen: set[bytes] = set()
        for o in np.flatnonzero(mine[h]):
            row = table[h, o]
            if (row == OPEN).any():
                continue
            key = row.tobytes()
            if key in seen:
                kept[j][h, o, own] = False
            seen.add(key)
