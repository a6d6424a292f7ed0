"""``sim calibrate``: fit assumed parameters to episodes whose outcome is known."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli._options import console, json_option, print_json
from sim.cli.backcast import families_of, read_folder
from sim.errors import UsageError


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--points", default=512, show_default=True, help="Sample size.")
@click.option("--seed", default=20181114, show_default=True, help="Seed of the sample.")
@json_option
def command(folder: Path, points: int, seed: int, as_json: bool) -> int:
    """Fit the assumed parameters shared by the episodes below FOLDER; report every equally good set."""
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
                "left_out": dict(fit.left_out),
                "leave_one_out": fit.score,
            }
        )
        return 0
    out = console()
    out.print(
        f"{len(fit.episodes)} episodes, {len(fit.parameters)} assumed parameters, seed {seed}"
    )
    out.print(f"the files' own values fit {own}; the best of {points:,} points fit {right}")
    out.print(f"{best:,} points fit equally well; among them each parameter spans")
    for path, (low, high) in fit.intervals.items():
        out.print(f"  {path}: {low:.4g} .. {high:.4g}")
    out.print(f"leave-one-out: {fit.score:.0%} on average")
    for name, share in fit.left_out.items():
        out.print(f"  {name}: {share:.0%}")
    return 0
