"""``sim analyse``: what the points of a run say about the dispute."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim._kernels.shown import Heading, Part, Shown
from sim.cli._analyses import SHORT, SHOW
from sim.cli.shared.forecast_asked import same_year
from sim.cli.shared.looks import chosen_language, lang_option
from sim.cli.shared.options import json_option, print_json, show
from sim.cli.shared.working import working
from sim.errors import UsageError
from sim.labels import NO_LABELS, Labels

if TYPE_CHECKING:
    from sim.sweeps import Run

ONE_BY_ONE = ("binding_along",)
LEFT_OUT = {
    "tornado": "means at both ends of every parameter",
    "sobol_indices_of_feasibility": "indices of feasibility",
    "cart": "a tree of rules",
    "way": "the way to the box",
}
"""What only the full form shows, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis(Shown):
    """What the points of a run say about the dispute.

    Parameters
    ----------
    run, title
        Where the run is, and of which scenario.
    found
        The record of every analysis, by name.
    notes
        What cannot be told of this run, and why.
    labelled
        What people read in place of names.
    """

    run: str
    title: str
    found: Mapping[str, Any]
    notes: tuple[str, ...]
    labelled: Labels = field(default=NO_LABELS, repr=False)

    def parts(self, *, full: bool = False) -> Iterator[Part]:
        """The share, who blocks, what matters and a box; with ``full`` all that every analysis found."""
        yield Heading(self.title)
        indices = self.found.get("sobol_indices")
        twice = "tornado" if indices is not None and indices.variance else ""
        for name, record in self.found.items():
            if full or (name in SHORT and name != twice):
                yield ""
                yield from SHOW[name](record, self.labelled, full)
        yield ""
        for note in self.notes:
            yield f"Note: {note}"
        if not full and (left := self._left_out(twice)):
            yield f"--full adds {left}."

    def _left_out(self, twice: str) -> str:
        """What the short form leaves out, in words."""
        names = [twice, *(name for name in self.found if name not in SHORT), "way"]
        told = list(dict.fromkeys(LEFT_OUT[name] for name in names if name in LEFT_OUT))
        return " and ".join([", ".join(told[:-1]), told[-1]] if told[1:] else told)

    def to_dict(self) -> dict[str, Any]:
        """The records as plain data."""
        head = {"run": self.run, "title": self.title, "notes": list(self.notes)}
        return head | {name: record.to_dict() for name, record in self.found.items()}


def analyse(
    run: Run | str | Path,
    *,
    column: str | None = None,
    target: str | None = None,
    of: str | None = None,
    boxes: int = 1,
    density: float | None = None,
    depth: int = 4,
    leaf: float = 0.01,
    seed: int = 0,
    told: Callable[[str], object] | None = None,
) -> Analysis:
    """How often a treaty is feasible, what blocks it, which parameters matter, and where.

    Parameters
    ----------
    run
        A run of :func:`sim.sweep`, or the folder of one; of one that is not finished, what there is so far.
    column
        The result that is explained: the margin, if nothing is said.
    target
        Which points are to be told from the others: ``feasible``, if nothing is said, ``rung=LABEL``, ...
    of
        ``forecast:YEAR>=CHANCE``, of a run swept with it, is explained and told from the rest.
    boxes, density
        How many boxes to look for, and the density that one is to have.
    depth, leaf
        Most restrictions of a rule, and the least share of points that it is to hold.
    seed, told
        Of resampling and of folds; hears what is being computed.

    Examples
    --------
    >>> import sim
    >>> dispute = sim.load("classics/indivisible-islands")
    >>> run = sim.sweep(dispute, vary={"p": (0, 1, 5)})
    >>> "feasible_share" in analyse(run).found
    True
    """
    from sim.sweeps import open_run

    where = run if isinstance(run, str | Path) else run.folder
    points = (open_run(run) if isinstance(run, str | Path) else run).snapshot()
    column, target = _asked(points, column, target, of, seed)
    given: dict[str, dict[str, Any]] = {
        "tornado": {"column": column},
        "sobol_indices": {"column": column, "seed": seed},
        "prim": {"target": target, "boxes": boxes, "density": density, "seed": seed},
        "cart": {"target": target, "depth": depth, "least_leaf": leaf, "seed": seed},
    }
    notes = _unfinished(points)
    found = _analyses(points, given, column, notes, told or (lambda _: None))
    return Analysis(
        run=str(where or ""),
        title=points.title,
        found=found,
        notes=tuple(notes),
        labelled=points.labelled,
    )


@click.command()
@click.argument("folder", metavar="DIR")
@click.option("--column", help="The result that is explained: margin, if nothing is said.")
@click.option(
    "--of",
    metavar="forecast:YEAR[>=CHANCE]",
    help="The chance of a treaty by a year, of a run swept with it.",
)
@click.option(
    "--target",
    metavar="TARGET",
    help="Which points boxes and rules are to tell from the others: feasible (if nothing is said), "
    "infeasible, class=LABEL, blocker=ACTOR, blocker=ACTOR.CONSTRAINT, rung=LABEL, margin>=NUMBER, or any "
    "other column.",
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
@click.option(
    "--full", is_flag=True, help="All of it: the way to the box, a tree of rules, more rows."
)
@lang_option
@json_option
def command(folder: str, full: bool, as_json: bool, **options: Any) -> int:
    """Analyse a run: how often a treaty is feasible, what blocks it, which parameters matter, and where.

    Of a run that is not finished, what is finished so far. Sobol indices need a run of
    `sim sweep --design saltelli`, a tree of rules the extra 'discovery'.
    """
    from sim.sweeps import open_run

    with working() as say:
        found = analyse(open_run(folder).speaking(chosen_language()), told=say, **options)
    if as_json:
        print_json(found.to_dict())
        return 0
    show(found.parts(full=full))
    return 0


def _asked(
    run: Run, column: str | None, target: str | None, of: str | None, seed: int
) -> tuple[str, str]:
    """What is explained, and what is told from the rest."""
    if seed < 0:
        raise UsageError(f"--seed {seed}: a number of at least 0 is needed")
    if of is None:
        return column or "margin", target or "feasible"
    level = same_year(run, of)
    return column or "forecast", target or f"forecast>={level:g}"


def _unfinished(run: Run) -> list[str]:
    """What there is to say of a run that is not finished."""
    if run.complete:
        return []
    so_far = f"{len(run.index()):,} of {run.manifest['points']:,} points"
    note = f"the run is not finished: {so_far} so far"
    if run.is_grid:
        note += f", and these lie at the low end of {run.varied[0]}; no share speaks for the whole"
    return [note]


def _analyses(
    run: Run,
    given: Mapping[str, Mapping[str, Any]],
    column: str,
    notes: list[str],
    say: Callable[[str], object],
) -> dict[str, Any]:
    """The records by name; what cannot be told of this run is noted."""
    from importlib.util import find_spec

    from sim.sweeps.analyses import ANALYSES

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
    for name in (name for name in ANALYSES if name not in without):
        say(f"{name.replace('_', ' ')} ...")
        options = given.get(name, {})
        found[name] = ANALYSES[name](run, **options)
        if name == "sobol_indices" and column != "feasible":
            again = ANALYSES[name](run, **{**options, "column": "feasible"})
            found["sobol_indices_of_feasibility"] = again
    return found
