"""``sim calibrate``: fit assumed parameters to episodes whose outcome is known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli._options import console, json_option, print_json
from sim.cli.backcast import families_of, read_folder
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.backcast import Calibration


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

    scenarios = read_folder(folder)
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
        return 0
    _show(fit, points)
    return 0


def _show(fit: Calibration, points: int) -> None:
    from rich.markup import escape

    out = console()
    out.print(
        f"{len(fit.episodes)} episodes, {len(fit.parameters)} assumed parameters, seed {fit.seed}"
    )
    own, right = int(fit.fits[:, 0].sum()), int(fit.fits.sum(axis=0).max())
    out.print(f"the files' own values fit {own}; the best of {points:,} points fit {right}")
    told = fit.narrowed()
    out.print(f"{int(fit.best.sum()):,} points fit equally well; among them")
    for path in told:
        low, high = fit.intervals[path]
        share = fit.left_open[path]
        out.print(escape(f"  {path}: {low:.4g} .. {high:.4g}, {share:.0%} of its range"))
    rest = len(fit.parameters) - len(told)
    out.print(
        f"  {rest} parameters range no less than chance explains: the record tells nothing of them"
    )
    out.print(f"leave-one-out: {fit.score:.0%} on average")
    for name, share in fit.left_out.items():
        out.print(f"  {escape(name)}: {share:.0%}")
