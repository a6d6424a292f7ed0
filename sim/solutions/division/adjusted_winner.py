"""Adjusted winner (Brams and Taylor 1996).

Definition. Each item goes to the actor that puts more points on it (equal points: to the first).
The actor with more points in total then gives items back, those first on which the ratio of its
points to the other's is smallest, until the totals are equal; at most one item is split. The
result is Pareto efficient, equitable (equal totals) and envy-free (each has at least half of its
points).

Array convention. ``points`` and shares have shapes ``(2, items)`` and ``(items,)``.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.tolerance import RELATIVE, FloatArray
from sim.games.division import DivisionProblem
from sim.results import Division, Solution


def adjusted_winner(problem: DivisionProblem) -> Solution:
    """The efficient, equitable and envy-free division of items by points.

    Parameters
    ----------
    problem
        Points of two actors.

    Returns
    -------
    Solution
        One member: each actor's points, and as ``agreement`` the first actor's share of every item;
        ``extra`` names the items won outright and the item that is split, if any. Where items have
        the same ratio of points, another division may give the same totals.

    Notes
    -----
    Source: [brams1996]_.

    Examples
    --------
    >>> problem = DivisionProblem.from_table({"land": (70, 40), "water": (30, 60)})
    >>> adjusted_winner(problem).equilibria[0].agreement["land"].__round__(6)
    0.909091
    """
    shares = first_shares(problem.points)
    totals = (problem.points * np.stack([shares, 1.0 - shares])).sum(axis=1)
    labels = dict(zip(problem.items, map(float, shares), strict=True))
    split = [item for item, share in labels.items() if 0.0 < share < 1.0]
    wins = {
        actor: [item for item, share in labels.items() if share == whole]
        for actor, whole in zip(problem.actors, (1.0, 0.0), strict=True)
    }
    found = Division(
        payoffs=dict(zip(problem.actors, map(float, totals), strict=True)),
        agreement=labels,
        extra={"share_of": problem.actors[0], "wins": wins, "split": split},
    )
    return Solution(concept="adjusted_winner", members=(found,), exhaustive=True)


def first_shares(points: FloatArray) -> FloatArray:
    """The first actor's share of every item, shape ``(items,)``.

    Parameters
    ----------
    points
        Shape ``(2, items)``, equal row sums.

    Examples
    --------
    >>> first_shares(np.array([[60.0, 40.0], [40.0, 60.0]]))
    array([1., 0.])
    """
    shares = (points[0] >= points[1]).astype(np.float64)
    lead = float(points[0] @ shares - points[1] @ (1.0 - shares))
    leader = 0 if lead > 0.0 else 1
    held = shares if leader == 0 else 1.0 - shares
    lead = abs(lead)
    for item in _by_ratio(points[leader], points[1 - leader], held):
        swing = float(points[:, item].sum())
        if lead <= RELATIVE * points.sum():
            break
        held[item] = 1.0 - min(1.0, lead / swing)
        lead -= swing * (1.0 - held[item])
    return np.asarray(held if leader == 0 else 1.0 - held)


def _by_ratio(own: FloatArray, other: FloatArray, held: FloatArray) -> list[int]:
    won = np.flatnonzero((held > 0.0) & (other > 0.0))
    return [int(k) for k in won[np.argsort(own[won] / other[won], kind="stable")]]
