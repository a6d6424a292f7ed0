"""The treaty ladder: whether a treaty is feasible, by how much, and what blocks it.

Definition. For a parameter point, over the treaties ``a`` and the stance profiles ``s`` that are
equilibria among the third parties once ``a`` is signed (``s0``: the same when nothing is signed),

    gain_i(a, s)  = [U_i(a, s) - U_i(status quo, s0)] / K_i      for every principal i
    slack_c(a, s)                                                for every constraint c
    margin        = max over (a, s) of the min over all gains and slacks

A treaty is feasible when ``margin >= 0``. The ladder's rungs add to one another: mutual gain,
ratifiable at home (Putnam's level II), accepted abroad, self-enforcing. The first rung at which
no treaty passes is where it fails; the best treaty there and its lowest gain or slack say why.
``margin_in_every`` is the same maximum with the least favourable stance equilibria: "in every
equilibrium" and not "in some".

Array convention. Values have shape ``(agreements, profiles, batch)``, batch last; records
``(batch,)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray, IntArray
from sim.feasibility.stances import stance_equilibria
from sim.payoffs import Batch, Dispute

RUNGS = ("mutual gain", "ratifiable at home", "accepted abroad", "self-enforcing")
PREDICTED, PASSED = "predicted", "feasible and predicted"
_RUNG_OF = {"home": 1, "abroad": 2, "enforcement": 3}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ladder:
    """The ladder of a batch of points; every array has shape ``(batch,)``.

    Parameters
    ----------
    margin, margin_in_every
        In some and in every stance equilibrium; ``-inf`` where the file has no treaty.
    rung
        Index into ``RUNGS`` of the first rung that fails, ``len(RUNGS)`` where none does.
    agreement, profile
        Best treaty at that rung (at the top where none fails) and the stances it meets.
    base_profile
        The stances under the status quo against which gains are measured.
    binding
        Index into ``labels`` of the lowest gain or slack of that treaty, among the rungs up to
        there.
    binding_slack
        Its value.
    ties
        How many treaties share the best value there (1: no tie).
    exact
        Whether the third parties had a pure equilibrium everywhere it mattered; if not, the
        profiles of least regret stood in.
    labels
        ``actor.gain`` of every principal, then ``actor.constraint`` of every constraint.
    """

    margin: FloatArray
    margin_in_every: FloatArray
    rung: IntArray
    agreement: IntArray
    profile: IntArray
    base_profile: IntArray
    binding: IntArray
    binding_slack: FloatArray
    ties: IntArray
    exact: BoolArray
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Values:
    """Gains less the base payoff, and slacks, on the smallest shapes they need."""

    payoffs: list[FloatArray]
    slacks: list[tuple[int, FloatArray]]


def ladder_labels(dispute: Dispute) -> tuple[str, ...]:
    """Names of gains and slacks in the order of the ladder's indices."""
    gains = [f"{actor}.gain" for actor in dispute.scenario.document.principals]
    return (*gains, *(c.label for c in dispute.constraints))


def climb(batch: Batch, candidates: BoolArray | None = None) -> Ladder:
    """The ladder at a chunk of points.

    Parameters
    ----------
    batch
        A dispute at some points, as ``dispute.at(theta)`` makes it.
    candidates
        Which agreements climb, shape ``(agreements,)``; the treaties by default.

    Notes
    -----
    Source: [putnam1988]_ for the two levels.
    """
    dispute = batch.dispute
    stable, exact = stance_equilibria(batch)
    values = _values(batch)
    wanted = dispute.treaties if candidates is None else candidates
    allowed = stable & wanted[:, None, None]
    best: Ladder | None = None
    seen = np.zeros(batch.size, dtype=np.bool_)
    for s0 in np.flatnonzero(stable[0].any(axis=-1)):
        part = _against(dispute, values, allowed, int(s0), exact)
        best = part if best is None else _combine(best, part, stable[0, s0], seen)
        seen = seen | stable[0, s0]
    assert best is not None
    return best


def _values(batch: Batch) -> _Values:
    dispute = batch.dispute
    payoffs = [
        batch.payoff(actor) / dispute.scales[actor]
        for actor in dispute.scenario.document.principals
    ]
    slacks = [(_RUNG_OF[c.rung], batch.slack(c)) for c in dispute.constraints]
    return _Values(payoffs, slacks)


def _against(
    dispute: Dispute, values: _Values, allowed: BoolArray, s0: int, exact: BoolArray
) -> Ladder:
    """The ladder with gains measured against the status quo under stance profile ``s0``."""
    parts = [*((0, g) for g in _gains(values, s0)), *values.slacks]
    levels = _levels(parts, allowed)
    tops = [level.reshape(-1, level.shape[-1]).max(axis=0) for level in levels]
    rung = _first_failing(tops)
    agreement, profile, ties = _best(levels, tops, rung)
    binding, lowest = _binding(parts, rung, agreement, profile)
    every = _in_every(levels[-1], allowed)
    return Ladder(
        margin=tops[-1],
        margin_in_every=every,
        rung=rung,
        agreement=agreement,
        profile=profile,
        base_profile=np.full(rung.shape, s0),
        binding=binding,
        binding_slack=lowest,
        ties=ties,
        exact=exact,
        labels=ladder_labels(dispute),
    )


def _gains(values: _Values, s0: int) -> list[FloatArray]:
    """Payoffs less the status quo's under stance profile ``s0``, in units of spread."""
    return [u - u[:1, min(s0, u.shape[1] - 1)][:, None] for u in values.payoffs]


def _levels(parts: Sequence[tuple[int, FloatArray]], allowed: BoolArray) -> list[FloatArray]:
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


def _first_failing(tops: Sequence[FloatArray]) -> IntArray:
    rung = np.full(tops[0].shape, len(RUNGS), dtype=np.int64)
    for k in reversed(range(len(RUNGS))):
        rung[tops[k] < -RELATIVE] = k
    return rung


def _best(
    levels: Sequence[FloatArray], tops: Sequence[FloatArray], rung: IntArray
) -> tuple[IntArray, IntArray, IntArray]:
    """Best treaty, its stance profile, and how many treaties tie, at the rung that decides.

    Among treaties that tie the one with the largest mutual gain stands for them, then the first.
    """
    place = np.zeros(rung.shape, dtype=np.int64)
    ties = np.zeros(rung.shape, dtype=np.int64)
    level_of = np.minimum(rung, len(RUNGS) - 1)
    for k in np.unique(level_of):
        points = level_of == k
        pick = slice(None) if points.all() else points
        level, mutual = levels[k][..., pick], levels[0][..., pick]
        near = level >= tops[k][pick] - RELATIVE
        ties[pick] = near.any(axis=1).sum(axis=0)
        if k > 0:
            largest = np.where(near, mutual, -np.inf).reshape(-1, near.shape[-1]).max(axis=0)
            near &= mutual >= largest - RELATIVE
        place[pick] = near.reshape(-1, near.shape[-1]).argmax(axis=0)
    columns = levels[0].shape[1]
    return place // columns, place % columns, ties


def _binding(
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


def _in_every(level: FloatArray, allowed: BoolArray) -> FloatArray:
    """Best treaty when each meets the least favourable of its stance equilibria."""
    if level.shape[1] == 1:
        return np.asarray(level[:, 0].max(axis=0))
    worst = level.copy()
    np.copyto(worst, np.inf, where=~allowed)
    worst = worst.min(axis=1)
    np.copyto(worst, -np.inf, where=~allowed.any(axis=1))
    return np.asarray(worst.max(axis=0))


def _combine(first: Ladder, second: Ladder, possible: BoolArray, seen: BoolArray) -> Ladder:
    """The more favourable of two status-quo stances, and the less favourable for ``in every``."""
    better = possible & (~seen | (second.margin > first.margin))
    fields = (
        "margin",
        "rung",
        "agreement",
        "profile",
        "base_profile",
        "binding",
        "binding_slack",
        "ties",
    )
    chosen = {f: np.where(better, getattr(second, f), getattr(first, f)) for f in fields}
    low = np.where(seen, first.margin_in_every, np.inf)
    worse = np.minimum(low, np.where(possible, second.margin_in_every, np.inf))
    every = np.where(possible, worse, first.margin_in_every)
    return Ladder(**chosen, margin_in_every=every, exact=first.exact, labels=first.labels)


def _at_point(batch: Batch, base_profile: int) -> tuple[list[FloatArray], list[FloatArray]]:
    """Levels and their tops at one point, against the status quo under given stances."""
    stable, _ = stance_equilibria(batch)
    values = _values(batch)
    parts = [*((0, g) for g in _gains(values, base_profile)), *values.slacks]
    levels = _levels(parts, stable & batch.dispute.treaties[:, None, None])
    return levels, [level.reshape(-1, level.shape[-1]).max(axis=0) for level in levels]


def best_by_rung(batch: Batch, base_profile: int) -> list[tuple[float, int]]:
    """Per rung the best value over all treaties up to that rung, and the treaty that stands for it.

    ``batch`` is one point; ``base_profile`` the stances under the status quo that the ladder chose.
    """
    levels, tops = _at_point(batch, base_profile)
    out = []
    for k, top in enumerate(tops):
        agreement, _, _ = _best(levels, tops, np.array([k]))
        out.append((float(top[0]), int(agreement[0])))
    return out


def tied_agreements(batch: Batch, base_profile: int, rung: int) -> list[int]:
    """All treaties that share the best value at a rung, at one point."""
    levels, tops = _at_point(batch, base_profile)
    k = min(rung, len(RUNGS) - 1)
    near = (levels[k] >= tops[k] - RELATIVE)[..., 0].any(axis=1)
    return [int(a) for a in np.flatnonzero(near)]
