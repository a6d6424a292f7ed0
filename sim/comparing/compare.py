"""Scenarios side by side: verdicts with shares, who blocks, terms, thresholds, chances by year."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath

from sim.dynamics import forecast
from sim.errors import NotDefinedError, UsageError
from sim.explaining import explain
from sim.payoffs.compiling import PRIVATE
from sim.scenario import Scenario, require_scenario
from sim.views.side_by_side import Comparison, Side

DRAWS = 256
"""Draws of a forecast, where a file has time: a column beside others, not the forecast itself."""


def compare(
    scenarios: Mapping[str, Scenario] | Sequence[Scenario],
    *,
    with_thresholds: bool = True,
    draws: int | None = None,
    forecast_draws: int = DRAWS,
    seed: int = 0,
    told: Callable[[str], None] | None = None,
) -> Comparison:
    """Scenarios side by side.

    Parameters
    ----------
    scenarios
        Disputes by the name that each is to have, or disputes alone, which are then called after their files.
    with_thresholds
        Whether to certify where one parameter alone flips each verdict.
    draws
        How many draws the share rests on; as :func:`sim.explain` says where absent, 0 for no share.
    forecast_draws
        How many draws a forecast rests on, of a file that has time; 0 for no forecast.
    seed
        Of all draws.
    told
        Called with a few words before each step.

    Raises
    ------
    UsageError
        If there is nothing to compare, or one of them is a classical game.

    Examples
    --------
    >>> from sim.loading import loads
    >>> s = loads('''
    ... parameters: {cost: {value: 0.5, range: [0, 1]}}
    ... issues: {peace: {no: {}, yes: {signed: 1}}}
    ... outcomes: {treaty: signed}
    ... actors: {a: {role: principal}, b: {role: principal}}
    ... payoffs: {a: {gain: (0.3 - cost)*signed}, b: {gain: 0.1*signed}}
    ... ''')
    >>> found = compare({"dear": s, "cheap": s.with_values({"cost": 0.1})})
    >>> [(side.name, side.verdict.feasible) for side in found.sides]
    [('dear', False), ('cheap', True)]
    """
    named = _named(scenarios)
    if len(named) < 2:
        raise UsageError("sim.compare takes two scenarios or more")
    say = told or (lambda words: None)
    sides = []
    for name, scenario in named.items():
        require_scenario(scenario, "compare")
        say(f"verdict on {name} ...")
        verdict = explain(_known(scenario), with_thresholds=with_thresholds, draws=draws, seed=seed)
        ahead = None
        if scenario.document.dynamics is not None and forecast_draws:
            say(f"forecast of {name} ...")
            ahead = forecast(scenario, draws=forecast_draws, seed=seed)
        sides.append(Side(name=name, verdict=verdict, forecast=ahead, labelled=scenario.labelled))
    return Comparison(sides=tuple(sides))


def _known(scenario: Scenario) -> Scenario:
    """The scenario itself, if nobody in it has types."""
    if scenario.document.private:
        raise NotDefinedError(f"{scenario.origin}: {PRIVATE}")
    return scenario


def _named(scenarios: Mapping[str, Scenario] | Sequence[Scenario]) -> dict[str, Scenario]:
    """Scenarios by name; those that come without one are called after their files, each differently."""
    if isinstance(scenarios, Mapping):
        return dict(scenarios)
    out: dict[str, Scenario] = {}
    for scenario in scenarios:
        require_scenario(scenario, "compare")
        stem = PurePath(scenario.origin).stem or "scenario"
        taken, k = stem, 2
        while taken in out:
            taken, k = f"{stem} ({k})", k + 1
        out[taken] = scenario
    return out
