"""``sim analyse``: what the points of a run say about the dispute."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from sim._kernels.shown import Heading, Part
from sim.cli._analyses import SHOW
from sim.cli.shared.options import json_option, print_json, show
from sim.cli.shared.working import working
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.sweeps import Run

ONE_BY_ONE = ("binding_along",)


@click.command()
@click.argument("folder", metavar="DIR")
@click.option("--column", default="margin", show_default=True, help="The result that is explained.")
@click.option(
    "--target",
    default="feasible",
    show_default=True,
    metavar="TARGET",
    help="Which points boxes and rules are to tell from the others: feasible, infeasible, class=LABEL, "
    "blocker=ACTOR, blocker=ACTOR.CONSTRAINT, rung=LABEL, margin>=NUMBER, or any other column.",
)
@click.option("--boxes", type=int, default=1, show_default=True, help="How many boxes to look for.")
@click.option(
    "--density",
    type=float,
    help="Density that a box is to have, if one has it; by default coverage and density are balanced.",
)
@click.option(
    "--depth", type=int, default=4, show_default=True, help="Most restrictions of a rule."
)
@click.option(
    "--leaf",
    type=float,
    default=0.01,
    show_default=True,
    help="Least share of the points that a rule is to hold.",
)
@click.option(
    "--seed", type=int, default=0, show_default=True, help="Seed of resampling and of folds."
)
@json_option
def command(folder: str, as_json: bool, **options: Any) -> int:
    """Analyse a run: how often a treaty is feasible, what blocks it, which parameters matter, and where.

    Of a run that is not finished, what is finished so far. Sobol indices need a run of
    `sim sweep --design saltelli`, a tree of rules the extra 'discovery'.
    """
    from sim.sweeps import open_run

    run = open_run(folder).snapshot()
    if options["seed"] < 0:
        raise UsageError(f"--seed {options['seed']}: a number of at least 0 is needed")
    notes = _unfinished(run)
    found = _analyses(run, options, notes)
    if as_json:
        head = {"run": folder, "title": run.title, "notes": notes}
        print_json(head | {name: record.to_dict() for name, record in found.items()})
        return 0
    show(_parts(run.title, found, notes))
    return 0


def _parts(title: str, found: dict[str, Any], notes: list[str]) -> Iterator[Part]:
    """What every analysis found, one after the other, and what there is to note."""
    yield Heading(title)
    for name, record in found.items():
        yield ""
        yield from SHOW[name](record)
    for note in notes:
        yield from ("", f"Note: {note}")


def _unfinished(run: Run) -> list[str]:
    """What there is to say of a run that is not finished."""
    if run.complete:
        return []
    so_far = f"{len(run.index()):,} of {run.manifest['points']:,} points"
    note = f"the run is not finished: {so_far} so far"
    if run.is_grid:
        note += f", and these lie at the low end of {run.varied[0]}; no share speaks for the whole"
    return [note]


def _analyses(run: Run, options: dict[str, Any], notes: list[str]) -> dict[str, Any]:
    """The records by name; what cannot be told of this run is noted."""
    from importlib.util import find_spec

    from sim.sweeps.analyses import ANALYSES

    column, target, seed = options["column"], options["target"], options["seed"]
    given: dict[str, dict[str, Any]] = {
        "tornado": {"column": column},
        "sobol_indices": {"column": column, "seed": seed},
        "prim": {
            "target": target,
            "boxes": options["boxes"],
            "density": options["density"],
            "seed": seed,
        },
        "cart": {
            "target": target,
            "depth": options["depth"],
            "least_leaf": options["leaf"],
            "seed": seed,
        },
    }
    without = {*ONE_BY_ONE}
    if run.design != "saltelli":
        without.add("sobol_indices")
        notes.append("Sobol indices need a run of --design saltelli")
    if find_spec("sklearn") is None:
        without.add("cart")
        notes.append(
            "a tree of rules needs the extra 'discovery': pip install 'treatysim[discovery]'"
        )
    found = {}
    with working() as say:
        for name in (name for name in ANALYSES if name not in without):
            say(f"{name.replace('_', ' ')} ...")
            found[name] = ANALYSES[name](run, **given.get(name, {}))
            if name == "sobol_indices" and column != "feasible":
                again = ANALYSES[name](run, column="feasible", seed=seed)
                found["sobol_indices_of_feasibility"] = again
    return found
