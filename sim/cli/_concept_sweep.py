"""``sim sweep`` of a solution concept: what it prints and writes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.shared.command_line import typed
from sim.cli.shared.options import console, print_json
from sim.cli.shared.outside import note_outside
from sim.cli.solve import read_concept_options
from sim.errors import UsageError

if TYPE_CHECKING:
    from rich.table import Table

    from sim.scenario import Scenario
    from sim.sweeps import ConceptRun

MOST_SHOWN = 66
"""Rows that are printed; --out writes all of them."""


def sweep_concept(
    scenario: Scenario,
    options: Mapping[str, Any],
    vary: Mapping[str, tuple[float, ...] | None] | None,
    correlation: Mapping[tuple[str, str], float],
    out: Path | None,
    *,
    as_json: bool,
) -> int:
    """Sweep a concept and show or write its members; the exit code."""
    from sim.sweeps import concept_sweep, make_design
    from sim.sweeps.designs.asked import asked_of

    if not scenario.document.parameters:
        raise UsageError(
            f"{scenario.origin} has no parameters to sweep: declare them under 'parameters' and use "
            "their names in payoffs"
        )
    design = make_design(
        scenario,
        vary=vary,
        name=options["name"],
        design=options["design"].replace("-", "_"),
        points=options["points"],
        seed=options["seed"],
        file=options["listed"],
        correlation=correlation,
    )
    if options["vary"] or options["listed"]:
        note_outside(scenario, asked_of(design))
    given = read_concept_options(options["concept_options"])
    concept = options["concept"] or next(iter(given), None)
    if set(given) - {concept}:
        raise UsageError(f"--option: only {concept} is swept")
    run = concept_sweep(scenario, design, concept, **given.get(concept or "", {}))
    if out is not None:
        run.write(out, typed())
    _report(run, out, as_json=as_json)
    return 0


def _report(run: ConceptRun, out: Path | None, *, as_json: bool) -> None:
    summary = run.summary()
    if as_json:
        rows = list(zip(*run.columns.values(), strict=True))
        members = [dict(zip(run.columns, row, strict=True)) for row in rows]
        print_json({"concept": run.concept, "summary": summary, "members": members})
        return
    found = console()
    lines = [f"{run.concept} at {summary['points']:,} points over {', '.join(run.design.varied)}"]
    for number, points in summary["members"].items():
        lines.append(f"{number} found at {points:,} of them")
    if "failed" in summary:
        lines.append(f"{summary['failed']:,} have no answer; the column 'status' says why")
    for outcome, share in list(summary.get("outcomes", {}).items())[:6]:
        lines.append(f"{outcome}: at {share:.1%}")
    found.print("\n".join(lines), markup=False)
    count = len(run.columns["point"])
    found.print(_table(run))
    if count > MOST_SHOWN:
        found.print(f"{count - MOST_SHOWN:,} more rows; --out DIR writes all of them")
    if out is not None:
        found.print(f"results in {out}", markup=False)


def _table(run: ConceptRun) -> Table:
    from rich.markup import escape
    from rich.table import Table

    shown = [name for name in run.columns if name not in ("point", "status")]
    table = Table(box=None, pad_edge=False)
    for name in shown:
        words = name.removeprefix("plays.").replace("payoff.", "payoff ")
        table.add_column(escape(words), justify="right" if name != "outcome" else "left")
    for k in range(min(len(run.columns["point"]), MOST_SHOWN)):
        table.add_row(*(escape(_cell(run.columns[name][k])) for name in shown))
    return table


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value != value else f"{value + 0.0:.6g}"
