"""``sim list``: what there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sim.cli._options import console, json_option, print_json
from sim.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

KINDS = ("concepts", "constraints", "plots", "protocols", "parameters")


@click.command()
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", required=False)
@json_option
def command(kind: str, file: str | None, as_json: bool) -> int:
    """List concepts, constraints, plots or protocols, or the parameters of FILE."""
    if kind == "parameters" and file is None:
        raise UsageError("sim list parameters needs a FILE")
    rows = _parameters(str(file)) if kind == "parameters" else _TABLES[kind]()
    if as_json:
        print_json(rows)
        return 0
    _show(rows)
    return 0


def _show(rows: list[dict[str, Any]]) -> None:
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in rows[0] if rows else ():
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(escape(str(value)) for value in row.values()))
    console().print(table)


def _first_line(thing: Any) -> str:
    return (thing.__doc__ or "").strip().splitlines()[0]


def _concepts() -> list[dict[str, Any]]:
    from sim.solutions import CONCEPTS, options_of

    return [
        {
            "name": name,
            "form": concept.form,
            "batched": "yes" if concept.batched else "no",
            "guarantee": concept.guarantee,
            "options": ", ".join(option.name for option in options_of(name)),
            "reference": concept.reference,
        }
        for name, concept in CONCEPTS.items()
    ]


def _constraints() -> list[dict[str, Any]]:
    from sim.constraints import CONSTRAINTS

    return [
        {"type": name, "rung": kind.rung, "meaning": _first_line(kind)}
        for name, kind in CONSTRAINTS.items()
    ]


def _protocols() -> list[dict[str, Any]]:
    from sim.games.protocols import PROTOCOLS

    return [{"name": name, "meaning": _first_line(make)} for name, make in PROTOCOLS.items()]


def _plots() -> list[dict[str, Any]]:
    from sim.plots import PLOTS

    return [
        {"name": name, "needs": plot.needs, "shows": plot.description}
        for name, plot in PLOTS.items()
    ]


def _parameters(file: str) -> list[dict[str, Any]]:
    from sim.loading import load

    return [
        {
            "parameter": path,
            "value": f"{p.value:g}",
            "range": "" if p.range is None else f"{p.range[0]:g} .. {p.range[1]:g}",
            "unit": p.unit,
            "source": p.source or "assumed",
        }
        for path, p in load(file).document.parameters.items()
    ]


_TABLES: dict[str, Callable[[], list[dict[str, Any]]]] = {
    "concepts": _concepts,
    "constraints": _constraints,
    "plots": _plots,
    "protocols": _protocols,
}
