"""Reference classes: how often things of a kind happened, as counts with their source.

Definition. A *reference class* is a set of comparable cases. Of a class of kind ``rate`` it is known how many
events fell into how many years of exposure; of kind ``share``, how many of so many attempts succeeded; of
kind ``ratio``, by which factor one rate exceeds another, with its interval. The counts lie beside this
module; rows of the sources are not part of the package.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from sim.errors import UsageError, suggest

Kind = Literal["rate", "share", "ratio"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceClass:
    """Counts of a class of cases.

    Parameters
    ----------
    name, what
        Its name, and what counts as an event.
    kind
        A rate per year, a share of attempts, or a ratio of two rates.
    events, exposure, unit
        How many events in how much exposure, and what that is counted in; 0 for a ratio.
    ratio, interval95
        Of a ratio, its value and its interval at 95 %.
    source, key, terms
        Where the counts are from, its key in the bibliography, and on which terms it is used.
    caveat
        What the class does not cover.

    Raises
    ------
    UsageError
        If there are fewer than 0 events, no exposure, or more successes than attempts.

    Examples
    --------
    >>> ReferenceClass(name="mine", what="quiet disputes settled", events=0, exposure=40).kind
    'rate'
    """

    name: str
    what: str
    kind: Kind = "rate"
    events: int = 0
    exposure: float = 0.0
    unit: str = "years"
    ratio: float | None = None
    interval95: tuple[float, float] | None = None
    source: str = ""
    key: str = ""
    terms: str = ""
    caveat: str = ""

    def __post_init__(self) -> None:
        if self.kind == "ratio":
            return
        if not 0 <= self.events < float("inf") or not 0 < self.exposure < float("inf"):
            raise UsageError(
                f"reference class '{self.name}': a count of events and some {self.unit} are needed"
            )
        if self.kind == "share" and self.events > self.exposure:
            raise UsageError(f"reference class '{self.name}': more successes than attempts")

    def to_dict(self) -> dict[str, Any]:
        """The record as plain data, without what its kind does not have."""
        absent = {
            "ratio": ("events", "exposure", "unit"),
            "rate": ("ratio", "interval95"),
            "share": ("ratio", "interval95"),
        }[self.kind]
        told = {k: v for k, v in asdict(self).items() if k not in absent}
        if self.interval95 is not None:
            told["interval95"] = list(self.interval95)
        return told


@cache
def reference_classes() -> dict[str, ReferenceClass]:
    """The classes that come with the package, by name.

    Examples
    --------
    >>> reference_classes()["claims"].events
    106
    """
    text = files("sim.beliefs").joinpath("base_rates.json").read_text(encoding="utf-8")
    read: dict[str, Any] = json.loads(text)
    return {name: _record(name, entry, read["sources"]) for name, entry in read["classes"].items()}


def _record(name: str, entry: dict[str, Any], sources: dict[str, Any]) -> ReferenceClass:
    source = sources[entry["source"]]
    caveats = [text for text in (entry.get("caveat"), source["caveat"]) if text]
    told = {k: v for k, v in entry.items() if k not in ("source", "caveat", "interval95")}
    ends = entry.get("interval95")
    return ReferenceClass(
        name=name,
        source=source["text"],
        key=source["key"],
        terms=source["terms"],
        caveat="; ".join(caveats),
        interval95=None if ends is None else (float(ends[0]), float(ends[1])),
        **told,
    )


def reference_class(name: str) -> ReferenceClass:
    """A class by its name.

    Raises
    ------
    UsageError
        If there is none of that name; near ones are suggested.

    Examples
    --------
    >>> reference_class("claim")
    Traceback (most recent call last):
    sim.errors.UsageError: unknown reference class 'claim'; did you mean 'claims'?
    """
    found = reference_classes()
    if name not in found:
        raise UsageError(f"unknown reference class '{name}'{suggest(name, found)}")
    return found[name]
