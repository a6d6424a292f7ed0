"""``sim analyse``: what the points of a run say about the dispute."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from sim.cli._options import console, json_option, print_json
from sim.errors import UsageError

if TYPE_CHECKING:
    from rich.table import Table

    from sim.sweeps import Run

SHOWN = 12


@click.command()
@click.argument("folder", metavar="DIR")
@click.option("--column", default="margin", show_default=True, help="The result that is explained.")
@click.option(
    "--target",
    type=click.Choice(["feasible", "infeasible"]),
    default="feasible",
    show_default=True,
    help="Which points the box is to hold.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of resampling.")
@json_option
def command(folder: str, column: str, target: str, seed: int, as_json: bool) -> int:
    """Analyse a run: how often a treaty is feasible, what blocks it, which parameters matter, and where.

    Sobol indices need a run of `sim sweep --design saltelli`.
    """
    from sim.sweeps import open_run

    run = open_run(folder)
    if seed < 0:
        raise UsageError(f"--seed {seed}: a number of at least 0 is needed")
    found = _analyses(run, column, target, seed)
    if as_json:
        print_json({"run": folder, "title": run.title} | {k: r.to_dict() for k, r in found.items()})
        return 0
    out = console()
    out.print(f"[bold]{_escaped(run.title)}[/bold]")
    for name, record in found.items():
        out.print()
        for part in _SHOW[name](record):
            out.print(part)
    if "sobol_indices" not in found:
        out.print("\nSobol indices need a run of --design saltelli.")
    return 0


def _analyses(run: Run, column: str, target: str, seed: int) -> dict[str, Any]:
    from sim.sweeps.analyses import ANALYSES

    options: dict[str, dict[str, Any]] = {
        "tornado": {"column": column},
        "sobol_indices": {"column": column, "seed": seed},
        "prim": {"target": target, "seed": seed},
    }
    wanted = [name for name in ANALYSES if name != "binding_along"]
    wanted = [name for name in wanted if name != "sobol_indices" or run.design == "saltelli"]
    found = {name: ANALYSES[name](run, **options.get(name, {})) for name in wanted}
    if "sobol_indices" in found and column != "feasible":
        again = ANALYSES["sobol_indices"](run, column="feasible", seed=seed)
        found["sobol_indices_of_feasibility"] = again
    return found


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(text)


def _share(record: Any) -> Iterator[str | Table]:
    error = record.standard_error
    spread = "" if error is None else f" ± {error:.2%} (one standard error)"
    yield f"A treaty is feasible at {record.share:.2%}{spread} of {record.points:,} points."
    if record.failed:
        yield f"{record.failed:,} points have no answer and are left out."
    yield record.note


def _binding(record: Any) -> Iterator[str | Table]:
    yield f"[bold]What blocks a treaty at the {record.points:,} points without one[/bold]"
    table = _table("constraint", "share|r", "standard error|r")
    for label, share in list(record.shares.items())[:SHOWN]:
        error = record.standard_errors.get(label)
        table.add_row(_escaped(label), f"{share:.1%}", "" if error is None else f"{error:.1%}")
    yield table
    actors = ", ".join(f"{actor} {share:.1%}" for actor, share in record.actors.items())
    yield f"by actor: {_escaped(actors)}" if actors else "nothing blocks it anywhere"


def _tornado(record: Any) -> Iterator[str | Table]:
    title = (
        f"Mean {record.column} over the tenth of points with a parameter's lowest, highest values"
    )
    yield f"[bold]{_escaped(title)}[/bold]"
    table = _table("parameter", "values|r", "lowest|r", "highest|r", "swing|r")
    for bar in record.bars[:SHOWN]:
        values = f"{bar.low:.4g} .. {bar.high:.4g}"
        ends = (f"{bar.at_low:+.4f}", f"{bar.at_high:+.4f}", f"{bar.swing:+.4f}")
        table.add_row(_escaped(bar.path), values, *ends)
    yield table
    yield from _rest(len(record.bars))


def _sobol(record: Any) -> Iterator[str | Table]:
    title = f"Sobol indices of {record.column}: share of its variance, with 95 % intervals"
    yield f"[bold]{_escaped(title)}[/bold]"
    table = _table("parameter", "alone|r", "", "in all|r", "")
    for i in record.indices[:SHOWN]:
        first = (f"{i.first:.3f}", f"[{i.first_low:.3f}, {i.first_high:.3f}]")
        total = (f"{i.total:.3f}", f"[{i.total_low:.3f}, {i.total_high:.3f}]")
        table.add_row(*map(_escaped, (i.path, *first, *total)))
    yield table
    yield from _rest(len(record.indices))
    if record.dropped:
        yield f"{record.dropped:,} of {record.dropped + record.blocks:,} blocks were left out."
    if record.note:
        yield record.note


def _prim(record: Any) -> Iterator[str | Table]:
    yield f"[bold]Where a treaty is {record.target}[/bold] ({record.share:.1%} of all points)"
    if record.note:
        yield record.note
        return
    box = record.best
    yield (
        f"in this box {box.density:.1%} of the points are; it holds {box.coverage:.1%} of them "
        f"and {box.mass:.1%} of all points"
    )
    table = _table("parameter", "from|r", "to|r", "density without it|r")
    for limit in box.limits:
        ends = (f"{limit.low:.4g}", f"{limit.high:.4g}", f"{limit.density_without:.1%}")
        table.add_row(_escaped(limit.path), *ends)
    yield table


def _rest(count: int) -> Iterator[str]:
    if count > SHOWN:
        yield f"and {count - SHOWN} parameters more (--json has all)"


def _table(*columns: str) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for column in columns:
        name, _, right = column.partition("|")
        table.add_column(name, justify="right" if right else "left", overflow="fold")
    return table


_SHOW: dict[str, Any] = {
    "feasible_share": _share,
    "binding_frequencies": _binding,
    "tornado": _tornado,
    "sobol_indices": _sobol,
    "sobol_indices_of_feasibility": _sobol,
    "prim": _prim,
}
