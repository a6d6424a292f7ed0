"""What a figure is drawn from: the record that its kind needs, from a scenario, a file or a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.figures.of_forecast import (
    OF_FORECAST,
    forecast_from,
    is_folder,
    scenario_behind,
    scenario_from,
    shown_of,
)
from sim.cli.shared.looks import chosen_language
from sim.errors import SimError, UsageError

if TYPE_CHECKING:
    from sim.scenario import Scenario

OPTION = {"sensitivity": "column", "tornado": "column", "discovery": "target", "cart": "target"}


def drawn(
    kind: str,
    needs: str,
    source: Scenario | str | Path,
    axes: dict[str, Any],
    options: dict[str, Any],
) -> tuple[Any, dict[str, Any]]:
    """What a figure draws, and the keywords that it is drawn with."""
    if needs == "analysis" or is_run_of(kind, source):
        return _analysis(kind, _place(source), axes, options)
    if needs == "forecast over":
        return _chances(source, axes, options)
    if needs in OF_FORECAST:
        found = forecast_from(source, options)
        refuse(kind, options | axes)
        return shown_of(needs, found), {}
    if needs in ("beliefs", "believed", "reliability"):
        data = _of_record(needs, _place(source), options.pop("beliefs", None))
        refuse(kind, options | axes)
        return data, {}
    if needs == "private along":
        data = _private_along(source, axes.pop("x", None))
    elif needs == "equilibria":
        data = _equilibria(source, axes.pop("x", None), options.pop("concept", None))
    else:
        data = _strips(source) if kind == "thresholds" else _data(needs, source)
    refuse(kind, options)
    _check_axes(kind, needs, axes)
    return data, axes | (certified_thresholds(data, axes.get("x")) if kind == "margin" else {})


def _place(source: Any) -> str:
    """The folder of what was computed."""
    if isinstance(source, str | Path):
        return str(source)
    raise UsageError("this figure is drawn from what was stored: give the folder of a run")


def refuse(kind: str, options: dict[str, str]) -> None:
    """Refuse options that a figure does not have."""
    if options:
        raise UsageError(f"figure '{kind}' has no {' or '.join(f'--{name}' for name in options)}")


def is_run_of(kind: str, source: Any) -> bool:
    """Whether a figure of a scenario is asked of a run."""
    return kind == "tornado" and is_folder(source)


def _data(needs: str, source: Any) -> Any:
    if needs == "frontier":
        from sim.certified import open_frontier

        return open_frontier(_place(source)).speaking(chosen_language())
    if needs == "run":
        return _run(_place(source))
    if needs in ("scoreboard", "verdicts"):
        return _of_folder(needs, _place(source))
    scenario = scenario_behind(source) if needs == "chain" else scenario_from(source)
    if needs == "verdict":
        from sim.explaining import explain

        return explain(scenario)
    if needs == "private":
        from sim.views import private_view

        return private_view(scenario)
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


def _chances(
    source: Any, axes: dict[str, Any], options: dict[str, Any]
) -> tuple[Any, dict[str, Any]]:
    """The chance of a treaty by a year over two parameters: of a run that has it, or of a scenario."""
    from sim.cli.figures.of_chances import chances_over
    from sim.cli.shared.forecast_asked import same_year

    if is_folder(source):
        run, of = _run(str(source)), options.pop("of", None)
        refuse("chance_map", options)
        if of is not None:
            same_year(run, of)
        return run, axes
    data, keywords = chances_over(scenario_from(source), axes, options)
    refuse("chance_map", options)
    return data, keywords


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


def _strips(source: Any) -> Any:
    """The verdict along every parameter, certified."""
    from sim.certified import strips

    return strips(scenario_from(source))


def _analysis(
    kind: str, source: str, axes: dict[str, str], options: dict[str, str]
) -> tuple[Any, dict[str, str]]:
    """The analysis that a figure shows, and the options that it is drawn with."""
    from sim.sweeps import analyses

    run = _run(source)
    if not hasattr(run, "snapshot"):
        raise UsageError(
            f"figure '{kind}' analyses a sweep of a dispute; {source} holds one of a concept"
        )
    run = run.snapshot()
    refuse(kind, {k: v for k, v in options.items() if k != OPTION.get(kind)})
    if kind == "binding":
        refuse(kind, {name: path for name, path in axes.items() if name != "x"})
        return analyses.binding_along_of_run(run, axes.get("x")), {}
    refuse(kind, axes)
    if kind == "tornado":
        return analyses.tornado_of_run(run, **options), {}
    found: dict[str, Callable[..., Any]] = {
        "sensitivity": analyses.sobol_indices_of_run,
        "discovery": analyses.prim_of_run,
        "cart": analyses.cart_of_run,
    }
    return found[kind](run, **options), {"title": run.title}


def _equilibria(source: Any, path: str | None, concept: str | None) -> Any:
    """A concept, the file's usual one by default, along the parameter asked for."""
    from sim.solving import default_concepts
    from sim.views import equilibria_along

    scenario = scenario_from(source)
    if path is None:
        raise UsageError("figure 'equilibria' moves one parameter: --x PATH")
    concepts = default_concepts(scenario) if concept is None else (concept,)
    if not concepts:
        raise UsageError(f"{scenario.origin}: figure 'equilibria' needs a game")
    return equilibria_along(scenario, path, concept=concepts[0])


def _private_along(source: Any, path: str | None) -> Any:
    """A dispute with types along the parameter asked for, over its own range."""
    from sim.views import along_range

    if path is None:
        raise UsageError("figure 'beliefs_along' moves one parameter: --x PATH")
    return along_range(scenario_from(source), path)


def _run(source: str) -> Any:
    """The run of a sweep; where the folder holds a frontier, which figure draws that."""
    from sim.sweeps import open_concept_grid, open_run
    from sim.sweeps.store import read_manifest

    kind = read_manifest(Path(source)).get("kind")
    if kind == "concept":
        return open_concept_grid(source)
    if kind == "forecast":
        raise UsageError(
            f"{source} holds a forecast, not a sweep: draw it with sim plot KIND {source}, where KIND is "
            "forecast, windows, obstacles, commitment, waiting, paths or chain"
        )
    if kind == "frontier":
        raise UsageError(
            f"{source} holds a frontier, not a sweep: draw it with sim plot frontier {source}, or make "
            "a sweep: sim sweep FILE --vary PATH=LO:HI:N --out DIR"
        )
    return open_run(source).speaking(chosen_language())


def _check_axes(kind: str, needs: str, axes: dict[str, str]) -> None:
    """Refuse ``--x`` and ``--y`` where the figure has no such axis."""
    known = () if needs != "run" else ("x",) if kind == "margin" else ("x", "y")
    refuse(kind, {name: path for name, path in axes.items() if name not in known})


def _of_folder(needs: str, folder: str) -> Any:
    """The scoreboard of all disputes below a folder, or their verdicts."""
    from sim.cli.backcast import families_of, read_disputes, say_unreadable
    from sim.cli.figures.of_beliefs import only_extended

    scenarios, unreadable = read_disputes(folder)
    say_unreadable(unreadable)
    if needs == "scoreboard":
        from sim.backcasting import backcast

        return backcast(scenarios, families=families_of(scenarios))
    from sim.explaining import explain

    told = {
        name.removesuffix(".yaml"): scenario
        for name, scenario in scenarios.items()
        if scenario.document.form == "dispute"
        and not (only_extended(scenario) or scenario.document.private or _of_time(scenario))
    }
    return {name: explain(scenario, with_thresholds=False) for name, scenario in told.items()}


def _of_time(scenario: Scenario) -> bool:
    """Whether a dispute is played through the years and is no episode of a record itself."""
    return scenario.document.dynamics is not None and scenario.document.observed is None


def _of_record(needs: str, source: str, beliefs: str | None) -> Any:
    """What stored beliefs learned or say of a folder, or how forecasts of its record fared."""
    from sim.cli.figures import of_beliefs as figures

    if needs == "beliefs":
        return figures.learned_of(source)
    if needs == "believed":
        return figures.believed_of(Path(source), beliefs)
    return figures.reliability_of(Path(source))
