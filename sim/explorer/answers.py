"""What the page's questions are answered with, as plain data: numbers, texts and lists of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from math import isfinite
from typing import Any

import numpy as np

from sim._kernels.html import with_minus
from sim.beliefs.own_ranges import own_ranges
from sim.certified import strips
from sim.errors import UsageError
from sim.explorer.sliders import axes_of, bounds_of
from sim.feasibility import Verdict, verdict_of, words
from sim.labels import Labels, labels_of
from sim.library import shipped_file, shipped_names
from sim.scenario import Scenario

POINTS = 41
"""Points along each axis of the map."""
DRAWS = 32
"""Draws of a forecast while somebody waits."""
MOST_SLIDERS = 12
"""Parameters that have a slider at first."""
QUANTILES = (0.05, 0.25, 0.75, 0.95)
"""Quantiles of the bands around a forecast."""


def verdict(scenario: Scenario) -> dict[str, Any]:
    """The verdict at some values: in sentences, by rung, by constraint, by payoff term."""
    found = verdict_of(scenario)
    first, *rest = words.sentences(found)
    book = labels_of(scenario)
    return {
        "feasible": found.feasible,
        "margin": found.margin,
        "answer": with_minus(first),
        "sentences": [with_minus(sentence) for sentence in rest],
        "rungs": [list(row) for row in words.rung_rows(found)],
        "steps": [_step(step, found, book) for step in found.steps],
        "terms": _terms(found, book),
        "names": {actor: book.actor(actor) for actor in found.terms},
        "treaty": contents(scenario, found.best_agreement),
        "stances": found.stances,
        "predicted": _predicted(scenario, found),
        "outside": list(scenario.outside()),
        "command": command(scenario),
    }


def _step(step: Any, found: Verdict, book: Labels) -> dict[str, Any]:
    slack = step.slack if isfinite(step.slack) else None
    return {
        "rung": step.rung,
        "actor": step.actor,
        "constraint": step.constraint,
        "label": f"{book.actor(step.actor)}: {book.constraint(step.actor, step.constraint)}",
        "slack": slack,
        "binds": step == found.binding,
    }


def _terms(found: Verdict, book: Labels) -> dict[str, list[dict[str, Any]]]:
    """Payoff terms in units of the actor's payoff spread, those left out that are 0 throughout."""
    return {
        actor: [
            {
                "term": name,
                "label": book.term(actor, name),
                "before": before / scale,
                "after": after / scale,
            }
            for name, (before, after) in terms.items()
            if before or after
        ]
        for actor, terms in found.terms.items()
        for scale in (found.scales[actor],)
    }


def _predicted(scenario: Scenario, found: Verdict) -> dict[str, Any] | None:
    if found.predicted is None:
        return None
    agreement = contents(scenario, found.predicted["agreement"])
    return {"outcome": found.predicted["outcome_class"], "contents": agreement}


def contents(scenario: Scenario, agreement: str | None) -> list[dict[str, Any]]:
    """What an agreement settles: every issue with its position, and whether that is a change."""
    chosen = {} if agreement is None else dict(_parts(scenario, agreement))
    if agreement is None:
        return []
    out, book = [], labels_of(scenario)
    for issue, positions in scenario.document.issues.items():
        status_quo = next(iter(positions))
        position = chosen.get(issue, status_quo)
        label = book.at(f"issues.{issue}.{position}") or position
        out.append(
            {
                "issue": issue,
                "position": position,
                "issue_label": book.at(f"issues.{issue}") or issue,
                "position_label": label,
                "changes": position != status_quo,
            }
        )
    return out


def _parts(scenario: Scenario, agreement: str) -> list[tuple[str, str]]:
    """Issue and position of every part of an agreement's label, whatever signs its names contain."""
    out = []
    for issue, positions in scenario.document.issues.items():
        fitting = [p for p in positions if f", {issue}={p}, " in f", {agreement}, "]
        out += [(issue, max(fitting, key=len))] if fitting else []
    return out


def command(scenario: Scenario) -> str:
    """What to type to have the same verdict in a terminal."""
    from shlex import quote

    moved = " ".join(f"--set {path}={value:.6g}" for path, value in scenario.overrides.items())
    return f"sim explain {quote(name_of(scenario.origin))} {moved}".strip()


@cache
def name_of(origin: str) -> str:
    """The name of a shipped file; any other file's is the file itself.

    Examples
    --------
    >>> from sim.library import shipped_file
    >>> name_of(str(shipped_file("kuril/2018"))), name_of("my.yaml")
    ('kuril/2018', 'my.yaml')
    """
    return next((name for name in shipped_names() if str(shipped_file(name)) == origin), origin)


def share(scenario: Scenario, margin: float | None) -> dict[str, Any]:
    """In how many draws over the ranges of what is not set a treaty is feasible."""
    if margin is None:
        return {"sentence": "", "value": None, "against": ""}
    found = own_ranges(scenario, margin=margin)
    against = found.against(labels_of(scenario).say)
    return {"sentence": found.sentence(), "value": found.value, "against": against}


def landscape(scenario: Scenario, x: str, y: str) -> dict[str, Any]:
    """The outcome over two parameters, at some values of all others, as cells with their colours."""
    from sim import plots
    from sim.sweeps import sweep

    across, up = axes_of(scenario, x, y)
    if across == up:
        raise UsageError(f"'{x}' is on both axes; choose another one")
    vary = {path: (*(bounds_of(scenario, path) or (0.0, 0.0)), POINTS) for path in (across, up)}
    data = plots.landscape_data(sweep(scenario, vary=vary), x=across, y=up)
    return {
        "x": across,
        "y": up,
        "x_label": data.x_label,
        "y_label": data.y_label,
        "xs": data.x_values.tolist(),
        "ys": data.y_values.tolist(),
        "codes": data.codes.tolist(),
        "labels": list(data.names),
        "colours": [fill.colour for fill in data.fills],
        "margin": _finite(data.margin),
        "feasible": data.feasible if isfinite(data.feasible) else None,
        "plausible": None if data.plausible is None else [list(ends) for ends in data.plausible],
    }


def _finite(values: Any) -> list[list[float | None]]:
    return [[float(v) if np.isfinite(v) else None for v in row] for row in values]


def matters(scenario: Scenario) -> list[str]:
    """The parameters whose range moves the margin most, in that order."""
    found = sorted(strips(scenario).thresholds, key=lambda t: -float(np.nan_to_num(t.swing)))
    return [t.path for t in found[:MOST_SLIDERS]]


def ahead(scenario: Scenario) -> dict[str, Any]:
    """The chance of a treaty by year, from few draws: the mean, its quantiles and the outside view."""
    from sim.dynamics import forecast

    found = forecast(scenario, draws=DRAWS)
    last = found.years[-1]
    return {
        "years": list(found.years),
        "unit": found.unit,
        "mean": found.by.mean(axis=1).tolist(),
        "bands": np.quantile(found.by, QUANTILES, axis=1).tolist(),
        "outside": [found.outside.get(year) for year in found.years],
        "sentence": f"A treaty by {found.period.when(last)}: {100 * found.chance(last):.0f} % "
        f"(± {100 * found.error(last):.0f}), from {found.draws} draws; a treaty can be signed at all "
        f"in {100 * float(found.window.mean()):.0f} % of them.",
    }


def beside(mine: Scenario, other: Scenario) -> dict[str, Any]:
    """What the second file says, and in which values both differ."""
    found = verdict(other)
    here, there = mine.values, other.values
    shared = [path for path in here if path in there]
    unlike = [path for path in shared if here[path] != there[path]]
    return {
        "title": other.title,
        **{key: found[key] for key in ("feasible", "margin", "answer", "rungs", "treaty")},
        "predicted": found["predicted"],
        "sentences": found["sentences"],
        "unlike": [[path, here[path], there[path]] for path in _first(unlike, mine)],
        "unlike_in_all": len(unlike),
        "shared": len(shared),
    }


def _first(paths: Sequence[str], mine: Scenario) -> list[str]:
    """Those that were moved here first, then as in the file."""
    return sorted(paths, key=lambda path: path not in mine.overrides)[:MOST_SLIDERS]
