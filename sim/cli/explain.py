"""``sim explain``: the verdict with its reasons."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from sim.cli.shared.believed import beliefs_option, read_beliefs
from sim.cli.shared.options import (
    json_option,
    load_with,
    print_json,
    quiet_option,
    read_settings,
    set_option,
    show,
)
from sim.cli.shared.varying import read_levels
from sim.cli.shared.working import working
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.scenario import Scenario


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
@click.option(
    "--full", is_flag=True, help="All of it: every rung, slack, payoff term and threshold."
)
@click.option("--terms", is_flag=True, help="Also the payoff terms of every principal.")
@click.option("--all-slacks", is_flag=True, help="Also every gain and slack of the best treaty.")
@click.option(
    "--state",
    metavar="FACTOR=LEVEL,...",
    help="The dispute as it is in a state of its world: factors that are not named as they are now.",
)
@beliefs_option
@json_option
@quiet_option
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
    full: bool,
    terms: bool,
    all_slacks: bool,
    state: str | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Is a treaty feasible, which rung of the ladder fails, whose constraint binds, and by how much.

    It ends with the smallest change of parameters, within their ranges, that turns the verdict.
    """
    from sim.explaining import flipped, judged

    scenario = _read(file, settings, state)
    if not -1e9 < target < 1e9:
        raise UsageError(f"--target {target}: a finite number is needed")
    told = as_json or full or pairs > 0
    wanted: dict[str, Any] = {"target": target, "pairs": pairs, "limit": limit}
    wanted |= {"levers": levers or None, "costs": read_settings(costs, "--cost") or None}
    believed = read_beliefs(beliefs, force=force)
    with working("verdict and share of draws ...", quiet=quiet):
        verdict = judged(scenario, beliefs=believed, power=told)
    if not (as_json or full):
        show(verdict.headline())
        sys.stdout.flush()
    from sim.certified import smallest_change
    from sim.feasibility.brief import details

    with working("certified thresholds ...", quiet=quiet):
        verdict = flipped(verdict, scenario, ends=as_json or full)
    if not (as_json or full):
        show(details(verdict, terms=terms, all_slacks=all_slacks))
    change = None
    if (verdict.margin is not None and verdict.private is None) or levers or costs:
        with working("smallest change that turns it ...", quiet=quiet):
            change = smallest_change(scenario, **wanted, singles=told, others=told)
    if as_json:
        data = {"scenario": scenario.title, "parameters": scenario.values}
        turned = change and change.to_dict()
        print_json({**data, "verdict": verdict.to_dict(), "smallest_change": turned})
        return 0
    if full:
        show(verdict.parts(full=True))
    if change is not None:
        show(change.parts() if full or pairs else [change.brief()])
    if sys.stderr.isatty() and not (full or quiet):
        click.echo(f"more: sim explain {file} --full (or --terms, --all-slacks, --json)", err=True)
    return 0


def _read(file: str, settings: tuple[str, ...], state: str | None) -> Scenario:
    """The scenario, in the state of the world that was asked for."""
    scenario = load_with(file, settings)
    if state is None:
        return scenario
    from sim.dynamics.world import in_state

    return in_state(scenario, read_levels(state))
