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

    scenario = load_with(file, settings)
    verdict = explain(scenario)
    if as_json:
        data = {"scenario": scenario.title, "parameters": scenario.values}
        print_json({**data, "verdict": verdict.to_dict()})
        return 0
    from sim.cli._verdict import show

    show(verdict)
    return 0
