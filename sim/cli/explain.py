"""``sim explain``: the verdict with its reasons."""

from __future__ import annotations

import click

from sim.cli._options import json_option, load_with, print_json, set_option


@click.command()
@click.argument("file")
@set_option
@json_option
def command(file: str, settings: tuple[str, ...], as_json: bool) -> int:
    """Is a treaty feasible, which rung of the ladder fails, whose constraint binds, and by how much."""
    from sim.feasibility import explain
    from sim.frontier import smallest_change

    scenario = load_with(file, settings)
    verdict = explain(scenario)
    change = None
    if verdict.margin is not None:
        change = smallest_change(scenario, singles=False, limit=1)
    if as_json:
        data = {"scenario": scenario.title, "parameters": scenario.values}
        turned = None if change is None else change.to_dict()
        print_json({**data, "verdict": verdict.to_dict(), "smallest_change": turned})
        return 0
    from sim.cli._verdict import show

    show(verdict, change)
    return 0
