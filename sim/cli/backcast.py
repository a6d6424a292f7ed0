"""``sim backcast``: the model against what happened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.shared.options import json_option, print_json, quiet_option, show
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.scenario import Scenario


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path("scenarios"))
@click.option("--points", default=512, show_default=True, help="Sample size of the ranges.")
@click.option("--seed", default=20181114, show_default=True, help="Seed of the samples.")
@click.option("--out", type=click.Path(path_type=Path), help="Also draw the scoreboard there.")
@click.option(
    "--forecasts",
    type=click.IntRange(min=2),
    metavar="DRAWS",
    help="Also score every forecast from the past ('dynamics' that say what 'came'), with so many draws.",
)
@json_option
@quiet_option
def command(
    folder: Path,
    points: int,
    seed: int,
    out: Path | None,
    forecasts: int | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Hold the model against every scenario below FOLDER that has an observed outcome.

    Exit code 1 if a required scenario is wrong or fails a sign test; 2 if a file cannot be read: what is
    wrong with it is said, and the others are held against the record.
    """
    from sim.backcasting import WIDTH, backcast

    scenarios, code = read_folder(folder)
    families = families_of(scenarios)
    board = backcast(scenarios, families=families, points=points, seed=seed)
    if not board.rows:
        raise UsageError(f"no scenario below {folder} has an observed outcome")
    if as_json:
        print_json(board.to_dict() | _scores(scenarios, forecasts, as_json))
    else:
        show(board.parts(), width=WIDTH)
        _scores(scenarios, forecasts, as_json)
    if out is not None:
        from sim import plots

        plots.save(plots.get("backcast")(board), out)
        click.echo(f"picture in {out}", err=True)
    return code or (1 if board.failed else 0)


def _scores(scenarios: dict[str, Scenario], draws: int | None, as_json: bool) -> dict[str, Any]:
    """Forecasts from the past: shown, or as data."""
    if draws is None:
        return {}
    from sim.dynamics.backtest import as_data, as_table, backtest

    found = backtest(scenarios, draws=draws)
    if found and not as_json:
        show([as_table(found)])
    return {"forecasts": as_data(found)}


def read_folder(folder: Path) -> tuple[dict[str, Scenario], int]:
    """Every scenario below a folder by its path, and the exit code: 2 where some cannot be read.

    What is wrong with those goes to standard error, all of it.
    """
    from sim.loading import load_folder

    scenarios, unreadable = load_folder(folder)
    for errors in unreadable.values():
        click.echo(errors, err=True)
    if not scenarios:
        raise UsageError(f"no file below {folder} can be read")
    if unreadable:
        click.echo(f"left out, with errors: {', '.join(unreadable)}", err=True)
    return scenarios, 2 if unreadable else 0


def families_of(scenarios: dict[str, Scenario]) -> dict[str, tuple[str, ...]]:
    """Scenarios in one folder that have the same issues and payoffs: episodes of one dispute."""
    families: dict[tuple[str, str], list[str]] = {}
    for name, scenario in scenarios.items():
        if scenario.document.observed is not None and scenario.document.issues:
            texts = {
                a: {t: e.text for t, e in p.items()} for a, p in scenario.document.payoffs.items()
            }
            families.setdefault((str(Path(name).parent), repr(texts)), []).append(name)
    return {folder: tuple(names) for (folder, _), names in families.items() if len(names) > 1}
