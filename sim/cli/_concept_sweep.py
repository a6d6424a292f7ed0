"""``sim sweep`` of a solution concept: what it prints and writes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.shared.command_line import typed
from sim.cli.shared.options import print_json, show
from sim.cli.shared.outside import note_outside
from sim.cli.solve import read_concept_options
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.scenario import Scenario


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
    from sim.sweeps.concept_sweep import concept_design, concept_sweep, require_unused
    from sim.sweeps.designs.asked import asked_of

    require_unused(options)
    given = read_concept_options(options["concept_options"])
    concept = options["concept"] or next(iter(given), None)
    if set(given) - {concept}:
        raise UsageError(f"--option: only {concept} is swept")
    asked = {name: options[name] for name in ("name", "points", "seed")}
    asked |= {"vary": vary, "file": options["listed"], "correlation": correlation}
    asked["design"] = options["design"].replace("-", "_")
    design = concept_design(scenario, **asked)
    if options["vary"] or options["listed"]:
        note_outside(scenario, asked_of(design))
    run = concept_sweep(scenario, design, concept, **given.get(concept or "", {}))
    if out is not None:
        run.write(out, typed())
    if as_json:
        rows = list(zip(*run.columns.values(), strict=True))
        members = [dict(zip(run.columns, row, strict=True)) for row in rows]
        print_json({"concept": run.concept, "summary": run.summary(), "members": members})
        return 0
    show(run.parts())
    if out is not None:
        click.echo(f"results in {out}")
    return 0
