"""``sim new``: a scenario file to start from."""

from __future__ import annotations

import click


@click.command()
@click.argument("file", metavar="FILE")
@click.option(
    "--from",
    "start",
    default="blank",
    show_default=True,
    metavar="NAME",
    help="blank, mediator, bluff, forecast, or any name of `sim list scenarios`.",
)
def command(file: str, start: str) -> int:
    """Write a commented scenario to FILE, to change into your own. An existing file is never overwritten."""
    from sim.library import new

    made = new(file, start=start)
    click.echo(str(made))
    click.echo(f"next: sim check {made}; sim {made.verb} {made}", err=True)
    return 0
