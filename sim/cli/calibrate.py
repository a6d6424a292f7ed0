"""``sim calibrate``: fit assumed parameters to episodes whose outcome is known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.backcast import families_of, read_folder
from sim.cli.shared.options import json_option, print_json, show
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.scenario import Scenario


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--points", default=512, show_default=True, help="Sample size.")
@click.option("--seed", default=20181114, show_default=True, help="Seed of the sample.")
@click.option(
    "--error",
    default=0.2,
    show_default=True,
    help="How often an outcome is recorded as another one; of the beliefs.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Make beliefs, and store them there.")
@json_option
def command(
    folder: Path, points: int, seed: int, error: float, out: Path | None, as_json: bool
) -> int:
    """How well the ranges of the assumed parameters fit the episodes below FOLDER, and what that leaves open.

    Points are drawn over the ranges of the parameters that the episodes share; those that fit the most
    episodes are kept. It says how far each parameter still ranges among them, which bounds what the record
    can tell; it does not weigh one value against another.
    """
    from sim.backcasting import calibrate

    scenarios, code = read_folder(folder)
    families = families_of(scenarios)
    if not families:
        raise UsageError(f"below {folder} there are no two episodes of one dispute with an outcome")
    family = max(families, key=lambda name: len(families[name]))
    if out is not None:
        members = {name: scenarios[name] for name in families[family]}
        return make_beliefs(members, folder, out, points, seed, error, as_json=as_json) or code
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


def make_beliefs(
    members: dict[str, Scenario],
    folder: Path,
    out: Path,
    points: int,
    seed: int,
    error: float,
    *,
    as_json: bool,
) -> int:
    """Weight draws by how they fit the record, store them, and say what that is worth."""
    from sim.backcasting import fitted_beliefs
    from sim.beliefs import store_beliefs

    files = sorted(folder.rglob("*.yaml"))
    found = fitted_beliefs(members, points=points, seed=seed, error=error, files=files)
    store_beliefs(found, out)
    told = {**found.manifest, "effective_draws": found.effective, "folder": str(out)}
    if as_json:
        print_json(told)
        return 0
    show(belief_lines(told))
    return 0


def belief_lines(told: dict[str, Any]) -> Iterator[str]:
    """What was learned from a record, in sentences."""
    yield (
        f"{told['points']:,} draws, of which {told['effective_draws']:.0f} count; the record of "
        f"{len(told['episodes'])} episodes moves them by {told['bits']:.2f} bits "
        f"(error rate {told['error_rate']:g})"
    )
    yield f"unfitted, {told['reproduce_all']:.1%} of the draws contradict no episode of the record"
    for name in told["unexplained"]:
        yield f"no draw explains {name}"
    if told["effective_draws"] < 100:
        yield "fewer than 100 draws count: give more --points, or a larger --error"
    yield f"beliefs in {told['folder']}; coded states stay as the files have them"
