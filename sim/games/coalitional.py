"""Games in coalitional form with transferable utility, and weighted voting bodies.

Definition. Players ``N = {0..n-1}``; the characteristic function ``v`` gives every coalition ``S``
the total ``v(S)`` that its members can secure together, with ``v(empty) = 0``. In a weighted
voting body ``v(S)`` is 1 when the weights of ``S`` reach the quota and 0 otherwise.

Array convention. Values are indexed by bitmask, shape ``(2**players,)``: bit ``i`` of the index
says whether player ``i`` is a member. They are exact fractions; ``values`` gives them as floats.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np

from sim._kernels.exact_numbers import Number, as_written
from sim._kernels.several_quotas import Rule, swings_by_several
from sim._kernels.tolerance import AnyArray, BoolArray, FloatArray
from sim._kernels.voting_power import swings_by_size, swings_of_listed
from sim.errors import TooLargeError, UsageError, suggest
from sim.scenario.amounts import exact_amount
from sim.scenario.sections.coalitional import CoalitionalSection, VotingRule, VotingSection

MAX_PLAYERS = 20
"""Players whose coalitions are listed one by one."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CoalitionalGame:
    """A game in coalitional form with transferable utility.

    Parameters
    ----------
    players
        Names, in order.
    exact
        Fractions, shape ``(2**players,)``, indexed by bitmask; the empty coalition has 0.
    title
        For messages and exports.

    Raises
    ------
    UsageError
        If the shape does not match the players, or the empty coalition has a value.

    Examples
    --------
    >>> glove = CoalitionalGame.from_values(["left", "right"], {"left, right": 1}, unlisted=0)
    >>> glove.values
    array([0., 0., 0., 1.])
    """

    players: tuple[str, ...]
    exact: AnyArray
    title: str = ""

    def __post_init__(self) -> None:
        if self.exact.shape != (2 ** len(self.players),):
            raise UsageError(f"{len(self.players)} players need {2 ** len(self.players)} values")
        if self.exact[0] != 0:
            raise UsageError("the empty coalition must have the value 0")

    @property
    def values(self) -> FloatArray:
        """The values as floats, shape ``(2**players,)``."""
        return self.exact.astype(np.float64)

    def index(self, members: Iterable[str]) -> int:
        """Bitmask of a coalition.

        Raises
        ------
        UsageError
            If a name is not a player.
        """
        mask = 0
        for name in members:
            if name not in self.players:
                raise UsageError(f"unknown player '{name}'{suggest(name, self.players)}")
            mask |= 1 << self.players.index(name)
        return mask

    def members(self, mask: int) -> tuple[str, ...]:
        """Names of the members of a coalition given by bitmask."""
        return tuple(name for k, name in enumerate(self.players) if mask >> k & 1)

    @classmethod
    def from_values(
        cls,
        players: Sequence[str],
        values: Mapping[str, Number],
        *,
        unlisted: Number | None = None,
        title: str = "",
    ) -> CoalitionalGame:
        """A game from ``{"a, b": value}``; coalitions not listed get ``unlisted``.

        Raises
        ------
        UsageError
            If a name is not a player, or a coalition has no value and ``unlisted`` is None.
        TooLargeError
            If there are more than ``MAX_PLAYERS`` players.
        """
        _check_size(len(players))
        table = np.full(
            2 ** len(players), None if unlisted is None else as_written(unlisted), object
        )
        table[0] = Fraction(0)
        game = cls(players=tuple(players), exact=table, title=title)
        for key, value in values.items():
            table[game.index(name.strip() for name in key.split(","))] = as_written(value)
        missing = [game.members(mask) for mask, value in enumerate(table) if value is None]
        if missing:
            raise UsageError(f"{len(missing)} coalitions have no value, such as {missing[0]}")
        return game


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeightedVoting:
    """A body in which a coalition wins when its weight is at least the quota.

    Parameters
    ----------
    players
        Names of the voters, in order.
    weights
        Votes of each, non-negative.
    quota
        Votes needed to win (at least); above 0 and at most the sum of the weights.
    also, enough
        Further rules, weights with a quota each: all of ``also`` must hold besides; one of ``enough``
        suffices without the others.
    title
        For messages.

    Raises
    ------
    UsageError
        If a weight is negative, or a quota is out of reach or not positive.

    Examples
    --------
    >>> body = WeightedVoting.of({"a": 3, "b": 2, "c": 1}, quota=4)
    >>> body.veto_players()
    ('a',)
    """

    players: tuple[str, ...]
    weights: tuple[Fraction, ...]
    quota: Fraction
    also: tuple[Rule, ...] = ()
    enough: tuple[Rule, ...] = ()
    title: str = ""

    def __post_init__(self) -> None:
        for weights, quota in self.rules:
            if len(self.players) != len(weights):
                raise UsageError(f"{len(self.players)} voters, {len(weights)} weights")
            if any(weight < 0 for weight in weights):
                raise UsageError("a voting weight is negative")
            if not 0 < quota <= sum(weights):
                raise UsageError("the quota must be above 0 and at most the sum of the weights")

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules: the first, those that must hold besides, those of which one suffices."""
        return ((self.weights, self.quota), *self.also, *self.enough)

    def wins(self, members: Iterable[int]) -> bool:
        """Whether a coalition, by the positions of its members, wins."""
        inside = list(members)
        met = [sum(weights[i] for i in inside) >= quota for weights, quota in self.rules]
        needed = 1 + len(self.also)
        return all(met[:needed]) or any(met[needed:])

    def swings_by_size(self) -> tuple[tuple[int, ...], ...]:
        """How many coalitions of each size every voter turns from losing to winning.

        Weights with so many digits that sums of them fill no table are counted coalition by coalition, in
        bodies of at most ``MAX_PLAYERS`` voters.
        """
        try:
            if not self.also and not self.enough:
                return swings_by_size(self.weights, self.quota)
            return swings_by_several([(self.weights, self.quota), *self.also], self.enough)
        except TooLargeError:
            if len(self.players) > MAX_PLAYERS:
                raise
            return swings_of_listed(self._won())

    @classmethod
    def of(cls, weights: Mapping[str, Number], *, quota: Number, title: str = "") -> WeightedVoting:
        """A body from ``{voter: weight}``; decimals are taken as written."""
        shares = tuple(map(as_written, weights.values()))
        return cls(players=tuple(weights), weights=shares, quota=as_written(quota), title=title)

    def veto_players(self) -> tuple[str, ...]:
        """The voters without whom no coalition wins."""
        everybody = range(len(self.players))
        return tuple(
            name
            for i, name in enumerate(self.players)
            if not self.wins(k for k in everybody if k != i)
        )

    def _won(self) -> BoolArray:
        """Which coalitions win, by bitmask."""
        met = []
        for weights, quota in self.rules:
            scale = lcm(quota.denominator, *(share.denominator for share in weights))
            total = np.zeros(1, dtype=object)
            for share in weights:
                total = np.concatenate([total, total + int(share * scale)])
            met.append(np.asarray(total >= int(quota * scale), dtype=np.bool_))
        needed = 1 + len(self.also)
        return np.asarray(
            np.logical_or.reduce([np.logical_and.reduce(met[:needed]), *met[needed:]])
        )

    def coalitional(self) -> CoalitionalGame:
        """The same body as a game in coalitional form: 1 for winning coalitions, 0 for others.

        Raises
        ------
        TooLargeError
            If there are more than ``MAX_PLAYERS`` voters.
        """
        _check_size(len(self.players))
        wins = [Fraction(int(one)) for one in self._won()]
        return CoalitionalGame(players=self.players, exact=np.array(wins, object), title=self.title)


def game_from_section(
    section: CoalitionalSection, values: Mapping[str, float] | None = None, *, title: str = ""
) -> CoalitionalGame:
    """The coalitional game that a file describes, at some values of its parameters.

    Examples
    --------
    >>> section = CoalitionalSection(players=["a", "b"], values={"a,b": "1/3"}, unlisted=0)
    >>> game_from_section(section).exact[3]
    Fraction(1, 3)
    """
    known = values or {}
    worth = {
        key: exact_amount(value, known, f"coalitional.values.{key}")
        for key, value in section.values.items()
    }
    rest = section.unlisted
    unlisted = None if rest is None else exact_amount(rest, known, "coalitional.unlisted")
    return CoalitionalGame.from_values(section.players, worth, unlisted=unlisted, title=title)


def voting_from_section(
    section: VotingSection, values: Mapping[str, float] | None = None, *, title: str = ""
) -> WeightedVoting:
    """The weighted voting body that a file describes, at some values of its parameters.

    Examples
    --------
    >>> voting_from_section(VotingSection(weights={"a": 0.1, "b": 0.2}, quota=0.3)).quota
    Fraction(3, 10)
    """
    known = values or {}
    names = tuple(section.weights)

    def rule(one: VotingRule, path: str) -> Rule:
        weights = (exact_amount(one.weights[n], known, f"{path}.weights.{n}") for n in names)
        return tuple(weights), exact_amount(one.quota, known, f"{path}.quota")

    weights, quota = rule(section, "voting")
    return WeightedVoting(
        players=names,
        weights=weights,
        quota=quota,
        also=tuple(rule(one, f"voting.also.{k}") for k, one in enumerate(section.also)),
        enough=tuple(rule(one, f"voting.enough.{k}") for k, one in enumerate(section.enough)),
        title=title,
    )


def _check_size(players: int) -> None:
    if players > MAX_PLAYERS:
        raise TooLargeError(
            f"{players} players make 2**{players} coalitions (limit {MAX_PLAYERS} players); "
            "power indices of weighted bodies (shapley, banzhaf) have no such limit"
        )
