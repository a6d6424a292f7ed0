"""The set of subgame perfect payoffs of two actors, from outside and from inside.

Definition. With continuation payoffs drawn from convex sets ``W_s`` (there is a public lottery), a profile of
actions ``a`` in state ``s`` is supported by an expected continuation ``w`` in the sum over next states of
``q(s'|s, a) W_s'`` when nobody gains by another action and the worst continuation after it. The payoffs
``(1 - d) u + d w`` of all supported profiles, convexified, are ``B(W)``; the largest fixed point is the set
of payoffs of pure subgame perfect equilibria with a public lottery (Abreu, Pearce and Stacchetti 1990). Sets
are polygons with fixed normals: support lines bound them from outside, and ``W`` with ``W`` inside ``B(W)``
consists of equilibrium payoffs, which bounds them from inside (Judd, Yeltekin and Conklin 2003; for several
states Yeltekin, Cai and Judd 2017). Normals are evenly spread, and those of the edges of feasible payoffs.

Array convention. A polygon is its corners between neighbouring normals, shape ``(normals, 2)``, so that sums
of polygons are sums of arrays.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.errors import NotDefinedError
from sim.games.in_time.stochastic import StochasticGame
from sim.results import Region, Solution
from sim.solutions.options import Option

OPTIONS = (
    Option(
        name="directions",
        kind="integer",
        low=8,
        high=720,
        default=64,
        meaning="Normals of the polygons, a multiple of 4.",
    ),
)
SAME_ANGLE = 1e-6
"""Radians by which normals differ at least, since lines that are nearly parallel meet nowhere certain."""
MOST_ROUNDS, STILL = 2_000, 1e-10
"""Rounds at most, and the movement of a support line, in payoff units, that counts as none."""
SHRUNK, SLACK = (0.0, 1e-6, 1e-4, 1e-3, 0.01, 0.03, 0.1, 0.3), 1e-9
"""Shares by which the outer set is shrunk until it supports itself, and room for rounding in payoff units."""


def payoff_set(game: StochasticGame, *, directions: int = 64) -> Solution:
    """The payoffs that pure subgame perfect equilibria with a public lottery can give two actors.

    Parameters
    ----------
    game
        A stochastic or repeated game of two actors with the same discount factor.
    directions
        Number of normals.

    Returns
    -------
    Solution
        The corners of the outer set at the start; ``extra["inner"]`` has those of the inner set and
        ``extra["gap"]`` how far they lie apart at most, in payoff. No member: there is no such equilibrium.

    Raises
    ------
    NotDefinedError
        If there are not two actors, or their discount factors differ.

    Notes
    -----
    Source: [abreu1990]_, [judd2003]_, [yeltekin2017]_.

    Examples
    --------
    A prisoner's dilemma of little patience has one equilibrium:

    >>> game = StochasticGame.repeated([[3, 0], [4, 1]], [[3, 4], [0, 1]], 0.2)
    >>> [member.payoffs for member in payoff_set(game).members]
    [{'row': 1.0, 'column': 1.0}]
    """
    _check(game)
    normals = _normals(game, directions)
    outer, settled = _outer(game, normals)
    if outer is None:
        note = "no pure subgame perfect equilibrium, even with a public lottery"
        return Solution(concept="payoff_set", exhaustive=settled, note=note)
    inner = _inner(game, normals, outer)
    start = game.start
    gap = _gap(normals, outer[start], None if inner is None else inner[start])
    held = np.empty((0, 2)) if inner is None else _corners(inner[start])
    extra = {"inner": [list(map(float, point)) for point in held], "gap": gap}
    members = tuple(
        Region(payoffs=dict(zip(game.actors, map(float, point), strict=True)), extra=extra)
        for point in _corners(outer[start])
    )
    return Solution(
        concept="payoff_set",
        members=members,
        status="complete" if settled else "limit reached",
        parameters={"directions": directions},
        note="corners of an outer approximation"
        + ("" if inner is None else f"; the inner one lies within {gap:.3g}"),
    )


def _check(game: StochasticGame) -> None:
    if len(game.actors) != 2:
        raise NotDefinedError(f"payoff_set is defined for two actors; here are {len(game.actors)}")
    if game.discount[0] != game.discount[1]:
        raise NotDefinedError("payoff_set needs one discount factor for both actors")


def _normals(game: StochasticGame, count: int) -> FloatArray:
    """Evenly spread normals, and those of the edges of what is feasible in each state."""
    even = count - count % 4
    angles = [2 * np.pi * np.arange(even) / even]
    for payoffs in game.payoffs:
        hull = _hull(payoffs.reshape(2, -1).T)
        if len(hull) > 1:
            edge = np.roll(hull, -1, axis=0) - hull
            angles.append(np.arctan2(-edge[:, 0], edge[:, 1]) % (2 * np.pi))
    kept = np.unique(np.concatenate(angles).round(12))
    kept = kept[np.diff(kept, append=kept[0] + 2 * np.pi) > SAME_ANGLE]
    return np.round(np.stack([np.cos(kept), np.sin(kept)], axis=1), 15)


def _polygon(normals: FloatArray, levels: FloatArray) -> FloatArray:
    """Corners between neighbouring support lines ``normal . x = level``."""
    after, level_after = np.roll(normals, -1, axis=0), np.roll(levels, -1)
    cross = normals[:, 0] * after[:, 1] - normals[:, 1] * after[:, 0]
    x = (levels * after[:, 1] - level_after * normals[:, 1]) / cross
    y = (normals[:, 0] * level_after - after[:, 0] * levels) / cross
    return np.stack([x, y], axis=1)


def _outer(game: StochasticGame, normals: FloatArray) -> tuple[list[FloatArray] | None, bool]:
    """Support lines moved inwards until they stay; ``None`` where nothing is supported."""
    flat = np.concatenate([p.reshape(2, -1) for p in game.payoffs], axis=1)
    whole = _polygon(normals, (normals @ flat).max(axis=1))
    sets = [whole.copy() for _ in game.states]
    levels = np.stack([(normals @ w.T).max(axis=1) for w in sets])
    unit = STILL * float(game.scales.max())
    for _ in range(MOST_ROUNDS):
        points = [_supported(game, s, sets) for s in range(len(sets))]
        if any(not len(p) for p in points):
            return None, True
        new = np.stack([(p @ normals.T).max(axis=0) for p in points])
        new = np.minimum(new, levels)
        still = bool((levels - new).max() <= unit)
        levels = new
        sets = [_polygon(normals, level) for level in levels]
        if still:
            return sets, True
    return sets, False


def _supported(game: StochasticGame, s: int, sets: list[FloatArray]) -> FloatArray:
    """Corners of the payoffs that each profile of actions supports in a state, ``(points, 2)``."""
    d = float(game.discount[0])
    worst = np.stack([w.min(axis=0) for w in sets], axis=1)
    room = SLACK * game.scales
    dear = [game.worth(i, s, worst[i]).max(axis=i, keepdims=True) for i in range(2)]
    out = [np.empty((0, 2))]
    for place in game.profiles(s):
        now = game.pay(s, place)
        ahead = np.einsum("t,tkx->kx", game.moves[s][place], np.stack(sets))
        total = (1 - d) * now + d * ahead
        for i in range(2):
            least = float(np.broadcast_to(dear[i], game.shape(s))[place]) - float(room[i])
            total = _cut(total, i, least)
        out.append(total)
    return np.concatenate(out)


def _cut(corners: FloatArray, axis: int, least: float) -> FloatArray:
    """The part of a polygon where a coordinate is at least something."""
    if not len(corners):
        return corners
    level = corners[:, axis] - least
    after, level_after = np.roll(corners, -1, axis=0), np.roll(level, -1)
    crosses = (level >= 0) != (level_after >= 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(crosses, level / (level - level_after), 0.0)[:, None]
    between = corners + share * (after - corners)
    both = np.stack([corners, between], axis=1).reshape(-1, 2)
    return np.asarray(both[np.stack([level >= 0, crosses], axis=1).reshape(-1)])


def _inner(
    game: StochasticGame, normals: FloatArray, outer: list[FloatArray]
) -> list[FloatArray] | None:
    """Sets that support themselves, as near to the outer ones as shrinking finds."""
    middles = [w.mean(axis=0) for w in outer]
    unit = SLACK * float(game.scales.max())
    for share in SHRUNK:
        sets = [m + (1 - share) * (w - m) for w, m in zip(outer, middles, strict=True)]
        points = [_supported(game, s, sets) for s in range(len(sets))]
        if all(len(p) and _within(w, p, unit) for w, p in zip(sets, points, strict=True)):
            return sets
    return None


def _within(corners: FloatArray, points: FloatArray, unit: float) -> bool:
    """Whether corners lie in the convex hull of points, which may be flat."""
    hull = _hull(points)
    if len(hull) < 3:
        return bool(np.abs(corners - hull[0]).max() <= unit) if len(hull) == 1 else False
    after = np.roll(hull, -1, axis=0)
    edge = after - hull
    length = np.linalg.norm(edge, axis=1)
    to = corners[:, None] - hull
    cross = edge[:, 0] * to[..., 1] - edge[:, 1] * to[..., 0]
    return bool((cross >= -unit * np.maximum(length, unit)).all())


def _hull(points: FloatArray) -> FloatArray:
    """Corners of the convex hull, counter-clockwise (Andrew's chain)."""
    ordered = np.unique(points.round(12), axis=0)
    if len(ordered) < 3:
        return ordered

    def chain(rows: FloatArray) -> list[FloatArray]:
        kept: list[FloatArray] = []
        for p in rows:
            while len(kept) > 1 and _turn(kept[-2], kept[-1], p) <= 0:
                kept.pop()
            kept.append(p)
        return kept[:-1]

    return np.array(chain(ordered) + chain(ordered[::-1]))


def _turn(a: FloatArray, b: FloatArray, c: FloatArray) -> float:
    return float((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))


def _corners(polygon: FloatArray) -> FloatArray:
    """Corners that differ."""
    return _hull(polygon.round(6) + 0.0)


def _gap(normals: FloatArray, outer: FloatArray, inner: FloatArray | None) -> float:
    """How far the outer set reaches beyond the inner one in any direction."""
    if inner is None:
        return float("inf")
    return float(((normals @ outer.T).max(axis=1) - (normals @ inner.T).max(axis=1)).max())
