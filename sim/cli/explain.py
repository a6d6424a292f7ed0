"""``sim explain``: the verdict with its reasons."""

from __future__ import annotations

import click

from sim.cli.shared.believed import beliefs_option, read_beliefs
from sim.cli.shared.options import (
    json_option,
    load_with,
    print_json,
    read_settings,
    set_option,
    show,
)
from sim.errors import UsageError


@click.command()
@click.argument("file")
@set_option
@click.option(
    "--lever",
    "levers",
    multiple=True,
    metavar="PATH",
    help="A parameter that the smallest change may move; by default all that have a range.",
)
@click.option(
    "--cost",
    "costs",
    multiple=True,
    metavar="PATH=VALUE",
    help="What one unit of a parameter costs; by default its whole range costs 1.",
)
@click.option(
    "--target",
    type=float,
    default=0.0,
    show_default=True,
    help="The margin that the smallest change is to reach.",
)
@click.option(
    "--pairs",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Also the smallest changes of any two of the N parameters that count most.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="How many boxes the proof that no smaller change does it may look at.",
)
@beliefs_option
@json_option
def command(
    file: str,
    settings: tuple[str, ...],
    levers: tuple[str, ...],
    costs: tuple[str, ...],
    target: float,
    pairs: int,
    limit: int,
    beliefs: str | None,
    force: bool,
    as_json: bool,
) -> int:
    """Is a treaty feasible, which rung of the ladder fails, whose constraint binds, and by how much.

    It ends with the smallest change of parameters, within their ranges, that turns the verdict.
    """
    from sim.certified import smallest_change
    from sim.explaining import explain

    scenario = load_with(file, settings)
    if not -1e9 < target < 1e9:
        raise UsageError(f"--target {target}: a finite number is needed")
    prices = read_settings(costs, "--cost")
    verdict = explain(scenario, beliefs=read_beliefs(beliefs, force=force))
    change = None
    if verdict.margin is not None or levers or costs:
        change = smallest_change(
            scenario,
            levers=levers or None,
            costs=prices or None,
            target=target,
            pairs=pairs,
            limit=limit,
        )
    if as_json:
        data = {"scenario": scenario.title, "parameters": scenario.values}
        turned = None if change is None else change.to_dict()
        print_json({**data, "verdict": verdict.to_dict(), "smallest_change": turned})
        return 0
    show(verdict.parts())
    if change is not None:
        show(change.parts())
    return 0
