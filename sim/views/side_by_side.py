"""The record of a comparison, its tables, and its data.

Definition. A *side* is one scenario with its verdict and, where its file has time, its forecast. Rows that
only some sides have are empty for the others: a constraint that a file does not have is not a constraint met.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import TYPE_CHECKING, Any

from sim._kernels.percent import percent
from sim._kernels.shown import Heading, Part, Shown, Table
from sim.labels import NO_LABELS, Labels

if TYPE_CHECKING:
    from sim.dynamics.record import Forecast
    from sim.feasibility import Verdict

NOTHING = "+0.000"
ABREAST = 4
"""Sides that stand beside one another in one table; more are told in further tables."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the scenarios compared.

    Parameters
    ----------
    name
        What it is called in the comparison.
    verdict
        With its share, blockers, terms and thresholds.
    forecast
        Chances by year; ``None`` where the file has no time.
    labelled
        The labels of its file.
    """

    name: str
    verdict: Verdict
    forecast: Forecast | None = None
    labelled: Labels = field(default=NO_LABELS, repr=False)

    @property
    def slacks(self) -> dict[str, float]:
        """Every gain and slack of its best treaty, by ``actor.constraint``."""
        return {f"{s.actor}.{s.constraint}": s.slack for s in self.verdict.steps}

    @property
    def terms(self) -> dict[str, float]:
        """By how much its best treaty changes every payoff term, by ``actor.term``."""
        return {
            f"{actor}.{term}": after - before
            for actor, terms in self.verdict.terms.items()
            for term, (before, after) in terms.items()
        }

    @property
    def flips(self) -> dict[str, tuple[float, ...]]:
        """Where a parameter alone flips its verdict, by dotted path."""
        return {t.path: t.at for t in self.verdict.thresholds if t.at}

    def to_dict(self) -> dict[str, Any]:
        """The side as plain data for JSON."""
        ahead = self.forecast
        years = {} if ahead is None else {str(y): ahead.chance(y) for y in ahead.usual_years}
        return {
            "name": self.name,
            "scenario": self.verdict.title,
            "verdict": self.verdict.to_dict(),
            "slacks": {k: v if isfinite(v) else None for k, v in self.slacks.items()},
            "terms": self.terms,
            "flips": {path: list(at) for path, at in self.flips.items()},
            "treaty_by_year": years,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison(Shown):
    """Scenarios side by side.

    Parameters
    ----------
    sides
        In the order asked for.
    """

    sides: tuple[Side, ...]

    def __repr__(self) -> str:
        return f"<Comparison of {', '.join(side.name for side in self.sides)}>"

    def to_dict(self) -> dict[str, Any]:
        """The comparison as plain data for JSON."""
        return {"sides": [side.to_dict() for side in self.sides]}

    def parts(self) -> Iterator[Part]:
        """Verdicts, chances by year, gains and slacks, terms and thresholds, side by side."""
        yield Heading("Side by side")
        yield from (f"{side.name}: {side.verdict.title}" for side in self.sides)
        for k in range(0, len(self.sides), ABREAST):
            yield from _tables(self.sides[k : k + ABREAST])


def _tables(sides: Sequence[Side]) -> Iterator[Part]:
    columns = ("", *(f"{side.name}|r" for side in sides))
    heads = [(name, *(tell(side) for side in sides)) for name, tell in HEADS.items()]
    yield Table(columns, [row for row in heads if any(row[1:])], heading="The verdict")
    yield _by_year(sides, columns)
    yield Table(
        columns,
        _rows(sides, lambda side: side.slacks, _slack, Labels.say),
        heading="Gains and slacks of the best treaty of each",
    )
    yield _terms(sides, columns)
    yield Table(
        columns,
        _rows(sides, lambda side: side.flips, _at, Labels.with_path),
        heading="Where one parameter alone flips the verdict",
    )


def _rows(
    sides: Sequence[Side],
    of: Callable[[Side], Mapping[str, Any]],
    shown: Callable[[Any], str],
    said: Callable[[Labels, str], str],
) -> list[tuple[str, ...]]:
    """A row per name that any side has; empty cells where a side has none."""
    found = [of(side) for side in sides]
    names = dict.fromkeys(name for one in found for name in one)
    return [
        (_said(sides, name, said), *(shown(one[name]) if name in one else "" for one in found))
        for name in names
    ]


def _said(sides: Iterable[Side], name: str, said: Callable[[Labels, str], str]) -> str:
    """A name with the label that the first side with one has."""
    told = (said(side.labelled, name) for side in sides)
    return next((words for words in told if words != name), name)


def _terms(sides: Sequence[Side], columns: Sequence[str]) -> Table:
    """What each treaty changes; terms that it changes nowhere are counted only."""
    rows = _rows(sides, lambda side: side.terms, _change, lambda book, n: book.term_of(*_two(n)))
    told = [row for row in rows if any(cell not in ("", NOTHING) for cell in row[1:])]
    rest = len(rows) - len(told)
    caption = f"{rest} other terms change nowhere" if rest else ""
    heading = "What that treaty changes in every payoff term"
    return Table(columns, told, heading=heading, caption=caption)


def _two(name: str) -> tuple[str, str]:
    actor, _, rest = name.partition(".")
    return actor, rest


def _by_year(sides: Sequence[Side], columns: Sequence[str]) -> Table:
    """Chances that a treaty is in force, where a file has time."""
    ahead = {side.name: side.forecast for side in sides if side.forecast is not None}
    years = sorted({year for found in ahead.values() for year in found.usual_years})
    rows = []
    for year in years:
        cells = (_chance(ahead.get(side.name), year) for side in sides)
        said = {f.period.when(year) for f in ahead.values() if f.years[0] <= year <= f.years[-1]}
        rows.append((f"by {said.pop() if len(said) == 1 else year}", *cells))
    return Table(columns, rows, heading="Chance that a treaty is in force (± one standard error)")


def _chance(found: Forecast | None, year: int) -> str:
    if found is None or not found.years[0] <= year <= found.years[-1]:
        return ""
    return f"{percent(found.chance(year))} ± {100 * found.error(year):.1f}"


def _change(value: float) -> str:
    return f"{round(value, 3) + 0.0:+.3f}"


def _slack(value: float) -> str:
    return f"{value:+.3f}" if isfinite(value) else "not engaged"


def _at(values: tuple[float, ...]) -> str:
    return ", ".join(f"{x:.4g}" for x in values[:3])


def _answer(side: Side) -> str:
    verdict = side.verdict
    if verdict.margin is None:
        return "no treaty in the file"
    return {True: "feasible", False: "not feasible", None: "knife-edge"}[verdict.feasible]


def _share(side: Side) -> str:
    share = side.verdict.share
    if share is None or share.value is None:
        return ""
    if share.feasible == 0:
        return f"none (below {100 * share.bound:.1f} %)"
    return f"{percent(share.value)} ± {100 * (share.error or 0):.1f}"


def _blocked(side: Side) -> str:
    found = side.verdict.blockers
    return "" if found is None or side.verdict.feasible else side.labelled.say(found.lifting)


def _sets(side: Side) -> str:
    found = side.verdict.blockers
    if found is None or side.verdict.feasible:
        return ""
    return side.labelled.say("; ".join(" + ".join(one) for one in found.minimal_sets[:3]))


def _predicted(side: Side) -> str:
    p = side.verdict.predicted
    return "" if p is None else f"{p['outcome_class']}: {side.labelled.say(p['agreement'])}"


HEADS: dict[str, Callable[[Side], str]] = {
    "verdict": _answer,
    "share of draws feasible": _share,
    "margin": lambda side: "" if side.verdict.margin is None else f"{side.verdict.margin:+.3f}",
    "rung": lambda side: side.verdict.rung,
    "blocked by": _blocked,
    "smallest sets to lift": _sets,
    "best treaty": lambda side: side.labelled.say(side.verdict.best_agreement or ""),
    "rests on": lambda side: side.labelled.say("; ".join(side.verdict.rests_on)),
    "the game predicts": _predicted,
}
"""The rows of the first table."""
