"""``sim solve``: equilibria under named concepts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from sim.cli.shared.options import json_option, load_with, print_json, set_option, show
from sim.cli.shared.working import working
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.feasibility import Verdict
    from sim.results import Solution
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
@click.option(
    "--stabilise",
    "state",
    metavar="STATE",
    help="Of a conflict: whose preferences must change for this state to be stable.",
)
@click.option("--full", is_flag=True, help="Every member, and all of the verdict.")
@set_option
@json_option
def command(
    file: str,
    concepts: tuple[str, ...],
    options: tuple[str, ...],
    state: str | None,
    full: bool,
    settings: tuple[str, ...],
    as_json: bool,
) -> int:
    """Solve a scenario or a classical game: every equilibrium with its certificate.

    `sim list concepts` shows the names and their options. A dispute also gets its verdict.
    """
    from sim.solving import answers, solve

    scenario = load_with(file, settings)
    if state is not None:
        found_changes = solve(scenario, concepts, stabilise=state, **read_concept_options(options))
        print_json(found_changes.to_dict()) if as_json else show(found_changes.parts())
        return 0
    with working("solving ..."):
        found = answers(scenario, concepts, read_concept_options(options))
    errors = [answer.error for answer in found if answer.error is not None]
    if errors and len(errors) == len(found):
        raise errors[0] if len(errors) == 1 else UsageError("\n".join(map(str, errors)))
    verdict = None
    if scenario.document.form == "dispute":
        from sim.explaining import explain

        verdict = explain(scenario, with_thresholds=False)
    results = [answer.solution for answer in found]
    _report(scenario, results, verdict, full=full, as_json=as_json)
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
    scenario: Scenario,
    results: Sequence[Solution],
    verdict: Verdict | None,
    *,
    full: bool,
    as_json: bool,
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
        show(result.parts(book=scenario.labelled, full=full))
    if verdict is not None:
        show(verdict.parts(full=True) if full else verdict.headline())
    elif not results:
        click.echo("nothing to solve: name a concept (sim list concepts)")
