"""``sim compare``: scenarios side by side."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.shared.options import (
    json_option,
    load_with,
    print_json,
    quiet_option,
    refuse_nowhere,
    set_option,
    show,
)
from sim.errors import UsageError


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE|NAME...")
@set_option
@click.option(
    "--draws",
    type=click.IntRange(min=0),
    help="Draws that each share rests on; 0 leaves shares out.",
)
@click.option(
    "--forecast-draws",
    type=click.IntRange(min=0),
    default=256,
    show_default=True,
    help="Draws that each forecast rests on, where a file has time; 0 leaves forecasts out.",
)
@click.option("--no-thresholds", is_flag=True, help="Leave out where one parameter alone flips.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option("--out", type=click.Path(path_type=Path), help="Also draw them side by side there.")
@json_option
@quiet_option
def command(
    files: tuple[str, ...],
    settings: tuple[str, ...],
    draws: int | None,
    forecast_draws: int,
    no_thresholds: bool,
    seed: int,
    out: Path | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Compare scenarios: verdicts with their shares, who blocks, terms, thresholds, chances by year.

    `--set` holds for every file that has the parameter.
    """
    from sim.cli.shared.working import working
    from sim.comparing import compare

    refuse_nowhere(out)
    if len(files) < 2:
        raise UsageError("sim compare takes two files or more: sim compare A B")
    scenarios = {name: load_with(file, settings) for name, file in _names(files).items()}
    with working(quiet=quiet) as told:
        found = compare(
            scenarios,
            with_thresholds=not no_thresholds,
            draws=draws,
            forecast_draws=forecast_draws,
            seed=seed,
            told=told,
        )
    if as_json:
        print_json(found.to_dict())
    else:
        show(found.parts())
    if out is not None:
        from sim import plots

        plots.save(plots.get("comparison")(found), out)
        click.echo(f"picture in {out}", err=True)
    return 0


def _names(files: tuple[str, ...]) -> dict[str, str]:
    """What each file is called: its name without folder where that tells them apart."""
    stems = [Path(file).stem for file in files]
    if len(set(stems)) == len(files):
        return dict(zip(stems, files, strict=True))
    if len(set(files)) == len(files):
        return {file: file for file in files}
    raise UsageError("sim compare was given the same file twice")
