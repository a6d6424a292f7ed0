"""``sim report``: one HTML page on a scenario."""

from __future__ import annotations

from pathlib import Path

import click

from sim._kernels.whole_file import write_whole
from sim.cli.shared.believed import beliefs_option, read_beliefs
from sim.cli.shared.command_line import typed
from sim.cli.shared.options import load_with, set_option
from sim.errors import UsageError


@click.command()
@click.argument("file")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("report.html"),
    show_default=True,
    help="The page to write.",
)
@set_option
@beliefs_option
def command(
    file: str, out: Path, settings: tuple[str, ...], beliefs: str | None, force: bool
) -> int:
    """Write the verdict on FILE, its reasons, inputs, figures and provenance to one HTML page.

    The page needs no network and no script; print it from the browser.
    """
    from sim.reporting import report

    believed = read_beliefs(beliefs, force=force)
    page = report(load_with(file, settings), command=typed(), beliefs=believed)
    try:
        write_whole(out, page.encode("utf-8", errors="replace"))
    except OSError as error:
        raise UsageError(f"{out}: cannot write the report: {error.strerror or error}") from None
    click.echo(str(out))
    return 0
