"""The ``dynamics`` section of a dispute: time, the world that moves, and what a treaty is once it is signed.

Definition. The world is a product of **factors** (who rules, whether there is a war, ...), each at one of
its **levels**; a *state* is one level per factor. A level sets parameters of the dispute. Per period a
factor moves from its level to another with the chance that ``moves`` gives; what is not said stays. All
factors move at once, each knowing the state before.

Expressions of ``moves`` read parameters, ``factor.level`` as 1 where the state is at that level and 0
elsewhere, the ``year`` in which the period begins, and ``signed``, 1 once a treaty is in force.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from sim.constraints import Formula, Rung
from sim.constraints.base import STRICT
from sim.labels import Label, without_labels
from sim.labels.schema import beside_labels

MOST_STATES = 512
"""Most states of the world."""


class Record(BaseModel):
    """Common settings: unknown keys are errors and nothing changes after loading."""

    model_config = STRICT


def _empty_as_mapping(node: Any) -> Any:
    return {} if node is None else node


Values = Annotated[Mapping[str, Formula], BeforeValidator(_empty_as_mapping)]
LevelValues = Annotated[
    Mapping[str, Formula],
    BeforeValidator(_empty_as_mapping),
    BeforeValidator(without_labels),
    beside_labels(),
]


class Period(Record):
    """The unit of time: which year the first period is, and how many years a period lasts.

    Parameters
    ----------
    start
        The year of the first period; 0 where there is no calendar.
    years
        How long a period lasts.
    """

    start: int = 0
    years: float = Field(1.0, gt=0, le=100)

    @property
    def unit(self) -> str:
        """What is counted: years, or periods where there is neither a calendar nor a length of their own."""
        return "year" if self.start or self.years != 1 else "period"

    def when(self, year: int) -> str:
        """A year as it is written in a sentence.

        Examples
        --------
        >>> Period(start=2030).when(2049), Period().when(19), Period(years=5).when(19)
        ('2049', 'period 19', 'year 19')
        """
        return str(year) if self.start else f"{self.unit} {year}"


class Factor(Record):
    """One factor of the world.

    Parameters
    ----------
    now
        The level at the start.
    levels
        Per level the parameters that it sets, by dotted path.
    moves
        Per level, to which other levels it moves in a period and with which chance.
    label, short
        What people read in place of its name.
    """

    now: str
    levels: Mapping[str, LevelValues] = Field(min_length=1)
    moves: Annotated[Mapping[str, Values], BeforeValidator(_empty_as_mapping)] = {}
    note: str = ""
    source: str = ""
    label: Label | None = None
    short: Label | None = None


class HandOver(Record):
    """What a treaty promises for later.

    Parameters
    ----------
    after
        How many periods after signature it is handed over.
    until_then_without
        Issues that stay at their first position until then.
    """

    after: int = Field(ge=1, le=200)
    until_then_without: tuple[str, ...] = Field(min_length=1)


class Breach(Record):
    """How a principal may break its promise.

    Parameters
    ----------
    at
        When: at the hand-over.
    ratified_again
        Whether everything that a signature needs must hold once more then; where it does not, the promise
        is broken.
    cost
        What it costs the one who breaks, once.
    then
        Levels of the world in which the dispute is open again.
    """

    at: Literal["hand_over"] = "hand_over"
    ratified_again: bool = False
    cost: Formula | None = None
    then: Annotated[Mapping[str, str], BeforeValidator(_empty_as_mapping)] = {}


class TreatyInTime(Record):
    """What a treaty is once it is signed.

    Parameters
    ----------
    once
        Payoff terms that count once, at signature, and not in every period: ``actor.term``.
    hand_over
        What it promises for later; nothing where absent.
    breach
        Per principal how it may break the promise (``break`` in files).
    """

    model_config = ConfigDict(defer_build=True, validate_by_name=True, validate_by_alias=True)

    once: tuple[str, ...] = ()
    hand_over: HandOver | None = None
    breach: Annotated[Mapping[str, Breach], BeforeValidator(_empty_as_mapping)] = Field(
        default={}, alias="break"
    )


class Came(Record):
    """What came, for a start that lies in the past.

    Parameters
    ----------
    until
        The last year that is known.
    treaty
        The year in which a treaty was signed; none was where absent.
    """

    until: int
    treaty: int | None = None
    source: str = ""
    note: str = ""


class Dynamics(Record):
    """Time in a dispute.

    Parameters
    ----------
    period
        The unit of time.
    report
        Over how many years chances are reported.
    ends
        A last year after which nothing can be signed; none where absent.
    discount
        Per principal its discount factor per period.
    horizon
        Whose sum a discount factor weighs: that of the ``state``, or of its ``leader``, who counts what
        comes after leaving as nothing.
    leaves
        Per principal the chance that its leader leaves in a period, for the horizon of leaders.
    proposer
        Who makes the offer: a principal, or per principal the chance to make it; as the game says
        where absent.
    requires
        The rungs of the ladder that a signature needs.
    outside
        The reference class that stands beside the forecast.
    came
        What came, where the start lies in the past.
    world
        The factors.
    treaty
        What a treaty is once it is signed.
    """

    period: Period = Period()
    report: int = Field(50, ge=1, le=1000)
    ends: int | None = None
    discount: Mapping[str, Formula] = Field(min_length=1)
    horizon: Literal["state", "leader"] = "state"
    leaves: Annotated[Mapping[str, Formula], BeforeValidator(_empty_as_mapping)] = {}
    proposer: str | Mapping[str, Formula] | None = None
    requires: tuple[Rung, ...] = ("home", "abroad", "enforcement")
    outside: str = "claims-older-than-50"
    came: Came | None = None
    world: Annotated[Mapping[str, Factor], BeforeValidator(_empty_as_mapping)] = {}
    treaty: TreatyInTime = TreatyInTime()

    @property
    def periods(self) -> int:
        """Number of periods that are reported."""
        return max(1, round(self.report / self.period.years))

    @property
    def states(self) -> int:
        """Number of world states."""
        count = 1
        for factor in self.world.values():
            count *= len(factor.levels)
        return count

    @property
    def sets(self) -> dict[str, str]:
        """Every parameter that some level sets, with the factor that sets it."""
        return {
            path: name
            for name, factor in self.world.items()
            for values in factor.levels.values()
            for path in values
        }

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Dynamics:
        if self.ends is not None and self.ends < self.period.start:
            raise PydanticCustomError(
                "ends", f"the last year {self.ends} is before the first, {self.period.start}"
            )
        if self.came is not None:
            last = self.period.start + round(self.report) - 1
            years = [self.came.until] + ([] if self.came.treaty is None else [self.came.treaty])
            if not all(self.period.start <= year <= last for year in years):
                raise PydanticCustomError(
                    "came",
                    f"what came must lie in the years reported, {self.period.start} to {last}",
                )
        return self
