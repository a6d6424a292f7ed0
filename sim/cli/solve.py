"""``sim solve``: equilibria under named concepts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from sim.cli import _tree_results as trees
from sim.cli._options import console, json_option, load_with, print_json, set_option
from sim.errors import UsageError

if TYPE_CHECKING:
    from rich.table import Table

    from sim.feasibility import Verdict
    from sim.results import Equilibrium, Solution
    from sim.scenario import Scenario


@click.command()
@click.argument("file")
@click.option(
    "--concept",
    "concepts",
    multiple=True,
    metavar="NAME",
    help="A solution concept; may be repeated.",
)
@click.option(
    "--option",
    "options",
    multiple=True,
    metavar="CONCEPT.KEY=VALUE",
    help="An option of a concept (sim list concepts); may be repeated.",
)
@set_option
@json_option
def command(
    file: str,
    concepts: tuple[str, ...],
    options: tuple[str, ...],
    settings: tuple[str, ...],
    as_json: bool,
) -> int:
    """Solve a scenario or a classical game: every equilibrium with its certificate.

    `sim list concepts` shows the names and their options. A dispute also gets its verdict.
    """
    from sim.solving import answers

    scenario = load_with(file, settings)
    found = answers(scenario, concepts, read_concept_options(options))
    errors = [answer.error for answer in found if answer.error is not None]
    if errors and len(errors) == len(found):
        raise errors[0] if len(errors) == 1 else UsageError("\n".join(map(str, errors)))
    verdict = None
    if scenario.document.form == "dispute":
        from sim.feasibility import explain

        verdict = explain(scenario, with_thresholds=False)
    results = [answer.solution for answer in found]
    _report(scenario, results, verdict, as_json=as_json)
    if not concepts:
        return 0
    for error in errors:
        click.echo(str(error), err=True)
    return 2 if errors else 0


def read_concept_options(texts: Sequence[str]) -> dict[str, dict[str, str]]:
    """``CONCEPT.KEY=VALUE`` texts as texts by concept and key.

    Examples
    --------
    >>> read_concept_options(["quantal_response.precision=2"])
    {'quantal_response': {'precision': '2'}}
    """
    out: dict[str, dict[str, str]] = {}
    for text in texts:
        path, equals, value = text.partition("=")
        concept, dot, key = path.strip().partition(".")
        if not (equals and dot and concept and key):
            raise UsageError(f"--option {text}: CONCEPT.KEY=VALUE is needed")
        out.setdefault(concept, {})[key] = value.strip()
    return out


def _report(
    scenario: Scenario, results: Sequence[Solution], verdict: Verdict | None, *, as_json: bool
) -> None:
    if as_json:
        data: dict[str, Any] = {
            "scenario": scenario.title,
            "parameters": scenario.values,
            "results": [result.to_dict() for result in results],
        }
        if verdict is not None:
            data["verdict"] = verdict.to_dict()
        print_json(data)
        return
    for result in results:
        _show(result)
    if verdict is not None:
        from sim.cli._verdict import headline

        console().print("\n".join(headline(verdict)))
    elif not results:
        console().print("nothing to solve: name a concept (sim list concepts)")


def _show(result: Solution) -> None:
    from rich.markup import escape

    out = console()
    found = "" if result.status == "refused" else f"{len(result.equilibria)} found, "
    out.print(
        f"[bold]{result.concept}[/bold]: {found}{result.extent}"
        + (f" ({escape(result.note)})" if result.note else "")
    )
    if not result.equilibria:
        return
    if trees.of_a_tree(result.equilibria):
        _show_tree(result.equilibria)
        return
    more = list(
        dict.fromkeys(key for m in result.equilibria for key in m.extra.get("by_actor", {}))
    )
    rows = [
        (str(k), *row)
        for k, member in enumerate(result.equilibria, start=1)
        for row in _rows(member, more)
    ]
    titles = ("#", "actor", "plays", "payoff", *more, "regret", "outcome")
    if rows:
        out.print(_table(titles, rows, numeric=("payoff", *more)))
    for k, member in enumerate(result.equilibria, start=1):
        for line in _details(member):
            out.print(escape(f"#{k} {line}"))
    out.print()


def _show_tree(members: Sequence[Equilibrium]) -> None:
    """One line per outcome, then the plans and beliefs of one equilibrium behind each."""
    from rich.markup import escape

    out = console()
    rows = [trees.row(k, member) for k, member in enumerate(members, start=1)]
    out.print(_table(trees.titles(members), rows, numeric=tuple(members[0].payoffs)))
    for line in trees.plans(members):
        out.print(escape(line))
    out.print()


def _table(
    titles: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[str] = ("payoff",)
) -> Table:
    """The columns that have something in them."""
    from rich.markup import escape
    from rich.table import Table

    used = [k for k in range(len(titles)) if any(row[k] for row in rows)]
    table = Table(box=None, pad_edge=False)
    for k in used:
        right = titles[k] in ("#", "regret", "equilibria", *numeric)
        title = escape(titles[k])
        table.add_column(title, justify="right" if right else "left", overflow="fold")
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


def _rows(member: Equilibrium, more: Sequence[str]) -> list[tuple[str, ...]]:
    """One row for each actor; ``more`` are numbers by actor that a concept adds."""
    regret = "" if member.regret is None else f"{member.regret:.3g}"
    outcome = member.outcome or ""
    if not outcome and member.agreement is not None:
        outcome = (
            member.agreement if isinstance(member.agreement, str) else _mixture(member.agreement)
        )
    rows = []
    for k, (actor, payoff) in enumerate(member.payoffs.items()):
        plays = _mixture(member.strategies.get(actor, {}))
        added = [member.extra.get("by_actor", {}).get(key, {}).get(actor) for key in more]
        numbers = ("" if number is None else f"{number + 0.0:.6g}" for number in added)
        first = (regret, outcome) if k == 0 else ("", "")
        rows.append((actor, plays, f"{payoff + 0.0:.6g}", *numbers, *first))
    return rows


def _mixture(mix: Any) -> str:
    return ", ".join(label if p == 1 else f"{label} {p:.4g}" for label, p in mix.items())
