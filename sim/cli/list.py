"""``sim list``: what there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sim._kernels.shown import Table
from sim.cli.shared.options import json_option, print_json, show
from sim.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

KINDS = ("scenarios", "concepts", "constraints", "plots", "protocols", "parameters")


@click.command()
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", required=False)
@json_option
def command(kind: str, file: str | None, as_json: bool) -> int:
    """List shipped scenarios, concepts, constraints, plots or protocols, or the parameters of FILE."""
    if kind == "parameters" and file is None:
        raise UsageError("sim list parameters needs a FILE")
    rows = _parameters(str(file)) if kind == "parameters" else _TABLES[kind]()
    if as_json:
        print_json(rows)
        return 0
    _show(rows)
    return 0


def _show(rows: list[dict[str, Any]]) -> None:
    columns = tuple(rows[0]) if rows else ()
    show([Table(columns, [tuple(map(str, row.values())) for row in rows])])


def _first_line(thing: Any) -> str:
    return (thing.__doc__ or "").strip().splitlines()[0]


def _scenarios() -> list[dict[str, Any]]:
    from sim.library import described

    return [{"name": s.name, "is": s.form, "title": s.title} for s in described()]


def _concepts() -> list[dict[str, Any]]:
    from sim.solutions import CONCEPTS, asked_of, options_of

    return [
        {
            "name": name,
            "form": concept.form,
            "batched": "yes" if concept.batched else "no",
            "asked_of": asked_of(name),
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
    "scenarios": _scenarios,
    "concepts": _concepts,
    "constraints": _constraints,
    "plots": _plots,
    "protocols": _protocols,
}
