"""Rules that tell feasible points from the others: a classification tree (Breiman et al. 1984).

Definition. The tree splits the points again and again by one parameter at one value, where the impurity
``p (1 - p)`` of the two sides, weighted by their points, is lowest; ``p`` is the share of interest. It is cut
back by cost-complexity pruning to the smallest tree whose squared error (Brier score), cross-validated in
``FOLDS`` folds, lies within one standard error of the least. So where chance alone rules, one leaf remains.
A leaf is a box; the leaves share out all points. What the tree *explains* is 1 less its cross-validated
squared error over that of the plain share: the part of the variance that it foretells at points unseen.

Array convention. As in ``_cloud``. The tree is grown on at most ``SEARCHED`` points, its leaves are measured
on all.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.errors import UsageError
from sim.records import Box, Cart, RuleSplit
from sim.sweeps.analyses._cloud import SEARCHED, Bounds, Cloud, cloud_of_run, note_of
from sim.sweeps.analyses._measure import measured
from sim.sweeps.run import Run

DEPTH = 4
"""Most restrictions of a rule."""
LEAST_LEAF = 0.01
"""Least share of the points that a rule holds."""
FOLDS = 5
"""Folds of cross-validation."""
MOST_CUTS = 12
"""Prunings of a tree that are compared."""


def cart(
    held: Cloud,
    *,
    depth: int = DEPTH,
    least_leaf: float = LEAST_LEAF,
    rng: np.random.Generator | None = None,
) -> tuple[RuleSplit | int, tuple[Box, ...], float]:
    """The tree's first split, its leaves, and what it explains.

    Parameters
    ----------
    held
        The points.
    depth
        Of the tree: how many restrictions a rule has at most.
    least_leaf
        Share of the points that a leaf holds at least.
    rng
        Draws the folds, and the points that are searched when there are very many.

    Raises
    ------
    UsageError
        If scikit-learn is missing, or an option is out of range.

    Notes
    -----
    Source: [breiman1984]_; for scenario discovery [lempert2008]_.

    Examples
    --------
    >>> from sim.sweeps.analyses._cloud import cloud
    >>> x = np.random.default_rng(0).random((2, 2000))
    >>> root, leaves, explained = cart(cloud(["a", "b"], x, x[0] > 0.8))
    >>> [(leaf.rule[:10], leaf.density) for leaf in leaves]
    [('a at most ', 0.0), ('a at least', 1.0)]
    """
    _check(depth, least_leaf)
    rng = rng or np.random.default_rng(0)
    count = len(held.wanted)
    searched = held.part(rng.permutation(count)[:SEARCHED])
    shape = {
        "max_depth": depth,
        "min_samples_leaf": max(1, int(np.ceil(least_leaf * len(searched.wanted)))),
        "random_state": int(rng.integers(2**31)),
    }
    x = _within(searched)
    cut, explained = _cut(x, searched.wanted.astype(np.float64), shape)
    grown = _tree(shape, cut).fit(x, searched.wanted)
    leaves: list[Bounds] = []
    root = _split(held, grown.tree_, 0, held.whole, leaves)
    return root, tuple(measured(held, bounds) for bounds in leaves), explained


def _within(held: Cloud) -> FloatArray:
    """The points, one a row, from 0 to 1 in their box: scikit-learn reads them in single precision."""
    low, high = held.whole[0] / 2, held.whole[1] / 2
    inside: FloatArray = (held.points.T / 2 - low) / np.where(high > low, high - low, 1.0)
    return inside


def _check(depth: int, least_leaf: float) -> None:
    from importlib.util import find_spec

    if find_spec("sklearn") is None:
        raise UsageError(
            "a tree of rules needs scikit-learn, the extra 'discovery': "
            "pip install 'treatysim[discovery]'"
        )
    if depth < 1:
        raise UsageError(f"a tree of depth {depth}: at least 1 is needed")
    if not 0 < least_leaf <= 0.5:
        raise UsageError(f"leaves of at least {least_leaf:g} of the points: above 0, up to 0.5")


def _tree(shape: dict[str, Any], cut: float) -> Any:
    from sklearn.tree import DecisionTreeClassifier

    return DecisionTreeClassifier(**shape, ccp_alpha=cut)


def _cut(x: FloatArray, y: FloatArray, shape: dict[str, Any]) -> tuple[float, float]:
    """The cost of complexity at which the tree is cut back, and what it then explains."""
    variance = float(y.var())
    if variance == 0 or len(y) < 2 * FOLDS:
        return 1.0, np.nan
    cuts = _tree(shape, 0.0).cost_complexity_pruning_path(x, y).ccp_alphas.clip(0)
    if len(cuts) > MOST_CUTS:
        cuts = cuts[np.linspace(0, len(cuts) - 1, MOST_CUTS).astype(int)]
    between = [*np.sqrt(cuts[1:] * cuts[:-1]), float(cuts[-1]) + 1.0]
    errors = np.stack([_unseen(x, y, shape, cut) for cut in between])
    means, spread = errors.mean(axis=1), errors.std(axis=1, ddof=1) / np.sqrt(len(y))
    least = int(means.argmin())
    chosen = int(np.flatnonzero(means <= means[least] + spread[least])[-1])
    return float(between[chosen]), 1 - float(means[chosen]) / variance


def _unseen(x: FloatArray, y: FloatArray, shape: dict[str, Any], cut: float) -> FloatArray:
    """Squared errors of a tree at points that it was not grown on."""
    fold = np.arange(len(y)) % FOLDS
    errors = np.empty(len(y))
    for k in range(FOLDS):
        out = fold == k
        tree = _tree(shape, cut).fit(x[~out], y[~out])
        foretold = tree.predict_proba(x[out])[:, tree.classes_ == 1].sum(axis=1)
        errors[out] = (foretold - y[out]) ** 2
    return errors


def _split(
    held: Cloud, tree: Any, node: int, bounds: Bounds, leaves: list[Bounds]
) -> RuleSplit | int:
    """What a node of scikit-learn's tree says, its leaves added to a list from low to high values."""
    if tree.children_left[node] < 0:
        leaves.append(bounds)
        return len(leaves) - 1
    k, share = int(tree.feature[node]), float(tree.threshold[node])
    at = float((1 - share) * held.whole[0][k] + share * held.whole[1][k])
    low, high = bounds
    below, above = high.copy(), low.copy()
    below[k], above[k] = at, np.nextafter(at, np.inf)
    return RuleSplit(
        path=held.paths[k],
        unit=held.units.get(held.paths[k], ""),
        at=at,
        level=None if np.isnan(held.level[k]) else float(held.level[k]),
        low=_split(held, tree, tree.children_left[node], (low, below), leaves),
        high=_split(held, tree, tree.children_right[node], (above, high), leaves),
    )


def cart_of_run(
    run: Run,
    target: str = "feasible",
    *,
    depth: int = DEPTH,
    least_leaf: float = LEAST_LEAF,
    seed: int = 0,
) -> Cart:
    """The tree of rules that tells feasible (or infeasible) points of a run from the others.

    Parameters
    ----------
    run
        Any design that spreads its points.
    target
        As of :func:`sim.sweeps.analyses.prim_of_run`.
    depth, least_leaf, seed
        As of :func:`cart`.

    Raises
    ------
    UsageError
        If scikit-learn is missing, an option is out of range, or no point has an answer.
    """
    rng = np.random.default_rng(seed)
    held = cloud_of_run(run, target, rng)
    root, leaves, explained = cart(held, depth=depth, least_leaf=least_leaf, rng=rng)
    note = note_of(held, target)
    if not note and len(leaves) == 1:
        note = "no rule foretells it better than the plain share does"
    return Cart(
        target=target,
        words=held.words,
        explained_error=_explained_error(held, explained),
        share=held.cases / held.size,
        leaves=leaves,
        root=root,
        explained=explained,
        note=note,
        labelled=run.labelled,
    )


def _explained_error(held: Cloud, explained: float) -> float:
    """About the standard error of the share explained, from that of a squared error of such a size."""
    if not held.sampled or np.isnan(explained):
        return np.nan
    share = held.cases / held.size
    variance = share * (1 - share)
    missed = max(1 - explained, 0.0) * variance
    count = min(len(held.wanted), SEARCHED)
    return float(np.sqrt(missed * (1 - missed) / max(count - 1, 1)) / variance)
