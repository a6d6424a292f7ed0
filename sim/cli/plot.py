"""``sim plot``: a figure from a run or a scenario."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.figures.drawn_from import drawn, is_run_of
from sim.cli.figures.of_chances import figure_of
from sim.cli.figures.of_forecast import OF_FORECAST, is_folder
from sim.cli.figures.over_landscape import over_landscape
from sim.cli.shared.figure_looks import drawn_as_asked, figure_options
from sim.cli.shared.looks import chosen_language
from sim.cli.shared.options import load_with, refuse_nowhere, set_option
from sim.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.scenario import Scenario


def plot(
    kind: str,
    source: Scenario | str | Path,
    *,
    x: str | None = None,
    y: str | None = None,
    column: str | None = None,
    target: str | None = None,
    draws: int | None = None,
    concept: str | None = None,
    beliefs: str | None = None,
    of: str | None = None,
    color_by: str | None = None,
    certified: bool = False,
    episodes: str | None = None,
    out: str | Path | None = None,
) -> Axes:
    """Draw a figure from a scenario or a stored folder; :mod:`sim.plots` draws records that are at hand.

    Parameters
    ----------
    kind
        A name of ``sim.list("plots")``.
    source
        A scenario, its file, or a folder.
    x, y
        Parameters on the axes.
    column, target
        What an analysis of a run explains, or tells apart.
    draws, concept
        How many draws, for figures of a forecast (1,024); the solution concept of figure ``equilibria``.
    of, color_by, certified, episodes, beliefs
        Of a landscape, as ``sim plot`` has them; ``of`` also of an analysis, ``beliefs`` of what they say.
    out
        Where to save it, as png, svg or pdf; nowhere where absent.

    Raises
    ------
    UsageError
        If there is no such figure or option.

    Examples
    --------
    >>> plot("conflict_graph", "classics/elmira").get_title()
    'Elmira groundwater contamination, Ontario, 1991'
    """
    from sim import plots

    given: dict[str, Any] = {"column": column, "target": target, "draws": draws, "concept": concept}
    kind = figure_of(plots.PLOTS.asked(kind), source, of, given)
    draw, needs = plots.get(kind), plots.PLOTS[kind].needs
    if needs == "comparison":
        raise UsageError(f"figure '{kind}' is of several files: sim compare A B --out FILE")
    over: dict[str, Any] = {"color_by": color_by, "certified": certified, "episodes": episodes}
    (over if kind == "landscape" else given)["beliefs"] = beliefs
    options = {k: value for k, value in given.items() if value is not None}
    axes = {k: path for k, path in (("x", x), ("y", y)) if path}
    data, keywords = drawn(kind, needs, source, axes, options)
    keywords |= over_landscape(kind, data, axes, **over)
    return drawn_as_asked(draw, data, keywords, None if out is None else Path(out))


@click.command()
@click.argument("kind")
@click.argument("source", metavar="DIR_OR_FILE")
@click.option("--x", help="Parameter on the horizontal axis.")
@click.option("--y", help="Parameter on the vertical axis.")
@click.option("--column", help="The result that sensitivity or tornado of a run explains.")
@click.option("--target", help="What discovery or cart tells apart, as for sim analyse.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="png, svg or pdf; KIND.png by default."
)
@click.option(
    "--draws",
    type=click.IntRange(min=2),
    help="How many draws of everything that has a range: forecast, obstacles and windows; 1024 by default.",
)
@click.option(
    "--beliefs",
    metavar="DIR",
    help="Stored beliefs, for figure beliefs of a folder of scenarios; over a landscape a cloud of where "
    "draws that fit the record differ ('ranges': draws over the file's own ranges).",
)
@click.option(
    "--concept", help="The solution concept of figure equilibria; the file's usual one by default."
)
@click.option(
    "--of",
    metavar="forecast:YEAR[>=CHANCE]",
    help="The chance of a treaty by a year: as a landscape over --x and --y of a file (PATH or PATH=LO:HI) "
    "or of a run, or as what sensitivity, tornado, discovery or cart of a run explain.",
)
@click.option(
    "--color-by", help="The column that colours a landscape: predicted_class, binding, ..."
)
@click.option("--certified", is_flag=True, help="Lay the certified line over a landscape.")
@click.option(
    "--episodes",
    metavar="FOLDER",
    help="Disputes whose outcome is known, as points of a landscape where their values fall.",
)
@figure_options
@set_option
def command(
    kind: str,
    source: str,
    x: str | None,
    y: str | None,
    out: Path | None,
    settings: tuple[str, ...],
    **told: Any,
) -> int:
    """Draw figure KIND (see `sim list plots`) from a run's folder or a scenario file."""
    from sim.plots.drawing.undocumented import without_help

    given: Any = source
    target = out or Path(f"{kind}.png")
    refuse_nowhere(target)
    if settings:
        _refuse_settings(_needs(kind), kind, source)
        given = load_with(source, settings)
    elif chosen_language() and not is_folder(source):
        given = load_with(source, settings)
    without_help()
    plot(kind, given, x=x, y=y, out=target, **told)
    click.echo(str(target))
    return 0


def _needs(kind: str) -> str:
    from sim import plots

    kind = plots.PLOTS.asked(kind)
    plots.get(kind)
    return plots.PLOTS[kind].needs


def _refuse_settings(needs: str, kind: str, source: str) -> None:
    """``--set`` belongs to a scenario: what is stored, and a whole folder, take none."""
    if needs in ("scoreboard", "verdicts", "beliefs", "believed", "reliability"):
        raise UsageError("a figure of a whole folder takes no --set")
    if needs in (*OF_FORECAST, "chain") and is_folder(source):
        raise UsageError(f"{source} holds a forecast, whose values are fixed: it takes no --set")
    if needs in ("run", "analysis", "frontier") or is_run_of(kind, source):
        raise UsageError(f"{source} holds a run, whose values are fixed: it takes no --set")
