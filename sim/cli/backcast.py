"""``sim backcast``: the model against what happened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli._options import json_option, print_json, quiet_option, show
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.scenario import Scenario


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path("scenarios"))
@click.option("--points", default=512, show_default=True, help="Sample size of the ranges.")
@click.option("--seed", default=20181114, show_default=True, help="Seed of the samples.")
@click.option("--out", type=click.Path(path_type=Path), help="Also draw the scoreboard there.")
@json_option
@quiet_option
def command(
    folder: Path, points: int, seed: int, out: Path | None, as_json: bool, quiet: bool
) -> int:
    """Hold the model against every scenario below FOLDER that has an observed outcome.

    Exit code 1 if a required scenario is wrong or fails a sign test.
    """
    from sim.backcast import WIDTH, backcast

    scenarios = read_folder(folder)
    families = families_of(scenarios)
    board = backcast(scenarios, families=families, points=points, seed=seed)
    if not board.rows:
        raise UsageError(f"no scenario below {folder} has an observed outcome")
    if as_json:
        print_json(board.to_dict())
    else:
        show(board.parts(), width=WIDTH)
    if out is not None:
        from sim import plots

        plots.save(plots.get("backcast")(board), out)
        click.echo(f"picture in {out}", err=True)
    return 1 if board.failed else 0


def read_folder(folder: Path) -> dict[str, Scenario]:
    """Every scenario below a folder by its path, in order of the paths."""
    from sim.loading import load

    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder")
    files = sorted(folder.rglob("*.yaml"))
    if not files:
        raise UsageError(f"there is no .yaml file below {folder}")
    return {str(file.relative_to(folder)): load(file) for file in files}


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
