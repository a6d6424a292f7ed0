"""``sim serve``: a dispute on sliders, on a page in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sim.cli.shared.options import load_with, set_option

if TYPE_CHECKING:
    from sim.explorer.server import Server


@click.command()
@click.argument("file")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    show_default=True,
    help="The port; 0 is a free one.",
)
@click.option(
    "--open/--no-open", default=True, help="Open the page in the browser, or only say where."
)
@click.option("--x", metavar="PATH", help="Parameter across the landscape.")
@click.option("--y", metavar="PATH", help="Parameter up the landscape.")
@click.option(
    "--beside",
    multiple=True,
    metavar="FILE",
    help="A file to compare with, any number of times; by default those in its folder, and the shipped ones.",
)
@set_option
def command(
    file: str,
    port: int,
    open: bool,
    x: str | None,
    y: str | None,
    beside: tuple[str, ...],
    settings: tuple[str, ...],
) -> int:
    """Put the numbers of FILE on sliders, on a page in the browser; Ctrl-C ends it.

    The page is served to this machine only, and keeps nothing: a link carries the values that were set.
    """
    from sim.explorer import serve

    server = serve(load_with(file, settings), port=port, x=x, y=y, beside=beside)
    click.echo(str(server))
    click.echo("Ctrl-C ends it.", err=True)
    if open:
        server.open()
    _wait(server)
    return 0


def _wait(server: Server) -> None:
    """Until it is interrupted, which is how a server ends."""
    try:
        server.join()
    except KeyboardInterrupt:
        server.stop()
