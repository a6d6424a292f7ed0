"""``sim backcast``: the model against what happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.shared.options import json_option, print_json, quiet_option, show
from sim.cli.shared.working import working
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.backcasting import Scoreboard
    from sim.backcasting.two_codings import Codes
    from sim.scenario import Scenario


def backcast(
    disputes: str | Path | Mapping[str, Scenario] = "scenarios",
    *,
    points: int = 512,
    seed: int = 20181114,
    forecasts: int | None = None,
    out: str | Path | None = None,
    sealed: str | Path | None = None,
) -> Scoreboard:
    """Test the model against every dispute that has an observed outcome.

    Parameters
    ----------
    disputes
        A folder, or scenarios by name; what cannot be read is told in ``unreadable``.
    points, seed
        Of the samples of the parameter ranges.
    forecasts
        Also score every forecast from the past, with so many draws.
    out
        Also draw the scoreboard there.
    sealed
        A registry to which every dispute is added by hash before it is run (:mod:`sim.backcasting.sealed`).

    Raises
    ------
    UsageError
        If nothing can be read; if nothing has an observed outcome, and there is nothing to seal; if the
        registry is none, or was changed.

    Examples
    --------
    >>> backcast("controls", points=16).share_right
    1.0
    """
    from sim.backcasting import backcast as hold
    from sim.backcasting import ran, seal, with_outcome

    scenarios, unreadable = read_disputes(disputes)
    known = with_outcome(scenarios)
    if not known and sealed is None:
        where = "among the scenarios" if isinstance(disputes, Mapping) else f"below {disputes}"
        raise UsageError(f"no scenario {where} has an observed outcome")
    if sealed is not None:
        seal(Path(sealed), scenarios)
    board = hold(scenarios, families=families_of(scenarios), points=points, seed=seed)
    if sealed is not None:
        board = replace(board, sealed=ran(Path(sealed), known))
    if not isinstance(disputes, Mapping):
        board = _coded_twice(board, Path(disputes), known)
    if forecasts is not None:
        from sim.dynamics.backtest import backtest

        board = replace(board, forecasts=backtest(scenarios, draws=forecasts))
    if out is not None:
        from sim import plots

        plots.save(plots.get("backcast")(board), Path(out))
    return replace(board, unreadable=unreadable)


def _coded_twice(board: Scoreboard, folder: Path, known: Mapping[str, Scenario]) -> Scoreboard:
    """The scoreboard with how far two codings agree, of the families that were coded twice."""
    from sim.backcasting import agreement
    from sim.loading.folder import located_folder

    scores = dict(board.scores)
    for family, found in scores.items():
        codes = second_coding(located_folder(folder), family, None)
        if codes is not None:
            scores[family] = replace(found, coded_twice=agreement(known, codes))
    return replace(board, scores=scores)


def second_coding(folder: Path | None, family: str, given: str | Path | None) -> Codes | None:
    """The second coding of the episodes in a folder of a folder, if there is one.

    Raises
    ------
    UsageError
        If the file that was given cannot be read.
    """
    from sim.backcasting import SECOND_CODING, read_codes

    if given is None and folder is not None and (folder / family / SECOND_CODING).is_file():
        given = folder / family / SECOND_CODING
    if given is None or str(given) == "none":
        return None
    inside = "" if family == "." else f"{family}/"
    return {f"{inside}{episode}": codes for episode, codes in read_codes(Path(given)).items()}


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path("scenarios"))
@click.option("--points", default=512, show_default=True, help="Sample size of the ranges.")
@click.option("--seed", default=20181114, show_default=True, help="Seed of the samples.")
@click.option("--out", type=click.Path(path_type=Path), help="Also draw the scoreboard there.")
@click.option(
    "--sealed",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Add every dispute to a registry by hash before it is run, and say how often a file changed after.",
)
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
    sealed: Path | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Test the model against every scenario below FOLDER that has an observed outcome.

    Exit code 1 if a required scenario is wrong or fails a sign test; 2 if a file cannot be read: what is
    wrong with it is said, and the others are held against the record.

    With --sealed FILE every dispute is registered by a hash of what its answer follows from, those without an
    outcome too, and nothing is run if a line of the registry was changed or taken out. A registry is only
    ever added to; keep its head, the hash of its last line, elsewhere.
    """
    from sim.backcasting import WIDTH

    with working("testing the model against the record ...", quiet=quiet):
        board = backcast(
            folder, points=points, seed=seed, forecasts=forecasts, out=out, sealed=sealed
        )
    say_unreadable(board.unreadable)
    if as_json:
        print_json(board.to_dict())
    else:
        show(board.parts(), width=WIDTH)
    if out is not None:
        click.echo(f"picture in {out}", err=True)
    return 2 if board.unreadable else 1 if board.failed else 0


def say_unreadable(unreadable: Mapping[str, str]) -> None:
    """Say on standard error what is wrong with files that were left out."""
    for errors in unreadable.values():
        click.echo(errors, err=True)
    if unreadable:
        click.echo(f"left out, with errors: {', '.join(unreadable)}", err=True)


def read_disputes(
    disputes: str | Path | Mapping[str, Scenario],
) -> tuple[dict[str, Scenario], dict[str, str]]:
    """Every scenario below a folder by its path, and the errors of those that cannot be read.

    Raises
    ------
    UsageError
        If no file there can be read.
    """
    from sim.loading import load_folder

    if isinstance(disputes, Mapping):
        return dict(disputes), {}
    scenarios, unreadable = load_folder(Path(disputes))
    if not scenarios:
        errors = "\n".join(unreadable.values())
        raise UsageError(f"{errors}\nno file below {disputes} can be read".lstrip())
    return scenarios, unreadable


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
