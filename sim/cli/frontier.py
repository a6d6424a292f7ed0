"""``sim frontier``: where a treaty is feasible, certified over whole ranges."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.shared.believed import beliefs_option, read_beliefs
from sim.cli.shared.command_line import typed
from sim.cli.shared.forecast_asked import asks_forecast, frontier_of_forecast
from sim.cli.shared.options import (
    json_option,
    load_with,
    print_json,
    quiet_option,
    set_option,
    show,
)
from sim.cli.shared.outside import note_outside
from sim.cli.shared.varying import read_ranges
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.beliefs.over_range import RangeShare
    from sim.certified import Frontier
    from sim.scenario import Scenario


@click.command()
@click.argument("file")
@click.option(
    "--vary",
    multiple=True,
    required=True,
    metavar="PATH[=LO:HI]",
    help="Vary a parameter, over its own range by default; may be repeated.",
)
@click.option(
    "--of",
    metavar="CLAIM",
    help="What is decided: margin (by default), a rung's name, predicted:LABEL, always:LABEL, "
    "gmr:STATE, ...; of a classical game what its form knows; forecast:YEAR>=CHANCE, which is sampled.",
)
@click.option(
    "--never",
    "treaties",
    multiple=True,
    metavar="AGREEMENT",
    help="Say why a treaty, or a position (islands=four), is feasible nowhere; may be repeated.",
)
@click.option(
    "--robust",
    "only_robust",
    is_flag=True,
    help="Only whether the claim holds for every value, or for some: certified, or a counter-example.",
)
@click.option("--out", type=click.Path(path_type=Path), help="A new folder for the result.")
@click.option(
    "--tolerance", type=float, metavar="SHARE", help="Share of the volume that may stay undecided."
)
@click.option(
    "--limit", type=int, default=200_000, show_default=True, help="How many boxes may be bounded."
)
@click.option(
    "--draws",
    type=click.IntRange(min=2),
    help="Of forecast:YEAR: draws of all other numbers (64).",
)
@click.option("--seed", type=click.IntRange(min=0), help="Their seed.")
@beliefs_option
@set_option
@json_option
@quiet_option
def command(
    file: str,
    vary: tuple[str, ...],
    of: str | None,
    treaties: tuple[str, ...],
    only_robust: bool,
    out: Path | None,
    tolerance: float | None,
    limit: int,
    beliefs: str | None,
    force: bool,
    settings: tuple[str, ...],
    as_json: bool,
    quiet: bool,
    **drawn: int | None,
) -> int:
    """Where a treaty is feasible, or another claim holds, over whole ranges: proved, not sampled.

    CLAIM is 'margin' (a treaty passes the whole ladder), a rung ('mutual gain', ...: a treaty passes up
    to there), 'predicted:LABEL' or 'always:LABEL' (some, or every, equilibrium of the game ends in an
    outcome class or agreement), or 'gmcr_nash:STATE', 'gmr:STATE', 'smr:STATE', 'seq:STATE' (a state of a
    strategic game, named by its moves, is stable for every actor). Of a classical game with parameters:
    what its form knows (`sim frontier FILE --vary PATH` names it). Of types: where they separate. With
    --beliefs, beside it: in what share of the draws that fit a record a treaty is feasible.
    'forecast:YEAR>=CHANCE' (0.5) is sampled: where a treaty by a year is that likely, all else drawn.
    """
    from sim.certified import frontier

    scenario = load_with(file, settings)
    _check(tolerance, limit, out)
    ranges = read_ranges(vary)
    if asks_forecast(of, drawn, treaties, only_robust):
        how = {**drawn, "tolerance": tolerance, "beliefs": read_beliefs(beliefs, force=force)}
        return frontier_of_forecast(scenario, ranges, of, how, out, as_json=as_json, quiet=quiet)
    if scenario.document.private:
        others = (of, treaties, only_robust, out, tolerance, beliefs)
        return _separation(scenario, ranges, others, as_json)
    note_outside(scenario, {path: ends for path, ends in ranges.items() if ends is not None})
    believed = _believed(scenario, ranges, beliefs, of, force)
    if only_robust:
        return _robust(scenario, ranges, of, limit, (out, treaties, tolerance, believed), as_json)
    found = frontier(
        scenario,
        vary=ranges,
        of=of,
        never=treaties,
        tolerance=tolerance,
        limit=limit,
        command=typed(),
    )
    picture = None if out is None else _store(found, out)
    if as_json:
        files = {"folder": str(out) if out else None, "picture": str(picture) if picture else None}
        told = {} if believed is None else {"believed": believed.to_dict()}
        print_json({**found.to_dict(), **files, **told})
        return 0
    show((*found.parts(), *(believed.parts() if believed is not None else ())))
    _say_where(found, out, quiet)
    return 0


def _robust(
    scenario: Scenario,
    ranges: Mapping[str, tuple[float, float] | None],
    of: str | None,
    limit: int,
    others: tuple[object, ...],
    as_json: bool,
) -> int:
    """Whether the claim holds for every value, or for some."""
    from sim.certified import frontier

    if any(other not in (None, ()) for other in others):
        raise UsageError("--robust takes no --out, --never, --tolerance or --beliefs")
    found = frontier(scenario, vary=ranges, of=of, robust=True, limit=limit)
    print_json(found.to_dict()) if as_json else show(found.parts())
    return 0


def _say_where(found: Frontier, out: Path | None, quiet: bool) -> None:
    """Where results are, and what there is to note."""
    if out is not None:
        click.echo(f"results in {out}")
    if found.note and not quiet:
        click.echo(f"note: {found.note}", err=True)


def _believed(
    scenario: Scenario,
    ranges: Mapping[str, tuple[float, float] | None],
    folder: str | None,
    of: str | None,
    force: bool,
) -> RangeShare | None:
    """What beliefs say along the ranges, where they were asked for."""
    opened = read_beliefs(folder, force=force)
    if opened is None:
        return None
    if of not in (None, "margin"):
        raise UsageError("--beliefs says how often a treaty is feasible, and takes no --of")
    from sim.beliefs.over_range import believed_over

    return believed_over(scenario, ranges, opened)


def _separation(
    scenario: Scenario,
    ranges: Mapping[str, tuple[float, float] | None],
    others: tuple[object, ...],
    as_json: bool,
) -> int:
    """Where types separate along one parameter."""
    from sim.certified import separation

    if any(others) or len(ranges) != 1:
        raise UsageError("of a dispute with types only --vary is asked, of one parameter")
    ((path, ends),) = ranges.items()
    found = separation(scenario, path, ends)
    if as_json:
        print_json(found.to_dict())
        return 0
    show(found.parts())
    return 0


def _store(found: Frontier, out: Path) -> Path | None:
    """The result in a new folder, with a picture where one or two parameters are varied."""
    from sim.certified import store_frontier
    from sim.sweeps.new_folder import new_folder

    with new_folder(out) as place:
        store_frontier(found, place)
        if len(found.varied) > 2:
            return None
        from sim import plots

        target = place / "frontier.png"
        plots.save(plots.frontier(found), target)
    return target


def _check(tolerance: float | None, limit: int, out: Path | None) -> None:
    if tolerance is not None and not 0 < tolerance < 1:
        raise UsageError(f"--tolerance {tolerance:g}: a share between 0 and 1 is needed")
    if limit < 1:
        raise UsageError(f"--limit {limit}: at least 1 box is needed")
    if out is not None and out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(f"{out} exists already; give another --out, nothing was written")
