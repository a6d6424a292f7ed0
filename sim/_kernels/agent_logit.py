r"""Agent quantal responses on trees: the branch of logit equilibria that starts where all is equally likely.

Definition. At every information set ``h`` an agent of the actor ``i`` plays action ``a`` with probability
proportional to ``exp(lam * u_i(a | h))``, where ``u_i(a | h)`` is what the actor expects after ``a``, given
that play is at ``h`` (McKelvey and Palfrey 1998). With ``y`` the logarithms of all probabilities the
equilibria are the zeros of

    y_a - y_b - lam * (u_i(a | h) - u_i(b | h))   and   sum over a of exp(y_a) - 1

with ``b`` the first action at ``h``. Their branch through the uniform profile at ``lam = 0`` is followed by
arclength: predict along the tangent, correct by Newton steps across it [turocy2005]_. Derivatives are exact
up to rounding, by complex steps.

Array convention. ``y`` has shape ``(actions of all sets, batch)``; everything about nodes is a list in the
order of a tree, children after parents.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim._kernels.tolerance import ROUNDING, FloatArray

COMPLEX_STEP = 1e-30
"""Size of an imaginary step, so small that its square vanishes: derivatives are exact to rounding."""
FIRST_STEP, SHORTEST, LONGEST = 0.05, 1e-10, 1e6
"""First step along the branch, and the shortest and longest it may become."""
CLOSE, AIM, WIDEST, CORRECTIONS = 1e-11, 0.02, 0.5, 7
"""Corrections this small have converged; change aimed at per step; widest correction; how many."""
ALIGNED = 0.8
"""Least cosine between two tangents that follow one another on the same branch."""
STEPS = 3_000
"""Steps after which a branch is given up."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LogitTree:
    """A tree in arrays.

    Parameters
    ----------
    movers
        Per node the actor's position, -1 at chance, -2 at an end.
    sets
        Per node the position of its information set, or -1.
    children
        Per node the numbers of its children.
    amounts
        Per node probabilities at chance, payoffs at an end.
    members
        Per information set its actor, the row of its first action, its number of actions and its nodes.
    """

    movers: Sequence[int]
    sets: Sequence[int]
    children: Sequence[Sequence[int]]
    amounts: Sequence[Sequence[float]]
    members: Sequence[tuple[int, int, int, Sequence[int]]]

    @property
    def size(self) -> int:
        """The number of actions of all sets."""
        return sum(count for _, _, count, _ in self.members)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Branch:
    """Where the walk along the branch ended: logarithms of probabilities, ``lam``, and whether it arrived."""

    logs: FloatArray
    precision: float
    arrived: bool


def residual(tree: LogitTree, y: Any, lam: Any) -> Any:
    """The equations at ``y``, shape ``(size, batch)``; complex where ``y`` is."""
    gains = conditional(tree, y)
    out = np.empty_like(y)
    for _, first, count, _ in tree.members:
        rows = slice(first, first + count)
        out[rows] = (y[rows] - y[first]) - lam * (gains[rows] - gains[first])
        out[first] = np.exp(y[rows]).sum(axis=0) - 1.0
    return out


def conditional(tree: LogitTree, y: Any) -> Any:
    """What every action pays its actor given that play is at its set, shape ``(size, batch)``.

    Own choices before a set are the same at all its nodes, so they cancel.
    """
    logs, values = _walk(tree, y)
    out = np.empty_like(y)
    for actor, first, count, nodes in tree.members:
        reach = np.stack([logs[k] for k in nodes])
        weight = np.exp(reach - reach.real.max(axis=0))
        weight = weight / weight.sum(axis=0)
        for a in range(count):
            worth = np.stack([values[tree.children[k][a]][actor] for k in nodes])
            out[first + a] = (weight * worth).sum(axis=0)
    return out


def _walk(tree: LogitTree, y: Any) -> tuple[list[Any], list[Any]]:
    """Logarithms of the probability of coming to each node, and expected payoffs from there."""
    n = len(tree.movers)
    logs: list[Any] = [np.zeros(y.shape[1:], dtype=y.dtype)] * n
    values: list[Any] = [None] * n
    for k in range(n):
        for a, child in enumerate(tree.children[k]):
            logs[child] = logs[k] + _log_chance(tree, y, k, a)
    for k in reversed(range(n)):
        if tree.movers[k] == -2:
            payoffs = np.array(tree.amounts[k])[:, None]
            values[k] = np.broadcast_to(payoffs, (payoffs.shape[0], *y.shape[1:]))
            continue
        chances = (np.exp(_log_chance(tree, y, k, a)) for a in range(len(tree.children[k])))
        values[k] = sum(
            p * values[child] for p, child in zip(chances, tree.children[k], strict=True)
        )
    return logs, values


def _log_chance(tree: LogitTree, y: Any, k: int, a: int) -> Any:
    if tree.movers[k] == -1:
        return np.log(max(tree.amounts[k][a], 1e-300))
    return y[tree.members[tree.sets[k]][1] + a]


def system(tree: LogitTree, x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The equations at ``x = (y, lam)`` and their derivatives, shape ``(size, size + 1)``."""
    size = x.size - 1
    turned = x[:, None] + 1j * COMPLEX_STEP * np.eye(size + 1)
    found = residual(tree, turned[:size], turned[size])
    return found[:, 0].real, found.imag / COMPLEX_STEP


def trace(tree: LogitTree, target: float) -> Branch:
    """Follow the branch to a precision.

    Examples
    --------
    One actor with payoffs 0 and 1 plays the better action with probability ``e / (1 + e)``.

    >>> one = LogitTree(movers=[0, -2, -2], sets=[0, -1, -1], children=[[1, 2], [], []],
    ...                 amounts=[[], [0.0], [1.0]], members=[(0, 0, 2, [0])])
    >>> np.exp(trace(one, 1.0).logs).round(4).tolist()
    [0.2689, 0.7311]
    """
    size = tree.size
    start = np.zeros(size + 1)
    for _, first, count, _ in tree.members:
        start[first : first + count] = -np.log(count)
    point = start
    before = np.zeros(size + 1)
    before[-1] = 1.0
    tangent = _tangent(tree, point, before)
    if tangent is None:
        return Branch(logs=point[:-1], precision=0.0, arrived=target == 0)
    step: float = FIRST_STEP
    for _ in range(STEPS):
        room = target - point[-1]
        last = tangent[-1] > 0 and step * tangent[-1] >= room
        length = room / tangent[-1] if last else step
        trial, change = _corrected(tree, point + length * tangent, tangent, fixed=last)
        fresh = _tangent(tree, trial, tangent) if trial is not None else None
        if trial is None or fresh is None or fresh @ tangent < ALIGNED or trial[-1] < 0:
            step = 0.5 * length
            if step < SHORTEST:
                return Branch(logs=point[:-1], precision=float(point[-1]), arrived=False)
            continue
        point, tangent = trial, fresh
        if last:
            return Branch(logs=point[:-1], precision=float(point[-1]), arrived=True)
        growth = np.clip(np.sqrt(AIM / max(change, ROUNDING)), 0.5, 2.0)
        step = min(float(step * growth), LONGEST)
    return Branch(logs=point[:-1], precision=float(point[-1]), arrived=False)


def _tangent(tree: LogitTree, x: FloatArray, before: FloatArray) -> FloatArray | None:
    """The unit tangent on the side of the one before."""
    _, matrix = system(tree, x)
    closed = np.vstack([matrix, before])
    right = np.zeros(x.size)
    right[-1] = 1.0
    try:
        found = np.linalg.solve(closed, right)
    except np.linalg.LinAlgError:
        return None
    return np.asarray(found / np.linalg.norm(found)) if np.isfinite(found).all() else None


def _corrected(
    tree: LogitTree, trial: FloatArray, across: FloatArray, *, fixed: bool
) -> tuple[FloatArray | None, float]:
    """Newton steps back to the branch, and the size of the first; nothing where they do not close in."""
    row = across
    if fixed:
        row = np.zeros(trial.size)
        row[-1] = 1.0
    first = last = np.inf
    for k in range(CORRECTIONS):
        found, matrix = system(tree, trial)
        try:
            change = np.linalg.solve(np.vstack([matrix, row]), -np.append(found, 0.0))
        except np.linalg.LinAlgError:
            return None, first
        size = float(np.max(np.abs(change) / (1.0 + np.abs(trial))))
        first = size if k == 0 else first
        if not np.isfinite(size) or size > WIDEST or (k and size > 0.7 * last and size > CLOSE):
            return None, first
        trial = trial + change
        if size <= CLOSE:
            return trial, first
        last = size
    return None, first
