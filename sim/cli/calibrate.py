"""``sim calibrate``: fit assumed parameters to episodes whose outcome is known."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli._options import json_option, print_json, show
from sim.cli.backcast import families_of, read_folder
from sim.errors import UsageError


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--points", default=512, show_default=True, help="Sample size.")
@click.option("--seed", default=20181114, show_default=True, help="Seed of the sample.")
@json_option
def command(folder: Path, points: int, seed: int, as_json: bool) -> int:
    """How well the ranges of the assumed parameters fit the episodes below FOLDER, and what that leaves open.

    Points are drawn over the ranges of the parameters that the episodes share; those that fit the most
    episodes are kept. It says how far each parameter still ranges among them, which bounds what the record
    can tell; it does not weigh one value against another.
    """
    from sim.backcast import calibrate

    scenarios, code = read_folder(folder)
    families = families_of(scenarios)
    if not families:
        raise UsageError(f"below {folder} there are no two episodes of one dispute with an outcome")
    family = max(families, key=lambda name: len(families[name]))
    fit = calibrate({name: scenarios[name] for name in families[family]}, points=points, seed=seed)
    best = int(fit.best.sum())
    right = int(fit.fits.sum(axis=0).max())
    own = int(fit.fits[:, 0].sum())
    if as_json:
        print_json(
            {
                "episodes": list(fit.episodes),
                "points": points,
                "seed": seed,
                "best_fit": right,
                "own_values_fit": own,
                "equally_good_points": best,
                "intervals": fit.intervals,
                "left_open": fit.left_open,
                "left_out": dict(fit.left_out),
                "leave_one_out": fit.score,
            }
        )
        return code
    show(fit.parts())
    return code
