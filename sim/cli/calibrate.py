"""``sim calibrate``: weights of assumed parameters that fit episodes whose outcome is known."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.backcast import families_of, read_disputes, say_unreadable, second_coding
from sim.cli.shared.options import json_option, print_json, show
from sim.errors import UsageError

POINTS = 8192
"""Draws by default."""

if TYPE_CHECKING:
    from sim.beliefs import Beliefs
    from sim.scenario import Scenario


def calibrate(
    disputes: str | Path | Mapping[str, Scenario],
    *,
    points: int = POINTS,
    seed: int = 20181114,
    error: float = 0.2,
    coding: float = 0.1,
    states: bool = True,
    second: str | Path | None = None,
    out: str | Path | None = None,
    keep: int | None = None,
    where: Path | None = None,
) -> Beliefs:
    """Draws of the assumed weights that the episodes of one dispute share, weighed by how they fit.

    Parameters
    ----------
    disputes
        A folder, or scenarios by name; those with the largest family of episodes count.
    points, seed
        How many draws, and which.
    error
        How often an outcome is recorded as another one.
    coding
        The chance that a state with levels should have been coded as a neighbouring one.
    states
        Whether to draw how the episodes are coded, too.
    second
        A second coding of their states; by default what lies beside them under its name, ``none`` for none.
    out
        Where to store the beliefs.
    keep
        Store only so many draws of equal weight.
    where
        The folder that the scenarios were read from, whose files are then recorded.

    Raises
    ------
    UsageError
        If no two episodes of one dispute have an outcome, or the second coding is none of theirs.
    """
    from sim.backcasting import fitted_beliefs
    from sim.loading.folder import located_folder

    given = where if isinstance(disputes, Mapping) else Path(disputes)
    folder = None if given is None else located_folder(given)
    scenarios, _ = read_disputes(disputes)
    family, names = _largest(folder, scenarios)
    return fitted_beliefs(
        {name: scenarios[name] for name in names},
        points=points,
        seed=seed,
        error=error,
        states=states,
        coding=coding,
        second=second_coding(folder, family, second),
        files=[] if folder is None else files_of(folder),
        out=None if out is None else Path(out),
        kept=keep,
    )


def files_of(folder: Path) -> list[Path]:
    """The files below a folder that beliefs are made of."""
    from sim.backcasting import SECOND_CODING

    return sorted([*folder.rglob("*.yaml"), *folder.rglob(SECOND_CODING)])


def _largest(folder: Path | None, scenarios: dict[str, Scenario]) -> tuple[str, tuple[str, ...]]:
    """The largest family of episodes."""
    families = families_of(scenarios)
    if not families:
        place = "among the scenarios" if folder is None else f"below {folder}"
        raise UsageError(f"{place} there are no two episodes of one dispute with an outcome")
    return max(families.items(), key=lambda item: len(item[1]))


def _show_ablation(
    folder: Path, scenarios: dict[str, Scenario], given: Mapping[str, Any], as_json: bool
) -> None:
    """What dropping every part of the model does to the episodes of a folder, and to its futures."""
    from sim.backcasting import WIDTH
    from sim.backcasting.ablation import ablate, futures_of

    _, names = _largest(folder, scenarios)
    episodes = {name: scenarios[name] for name in names}
    asked = {key: value for key, value in given.items() if value is not None}
    found = ablate(episodes, futures_of(scenarios, episodes), **asked)
    if as_json:
        print_json(found.to_dict())
    else:
        show(found.parts(), width=WIDTH)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--points", type=int, help="How many draws; 8192 by default, with --ablate 64 for every part."
)
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
@click.option(
    "--second",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A second coding of the states; by default second-coding.csv beside the episodes, none for none.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Store the beliefs there.")
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    metavar="N",
    help="Store only N draws, all of the same weight: small enough to be handed on.",
)
@click.option(
    "--ablate",
    is_flag=True,
    help="Instead drop every payoff term and constraint in turn: what that costs, and does to futures.",
)
@json_option
def command(
    folder: Path,
    points: int | None,
    seed: int,
    error: float,
    coding: float,
    states: bool,
    second: Path | None,
    out: Path | None,
    keep: int | None,
    ablate: bool,
    as_json: bool,
) -> int:
    """Beliefs: draws of the assumed weights that the episodes below FOLDER share, weighed by how they fit.

    It says what the record is worth, which weights it moves, and which episodes contradict one another.
    Stored with --out, beliefs are read by `sim explain --beliefs` and others; a command that was cut off
    goes on where it stopped. With --ablate it says which parts of the model the record supports.
    """
    if keep is not None and out is None:
        raise UsageError("--keep needs --out, the folder to store them in")
    scenarios, unreadable = read_disputes(folder)
    say_unreadable(unreadable)
    if ablate:
        if out is not None:
            raise UsageError("--ablate stores nothing and takes no --out; --json has all of it")
        _show_ablation(folder, scenarios, {"points": points, "seed": seed, "error": error}, as_json)
        return 2 if unreadable else 0
    beliefs = calibrate(
        scenarios,
        points=POINTS if points is None else points,
        seed=seed,
        error=error,
        coding=coding,
        states=states,
        second=second,
        out=out,
        keep=keep,
        where=folder,
    )
    if as_json:
        print_json({**beliefs.to_dict(), "folder": None if out is None else str(out)})
    else:
        show(beliefs.parts())
        if out is not None:
            show(iter([f"beliefs in {out}"]))
    return 2 if unreadable else 0
