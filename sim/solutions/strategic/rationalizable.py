"""Rationalizable strategies of games in strategic form: iterated strict dominance.

Definition. In each round every strategy that is strictly dominated, by a pure or a mixed strategy,
in the game that is left is removed. What survives when nothing more can be removed does not depend
on the order of removal, contains every equilibrium's support, and is what actors may play when they
know only that all are rational, that all know it, and so on; beliefs about several others may be
correlated [bernheim1984]_, [pearce1984]_.

Iterated *weak* dominance removes more, but its result can depend on the order [gilboa1990]_. It is
therefore reported beside, for all orders of one removal at a time and for the removal of all weakly
dominated strategies at once in each round.

Array convention. Payoffs ``(actors, *moves, batch)``, a batch of one. A restriction of the game is
one tuple of kept positions per actor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim._kernels.tolerance import AnyArray
from sim.errors import TooLargeError
from sim.games.strategic import StrategicGame, named, regret
from sim.results import Member, Solution, StrategyProfile, StrategySet
from sim.solutions.options import Option
from sim.solutions.strategic._exact_payoffs import exact_payoffs, whole_numbers
from sim.solutions.strategic._mixed_dominance import DominanceVerdict, strictly, weakly

OPTIONS = (
    Option(
        name="orders",
        kind="integer",
        default=300,
        low=0,
        high=1_000_000,
        meaning="How many restrictions are examined to compare orders of weak dominance.",
    ),
)

MOST_PROFILES = 50_000
"""Profiles of a game in which strategies are compared."""

Menus = tuple[tuple[int, ...], ...]
Test = Callable[[AnyArray, int], DominanceVerdict]


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """One removed strategy: whose, which, in which round, and by which mix (positions)."""

    actor: int
    strategy: int
    round: int
    mix: Mapping[int, float]


def rationalizable(game: StrategicGame, *, orders: int = 300) -> Solution:
    """The strategies that survive iterated strict dominance, and what weak dominance would remove.

    Parameters
    ----------
    game
        A batch of one, any number of actors.
    orders
        How many restrictions of the game may be examined to compare orders of weak dominance.

    Returns
    -------
    Solution
        One member. ``extra["survivors"]`` lists each actor's labels, ``extra["removed"]`` each
        removal with its round and a dominating mix. ``extra["weak"]`` holds the survivors of
        iterated weak dominance ``at once`` and ``one at a time`` (a list, one entry per different
        result), ``order_dependent``, and ``every_order`` (whether all orders were compared). Where
        one profile survives strict dominance, it is given with its payoffs and regret.

    Raises
    ------
    TooLargeError
        Above 50,000 profiles.

    Notes
    -----
    Sources: [bernheim1984]_, [pearce1984]_; weak dominance [gilboa1990]_.

    Examples
    --------
    >>> dilemma = StrategicGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> rationalizable(dilemma).equilibria[0].extra["survivors"]
    {'player 1': ['2'], 'player 2': ['2']}
    """
    if game.table()[0].size > MOST_PROFILES:
        raise TooLargeError(
            f"rationalizable: {game.table()[0].size} profiles, the limit is {MOST_PROFILES}; "
            "merge strategies, or remove dominated ones by hand"
        )
    tables = _Tables.of(game)
    menus, removals, proven = _iterate(tables, strictly)
    weak, weak_proven = _weak(game, tables, orders)
    extra = {
        "survivors": _labels(game, menus),
        "removed": [_described(game, removal) for removal in removals],
        "weak": weak,
    }
    return Solution(
        concept="rationalizable",
        members=(_member(game, menus, extra),),
        status="complete" if proven else "partial",
        exhaustive=proven,
        parameters={"orders": orders},
        note=_note(weak, proven, weak_proven),
    )


def _note(weak: Mapping[str, Any], proven: bool, weak_proven: bool) -> str:
    notes = {
        "some strategies were kept because their dominance was not decided": not proven,
        "iterated weak dominance depends on the order of removal": weak["order_dependent"],
        "not every order of weak dominance was compared; raise orders": not weak["every_order"],
        "some weak dominance was not decided and counted as none": not weak_proven,
    }
    return "; ".join(text for text, holds in notes.items() if holds)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tables:
    """Payoffs as whole numbers in units of each actor's own, exact, shape ``(actors, *moves)``."""

    exact: AnyArray

    @classmethod
    def of(cls, game: StrategicGame) -> _Tables:
        return cls(exact=np.array([whole_numbers(own) for own in exact_payoffs(game)]))

    def dominated(self, menus: Menus, test: Test) -> Iterator[tuple[int, int, DominanceVerdict]]:
        """Every strategy left, with the verdict on it: actor, place in its menu, verdict."""
        for actor, menu in enumerate(menus):
            own = np.moveaxis(self.exact[actor][np.ix_(*menus)], actor, 0).reshape(len(menu), -1)
            for place in range(len(menu)):
                yield actor, place, test(own, place)


def _full(tables: _Tables) -> Menus:
    return tuple(tuple(range(size)) for size in tables.exact.shape[1:])


def _iterate(tables: _Tables, test: Test) -> tuple[Menus, list[Removal], bool]:
    """Remove all dominated strategies at once in each round, until none is left."""
    removals: list[Removal] = []
    menus, proven, rounds = _full(tables), True, 0
    while True:
        rounds += 1
        found = list(tables.dominated(menus, test))
        proven &= all(verdict.proven for *_, verdict in found)
        gone = {(actor, place) for actor, place, verdict in found if verdict.dominated}
        if not gone:
            return menus, removals, proven
        removals += [
            _removal(menus[actor], actor, place, rounds, verdict)
            for actor, place, verdict in found
            if verdict.dominated
        ]
        menus = tuple(
            tuple(k for place, k in enumerate(menu) if (actor, place) not in gone)
            for actor, menu in enumerate(menus)
        )


def _removal(
    menu: tuple[int, ...], actor: int, place: int, rounds: int, verdict: DominanceVerdict
) -> Removal:
    weights = [] if verdict.mix is None else verdict.mix.tolist()
    mix = {menu[k]: w for k, w in enumerate(weights) if w > 0.0}
    return Removal(actor=actor, strategy=menu[place], round=rounds, mix=mix)


def _weak(game: StrategicGame, tables: _Tables, orders: int) -> tuple[dict[str, Any], bool]:
    """Iterated weak dominance, all at once and one at a time in every order."""
    at_once, _, proven = _iterate(tables, weakly)
    ends, every = _ends(tables, orders)
    return {
        "at once": _labels(game, at_once),
        "one at a time": [_labels(game, menus) for menus in ends],
        "order_dependent": len({at_once, *ends}) > 1,
        "every_order": every,
    }, proven


def _ends(tables: _Tables, limit: int) -> tuple[list[Menus], bool]:
    """The restrictions at which some order of single weak removals ends; whether all were found."""
    waiting, seen, ends = [_full(tables)], {_full(tables)}, set()
    examined = 0
    while waiting and examined < limit:
        menus = waiting.pop()
        examined += 1
        smaller = [
            (*menus[:actor], menus[actor][:place] + menus[actor][place + 1 :], *menus[actor + 1 :])
            for actor, place, verdict in tables.dominated(menus, weakly)
            if verdict.dominated
        ]
        if not smaller:
            ends.add(menus)
        fresh = [menus for menus in smaller if menus not in seen]
        seen.update(fresh)
        waiting += fresh
    return sorted(ends), not waiting


def _labels(game: StrategicGame, menus: Menus) -> dict[str, list[str]]:
    return {
        actor: [labels[k] for k in menu]
        for actor, labels, menu in zip(game.actors, game.strategies, menus, strict=True)
    }


def _described(game: StrategicGame, removal: Removal) -> dict[str, Any]:
    labels = game.strategies[removal.actor]
    return {
        "actor": game.actors[removal.actor],
        "strategy": labels[removal.strategy],
        "round": removal.round,
        "dominated_by": {labels[k]: weight for k, weight in removal.mix.items()},
    }


def _member(game: StrategicGame, menus: Menus, extra: Mapping[str, Any]) -> Member:
    """The strategies that are left; the profile where one is left to everybody."""
    if any(len(menu) != 1 for menu in menus):
        return StrategySet(payoffs={}, extra=extra)
    profile = tuple(menu[0] for menu in menus)
    mixes = [np.eye(size)[k] for size, k in zip(game.shape, profile, strict=True)]
    payoffs = np.array([table[profile] for table in game.table()])
    return StrategyProfile(
        strategies=named(game, mixes),
        payoffs=dict(zip(game.actors, payoffs.tolist(), strict=True)),
        regret=regret(game, mixes),
        extra=extra,
    )
