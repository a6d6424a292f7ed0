r"""Mixed equilibria of many two-actor games at once, for sweeps.

Definition. All equilibria of every nondegenerate game, by support enumeration: pairs of supports are
screened by dominance (:mod:`sim.solutions.strategic.mixed.support_pairs`), and the equations of those left
are solved as stacks. The indices of all equilibria of a nondegenerate game add up to +1 [shapley1974]_; a
game in which they do not, or in which a pair is doubtful, is left ``unsettled``, for exact enumeration one at
a time by ``mixed_nash``.

Along a sweep the supports of equilibria change rarely. With a ``stride`` games are enumerated that far
apart. Where two of them have the same supports, those supports are solved at the games in between, and
a game is enumerated itself when they do not carry clear equilibria with indices that add up to +1; where
two differ, the game halfway is enumerated too, and so on. What is carried over is not proven to be all:
two equilibria may be born and die between two enumerated games, and the status says ``carried``.

Array convention. ``payoffs`` of shape ``(2, m, n, batch)``; equilibria are parallel vectors with ``count``
last.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sim._kernels.tolerance import AnyArray, BoolArray, FloatArray, IntArray
from sim.errors import TooLargeError, UsageError
from sim.solutions.strategic.mixed.support_pairs import Carried, carried, possible, support_pairs

CHUNK = 4096
"""Games of 5 x 5 strategies solved together."""
MENU_LIMIT = 8
"""Strategies of an actor up to which pairs of supports are tried for many games."""
OPEN, DOUBTFUL = -2, -1
"""In place of a set of supports: not enumerated yet; enumerated and not settled."""
COMPLETE, CARRIED, UNSETTLED = "complete", "carried", "unsettled"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MixedEquilibria:
    """Equilibria of a batch of two-actor games, in the order of the games.

    Parameters
    ----------
    game
        Which game each equilibrium belongs to, shape ``(count,)``.
    rows, columns
        The mixes of the first and second actor, shapes ``(m, count)`` and ``(n, count)``.
    payoffs
        Expected payoffs, shape ``(2, count)``.
    regret
        The largest gain from a deviation, from the original payoffs, shape ``(count,)``.
    index
        The index of each equilibrium, +1 or -1, shape ``(count,)``.
    status
        Per game ``complete`` (all equilibria), ``carried`` (those on the supports of the sweep's
        neighbours) or ``unsettled`` (none reported; ask ``mixed_nash``), shape ``(batch,)``.
    """

    game: IntArray
    rows: FloatArray
    columns: FloatArray
    payoffs: FloatArray
    regret: FloatArray
    index: IntArray
    status: AnyArray

    @property
    def counts(self) -> IntArray:
        """Number of equilibria reported for each game, shape ``(batch,)``."""
        return np.bincount(self.game, minlength=len(self.status))

    @property
    def unsettled(self) -> IntArray:
        """The games to be solved one at a time."""
        return np.flatnonzero(self.status == UNSETTLED)


def mixed_nash_batch(payoffs: FloatArray, *, stride: int = 1) -> MixedEquilibria:
    """All mixed equilibria of many two-actor games of one shape.

    Parameters
    ----------
    payoffs
        Shape ``(2, m, n, batch)``, finite.
    stride
        How far apart games are enumerated; above 1 the games must be in the order of a sweep.

    Raises
    ------
    UsageError
        If the shape is another, a payoff is not finite or the stride is below 1.
    TooLargeError
        If an actor has more than ``MENU_LIMIT`` strategies.

    Notes
    -----
    Sources: [porter2008]_, [shapley1974]_.

    Examples
    --------
    >>> row = np.array([[2.0, 0.0], [0.0, 1.0]])
    >>> found = mixed_nash_batch(np.stack([row, row.T[::-1, ::-1]])[..., None])
    >>> found.status, found.rows[0].round(3)
    (array(['complete'], dtype='<U9'), array([1.   , 0.   , 0.667]))
    """
    _check(payoffs, stride)
    scaled = _in_spreads(payoffs)
    parts, known, supports = _waypoints(scaled, stride)
    status = np.where(known >= 0, COMPLETE, UNSETTLED)
    rest = np.flatnonzero(known == OPEN)
    if len(rest):
        before = np.maximum.accumulate(np.where(known != OPEN, np.arange(len(known)), 0))
        found, settled = _along(scaled, rest, known[before[rest]], supports)
        more, again = _enumerated(scaled, rest[~settled])
        parts += [found, more]
        status[rest[settled]] = CARRIED
        status[rest[~settled][again]] = COMPLETE
    return _record(payoffs, parts, status)


def _waypoints(scaled: FloatArray, stride: int) -> tuple[list[Carried], IntArray, dict[bytes, int]]:
    """Enumerate every so many games, and between those that differ until neighbours agree.

    Returns what was found, per game a number for its set of support pairs (``OPEN`` where it was not
    enumerated, ``DOUBTFUL`` where that did not settle it), and the sets.
    """
    batch = scaled.shape[-1]
    known = np.full(batch, OPEN, dtype=np.int64)
    supports: dict[bytes, int] = {}
    parts: list[Carried] = []
    todo = np.unique(np.append(np.arange(0, batch, stride), batch - 1))
    while len(todo):
        found, settled = _enumerated(scaled, todo)
        parts.append(found)
        known[todo] = np.where(settled, _keys(found, todo, supports), DOUBTFUL)
        todo = _halfway(np.flatnonzero(known != OPEN), known)
    return parts, known, supports


def _check(payoffs: FloatArray, stride: int) -> None:
    if payoffs.ndim != 4 or payoffs.shape[0] != 2 or 0 in payoffs.shape:
        raise UsageError(f"payoffs have shape {payoffs.shape}, (2, m, n, batch) is needed")
    if not np.isfinite(payoffs).all():
        raise UsageError("a payoff is not finite")
    if stride < 1:
        raise UsageError(f"a stride of at least 1 is needed, not {stride}")
    m, n = payoffs.shape[1:3]
    if max(m, n) > MENU_LIMIT:
        raise TooLargeError(
            f"the games are {m} by {n}, the limit for a batch is {MENU_LIMIT} strategies an actor; "
            "solve them one at a time with mixed_nash, or merge strategies"
        )


def _in_spreads(payoffs: FloatArray) -> FloatArray:
    """Payoffs less each actor's smallest in its game, in units of its spread."""
    low = payoffs.min(axis=(1, 2), keepdims=True)
    width = payoffs.max(axis=(1, 2), keepdims=True) - low
    return np.asarray((payoffs - low) / np.where(width > 0, width, 1.0))


def _enumerated(scaled: FloatArray, games: IntArray) -> tuple[Carried, BoolArray]:
    """All equilibria of some games by enumeration, and which games that settles."""
    parts = []
    size = max(1, CHUNK * 251 // len(support_pairs(*scaled.shape[1:3]).rows))
    for part in _chunks(games, size):
        local = scaled[..., part]
        pair, place = np.nonzero(possible(local))
        parts.append(_placed(carried(local, pair, place), part))
    return _settled(_joined(parts), games)


def _along(
    scaled: FloatArray, games: IntArray, keys: IntArray, supports: dict[bytes, int]
) -> tuple[Carried, BoolArray]:
    """Equilibria on the supports of an earlier game, and which games have one clearly on each."""
    lists = [np.frombuffer(key, dtype=np.int64) for key in supports]
    lengths = np.array(list(map(len, lists)))
    starts, pairs = np.cumsum(lengths) - lengths, np.concatenate(lists)
    parts = []
    for place in _chunks(np.arange(len(games)), CHUNK):
        part, sizes = games[place], lengths[keys[place]]
        within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        pair = pairs[np.repeat(starts[keys[place]], sizes) + within]
        local = carried(scaled[..., part], pair, np.repeat(np.arange(len(part)), sizes))
        parts.append(_placed(local, part))
    return _settled(_joined(parts), games, lengths[keys])


def _chunks(items: IntArray, size: int) -> list[IntArray]:
    return [items[start : start + size] for start in range(0, max(1, len(items)), size)]


def _placed(found: Carried, games: IntArray) -> Carried:
    """What was found in a part of the batch, with the games' numbers in the whole."""
    return replace(found, game=games[found.game])


def _settled(
    found: Carried, games: IntArray, expected: IntArray | None = None
) -> tuple[Carried, BoolArray]:
    """What belongs to games without doubt: no doubtful pair, indices that add up to +1."""
    place = np.searchsorted(games, found.game)
    doubtful = np.bincount(place, weights=found.doubtful, minlength=len(games)) > 0
    total = np.bincount(place, weights=found.index, minlength=len(games))
    settled = ~doubtful & (total == 1)
    if expected is not None:
        settled &= np.bincount(place, minlength=len(games)) == expected
    kept = settled[place]
    return _joined([found], kept), settled


def _joined(parts: list[Carried], kept: BoolArray | None = None) -> Carried:
    whole = {
        name: np.concatenate([getattr(part, name) for part in parts], axis=-1)
        for name in Carried.__slots__
    }
    return Carried(
        **{name: data if kept is None else data[..., kept] for name, data in whole.items()}
    )


def _keys(found: Carried, games: IntArray, supports: dict[bytes, int]) -> IntArray:
    """A number for the set of pairs of each game; new sets are added to ``supports``."""
    order = np.lexsort((found.pair, found.game))
    cuts = np.searchsorted(found.game[order], games, side="left")
    ends = np.searchsorted(found.game[order], games, side="right")
    pairs = found.pair[order].astype(np.int64)
    return np.array(
        [
            supports.setdefault(pairs[a:b].tobytes(), len(supports))
            for a, b in zip(cuts, ends, strict=True)
        ],
        dtype=np.int64,
    )


def _halfway(done: IntArray, known: IntArray) -> IntArray:
    """The games halfway between neighbours that were enumerated and differ."""
    left, right = done[:-1], done[1:]
    unlike = (known[left] != known[right]) | (known[left] < 0)
    return np.asarray(((left + right) // 2)[unlike & (right - left > 1)])


def _record(payoffs: FloatArray, parts: list[Carried], status: AnyArray) -> MixedEquilibria:
    found = _joined(parts)
    order = np.lexsort((found.pair, found.game))
    game, x, y = found.game[order], found.rows[:, order], found.columns[:, order]
    earned, regret = np.empty((2, len(game))), np.empty(len(game))
    for part in _chunks(np.arange(len(game)), CHUNK):
        earned[:, part], regret[part] = _outcome(payoffs[..., game[part]], x[:, part], y[:, part])
    return MixedEquilibria(
        game=game,
        rows=x,
        columns=y,
        payoffs=earned,
        regret=regret,
        index=found.index[order],
        status=status,
    )


def _outcome(payoffs: FloatArray, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Both actors' expected payoffs, and the larger of their gains from a deviation."""
    rows, columns = (payoffs[0] * y).sum(axis=1), (payoffs[1] * x[:, None]).sum(axis=0)
    earned = np.stack([(x * rows).sum(axis=0), (y * columns).sum(axis=0)])
    best = np.stack([rows.max(axis=0), columns.max(axis=0)])
    return earned, np.maximum(best - earned, 0.0).max(axis=0)
