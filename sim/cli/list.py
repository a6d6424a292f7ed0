"""``sim list``: what there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim._kernels.shown import Part, Shown, Table
from sim.cli.shared.options import json_option, print_json, show
from sim.errors import UsageError, suggest

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario

KINDS = ("scenarios", "concepts", "constraints", "plots", "protocols", "parameters")


@dataclass(frozen=True, slots=True)
class Listing(Shown):
    """What there is of a kind: a mapping for each, all with the same keys."""

    kind: str
    rows: tuple[dict[str, Any], ...]

    def parts(self) -> Iterator[Part]:
        """One table."""
        columns = tuple(self.rows[0]) if self.rows else ()
        yield Table(columns, [tuple(map(str, row.values())) for row in self.rows])

    def to_frame(self) -> pd.DataFrame:
        """The rows as a data frame."""
        import pandas as pd

        return pd.DataFrame(list(self.rows))


def listing(kind: str, source: Scenario | str | Path | None = None) -> Listing:
    """Shipped scenarios, concepts, constraints, plots or protocols, or the parameters of a scenario.

    At the door its name is ``sim.list``.

    Parameters
    ----------
    kind
        ``scenarios``, ``concepts``, ``constraints``, ``plots``, ``protocols`` or ``parameters``.
    source
        A scenario or its file, of which the parameters are listed.

    Raises
    ------
    UsageError
        If there is no such kind, or parameters are asked of nothing.

    Examples
    --------
    >>> [row["name"] for row in listing("protocols").rows]
    ['demand', 'offer_reply', 'strategic', 'ultimatum']
    """
    if kind not in KINDS:
        raise UsageError(f"unknown kind '{kind}'{suggest(kind, KINDS)}")
    if kind != "parameters":
        return Listing(kind, tuple(_TABLES[kind]()))
    if source is None:
        raise UsageError("sim list parameters needs a FILE")
    from sim.loading import load

    scenario = load(source) if isinstance(source, str | Path) else source
    return Listing(kind, tuple(_parameters(scenario)))


@click.command()
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", required=False)
@json_option
def command(kind: str, file: str | None, as_json: bool) -> int:
    """List shipped scenarios, concepts, constraints, plots or protocols, or the parameters of FILE."""
    found = listing(kind, file)
    if as_json:
        print_json(list(found.rows))
        return 0
    show(found.parts())
    return 0


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


def _parameters(scenario: Scenario) -> list[dict[str, Any]]:
    return [
        {
            "parameter": path,
            "value": f"{p.value:g}",
            "range": "" if p.range is None else f"{p.range[0]:g} .. {p.range[1]:g}",
            "unit": p.unit,
            "source": p.source or "assumed",
        }
        for path, p in scenario.document.parameters.items()
    ]


_TABLES: dict[str, Callable[[], list[dict[str, Any]]]] = {
    "scenarios": _scenarios,
    "concepts": _concepts,
    "constraints": _constraints,
    "plots": _plots,
    "protocols": _protocols,
}
