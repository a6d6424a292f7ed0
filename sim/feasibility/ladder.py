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

from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray, IntArray
from sim.feasibility.kernels import NUMPY, Kernels
from sim.feasibility.levels import RUNGS, Values, base_payoffs, lowest_part, values_of
from sim.payoffs import Batch, Dispute

__all__ = ["PASSED", "PREDICTED", "RUNGS", "Ladder", "climb", "ladder_labels"]

PREDICTED, PASSED = "predicted", "feasible and predicted"


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


def ladder_labels(dispute: Dispute) -> tuple[str, ...]:
    """Names of gains and slacks in the order of the ladder's indices."""
    gains = [f"{actor}.gain" for actor in dispute.scenario.document.principals]
    return (*gains, *(c.label for c in dispute.constraints))


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """The ladder against some status-quo stances, and the treaties that tie, ``(agreements, batch)``."""

    ladder: Ladder
    tied: BoolArray


def climb(batch: Batch, candidates: BoolArray | None = None, *, kernels: Kernels = NUMPY) -> Ladder:
    """The ladder at a chunk of points.

    Parameters
    ----------
    batch
        A dispute at some points, as ``dispute.at(theta)`` makes it.
    candidates
        Which agreements climb, shape ``(agreements,)``; the treaties by default.
    kernels
        What computes it.

    Notes
    -----
    Source: [putnam1988]_ for the two levels.
    """
    dispute = batch.dispute
    stable, certain = kernels.stances(batch)
    values = values_of(batch)
    wanted = dispute.treaties if candidates is None else candidates
    allowed = stable & wanted[:, None, None]
    exact = certain[0] & certain[wanted].all(axis=0)
    best: _Part | None = None
    seen = np.zeros(batch.size, dtype=np.bool_)
    for s0 in np.flatnonzero(stable[0].any(axis=-1)):
        part = _against(kernels, dispute, values, allowed, int(s0), exact)
        best = part if best is None else _combine(best, part, stable[0, s0], seen)
        seen = seen | stable[0, s0]
    assert best is not None
    return best.ladder


def _against(
    kernels: Kernels,
    dispute: Dispute,
    values: Values,
    allowed: BoolArray,
    s0: int,
    exact: BoolArray,
) -> _Part:
    """The ladder with gains measured against the status quo under stance profile ``s0``."""
    base = base_payoffs(values, s0)
    found = kernels.heights(values, base, allowed)
    binding, lowest = lowest_part(values, base, found)
    ladder = Ladder(
        margin=found.margin,
        margin_in_every=found.every,
        rung=found.rung,
        agreement=found.agreement,
        profile=found.profile,
        base_profile=np.full(found.rung.shape, s0),
        binding=binding,
        binding_slack=lowest,
        ties=found.tied.sum(axis=0),
        exact=exact,
        labels=ladder_labels(dispute),
    )
    return _Part(ladder, found.tied)


def _combine(first: _Part, second: _Part, possible: BoolArray, seen: BoolArray) -> _Part:
    """The more favourable of two status-quo stances, and the less favourable for ``in every``.

    Treaties that are equally good against different stances tie as well.
    """
    a, b = first.ladder, second.ladder
    better, equal = np.zeros_like(possible), np.ones_like(possible)
    for old, new in ((a.margin, b.margin), (a.rung, b.rung), (a.binding_slack, b.binding_slack)):
        better |= equal & (new > old + RELATIVE)
        equal &= (new >= old - RELATIVE) & (new <= old + RELATIVE)
    better, equal = possible & (~seen | better), possible & seen & equal
    tied = np.where(better, second.tied, first.tied | (second.tied & equal))
    chosen = {f: np.where(better, getattr(b, f), getattr(a, f)) for f in _CHOSEN}
    low = np.where(seen, a.margin_in_every, np.inf)
    worse = np.minimum(low, np.where(possible, b.margin_in_every, np.inf))
    every = np.where(possible, worse, a.margin_in_every)
    ladder = Ladder(
        **chosen, ties=tied.sum(axis=0), margin_in_every=every, exact=a.exact, labels=a.labels
    )
    return _Part(ladder, tied)


_CHOSEN = ("margin", "rung", "agreement", "profile", "base_profile", "binding", "binding_slack")
