"""The treaty ladder: whether a treaty is feasible, by how much, and what blocks it.

Definition. For a parameter point, over the treaties ``a`` and the stance profiles ``s`` that are
equilibria among the third parties once ``a`` is signed (``s0``: the same when nothing is signed),

    gain_i(a, s)  = [U_i(a, s) - U_i(status quo, s0)] / K_i      for every principal i
    slack_c(a, s)                                                for every constraint c
    margin        = max over (a, s) of the min over all gains and slacks

A treaty is feasible when ``margin >= 0``. The ladder's rungs add to one another: mutual gain,
ratifiable at home (Putnam's level II), accepted abroad, self-enforcing. Each rung is the best over all
``(a, s, s0)`` of its own. The first rung at which no treaty passes is where the ladder fails; the best treaty
there (:mod:`sim.feasibility.choice`) and its lowest gain or slack say why. ``margin_in_every`` is the margin
with the least favourable stance equilibria: "in every equilibrium" and not "in some".

Where no treaty passes so, stances to which third parties are committed in the scenario's game count too
(:mod:`sim.feasibility.commitments`).

Array convention. Values have shape ``(cells, batch)``, batch last; records ``(batch,)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.feasibility.choice import Candidates, candidates_of, chosen_of
from sim.feasibility.levels import (
    View,
    first_failing,
    in_every,
    largest_error,
    levels_of,
    tops_of,
)
from sim.feasibility.stances import stance_equilibria
from sim.feasibility.views import static_views
from sim.payoffs import Batch, Dispute
from sim.rules import ladder as rules
from sim.rules.arithmetic import ARRAYS
from sim.rules.ladder import RUNGS, TOP

__all__ = ["FEASIBLE", "PASSED", "PREDICTED", "RUNGS", "Ladder", "climb", "ladder_labels"]

PREDICTED, PASSED, FEASIBLE = "predicted", "feasible and predicted", "feasible"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ladder:
    """The ladder of a batch of points; every array has shape ``(batch,)``.

    Parameters
    ----------
    margin, margin_in_every
        In some and in every stance equilibrium, exactly 0 where a part ties with that; ``-inf`` where the
        file has no treaty.
    rung
        Index into ``RUNGS`` of the first rung that fails, ``len(RUNGS)`` where none does.
    agreement, profile
        Best treaty at that rung (at the top where none fails) and the stances it meets.
    base_profile, against
        The stances under the status quo against which gains are measured, and the same per principal: they
        differ only where each is threatened with its own.
    height
        The margin before parts that tie with 0 are taken for 0: continuous in the parameters.
    rests
        Whether the best treaty counts only because third parties are committed to stances of theirs.
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
    against: dict[str, IntArray]
    height: FloatArray
    rests: BoolArray
    binding: IntArray
    binding_slack: FloatArray
    ties: IntArray
    exact: BoolArray
    labels: tuple[str, ...]


def ladder_labels(dispute: Dispute) -> tuple[str, ...]:
    """Names of gains and slacks in the order of the ladder's indices."""
    gains = [f"{actor}.gain" for actor in dispute.scenario.document.principals]
    return (*gains, *(c.label for c in dispute.constraints))


def owners_of(dispute: Dispute) -> tuple[str, ...]:
    """Whose gain or constraint every part is, in the same order."""
    principals = dispute.scenario.document.principals
    return (*principals, *(c.actor for c in dispute.constraints))


@dataclass(frozen=True, slots=True, eq=False)
class Heights:
    """How far treaties come: per rung the best, ``(rungs, batch)``, and in every equilibrium, ``(batch,)``.

    ``height`` is the best on the last rung before parts that tie with 0 are 0.
    """

    tops: FloatArray
    every: FloatArray
    height: FloatArray


def climb(
    batch: Batch,
    candidates: BoolArray | None = None,
    *,
    more: Sequence[View] = (),
    snapped: bool = True,
) -> Ladder:
    """The ladder at a chunk of points.

    Parameters
    ----------
    batch
        A dispute at some points, as ``dispute.at(theta)`` makes it.
    candidates
        Which agreements climb, shape ``(agreements,)``; the treaties by default.
    more
        Views that count beside those of the stance equilibria.
    snapped
        Whether gains and slacks that are 0 but for rounding are 0; a search for the point at which the
        margin is 0 does better without.

    Notes
    -----
    Source: [putnam1988]_ for the two levels.
    """
    wanted = batch.dispute.treaties if candidates is None else candidates
    stable, certain = stance_equilibria(batch)
    exact = certain[0] & certain[wanted].all(axis=0)
    views = [*static_views(batch, stable, wanted), *more]
    found = heights_of(batch, views) if snapped else _heights(views, snapped=False)
    rung = first_failing(found.tops)
    best = candidates_at(batch, views, found.tops, rung)
    return _ladder(batch, views, found, rung, best, exact)


def heights_of(batch: Batch, views: Sequence[View]) -> Heights:
    """How far treaties come; where something is near 0, from parts of which those that tie with 0 are 0."""
    found = _heights(views, snapped=False)
    error = largest_error(views)
    near = rules.near_zero(ARRAYS, np.concatenate([found.tops, found.every[None]]), error)
    points = np.flatnonzero(near.any(axis=0))
    if len(points):
        some = batch if len(points) == batch.size else batch.pick(points)
        exactly = _heights([view.pick(some, points) for view in views], snapped=True)
        found.tops[:, points], found.every[points] = exactly.tops, exactly.every
    return found


def _heights(views: Sequence[View], *, snapped: bool) -> Heights:
    tops, every = [], []
    for view in views:
        levels = levels_of(view, snapped=snapped)
        tops.append(tops_of(levels))
        if not view.rests:
            every.append(np.where(view.possible, in_every(view, levels[-1]), np.inf))
    best = np.max(tops, axis=0)
    return Heights(best, np.min(every, axis=0), best[TOP].copy())


def candidates_at(
    batch: Batch, views: Sequence[View], tops: FloatArray, rung: IntArray
) -> Candidates:
    """The cells that may be best on a rung of every point."""
    place = np.minimum(rung, TOP)
    top = tops[place, np.arange(batch.size)]
    error = largest_error(views)
    with np.errstate(invalid="ignore"):
        bar = rules.bar(ARRAYS, top, error)
    masks = []
    for view in views:
        levels = levels_of(view)
        level = levels[-1] if (place == TOP).all() else rules.at_rung(ARRAYS, levels, place)
        masks.append((level >= bar) & (level > -np.inf))
    return candidates_of(views, masks, rung)


def _ladder(
    batch: Batch,
    views: Sequence[View],
    found: Heights,
    rung: IntArray,
    candidates: Candidates,
    exact: BoolArray,
) -> Ladder:
    principals = batch.dispute.scenario.document.principals
    names = ("agreement", "profile", "binding", "ties")
    out = {name: np.zeros(batch.size, dtype=np.int64) for name in names}
    against = np.zeros((len(principals), batch.size), dtype=np.int64)
    slack, rests = np.full(batch.size, -np.inf), np.zeros(batch.size, dtype=np.bool_)
    if len(candidates.point):
        best = chosen_of(candidates, len(principals))
        at = best.point
        out["agreement"][at], out["profile"][at] = best.agreement, best.profile
        out["binding"][at] = best.parts.argmin(axis=0)
        slack[at], against[:, at] = best.parts.min(axis=0), best.against
        rests[at] = np.array([view.rests for view in views])[best.view]
        out["ties"] = _ties(candidates, batch.size)
    return Ladder(
        margin=found.tops[TOP],
        margin_in_every=found.every,
        rung=rung,
        base_profile=against[0],
        against=dict(zip(principals, against, strict=True)),
        binding_slack=slack,
        height=found.height,
        rests=rests,
        exact=exact,
        labels=ladder_labels(batch.dispute),
        **out,
    )


def _ties(candidates: Candidates, size: int) -> IntArray:
    """How many agreements tie at each point."""
    near = candidates.pick(candidates.near())
    first = np.diff(near.point, prepend=-1) > 0
    new = first | (np.diff(near.agreement, prepend=-1) != 0)
    return np.bincount(near.point[new], minlength=size)
