"""``sim report``: one HTML page on a scenario."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim._kernels.whole_file import write_whole
from sim.cli.shared.believed import beliefs_option, read_beliefs
from sim.cli.shared.command_line import typed
from sim.cli.shared.options import load_with, refuse_nowhere, set_option
from sim.cli.shared.working import working
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.beliefs import Beliefs
    from sim.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One HTML page on a scenario.

    Parameters
    ----------
    html
        The page, which needs no network and no script.
    path
        Where it was written, if anywhere.
    """

    html: str
    path: Path | None = None

    def __str__(self) -> str:
        return self.html if self.path is None else str(self.path)


def report(
    scenario: Scenario,
    *,
    out: str | Path | None = None,
    beliefs: Beliefs | None = None,
    provenance: str = "",
) -> Report:
    """The verdict on a scenario, its reasons, inputs, figures and provenance as one HTML page.

    Parameters
    ----------
    scenario
        A dispute or a classical game.
    out
        Where to write the page; nowhere where absent.
    beliefs
        Weights that fit a record, whose share then leads the verdict of a dispute.
    provenance
        What was typed, for the record.

    Raises
    ------
    UsageError
        If the page cannot be written.

    Examples
    --------
    >>> import sim
    >>> "pure_nash" in report(sim.load("classics/chicken")).html
    True
    """
    from sim.reporting import report as page

    html = page(scenario, command=provenance, beliefs=beliefs)
    path = None if out is None else Path(out)
    if path is not None:
        try:
            write_whole(path, html.encode("utf-8", errors="replace"))
        except OSError as error:
            reason = error.strerror or error
            raise UsageError(f"{path}: cannot write the report: {reason}") from None
    return Report(html=html, path=path)


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
    from sim.plots.drawing.undocumented import without_help

    refuse_nowhere(out)
    believed = read_beliefs(beliefs, force=force)
    without_help()
    with working("verdict, figures, inputs ..."):
        found = report(load_with(file, settings), out=out, provenance=typed(), beliefs=believed)
    click.echo(str(found))
    return 0
