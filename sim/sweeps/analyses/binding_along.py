"""Which constraint blocks a treaty, along one parameter.

Definition. The points of a run are sorted by a parameter into bins (its grid values where it has few, else
intervals of equal width). In every bin the shares of the points at which a treaty is feasible, and at which
each gain or slack is the binding one, add up to 1; a margin on the knife-edge is a part of its own, and
points without an answer are left out.

Array convention. Shares have shape ``(bins,)``, ``edges`` ``(bins + 1,)``.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray, IntArray
from sim.errors import UsageError, suggest
from sim.records import BindingAlong
from sim.sweeps.analyses._run import numbers, verdicts
from sim.sweeps.analyses.binding_frequencies import binding_of
from sim.sweeps.run import Run

BINS = 20
"""Bins of a parameter with many values."""
MOST_VALUES = 60
"""Values of which each is a bin of its own."""
KNIFE_EDGE = "on the knife-edge"


def binding_along(
    x: FloatArray, codes: IntArray, count: int, edges: FloatArray
) -> tuple[IntArray, FloatArray]:
    """Points per bin, and per code the share of its points, shape ``(count, bins)``; nan if empty.

    Examples
    --------
    >>> points, shares = binding_along(
    ...     np.array([0.0, 0.1, 0.9]), np.array([0, 1, 1]), 2, np.array([0, 0.5, 1.0]))
    >>> points.tolist(), shares.tolist()
    ([2, 1], [[0.5, 0.0], [0.5, 1.0]])
    """
    bins = len(edges) - 1
    place = np.clip(np.searchsorted(edges, x, side="right") - 1, 0, bins - 1)
    found = np.bincount(codes * bins + place, minlength=count * bins).reshape(count, bins)
    points = found.sum(axis=0)
    return points, found / np.where(points, points, np.nan)


def binding_along_of_run(run: Run, path: str | None = None) -> BindingAlong:
    """The shares along one of a run's varied parameters, by default the one that moves them most.

    Raises
    ------
    UsageError
        If the parameter was not varied.
    """
    if path is not None and path not in run.varied:
        raise UsageError(f"'{path}' was not varied in this run{suggest(path, run.varied)}")
    found = verdicts(run)
    bound, names = binding_of(run)
    groups = ("", *names, KNIFE_EDGE)
    codes = np.select([found.yes, found.knife_edge], [0, len(names) + 1], bound + 1)[found.draw]
    path = _largest_effect(run, codes, len(groups), found.draw) if path is None else path
    x = numbers(run, path)[found.draw]
    edges = _edges(x)
    points, shares = binding_along(x, codes, len(groups), edges)
    met = np.bincount(codes, minlength=len(groups)) > 0
    blocked = {name: shares[k] for k, name in enumerate(groups) if met[k] and k}
    order = sorted(blocked, key=lambda name: (-np.nansum(blocked[name] * points), name))
    return BindingAlong(
        title=run.title,
        path=path,
        unit=run.unit(path),
        value=run.values.get(path, float("nan")),
        edges=edges,
        points=points,
        feasible=shares[0],
        shares={name: blocked[name] for name in order},
        labelled=run.labelled,
    )


def _largest_effect(run: Run, codes: IntArray, count: int, draw: BoolArray) -> str:
    """The parameter whose bins differ most in their shares; of equals the first."""
    found = {}
    for path in run.varied:
        x = numbers(run, path)[draw]
        points, shares = binding_along(x, codes, count, _edges(x))
        found[path] = effect(points, shares)
    most = max(found.values())
    return next(path for path, value in found.items() if value >= most - RELATIVE)


def effect(points: IntArray, shares: FloatArray) -> float:
    """How much the shares differ between bins: the points that have to change group to make them equal.

    Half the sum of the absolute differences from the shares of all points, weighted by the bins' points:
    0 where the parameter tells nothing, at most 1.

    Examples
    --------
    >>> effect(np.array([1, 1]), np.array([[1.0, 0.0], [0.0, 1.0]]))
    0.5
    >>> effect(np.array([2, 2]), np.array([[0.5, 0.5], [0.5, 0.5]]))
    0.0
    """
    weight = points / points.sum()
    known = np.nan_to_num(shares)
    overall = (known * weight).sum(axis=1, keepdims=True)
    return float(0.5 * (np.abs(known - overall) * weight).sum())


def _edges(x: FloatArray) -> FloatArray:
    """Edges of the bins: half way between few values, else at equal distances."""
    values = np.unique(x)
    if len(values) == 1:
        return np.asarray(values[0] + np.array([-0.5, 0.5]) * (abs(values[0]) or 1.0))
    if len(values) > MOST_VALUES:
        return np.linspace(values[0], values[-1], BINS + 1)
    middle = (values[1:] + values[:-1]) / 2
    ends = [2 * values[0] - middle[0]], [2 * values[-1] - middle[-1]]
    return np.concatenate([ends[0], middle, ends[1]])
