"""Where types separate along one parameter, as a record: stretches, their ends, and what is said of them.

Definition. The *shape* of an equilibrium outcome is its kind with, by type, the messages that are sent and
the outcome classes that come of it; everything but the probabilities. A *stretch* is an interval in which
the set of shapes is the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sim._kernels.percent import percent
from sim._kernels.shown import Heading, Part, Shown, Table
from sim.feasibility.private.along import outcomes_by_shape
from sim.feasibility.private.signalled_outcome import SEPARATING, Signalled, SignalledOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """An interval in which the same shapes of outcomes exist.

    Parameters
    ----------
    low, high
        Its ends.
    found
        What the game leads to in the middle of it.
    """

    low: float
    high: float
    found: Signalled

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of its outcomes."""
        return tuple(sorted({one.kind for one in self.found.outcomes if one.kind}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Separation(Shown):
    """Where types separate along one parameter.

    Parameters
    ----------
    title, path
        Of the scenario, and the parameter.
    low, high
        The range.
    stretches
        In order.
    certified
        Whether ends of stretches and shapes within are proved.
    why_not
        Why they are not, in a few words.
    """

    title: str
    path: str
    low: float
    high: float
    stretches: tuple[Stretch, ...]
    certified: bool
    why_not: str = ""

    @property
    def thresholds(self) -> tuple[float, ...]:
        """Where one stretch ends and the next begins."""
        return tuple(one.high for one in self.stretches[:-1])

    def parts(self) -> Iterator[Part]:
        """Stretches as a table, and where separation begins and ends."""
        how = "certified" if self.certified else f"sampled, not certified: {self.why_not}"
        yield Heading(self.title)
        yield f"Equilibrium outcomes along {self.path}, {self.low:g} to {self.high:g} ({how}):"
        rows = [row for one in self.stretches for row in _rows(one)]
        columns = ("from|r", "to|r", "types", "messages and what comes of them", "treaty|r")
        yield Table(columns, rows, caption="treaty: its chance in the middle of the stretch")
        yield self.sentence()

    def sentence(self) -> str:
        """Where types separate, in a sentence."""
        if not any(one.kinds for one in self.stretches):
            at = ", ".join(f"{x:.6g}" for x in self.thresholds)
            return f"What comes of it changes at {self.path} = {at}." if at else "Nothing changes."
        spans = _joined([one for one in self.stretches if SEPARATING in one.kinds])
        if not spans:
            return "Types separate nowhere in this range."
        told = " and ".join(f"from {a:.6g} to {b:.6g}" for a, b in spans)
        ends = [x for span in spans for x in span if self.low < x < self.high]
        tail = f"; separation ends at {', '.join(f'{x:.6g}' for x in ends)}" if ends else ""
        return f"An equilibrium in which types separate exists {told}{tail}."

    def to_dict(self) -> dict[str, Any]:
        """The record as plain data for JSON."""
        return {
            "title": self.title,
            "path": self.path,
            "range": [self.low, self.high],
            "certified": self.certified,
            "why_not": self.why_not,
            "thresholds": list(self.thresholds),
            "stretches": [_plain(one) for one in self.stretches],
            "sentence": self.sentence(),
        }


def _joined(stretches: Sequence[Stretch]) -> list[tuple[float, float]]:
    out: list[tuple[float, float]] = []
    for one in stretches:
        if out and out[-1][1] == one.low:
            out[-1] = (out[-1][0], one.high)
        else:
            out.append((one.low, one.high))
    return out


def _plain(one: Stretch) -> dict[str, Any]:
    return {
        "from": one.low,
        "to": one.high,
        "kinds": list(one.kinds),
        "treaty": list(one.found.spread()),
        "outcomes": [
            {
                "kind": o.kind,
                "messages": {a: dict(m) for a, m in o.messages.items()},
                "by_type": {t: dict(c) for t, c in o.by_type.items()},
            }
            for o in outcomes_by_shape(one.found)
        ],
    }


def _rows(one: Stretch) -> Iterator[tuple[str, ...]]:
    """A row for every shape of a stretch; its ends stand in the first."""
    ends = f"{one.low:.6g}", f"{one.high:.6g}"
    for outcome in outcomes_by_shape(one.found):
        yield (*ends, outcome.kind or "-", _told(outcome), percent(outcome.treaty))
        ends = "", ""
    if not one.found.outcomes:
        yield (*ends, "none found", "", "")


def _told(outcome: SignalledOutcome) -> str:
    """By type what is sent and what comes of it."""
    words = []
    for label, classes in outcome.by_type.items():
        said = dict.fromkeys(
            ", ".join(play.messages.values()) for play in outcome.plays if play.profile == label
        )
        came = " or ".join(name for name, p in classes.items() if p > 0)
        sent = f"{' or '.join(said)}, then " if any(said) else ""
        words.append(f"{label}: {sent}{came}")
    return "; ".join(words)
