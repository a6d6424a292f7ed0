"""``sim calibrate``: weights of assumed parameters that fit episodes whose outcome is known."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.backcast import families_of, read_folder
from sim.cli.shared.options import json_option, print_json, show
from sim.errors import UsageError


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--points", default=8192, show_default=True, help="How many draws.")
@click.option("--seed", default=20181114, show_default=True, help="Seed of the draws.")
@click.option(
    "--error",
    default=0.2,
    show_default=True,
    help="How often an outcome is recorded as another one.",
)
@click.option(
    "--coding",
    default=0.1,
    show_default=True,
    help="The chance that a state with levels should have been coded as a neighbouring one.",
)
@click.option("--states/--no-states", default=True, help="Draw how the episodes are coded, too.")
@click.option("--out", type=click.Path(path_type=Path), help="Store the beliefs there.")
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    metavar="N",
    help="Store only N draws, all of the same weight: small enough to be handed on.",
)
@json_option
def command(
    folder: Path,
    points: int,
    seed: int,
    error: float,
    coding: float,
    states: bool,
    out: Path | None,
    keep: int | None,
    as_json: bool,
) -> int:
    """Beliefs: draws of the assumed weights that the episodes below FOLDER share, weighed by how they fit.

    It says what the record is worth, which weights it moves, and which episodes contradict one another.
    Stored with --out, beliefs are read by `sim explain --beliefs` and others; a command that was cut off
    goes on where it stopped.
    """
    from sim.backcasting import fitted_beliefs

    if keep is not None and out is None:
        raise UsageError("--keep needs --out, the folder to store them in")
    scenarios, code = read_folder(folder)
    families = families_of(scenarios)
    if not families:
        raise UsageError(f"below {folder} there are no two episodes of one dispute with an outcome")
    family = max(families, key=lambda name: len(families[name]))
    beliefs = fitted_beliefs(
        {name: scenarios[name] for name in families[family]},
        points=points,
        seed=seed,
        error=error,
        states=states,
        coding=coding,
        files=sorted(folder.rglob("*.yaml")),
        out=out,
        kept=keep,
    )
    if as_json:
        print_json({**beliefs.to_dict(), "folder": None if out is None else str(out)})
        return code
    show(beliefs.parts())
    if out is not None:
        show(iter([f"beliefs in {out}"]))
    return code
