"""``sim forecast``: the chance of a treaty by year."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from sim.cli._options import (
    console,
    json_option,
    load_with,
    print_json,
    quiet_option,
    set_option,
)
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.dynamics import Forecast


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
@json_option
@quiet_option
def command(
    file: str,
    settings: tuple[str, ...],
    by: str | None,
    draws: int,
    seed: int,
    state: str | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Will there be a treaty, how likely by which year, in which windows, and what stands in the way.

    The file needs a section 'dynamics'. Every number with a range is drawn: a forecast from central values
    alone is never printed.
    """
    from sim.dynamics import forecast

    scenario = load_with(file, settings)
    if draws == 1:
        raise UsageError("--draws 1: a forecast from central values alone says nothing; draw more")
    found = forecast(
        scenario,
        draws=draws,
        seed=seed,
        state=_levels(state),
        progress=None if quiet else _tell,
    )
    years = _years(by)
    for year in years:
        found.at(year)
    if as_json:
        print_json({"scenario": scenario.title, **found.to_dict(years)})
    else:
        _show(found, years)
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


def _levels(text: str | None) -> dict[str, str] | None:
    if text is None:
        return None
    pairs = [part.partition("=") for part in text.split(",")]
    if not all(equals and factor.strip() and level.strip() for factor, equals, level in pairs):
        raise UsageError(f"--state {text}: FACTOR=LEVEL,... is needed")
    return {factor.strip(): level.strip() for factor, _, level in pairs}


def _show(found: Forecast, years: tuple[int, ...]) -> None:
    """Sentences, then the years, the windows and the obstacles as tables."""
    from rich.markup import escape

    from sim.dynamics.words import forecast_sentences
    from sim.dynamics.words import tables as tables_of

    out = console()
    out.print(escape(found.title), style="bold")
    for line in forecast_sentences(found):
        out.print(escape(line))
    for title, columns, rows in tables_of(found, years):
        out.print()
        out.print(_table(title, columns, rows))


def _table(title: str, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> object:
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=escape(title), box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    for k, name in enumerate(columns):
        table.add_column(escape(name), justify="left" if k == 0 else "right", overflow="fold")
    for row in rows:
        table.add_row(*map(escape, row))
    return table
