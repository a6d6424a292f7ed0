"""``sim sweep``: a scenario over many parameter values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.figures.drawn_from import certified_thresholds
from sim.cli.shared.believed import beliefs_option, read_beliefs
from sim.cli.shared.command_line import typed
from sim.cli.shared.options import (
    json_option,
    load_with,
    print_json,
    quiet_option,
    set_option,
    show,
)
from sim.cli.shared.outside import note_outside
from sim.cli.shared.progress import ProgressShown, duration
from sim.cli.shared.varying import read_cells, read_correlations, read_vary
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.sweeps import Estimate, Plan, Run
    from sim.sweeps.designs import Design

MOST_DRAWN = 2_000_000
"""Points of the largest grid of which a picture is made."""
BELIEVED = 10_000
"""Points of a sweep of beliefs, where --points says nothing."""
HOW = ("jobs", "workers", "cluster", "resume", "keep_going", "fail_fast", "reduce", "x", "y")


@click.command()
@click.argument("file")
@click.option(
    "--vary",
    multiple=True,
    metavar="PATH=LO:HI:N",
    help="Vary a parameter; may be repeated. Random designs: PATH=LO:HI, or PATH as the file declares; "
    "all that have a range by default.",
)
@click.option(
    "--concept",
    metavar="NAME",
    help="What to solve at every point; of a classical game the usual one.",
)
@click.option(
    "--option",
    "concept_options",
    multiple=True,
    metavar="CONCEPT.KEY=VALUE",
    help="An option of that concept; may be repeated.",
)
@click.option("--name", help="A named sweep of the file; a grid takes its first by default.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="A new folder for results and picture."
)
@click.option(
    "--design",
    default="grid",
    metavar="NAME",
    show_default=True,
    help="grid, sobol, latin, monte_carlo or saltelli (for Sobol indices).",
)
@click.option(
    "--points", type=int, metavar="N", help="Points of a random design (10,000 by default)."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of a random design.")
@click.option("--file", "listed", metavar="TABLE", help="Points from a CSV or Parquet file.")
@click.option(
    "--correlate",
    multiple=True,
    metavar="A,B=RHO",
    help="Correlate two parameters of a random design, instead of what the file says of them.",
)
@click.option("--jobs", type=int, default=1, show_default=True, help="Number of workers.")
@click.option(
    "--engine",
    default="auto",
    metavar="NAME",
    show_default=True,
    help="numpy; compiled (extra 'fast'); gpu (extra 'gpu'); auto: compiled for a large sweep.",
)
@click.option(
    "--workers",
    default="auto",
    metavar="KIND",
    show_default=True,
    help="threads, processes, or auto: threads where the engine is compiled.",
)
@click.option("--cluster", metavar="ADDRESS", help="A Dask scheduler, instead of processes.")
@click.option("--resume", is_flag=True, help="Continue what is in --out.")
@click.option(
    "--keep-going", is_flag=True, help="Go on even if many of the points that are tried first fail."
)
@click.option(
    "--reduce",
    default="none",
    metavar="WHAT",
    show_default=True,
    help="Keep no point: share (counts alone), or raster (counts by cell over two parameters).",
)
@click.option("--x", metavar="PATH", help="First parameter of a raster; the first that is varied.")
@click.option("--y", metavar="PATH", help="Second parameter of a raster.")
@click.option("--cells", metavar="NxM", help="Cells of a raster along x and y (200x200).")
@click.option(
    "--columns",
    metavar="KINDS",
    help="Keep more of every point: stances (of third parties), slacks (every gain and slack), or both "
    "with a comma, of its best treaty.",
)
@click.option(
    "--fail-fast", is_flag=True, help="Stop at the first point that fails, instead of recording it."
)
@click.option(
    "--of",
    metavar="forecast:YEAR",
    help="Also the chance of a treaty by a year, as column 'forecast'; the file needs 'dynamics'.",
)
@click.option("--dry-run", is_flag=True, help="Only say what the sweep would take.")
@beliefs_option
@set_option
@json_option
@quiet_option
def command(
    file: str,
    settings: tuple[str, ...],
    as_json: bool,
    quiet: bool,
    out: Path | None,
    **options: Any,
) -> int:
    """Evaluate FILE over many points, print the verdict and what was found, write results.

    A grid over two parameters also gets a picture.
    """
    from sim.sweeps import carry_out, finished_chunks
    from sim.sweeps.designs.asked import asked_of

    scenario = load_with(file, settings)
    if options["concept"] or scenario.document.form != "dispute":
        return _sweep_concept(scenario, options, out, as_json)
    if options["concept_options"]:
        raise UsageError("--option belongs to a concept; name it with --concept")
    plan = _with_forecast(_plan(scenario, options), options)
    if options["vary"] or options["listed"]:
        note_outside(plan.scenario, asked_of(plan.design))
    if plan.engine.note:
        click.echo(plan.engine.note, err=True)
    if options["dry_run"]:
        return _estimate(plan, options, as_json)
    if options["resume"] and out is None:
        raise UsageError("--resume needs --out, the folder to continue")
    how = {name: options[name] for name in HOW} | {"cells": read_cells(options["cells"])}

    def started() -> None:
        if not quiet:
            trouble = plan.trouble()
            if trouble and not options["fail_fast"]:
                click.echo(f"{trouble}; points without an answer are recorded", err=True)
            words = _in_words(plan.estimate(), options)
            done = finished_chunks(out) if options["resume"] and out is not None else 0
            click.echo(
                words + (f"; {done:,} chunks of them are finished" if done else ""), err=True
            )

    try:
        with ProgressShown(quiet=quiet) as progress:
            run = carry_out(plan, out=out, progress=progress, started=started, **how)
    except KeyboardInterrupt:
        done = 0 if out is None else finished_chunks(out)
        if done:
            kept = "1 finished chunk is" if done == 1 else f"{done} finished chunks are"
            click.echo(f"{kept} in {out}; the same command with --resume goes on", err=True)
        raise
    _report(plan, run, out, as_json)
    return 0


def _sweep_concept(
    scenario: Scenario, options: Mapping[str, Any], out: Path | None, as_json: bool
) -> int:
    from sim.cli._concept_sweep import sweep_concept

    vary, correlation = read_vary(options["vary"]) or None, read_correlations(options["correlate"])
    return sweep_concept(scenario, options, vary, correlation, out, as_json=as_json)


def _with_forecast(plan: Plan, options: Mapping[str, Any]) -> Plan:
    """The plan with the chance of a treaty by a year beside the answers, if it is asked for."""
    if options["of"] is None:
        return plan
    from sim.dynamics.over_ranges.swept import Swept, year_of

    if options["reduce"] != "none":
        raise UsageError("--of forecast:YEAR keeps its points: it has no --reduce")
    year = year_of(options["of"])
    return replace(plan, beside=Swept(scenario=plan.scenario, varied=plan.design.varied, year=year))


def _plan(scenario: Scenario, options: Mapping[str, Any]) -> Plan:
    from sim.dynamics.over_ranges.swept import left_free
    from sim.sweeps import make_plan

    if options["vary"] and options["name"]:
        raise UsageError("--vary and --name exclude one another")
    if options["keep_going"] and options["fail_fast"]:
        raise UsageError("--keep-going and --fail-fast exclude one another")
    if options["jobs"] < 1:
        raise UsageError(f"--jobs {options['jobs']}: at least 1 is needed")
    if options["cluster"] and options["jobs"] > 1:
        raise UsageError("--cluster and --jobs exclude one another")
    design: str | Design = options["design"].replace("-", "_")
    believed = read_beliefs(options["beliefs"], force=options["force"])
    if believed is not None:
        if design != "grid":
            raise UsageError("--design and --beliefs exclude one another: beliefs are the points")
        design = believed.design(scenario, options["points"] or BELIEVED, options["seed"])
    return make_plan(
        scenario,
        vary=read_vary(options["vary"]) or left_free(scenario, options),
        name=options["name"],
        design=design,
        points=options["points"] if believed is None else None,
        seed=options["seed"],
        file=options["listed"],
        correlation=read_correlations(options["correlate"]),
        command=typed(),
        engine=options["engine"],
        columns=[kind.strip() for kind in (options["columns"] or "").split(",") if kind.strip()],
    )


def _estimate(plan: Plan, options: Mapping[str, Any], as_json: bool) -> int:
    estimate, jobs = plan.estimate(), options["jobs"]
    if options["reduce"] != "none":
        estimate = replace(estimate, megabytes=0.0)
    seconds = estimate.seconds / jobs
    if as_json:
        print_json({**asdict(estimate), "seconds": seconds, "engine": plan.engine.words})
        return 0
    click.echo(f"{_in_words(estimate, options)}; nothing was computed")
    click.echo("; ".join((f"engine: {plan.engine.words}", *estimate.left)))
    return 0


def _in_words(estimate: Estimate, options: Mapping[str, Any]) -> str:
    """Points, chunks, disk space and time; of a cluster, which may be any size, that of one worker."""
    of = " of one worker's time" if options["cluster"] else ""
    room = f"{estimate.megabytes:,.1f} MB and " if options["reduce"] == "none" else ""
    return (
        f"{estimate.points:,} points in {estimate.chunks:,} chunks, "
        f"about {room}{duration(estimate.seconds / options['jobs'])}{of}"
    )


def _report(plan: Plan, run: Run, out: Path | None, as_json: bool) -> None:
    from sim.explaining import explain

    verdict = explain(plan.scenario, with_thresholds=False)
    picture = None if out is None else _picture(run, out)
    if as_json:
        files = {"folder": str(out) if out else None, "picture": str(picture) if picture else None}
        print_json({"verdict": verdict.to_dict(), "summary": run.summary(), **files})
        return
    show(verdict.headline())
    show(run.parts())
    if out is not None:
        click.echo(f"results in {out}" + (f", picture {picture}" if picture else ""))
        if run.is_grid and run.columns and prod(run.shape) > MOST_DRAWN:
            click.echo(f"no picture: more than {MOST_DRAWN:,} points are not drawn")


def _picture(run: Run, out: Path) -> Path | None:
    """The landscape of two varied parameters, or the margin along one, inside the run's folder.

    A grid of more than ``MOST_DRAWN`` points gets none: a figure holds all of its cells in memory.
    """
    from sim import plots

    if not (run.is_grid and run.columns) or prod(run.shape) > MOST_DRAWN:
        return None
    varied = [path for path, n in zip(run.varied, run.shape, strict=True) if n > 1]
    if len(varied) == 1:
        known = certified_thresholds(run, varied[0])
        ax, target = plots.margin(run, x=varied[0], **known), out / "margin.png"
    elif len(varied) >= 2:
        ax, target = plots.landscape(run, x=varied[0], y=varied[1]), out / "landscape.png"
    else:
        return None
    plots.save(ax, target)
    return target
