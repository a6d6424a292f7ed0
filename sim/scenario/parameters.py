"""Parameters: named numbers with their range, unit and source.

A parameter's dotted path is its only name: key in the file, ``--set`` and ``--vary`` key, column
of a result, axis label of a figure. Files write a parameter as a plain number or as a record, and
may nest them: ``parameters: {moscow: {nationalism: {value: 0.77, ...}}}`` is
``moscow.nationalism``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from sim.labels import Label
from sim.scenario.distributions import Normal, Triangular, Written


class Parameter(BaseModel):
    """A number that an analyst may vary.

    Parameters
    ----------
    value
        The value that the scenario takes as given.
    range
        ``[lo, hi]``: the values that remain plausible; ``None`` where nothing is uncertain.
    levels
        The only values it can take (a flag is ``[0, 1]``); any value of the range where absent.
    unit, source, note
        What it is measured in, where it was read (or ``assumed``), and why.
    label, short
        What people read in place of its path.
    distribution
        How plausible the values are, for random designs; uniform over the range where absent.
    private
        The actor that alone knows its value: the others know its distribution, as the number of a
        ``screening`` or ``costly_signal`` file.

    Examples
    --------
    >>> p = Parameter(value=0.77, range=(0.70, 0.85), unit="share opposed", source="VCIOM 2018")
    >>> p.assumed
    False
    """

    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True)

    value: float = Field(allow_inf_nan=False)
    range: tuple[float, float] | None = None
    levels: tuple[float, ...] | None = Field(None, min_length=1)
    unit: str = ""
    source: str = ""
    note: str = ""
    label: Label | None = None
    short: Label | None = None
    distribution: Written | None = None
    private: str = ""

    @property
    def assumed(self) -> bool:
        """Whether the value rests on no source: it says so, or names none."""
        return not self.source or "assumed" in self.source.lower()

    @model_validator(mode="after")
    def _drawable(self) -> Parameter:
        law = self.distribution
        if law is None or isinstance(law, Normal):
            return self
        if self.range is None:
            raise PydanticCustomError("distribution", f"a {law.type} distribution needs a range")
        lo, hi = self.range
        if isinstance(law, Triangular) and law.mode is not None and not lo <= law.mode <= hi:
            raise PydanticCustomError(
                "distribution", f"mode {law.mode:g} is outside the range [{lo:g}, {hi:g}]"
            )
        return self

    @model_validator(mode="after")
    def _on_a_level(self) -> Parameter:
        if self.levels is None:
            return self
        if self.distribution is not None:
            raise PydanticCustomError(
                "levels", "levels are equally plausible; they exclude a distribution"
            )
        legal = ", ".join(f"{level:g}" for level in self.levels)
        if self.value not in self.levels:
            raise PydanticCustomError(
                "levels", f"value {self.value:g} is not one of its levels {legal}"
            )
        lo, hi = self.range or (min(self.levels), max(self.levels))
        if not all(lo <= level <= hi for level in self.levels):
            raise PydanticCustomError("levels", f"levels {legal} leave the range [{lo:g}, {hi:g}]")
        return self

    @model_validator(mode="after")
    def _inside(self) -> Parameter:
        if self.range is None:
            return self
        lo, hi = self.range
        if not (isfinite(lo) and isfinite(hi)):
            raise PydanticCustomError(
                "range", f"range runs from {lo:g} to {hi:g}; finite numbers are needed"
            )
        if not lo <= hi:
            raise PydanticCustomError(
                "range", f"range runs from {lo:g} to {hi:g}; lo <= hi is needed"
            )
        if not lo <= self.value <= hi:
            raise PydanticCustomError(
                "range", f"value {self.value:g} is outside its range [{lo:g}, {hi:g}]"
            )
        return self


RECORD_KEYS = frozenset(Parameter.model_fields)


def is_record(node: Any) -> bool:
    """Whether a mapping is one parameter's record, and not a group of parameters.

    It is one when it has ``value`` and no other key than a record's, or ``value`` together with at
    least one further key that only a record has. Without ``value`` it is meant as one where such a key has
    a text or a list, which no parameter is.

    Examples
    --------
    >>> is_record({"value": 1, "unit": "USD"}), is_record({"value": 1, "principle": 0.5})
    (True, False)
    >>> is_record({"range": [0, 1], "source": "assumed"}), is_record({"range": 1, "source": 2})
    (True, False)
    """
    if not isinstance(node, Mapping):
        return False
    keys = set(node)
    if "value" not in keys:
        return any(isinstance(node[key], str | list) for key in keys & RECORD_KEYS)
    return keys <= RECORD_KEYS or bool(keys & (RECORD_KEYS - {"value"}))


def flatten(node: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted paths and raw records of nested parameters, in the order of the file.

    Examples
    --------
    >>> list(flatten({"moscow": {"trade": 0.3, "will": {"value": 1, "unit": "share"}}}))
    [('moscow.trade', 0.3), ('moscow.will', {'value': 1, 'unit': 'share'})]
    """
    for key, child in node.items():
        path = f"{prefix}.{key}" if prefix else str(key)
        if isinstance(child, Mapping) and child and not is_record(child):
            yield from flatten(child, path)
        else:
            yield path, child


def read_parameters(node: Any) -> Any:
    """Raw nested parameters as ``{dotted path: record}``; a plain number becomes a record."""
    if not isinstance(node, Mapping):
        return node
    return {
        path: {"value": child} if isinstance(child, int | float) else child
        for path, child in flatten(node)
    }


def parameter_rows(
    parameters: Mapping[str, Parameter], values: Mapping[str, float]
) -> list[tuple[str, str, str, str, str]]:
    """Per parameter its path, value, range, unit and source."""
    return [
        (
            path,
            f"{values[path]:g}",
            "" if p.range is None else f"{p.range[0]:g} to {p.range[1]:g}",
            p.unit,
            "assumed" if p.assumed else p.source,
        )
        for path, p in parameters.items()
    ]
