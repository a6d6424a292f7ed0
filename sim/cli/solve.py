"""``sim solve``: equilibria under named concepts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from sim.cli._options import console, json_option, load_with, print_json, set_option

if TYPE_CHECKING:
    from rich.table import Table

    from sim.results import Equilibrium, Solution


@click.command()
@click.argument("file")
@click.option(
    "--concept",
    "concepts",
    multiple=True,
    metavar="NAME",
    help="A solution concept; may be repeated.",
)
@set_option
@json_option
def command(file: str, concepts: tuple[str, ...], settings: tuple[str, ...], as_json: bool) -> int:
    """Solve a scenario or a classical game: every equilibrium with its certificate.

    `sim list concepts` shows the names. A dispute also gets its verdict.
    """
    from sim.solving import solve

    scenario = load_with(file, settings)
    results = solve(scenario, concepts)
    verdict = None
    if scenario.document.form == "dispute":
        from sim.feasibility import explain

        verdict = explain(scenario, with_thresholds=False)
    if as_json:
        data: dict[str, Any] = {
            "scenario": scenario.title,
            "parameters": scenario.values,
            "results": [result.to_dict() for result in results],
        }
        if verdict is not None:
            data["verdict"] = verdict.to_dict()
        print_json(data)
        return 0
    for result in results:
        _show(result)
    if verdict is not None:
        from sim.cli._verdict import headline

        console().print("\n".join(headline(verdict)))
    elif not results:
        console().print("nothing to solve: name a concept (sim list concepts)")
    return 0


def _show(result: Solution) -> None:
    from rich.markup import escape

    out = console()
    found = f"{len(result.equilibria)} found"
    state = "complete" if result.complete else result.status
    out.print(
        f"[bold]{result.concept}[/bold]: {found}, {state}"
        + (f" ({escape(result.note)})" if result.note else "")
    )
    if not result.equilibria:
        return
    rows = [
        (str(k), *row)
        for k, member in enumerate(result.equilibria, start=1)
        for row in _rows(member)
    ]
    titles = ("#", "actor", "plays", "payoff", "regret", "outcome")
    if rows:
        out.print(_table(titles, rows))
    for k, member in enumerate(result.equilibria, start=1):
        for line in _details(member):
            out.print(escape(f"#{k} {line}"))
    out.print()


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """The columns that have something in them."""
    from rich.markup import escape
    from rich.table import Table

    used = [k for k in range(len(titles)) if any(row[k] for row in rows)]
    table = Table(box=None, pad_edge=False)
    for k in used:
        numeric = titles[k] in ("#", "payoff", "regret")
        table.add_column(titles[k], justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(escape(row[k]) for k in used))
    return table


def _details(member: Equilibrium) -> Iterator[str]:
    """What a concept says besides strategies and payoffs, in words."""
    extra = member.extra
    if "objective" in extra:
        yield f"is best for: {extra['objective']}"
    for actor, labels in extra.get("survivors", {}).items():
        yield f"{actor} may still play: {', '.join(labels)}"
    for actor, (low, high) in extra.get("bounds", {}).items():
        yield f"{actor} gets between {low:.6g} and {high:.6g} in the core"
    points = extra.get("extreme_points", ())
    if points:
        yield f"the core has {len(points)} extreme points (--json lists them)"


def _rows(member: Equilibrium) -> list[tuple[str, str, str, str, str]]:
    regret = "" if member.regret is None else f"{member.regret:.3g}"
    outcome = member.outcome or ""
    if not outcome and member.agreement is not None:
        outcome = (
            member.agreement if isinstance(member.agreement, str) else _mixture(member.agreement)
        )
    rows = []
    for k, (actor, payoff) in enumerate(member.payoffs.items()):
        plays = _mixture(member.strategies.get(actor, {}))
        first = (regret, outcome) if k == 0 else ("", "")
        rows.append((actor, plays, f"{payoff + 0.0:.6g}", *first))
    return rows


def _mixture(mix: Any) -> str:
    return ", ".join(label if p == 1 else f"{label} {p:.4g}" for label, p in mix.items())
