"""``sim forecast``: the chance of a treaty by year."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from sim.cli.shared.believed import beliefs_option, read_beliefs
from sim.cli.shared.options import (
    json_option,
    load_with,
    print_json,
    quiet_option,
    set_option,
    show,
)
from sim.cli.shared.varying import read_levels
from sim.cli.shared.working import working
from sim.errors import UsageError


@click.command()
@click.argument("file")
@set_option
@click.option("--by", metavar="YEARS", help="Years to report, separated by commas.")
@click.option(
    "--draws",
    type=click.IntRange(min=1),
    default=1024,
    show_default=True,
    help="How many draws of everything that has a range.",
)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option(
    "--state",
    metavar="FACTOR=LEVEL,...",
    help="Where the world starts, instead of the file's 'now'.",
)
@click.option(
    "--outside",
    metavar="CLASS",
    help="The reference class beside it instead of the file's; 'sim baserate' lists them.",
)
@click.option(
    "--pool",
    type=click.FloatRange(0, 1),
    metavar="WEIGHT",
    help="Also one number: the log pool with this weight on the inside view.",
)
@click.option(
    "--sensitivity",
    is_flag=True,
    help="Also what would bring it forward: the change of the chance by each rate and by the numbers that "
    "count most.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="A folder to keep it in; one in which the same forecast was begun goes on.",
)
@beliefs_option
@json_option
@quiet_option
def command(
    file: str,
    settings: tuple[str, ...],
    by: str | None,
    draws: int,
    seed: int,
    state: str | None,
    outside: str | None,
    pool: float | None,
    sensitivity: bool,
    out: Path | None,
    beliefs: str | None,
    force: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Will there be a treaty, how likely by which year, in which windows, and what stands in the way.

    The file needs a section 'dynamics'. Every number with a range is drawn: a forecast from central values
    alone is never printed.
    """
    from sim.dynamics import forecast
    from sim.dynamics.forward import brings_forward

    scenario = load_with(file, settings)
    if draws == 1:
        raise UsageError("--draws 1: a forecast from central values alone says nothing; draw more")
    years = _years(by)
    found = forecast(
        scenario,
        draws=draws,
        seed=seed,
        state=None if state is None else read_levels(state),
        outside=outside,
        beliefs=read_beliefs(beliefs, force=force),
        out=out,
        progress=None if quiet else _tell,
    )
    for year in years:
        found.at(year)
    last = years[-1] if years else found.years[-1]
    chance = None if pool is None else found.pooled(last, pool)
    forward = None
    if sensitivity:
        with working("what would bring it forward ...", quiet=quiet):
            forward = brings_forward(found, last)
    if as_json:
        told = {} if forward is None else {"brings_forward": forward.to_dict()}
        pooled = None if pool is None else {"weight": pool, "year": last, "chance": chance}
        print_json({"scenario": scenario.title, **found.to_dict(years), "pool": pooled} | told)
        return 0
    from sim.dynamics.words import parts

    show(parts(found, years))
    if forward is not None:
        show(forward.parts())
    if chance is not None:
        by = found.period.when(last)
        click.echo(f"Log pool by {by}, weight {pool:g} on the inside view: {chance:.1%}")
    return 0


def _tell(done: int, total: int) -> None:
    """A line that overwrites itself on a terminal; nothing in a pipe."""
    if sys.stderr.isatty():
        click.echo(f"\r{done:,} of {total:,} draws", nl=done == total, err=True)


def _years(text: str | None) -> tuple[int, ...]:
    if text is None:
        return ()
    try:
        return tuple(int(word) for word in text.split(","))
    except ValueError:
        raise UsageError(f"--by {text}: years separated by commas are needed") from None
