"""What figures of a forecast are drawn from: a stored one, or one that is made now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.shared.looks import chosen_language
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.scenario import Scenario

DRAWS = 1024
"""Draws of a figure of time where the user says nothing."""
OF_FORECAST, HISTORIES = ("forecast", "waiting", "histories"), 1000
"""Needs that a forecast answers, and histories that are drawn of it."""


def is_folder(source: Any) -> bool:
    """Whether something is drawn from what was stored."""
    return isinstance(source, str | Path) and Path(source).is_dir()


def scenario_from(source: Any) -> Scenario:
    """A scenario, or the one in a file."""
    from sim.loading import load
    from sim.scenario import require_scenario

    if isinstance(source, str | Path):
        return load(source)
    require_scenario(source, "plot")
    scenario: Scenario = source
    return scenario


def scenario_behind(source: Any) -> Scenario:
    """A scenario, the one in a file, or the one of a stored forecast."""
    if not is_folder(source):
        return scenario_from(source)
    from sim.dynamics.reopened import scenario_of

    return scenario_of(source, lang=chosen_language())


def forecast_from(source: Any, options: dict[str, Any]) -> Any:
    """A stored forecast, or one over as many draws as ``sim forecast`` takes unless said otherwise."""
    if is_folder(source):
        from sim.dynamics.reopened import open_forecast

        if "draws" in options:
            raise UsageError(
                f"{source} holds a forecast, whose draws are fixed: it takes no --draws"
            )
        return open_forecast(source, lang=chosen_language())
    from sim.dynamics import forecast

    return forecast(scenario_from(source), draws=options.pop("draws", DRAWS))


def shown_of(needs: str, found: Any) -> Any:
    """The forecast itself, or what one of its figures is drawn from."""
    if needs == "waiting":
        from sim.dynamics.waiting import waiting_of

        return waiting_of(found)
    return found.simulate(HISTORIES) if needs == "histories" else found
