"""A forecast in sentences and tables: what rests on what comes first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from sim._kernels.percent import percent
from sim._kernels.shown import Heading, Part, Table

if TYPE_CHECKING:
    from sim.dynamics.record import Forecast

MOST_WINDOWS = 6
"""Windows that are listed."""
ONLY = "the only one"
SHOWN = 0.005
"""Least share of draws of an obstacle that is listed."""


def forecast_sentences(found: Forecast) -> list[str]:
    """What the forecast says, the weakest link first."""
    last, window = found.years[-1], float(found.window.mean())
    when = found.period.when
    out = [
        f"{_sources(found)} {_drawn(found)}{' ' * bool(found.beliefs)}{found.beliefs}",
        f"A treaty by {when(last)}: {percent(found.chance(last))} (standard error "
        f"{100 * found.error(last):.1f} points). In {percent(window)} of the draws some state of the world "
        "that can be reached opens a window at all.",
    ]
    if found.promised:
        out.append(_commitment(found, last))
    between = found.between(last)
    if np.isfinite(between):
        out.append(
            f"Of the variance of that answer {percent(between)} is about the numbers and "
            f"{percent(1 - between)} about what history will bring."
        )
    if found.window.any():
        median = found.median_year
        come = (
            f"half of it has come by {when(median)}"
            if median is not None
            else f"less than half has come by {when(last)}"
        )
        out.append(f"Where there is a window, {come}.")
    k = found.at(last)
    static = float(found.means["static"][k])
    out.append(
        f"If nobody looked ahead (the static game played each period) it would be {percent(static)}; "
        f"waiting changes it by {100 * (found.chance(last) - static):+.1f} points."
    )
    out.append(_bounds(found, k))
    out.append(
        f"The outside view, which knows nothing of this dispute: {percent(found.outside[last])} by "
        f"{when(last)} (reference class '{found.outside_class}')."
    )
    out.extend(_score(found))
    out.extend(_warnings(found))
    return out


def _sources(found: Forecast) -> str:
    """What the rates and the other numbers rest on."""
    if not found.rates:
        return f"The world does not move; {found.assumed} numbers are assumed."
    return (
        f"{found.sourced} of {found.rates} transition rates are sourced; the rest are assumed, and so are "
        f"{found.assumed} of the other numbers."
    )


def _drawn(found: Forecast) -> str:
    """What was drawn, and how often."""
    if not found.drawn and found.draws == 1:
        return "Nothing was drawn: the file's own values are taken."
    if not found.drawn:
        return f"No number has a range to draw from, so all {found.draws:,} draws are the same."
    return f"{found.drawn} numbers were drawn over their ranges, {found.draws:,} times."


def _score(found: Forecast) -> list[str]:
    """What came, and how much chance it had been given."""
    score, came = found.score, found.came
    if score is None or came is None:
        return []
    what = (
        f"no treaty until the end of {found.period.when(came.until)}"
        if came.treaty is None
        else f"a treaty in {found.period.when(came.treaty)}"
    )
    better = "better" if score.log < score.base_log else "worse"
    return [
        f"What came: {what}. It had been given {percent(score.given)}, by the reference class "
        f"{percent(score.base)}: log score {score.log:.2f} against {score.base_log:.2f}, {better} than "
        "the base rate (lower is better)."
    ]


def _commitment(found: Forecast, year: int) -> str:
    """What becomes of promises."""
    k = found.at(year)
    kept, broken = (float(found.means[name][k]) for name in ("kept", "broken"))
    waiting = max(found.chance(year) - kept - broken, 0.0)
    return (
        f"Signed {percent(found.chance(year))}, handed over {percent(kept)}, broken {percent(broken)}, "
        f"not yet due {percent(waiting)}: of the first treaty by {found.period.when(year)}; the constraint "
        "of enforcement is not asked for, since breaking is a move of its own."
    )


def _bounds(found: Forecast, k: int) -> str:
    if not found.bounded:
        return (
            "Bounds over all subgame perfect equilibria are not computed for this form of the game: what "
            "is reported is the limit of ever longer horizons."
        )
    low, high = (float(found.means[name][k]) for name in ("certain", "possible"))
    return (
        f"Over all subgame perfect equilibria: at least {percent(low)}, at most {percent(high)} "
        f"(what is arranged without a treaty held at the static game's); the bounds meet in "
        f"{percent(found.closed)} of the draws."
    )


def _warnings(found: Forecast) -> list[str]:
    out = []
    if found.several > 0:
        out.append(f"Several equilibria were found in {percent(found.several)} of the draws.")
    if found.settled < 1:
        out.append(
            f"In {percent(1 - found.settled)} of the draws play does not settle: not counted on."
        )
    if found.tied > 0:
        out.append(f"In {percent(found.tied)} of the draws somebody is indifferent somewhere.")
    if found.unanswered > 0:
        out.append(
            f"{percent(found.unanswered)} of the draws have rates that are not probabilities; left out."
        )
    unit, years = found.unit, found.period.years
    every = f"once a {unit}" if years == 1 else f"once in {years:g} years"
    whose = {
        "state": f"discount factors weigh the {unit}s of the state",
        "leader": f"discount factors weigh only the {unit}s of its leader",
    }
    made = "An offer is made" if found.rounds == 1 else f"Up to {found.rounds} offers are made"
    out.append(f"{made} {every}, and {whose[found.horizon]}: both are part of the model.")
    return out


def parts(found: Forecast, years: tuple[int, ...] = ()) -> Iterator[Part]:
    """The sentences, then chances by year, windows, and what stands in the way."""
    wanted = years or found.usual_years
    yield Heading(found.title)
    yield from forecast_sentences(found)
    yield from (_by_year(found, wanted), _windows(found), _obstacles(found, wanted))


def _by_year(found: Forecast, years: tuple[int, ...]) -> Table:
    rows: list[tuple[str, ...]] = []
    for year in years:
        row = found.row(year)
        low, high = row["certified"]
        q = row["quantiles"]
        rows.append(
            (
                found.period.when(year),
                f"{percent(row['mean'])} (+-{100 * row['error']:.1f})",
                f"{percent(q['0.05'])} .. {percent(q['0.95'])}",
                percent(row["static"]),
                f"{percent(low)} .. {percent(high)}" if found.bounded else "not computed",
                percent(row["outside"]),
            )
        )
    columns = (
        "by the end of",
        "chance|r",
        "90 % of draws|r",
        "nobody looks ahead|r",
        "all equilibria|r",
        "outside view|r",
    )
    return Table(columns, rows, heading="Chance that a treaty is in force")


def _windows(found: Forecast) -> Table:
    say = found.labelled.say
    rows: list[tuple[str, ...]] = [
        (say(w.state) or ONLY, percent(w.draws), f"{w.years:.2f}", say(w.deal))
        for w in found.windows[:MOST_WINDOWS]
    ]
    more = len(found.windows) - MOST_WINDOWS
    title = "Windows: states of the world in which a treaty is signed"
    title += f" (the {MOST_WINDOWS} most frequent of {len(found.windows)})" if more > 0 else ""
    columns = ("state", "draws|r", f"{found.unit}s spent|r", "most often signed")
    return Table(columns, rows or [("none", "", "", "")], heading=title)


def _obstacles(found: Forecast, years: tuple[int, ...]) -> Table:
    rows: list[tuple[str, ...]] = []
    for name, share in sorted(found.obstacles.items(), key=lambda item: -item[1][-1]):
        chosen = [float(share[found.at(year)]) for year in years]
        if max(chosen) >= SHOWN:
            rows.append((found.labelled.say(name), *(percent(x) for x in chosen)))
    columns = ("", *(f"{found.period.when(year)}|r" for year in years))
    return Table(columns, rows, heading="What stands in the way, where there is no treaty")
