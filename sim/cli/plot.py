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
    if needs in ("scoreboard", "verdicts"):
        return _of_folder(needs, Path(source), settings)
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


def _of_folder(needs: str, folder: Path, settings: tuple[str, ...]) -> Any:
    """The scoreboard of all disputes below a folder, or their verdicts."""
    from sim.cli.backcast import families_of, read_folder

    if settings:
        raise UsageError("a figure of a whole folder takes no --set")
    scenarios = read_folder(folder)
    if needs == "scoreboard":
        from sim.backcast import backcast

        return backcast(scenarios, families=families_of(scenarios))
    from sim.feasibility import explain

    told = {
        name.removesuffix(".yaml"): scenario
        for name, scenario in scenarios.items()
        if scenario.document.form == "dispute" and not _is_base(scenario)
    }
    return {name: explain(scenario, with_thresholds=False) for name, scenario in told.items()}


def _is_base(scenario: Any) -> bool:
    """Whether a file is only there to be extended: it says nothing of what happened or could."""
    document = scenario.document
    return document.observed is None and not document.sign_tests
