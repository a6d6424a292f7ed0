"""``sim new``: a scenario file to start from."""

from __future__ import annotations

import click


@click.command()
@click.argument("file", metavar="FILE")
@click.option(
    "--from",
    "start",
    multiple=True,
    default=("blank",),
    show_default=True,
    metavar="NAME",
    help="blank, mediator, bluff, forecast, or any name of `sim list scenarios`; or a utility "
    "profile of GENIUS or NegMAS, FILE.xml, once for each actor.",
)
def command(file: str, start: tuple[str, ...]) -> int:
    """Write a commented scenario to FILE, to change into your own. An existing file is never overwritten."""
    from sim.loading import new

    made = new(file, start=start)
    click.echo(str(made))
    click.echo(f"next: sim check {made}; sim {made.verb} {made}", err=True)
    return 0
