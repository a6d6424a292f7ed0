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

import numpy as np

from sim._kernels.tolerance import AnyArray, FloatArray
from sim._kernels.voting_power import Number, exact
from sim.errors import TooLargeError, UsageError, suggest
from sim.scenario.amounts import exact_amount
from sim.scenario.coalitional_section import CoalitionalSection, VotingSection

MAX_PLAYERS = 20


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
            If a name is no player.
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
            If a name is no player, or a coalition has no value and ``unlisted`` is None.
        TooLargeError
            If there are more than ``MAX_PLAYERS`` players.
        """
        _check_size(len(players))
        table = np.full(2 ** len(players), None if unlisted is None else exact(unlisted), object)
        table[0] = Fraction(0)
        game = cls(players=tuple(players), exact=table, title=title)
        for key, value in values.items():
            table[game.index(name.strip() for name in key.split(","))] = exact(value)
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
    title
        For messages.

    Raises
    ------
    UsageError
        If a weight is negative, or the quota is out of reach or not positive.

    Examples
    --------
    >>> body = WeightedVoting.of({"a": 3, "b": 2, "c": 1}, quota=4)
    >>> body.veto_players()
    ('a',)
    """

    players: tuple[str, ...]
    weights: tuple[Fraction, ...]
    quota: Fraction
    title: str = ""

    def __post_init__(self) -> None:
        if len(self.players) != len(self.weights):
            raise UsageError(f"{len(self.players)} voters, {len(self.weights)} weights")
        if any(weight < 0 for weight in self.weights):
            raise UsageError("a voting weight is negative")
        if not 0 < self.quota <= sum(self.weights):
            raise UsageError("the quota must be above 0 and at most the sum of the weights")

    @classmethod
    def of(cls, weights: Mapping[str, Number], *, quota: Number, title: str = "") -> WeightedVoting:
        """A body from ``{voter: weight}``; decimals are taken as written."""
        shares = tuple(map(exact, weights.values()))
        return cls(players=tuple(weights), weights=shares, quota=exact(quota), title=title)

    def veto_players(self) -> tuple[str, ...]:
        """The voters without whom no coalition wins."""
        spare = sum(self.weights) - self.quota
        return tuple(p for p, w in zip(self.players, self.weights, strict=True) if w > spare)

    def coalitional(self) -> CoalitionalGame:
        """The same body as a game in coalitional form: 1 for winning coalitions, 0 for others.

        Raises
        ------
        TooLargeError
            If there are more than ``MAX_PLAYERS`` voters.
        """
        _check_size(len(self.players))
        weight = np.zeros(1, dtype=object)
        for share in self.weights:
            weight = np.concatenate([weight, weight + share])
        wins = [Fraction(int(total >= self.quota)) for total in weight]
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
    weights = {
        name: exact_amount(weight, known, f"voting.weights.{name}")
        for name, weight in section.weights.items()
    }
    quota = exact_amount(section.quota, known, "voting.quota")
    return WeightedVoting.of(weights, quota=quota, title=title)


def _check_size(players: int) -> None:
    if players > MAX_PLAYERS:
        raise TooLargeError(
            f"{players} players make 2**{players} coalitions (limit {MAX_PLAYERS} players); "
            "power indices of weighted bodies (shapley, banzhaf) have no such limit"
        )
