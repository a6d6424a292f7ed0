"""``sim plot``: a figure from a run or a scenario."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from sim.cli.shared.options import load_with, set_option
from sim.errors import SimError, UsageError

DRAWS = 1024
"""Draws of a figure of time where the user says nothing."""
OPTION = {"sensitivity": "column", "tornado": "column", "discovery": "target", "cart": "target"}


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
    "--beliefs", metavar="DIR", help="Stored beliefs, for figure beliefs of a folder of scenarios."
)
@click.option(
    "--concept", help="The solution concept of figure equilibria; the file's usual one by default."
)
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
    from sim import plots

    draw, needs = plots.get(kind), plots.PLOTS[kind].needs
    if needs == "comparison":
        raise UsageError(f"figure '{kind}' is of several files: sim compare A B --out FILE")
    axes: dict[str, Any] = {k: path for k, path in (("x", x), ("y", y)) if path is not None}
    options = {name: value for name, value in told.items() if value is not None}
    if needs == "forecast":
        draws = options.pop("draws", DRAWS)
        _refuse(kind, options | axes)
        data = _forecast(source, settings, draws)
    elif needs == "equilibria":
        data = _equilibria(source, settings, axes.pop("x", None), options.pop("concept", None))
    elif needs == "analysis" or _is_run_of(kind, source):
        needs = "analysis"
        if settings:
            raise UsageError(f"{source} holds a run, whose values are fixed: it takes no --set")
        data, axes = _analysis(kind, source, axes, options)
    elif needs in ("beliefs", "believed", "reliability"):
        from sim.cli import _belief_figures as figures

        if needs == "believed":
            data = figures.believed_of(Path(source), options.pop("beliefs", None))
        else:
            data = (
                figures.learned_of(source)
                if needs == "beliefs"
                else figures.reliability_of(Path(source))
            )
        _refuse(kind, options | axes)
    elif kind == "thresholds":
        data = _strips(source, settings)
    else:
        data = _data(needs, source, settings)
    if needs != "analysis":
        _refuse(kind, options)
        _check_axes(kind, needs, axes)
        axes |= certified_thresholds(data, axes.get("x")) if kind == "margin" else {}
    target = out or Path(f"{kind}.png")
    plots.save(draw(data, **axes), target)
    click.echo(str(target))
    return 0


def _data(needs: str, source: str, settings: tuple[str, ...]) -> Any:
    if needs == "frontier":
        from sim.certified import open_frontier

        return open_frontier(source)
    if needs == "run":
        return _run(source)
    if needs in ("scoreboard", "verdicts"):
        return _of_folder(needs, Path(source), settings)
    scenario = load_with(source, settings)
    if needs == "verdict":
        from sim.explaining import explain

        return explain(scenario)
    from sim import views
    from sim.dynamics import chain_of

    made: dict[str, Any] = {
        "win-sets": views.win_sets,
        "utility space": views.utility_space,
        "conflict": views.conflict_graph,
        "tree": views.game_tree,
        "chain": chain_of,
    }
    return made[needs](scenario)


def _forecast(source: str, settings: tuple[str, ...], draws: int) -> Any:
    """The chance of a treaty by year, over as many draws as ``sim forecast`` takes unless said otherwise."""
    from sim.dynamics import forecast

    return forecast(load_with(source, settings), draws=draws)


def certified_thresholds(run: Any, x: str | None) -> dict[str, Any]:
    """The certified thresholds of a run's margin along a parameter, as an option of the figure."""
    from sim import plots
    from sim.certified import thresholds_of_run
    from sim.loading import loads

    data = plots.margin_data(run, x=x)
    try:
        stored = loads(run.manifest["scenario"]["text"])
    except SimError:
        return {}
    found = thresholds_of_run(run, stored, data.x, data.held)
    return {} if found is None else {"thresholds": found}


def _strips(source: str, settings: tuple[str, ...]) -> Any:
    """The verdict along every parameter, certified."""
    from sim.certified import strips

    return strips(load_with(source, settings))


def _analysis(
    kind: str, source: str, axes: dict[str, str], options: dict[str, str]
) -> tuple[Any, dict[str, str]]:
    """The analysis that a figure shows, and the options that it is drawn with."""
    from sim.sweeps import analyses

    run = _run(source).snapshot()
    _refuse(kind, {k: v for k, v in options.items() if k != OPTION.get(kind)})
    if kind == "binding":
        _refuse(kind, {name: path for name, path in axes.items() if name != "x"})
        return analyses.binding_along_of_run(run, axes.get("x")), {}
    _refuse(kind, axes)
    if kind == "tornado":
        return analyses.tornado_of_run(run, **options), {}
    found: dict[str, Callable[..., Any]] = {
        "sensitivity": analyses.sobol_indices_of_run,
        "discovery": analyses.prim_of_run,
        "cart": analyses.cart_of_run,
    }
    return found[kind](run, **options), {"title": run.title}


def _refuse(kind: str, options: dict[str, str]) -> None:
    """Refuse options that a figure does not have."""
    if options:
        raise UsageError(f"figure '{kind}' has no {' or '.join(f'--{name}' for name in options)}")


def _is_run_of(kind: str, source: str) -> bool:
    """Whether a figure of a scenario is asked of a run."""
    return kind == "tornado" and Path(source).is_dir()


def _equilibria(
    source: str, settings: tuple[str, ...], path: str | None, concept: str | None
) -> Any:
    """A concept, the file's usual one by default, along the parameter asked for."""
    from sim.solving import default_concepts
    from sim.views import equilibria_along

    scenario = load_with(source, settings)
    if path is None:
        raise UsageError("figure 'equilibria' moves one parameter: --x PATH")
    concepts = default_concepts(scenario) if concept is None else (concept,)
    if not concepts:
        raise UsageError(f"{source}: figure 'equilibria' needs a game")
    return equilibria_along(scenario, path, concept=concepts[0])


def _run(source: str) -> Any:
    """The run of a sweep; where the folder holds a frontier, which figure draws that."""
    from sim.sweeps import open_concept_grid, open_run
    from sim.sweeps.store import read_manifest

    kind = read_manifest(Path(source)).get("kind")
    if kind == "concept":
        return open_concept_grid(source)
    if kind == "frontier":
        raise UsageError(
            f"{source} holds a frontier, not a sweep: draw it with sim plot frontier {source}, or make "
            "a sweep: sim sweep FILE --vary PATH=LO:HI:N --out DIR"
        )
    return open_run(source)


def _check_axes(kind: str, needs: str, axes: dict[str, str]) -> None:
    """Refuse ``--x`` and ``--y`` where the figure has no such axis."""
    known = () if needs != "run" else ("x",) if kind == "margin" else ("x", "y")
    _refuse(kind, {name: path for name, path in axes.items() if name not in known})


def _of_folder(needs: str, folder: Path, settings: tuple[str, ...]) -> Any:
    """The scoreboard of all disputes below a folder, or their verdicts."""
    from sim.cli._belief_figures import only_extended
    from sim.cli.backcast import families_of, read_folder

    if settings:
        raise UsageError("a figure of a whole folder takes no --set")
    scenarios, _ = read_folder(folder)
    if needs == "scoreboard":
        from sim.backcasting import backcast

        return backcast(scenarios, families=families_of(scenarios))
    from sim.explaining import explain

    told = {
        name.removesuffix(".yaml"): scenario
        for name, scenario in scenarios.items()
        if scenario.document.form == "dispute" and not only_extended(scenario)
    }
    return {name: explain(scenario, with_thresholds=False) for name, scenario in told.items()}
