r"""One equilibrium of a game too large to search, from the limit of the logit branch.

Definition. The principal branch of logit quantal response equilibria starts at the uniform profile
and leads, in almost every game, to a Nash equilibrium [mckelvey1995]_. Far out on the branch the
strategies that keep a noticeable probability are the support of that equilibrium; Newton's method
on the support's equations gives the equilibrium itself.

Array convention. As in :mod:`sim.solutions.strategic.mixed.many_actors`.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.logit_branch import trace
from sim._kernels.logit_map import mixes_of
from sim._kernels.tolerance import FloatArray
from sim.solutions.strategic.mixed.many_actors import CERTIFIED, FoundProfile, relative_regret
from sim.solutions.strategic.mixed.multilinear_newton import newton

NEAR = 1e-6
"""Regret, in units of spread, at which the branch is left."""
NOTICEABLE = (1e-2, 1e-3, 1e-4, 1e-5)
"""Probabilities from which on a strategy is taken into the support, in the order of trial."""


def limit_point(table: FloatArray) -> list[FoundProfile]:
    """The limit of the logit branch as an equilibrium, or nothing when it cannot be certified.

    Examples
    --------
    >>> pennies = np.array([[[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]])
    >>> [[mix.tolist() for mix in member.profile] for member in limit_point(pennies)]
    [[[0.5, 0.5], [0.5, 0.5]]]
    """
    payoffs = table[..., None]
    end = trace(payoffs, np.array([np.inf]), NEAR)
    mixes = [mix[:, 0] for mix in mixes_of(payoffs, end.point)]
    for least in NOTICEABLE:
        profile = _polished(table, [np.where(mix >= least, mix, 0.0) for mix in mixes])
        if relative_regret(table, profile) <= CERTIFIED:
            return [FoundProfile(profile=profile, regular=False, singular=False)]
    return []


def _polished(table: FloatArray, mixes: list[FloatArray]) -> tuple[FloatArray, ...]:
    """Newton's method on the indifference equations of the support of ``mixes``."""
    supports = [np.flatnonzero(mix) for mix in mixes]
    inside = table[np.ix_(np.arange(len(mixes)), *supports)]
    rows: list[FloatArray] = []
    for actor, support in enumerate(supports):
        own = np.moveaxis(inside[actor], actor, 0)
        gains = np.expand_dims(own[1:] - own[0], actor + 1)
        rows.extend(np.broadcast_to(gains, (len(gains), *inside.shape[1:])))
        mixes[actor] = mixes[actor][support] / mixes[actor].sum()
    if rows:
        stacked = np.stack(rows)[..., None]
        start = [mix[:, None] for mix in mixes]
        mixes = [mix[:, 0] for mix in newton(stacked, len(rows), start, hold=False).mixes]
    profile = []
    for mix, support, size in zip(mixes, supports, table.shape[1:], strict=True):
        full = np.zeros(size)
        full[support] = np.clip(mix, 0.0, 1.0)
        profile.append(full / full.sum())
    return tuple(profile)
