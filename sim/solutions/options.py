"""Options: what a concept may be told besides the game, declared once and reached from everywhere.

A concept that takes options lists them as ``OPTIONS`` in its module, one :class:`Option` for each
keyword of its function. They come from the command (``--option quantal_response.precision=2``, a
text), from Python (``sim.solve(s, "quantal_response", precision=2)``) and from a file
(``options: {quantal_response: {precision: 2}}``); all three are read here, with the same bounds and
the same words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any, Literal

import numpy as np

from sim.errors import UsageError

Kind = Literal["number", "integer", "flag", "text", "numbers", "mixes"]
_WORDS: dict[Kind, str] = {
    "number": "a number",
    "integer": "a whole number",
    "flag": "true or false",
    "text": "a text",
    "numbers": "numbers, separated by commas",
    "mixes": "numbers separated by commas, one group for each actor, groups separated by semicolons",
}
_FLAGS = {"true": True, "yes": True, "false": False, "no": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option of a concept.

    Parameters
    ----------
    name
        The keyword of the concept's function.
    kind
        What is expected: a number, a whole number, a flag, a text, numbers, or mixes.
    meaning
        One sentence for the reader.
    default
        What holds without it; ``None`` where the concept then decides, as ``meaning`` says.
    low, high
        Bounds of a number, both included.
    unit
        What a number is measured in.
    choices
        The texts that are legal; any where empty.

    Examples
    --------
    >>> lam = Option(name="precision", kind="number", low=0, unit="1/payoff", meaning="How precise.")
    >>> lam.legal
    'a number of at least 0 (1/payoff)'
    >>> lam.read("2", "quantal_response")
    2.0
    """

    name: str
    kind: Kind
    meaning: str
    default: Any = None
    low: float = -inf
    high: float = inf
    unit: str = ""
    choices: tuple[str, ...] = ()

    @property
    def legal(self) -> str:
        """What it may be, in words."""
        if self.choices:
            return f"one of {', '.join(self.choices)}"
        bounds = ""
        if isfinite(self.low) and isfinite(self.high):
            bounds = f" from {_plain(self.low)} to {_plain(self.high)}"
        elif isfinite(self.low):
            bounds = f" of at least {_plain(self.low)}"
        return _WORDS[self.kind] + bounds + (f" ({self.unit})" if self.unit else "")

    def read(self, value: Any, concept: str) -> Any:
        """A value from a command, a file or a program, checked.

        Raises
        ------
        UsageError
            If it is not of the option's kind or out of its bounds; the message says what is legal.
        """
        try:
            found = _READERS[self.kind](value)
        except (TypeError, ValueError, OverflowError):
            found = None
        numbers = [found] if self.kind in ("number", "integer") else []
        chosen = not self.choices or found in self.choices
        if found is None or not chosen or not all(self.low <= x <= self.high for x in numbers):
            shown = f"'{value}'" if isinstance(value, str) else repr(value)
            raise UsageError(f"{concept}.{self.name}: {shown} is not {self.legal}")
        return found


def read_options(
    concept: str, declared: Sequence[Option], given: Mapping[str, Any]
) -> dict[str, Any]:
    """Options given for a concept, checked against those that it declares.

    Raises
    ------
    UsageError
        If the concept has no such option, or a value is out of bounds.

    Examples
    --------
    >>> rounds = Option(name="iterations", kind="integer", low=1, meaning="Number of rounds.")
    >>> read_options("fictitious_play", [rounds], {"iterations": 10})
    {'iterations': 10}
    >>> read_options("replicator", [rounds], {"rounds": 10})
    Traceback (most recent call last):
    sim.errors.UsageError: replicator has no option 'rounds'; legal: iterations, a whole number of at least 1
    """
    by_name = {option.name: option for option in declared}
    for name in given:
        if name not in by_name:
            legal = "; ".join(f"{option.name}, {option.legal}" for option in declared)
            tail = f"legal: {legal}" if legal else "it takes none"
            raise UsageError(f"{concept} has no option '{name}'; {tail}")
    return {
        name: by_name[name].read(value, concept)
        for name, value in given.items()
        if value is not None
    }


def _plain(number: float) -> str:
    return f"{int(number):,}" if number == int(number) else f"{number:g}"


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    number = float(value)
    return number if isfinite(number) else None


def _integer(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        return int(value)
    return int(value) if int(value) == value else None


def _flag(value: Any) -> bool | None:
    if isinstance(value, str):
        return _FLAGS.get(value.strip().lower())
    return bool(value) if isinstance(value, bool | np.bool_) else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _numbers(value: Any) -> list[float] | None:
    parts = value.split(",") if isinstance(value, str) else list(value)
    found = [_number(part) for part in parts]
    known = [number for number in found if number is not None]
    return known if known and len(known) == len(found) else None


def _mixes(value: Any) -> list[list[float]] | None:
    parts = value.split(";") if isinstance(value, str) else list(value)
    found = [_numbers(part) for part in parts]
    known = [numbers for numbers in found if numbers is not None]
    return known if known and len(known) == len(found) else None


_READERS: dict[Kind, Any] = {
    "number": _number,
    "integer": _integer,
    "flag": _flag,
    "text": _text,
    "numbers": _numbers,
    "mixes": _mixes,
}
