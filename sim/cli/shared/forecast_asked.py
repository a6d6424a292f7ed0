"""``--of forecast:YEAR``: where a treaty by a year is as likely as a level, as verbs and figures ask it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.shared.options import print_json, show
from sim.cli.shared.working import working
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.dynamics.over_ranges.record import ForecastOver
    from sim.scenario import Scenario


def sampled(
    scenario: Scenario,
    ranges: Mapping[str, tuple[float, float] | None],
    of: str,
    *,
    quiet: bool = False,
    **how: Any,
) -> ForecastOver:
    """The chance of a treaty by a year over ranges, with a line on how far it is."""
    from sim.dynamics.over_ranges.forecast_over import forecast_over

    with working("the chance of a treaty at 0 points ...", quiet=quiet) as say:
        return forecast_over(
            scenario,
            vary=ranges,
            of=of,
            told=lambda points: say(f"the chance of a treaty at {points:,} points ..."),
            **how,
        )


def asks_forecast(
    of: str | None, drawn: Mapping[str, object], treaties: Sequence[str], only_robust: bool
) -> bool:
    """Whether the chance of a treaty by a year is asked for, which has options of its own.

    Raises
    ------
    UsageError
        If options do not go together.
    """
    from sim.dynamics.over_ranges.swept import is_forecast

    if not is_forecast(of):
        given = [f"--{name}" for name, value in drawn.items() if value is not None]
        if given:
            raise UsageError(f"{' and '.join(given)}: only --of forecast:YEAR draws anything")
        return False
    if treaties or only_robust:
        raise UsageError(f"--of {of} is sampled: it takes no --never and no --robust")
    return True


def frontier_of_forecast(
    scenario: Scenario,
    ranges: Mapping[str, tuple[float, float] | None],
    of: str | None,
    how: Mapping[str, Any],
    out: Path | None,
    *,
    as_json: bool,
    quiet: bool,
) -> int:
    """Print where a treaty by a year is as likely as a level; keep it in a folder if there is one."""
    given = {name: value for name, value in how.items() if value is not None}
    found = sampled(scenario, ranges, of or "", quiet=quiet, **given)
    picture = None if out is None else _store(found, out)
    if as_json:
        files = {"folder": str(out) if out else None, "picture": str(picture) if picture else None}
        print_json({**found.to_dict(), **files})
        return 0
    show(found.parts())
    if out is not None:
        click.echo(f"results in {out}")
    return 0


def _store(found: ForecastOver, out: Path) -> Path | None:
    """What was found in a new folder, as plain data and as a table; with a picture of two parameters."""
    from json import dumps

    from sim.sweeps.new_folder import new_folder

    with new_folder(out) as place:
        (place / "forecast.json").write_text(dumps(found.to_dict(), indent=1) + "\n")
        found.to_frame().to_csv(place / "points.csv", index=False)
        if len(found.varied) != 2:
            return None
        from sim import plots

        target = place / "chance_map.png"
        plots.save(plots.chance_map(found), target)
    return target


def same_year(run: Any, of: str) -> float:
    """The level that is asked for, of a run swept with the same year.

    Raises
    ------
    UsageError
        If the run was swept without a year, or with another one.
    """
    from sim.dynamics.over_ranges.swept import COLUMN, asked, is_by

    year, level = asked(of)
    if COLUMN not in run.columns:
        raise UsageError(
            f"--of {of}: this run has no chance of a treaty by a year; sweep again with --of forecast:{year}"
        )
    if not is_by(run.unit(COLUMN), year):
        raise UsageError(f"--of {of}: the run was swept for another year: {run.unit(COLUMN)}")
    return level
