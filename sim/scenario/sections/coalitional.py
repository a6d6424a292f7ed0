"""The ``coalitional`` and ``voting`` sections of a file: values of coalitions, votes of members.

Example::

    coalitional:
      players: [a, b, c]
      values: {a: 0, b: 0, c: 0, "a, b": 40, "a, c": 50, "b, c": 20, "a, b, c": 100}

    voting:
      weights: {france: 4, germany: 4, italy: 4, belgium: 2, netherlands: 2, luxembourg: 1}
      quota: 12

A body may vote by several weights at once: every rule under ``also`` must hold besides, one under
``enough`` suffices without the others::

    voting:
      weights: {france: 1, germany: 1, italy: 1}            # members
      quota: 2
      also: [{weights: {france: 68, germany: 83, italy: 59}, quota: 0.65 * 210}]
      enough: [{weights: {france: 1, germany: 1, italy: 1}, quota: 3}]

A number may be a fraction such as ``1/3``, taken exactly, or an expression in the file's parameters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from sim.constraints.base import STRICT
from sim.errors import suggest
from sim.expressions import Expression
from sim.scenario.amounts import Amount

T = TypeVar("T")

MAX_PLAYERS = 16
"""Most players of a game in a file."""


class CoalitionalSection(BaseModel):
    """A coalitional game with transferable utility: the value of every coalition.

    Examples
    --------
    >>> section = CoalitionalSection(players=["a", "b"], values={"a, b": 1}, unlisted=0)
    >>> section.coalition("b, a")
    ('a', 'b')
    """

    model_config = ConfigDict(**STRICT, coerce_numbers_to_str=True)

    players: list[str] = Field(min_length=1, max_length=MAX_PLAYERS, description="names, in order")
    unlisted: Amount | None = Field(
        default=None, description="value of coalitions not listed; without it all must be listed"
    )
    values: dict[str, Amount] = Field(
        description="value of every coalition; its members separated by commas, in any order"
    )

    def coalition(self, key: str) -> tuple[str, ...]:
        """The members that a key names, in the order of the players (unknown names last)."""
        members = {name.strip() for name in key.split(",")}
        known = tuple(name for name in self.players if name in members)
        return known + tuple(sorted(members - set(self.players)))

    @field_validator("players")
    @classmethod
    def _players(cls, value: list[str]) -> list[str]:
        return _checked(value, _player_problems(value))

    @field_validator("values")
    @classmethod
    def _values(cls, value: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        if not {"players", "unlisted"} <= set(info.data):
            return value
        so_far = cls.model_construct(**info.data, values=value)
        return _checked(value, _value_problems(so_far))


class VotingRule(BaseModel):
    """Weights and a quota.

    Examples
    --------
    >>> VotingRule(weights={"a": 3, "b": 2, "c": 1}, quota="7/2").quota
    Fraction(7, 2)
    """

    model_config = ConfigDict(**STRICT, coerce_numbers_to_str=True)

    weights: dict[str, Amount] = Field(min_length=1, description="votes of every voter")
    quota: Amount = Field(description="votes needed to pass (at least this many)")

    @field_validator("weights")
    @classmethod
    def _weights(cls, value: dict[str, Any]) -> dict[str, Any]:
        negative = (name for name, weight in value.items() if _known(weight, 0) < 0)
        return _checked(value, (f"'{name}' has a negative weight" for name in negative))

    @field_validator("quota")
    @classmethod
    def _quota(cls, value: Any, info: ValidationInfo) -> Any:
        weights = info.data.get("weights", {})
        if any(isinstance(number, Expression) for number in (value, *weights.values())):
            return value
        total = sum(weights.values())
        if "weights" in info.data and not 0 < value <= total:
            return _checked(value, iter([f"{value} is not above 0 and at most all votes, {total}"]))
        return value


class VotingSection(VotingRule):
    """A weighted voting body: a coalition wins when its weight is at least the quota.

    Parameters
    ----------
    also
        Further rules that must hold besides (a majority of members and of the population, say).
    enough
        Rules of which one suffices without the others.
    """

    also: tuple[VotingRule, ...] = ()
    enough: tuple[VotingRule, ...] = ()

    @model_validator(mode="after")
    def _same_voters(self) -> VotingSection:
        for path in ("also", "enough"):
            for k, rule in enumerate(getattr(self, path)):
                odd = sorted(set(rule.weights) ^ set(self.weights))
                if odd:
                    text = f"{path}.{k}.weights: the voters must be those of 'weights'; look at {odd[0]}"
                    raise PydanticCustomError("voters", "{text}", {"text": text})
        return self


def _known(amount: Any, otherwise: int) -> Any:
    """A number; something else where it depends on parameters."""
    return otherwise if isinstance(amount, Expression) else amount


def _checked(value: T, problems: Iterator[str]) -> T:
    found = list(problems)
    if found:
        raise PydanticCustomError("section", "{problems}", {"problems": "; ".join(found)})
    return value


def _player_problems(players: list[str]) -> Iterator[str]:
    for name, times in Counter(players).items():
        if times > 1:
            yield f"'{name}' is listed {times} times"
        if "," in name or not name.strip():
            yield f"the name '{name}' is empty or holds a comma"


def _value_problems(section: CoalitionalSection) -> Iterator[str]:
    seen: dict[tuple[str, ...], str] = {}
    for key in section.values:
        members = section.coalition(key)
        for name in members:
            if name not in section.players:
                yield f"'{name}' in '{key}' is not a player{suggest(name, section.players)}"
        if members in seen:
            yield f"'{key}' and '{seen[members]}' are the same coalition"
        seen[members] = key
    missing = 2 ** len(section.players) - 1 - len(seen)
    if section.unlisted is None and missing > 0:
        yield f"{missing} coalitions have no value; list them or give unlisted: 0"
