"""``sim plot``: a figure from a run or a scenario."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.cli._options import load_with, set_option
from sim.errors import UsageError


@click.command()
@click.argument("kind")
@click.argument("source", metavar="DIR_OR_FILE")
@click.option("--x", help="Parameter on the horizontal axis.")
@click.option("--y", help="Parameter on the vertical axis.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="png, svg or pdf; KIND.png by default."
)
@set_option
def command(
    kind: str,
    source: str,
    x: str | None,
    y: str | None,
    out: Path | None,
    settings: tuple[str, ...],
) -> int:
    """Draw figure KIND (see `sim list plots`) from a run's folder or a scenario file."""
    from sim import plots

    draw, needs = plots.get(kind), plots.PLOTS[kind].needs
    data = _data(needs, source, settings)
    axes = {name: path for name, path in (("x", x), ("y", y)) if path is not None}
    if needs == "run":
        axes = _default_axes(kind, data, axes)
    elif axes:
        raise UsageError(f"figure '{kind}' has no --x or --y")
    target = out or Path(f"{kind}.png")
    plots.save(draw(data, **axes), target)
    click.echo(str(target))
    return 0


def _data(needs: str, source: str, settings: tuple[str, ...]) -> Any:
    if needs == "run":
        from sim.sweeps import open_run

        return open_run(source)
    scenario = load_with(source, settings)
    if needs == "scenario":
        return scenario
    from sim.feasibility import explain

    return explain(scenario)


def _default_axes(kind: str, run: Any, axes: dict[str, str]) -> dict[str, str]:
    wanted = ("x",) if kind == "margin" else ("x", "y")
    free = [path for path in run.varied if path not in axes.values()]
    for name in wanted:
        if name not in axes and free:
            axes[name] = free.pop(0)
    return axes
