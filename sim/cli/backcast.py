"""``sim backcast``: the model against what happened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli._options import console, json_option, print_json, quiet_option
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.backcast import Row, Scoreboard
    from sim.scenario import Scenario


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path("scenarios"))
@click.option("--points", default=512, show_default=True, help="Sample size of the ranges.")
@click.option("--seed", default=20181114, show_default=True, help="Seed of the samples.")
@click.option("--out", type=click.Path(path_type=Path), help="Also draw the scoreboard there.")
@json_option
@quiet_option
def command(
    folder: Path, points: int, seed: int, out: Path | None, as_json: bool, quiet: bool
) -> int:
    """Hold the model against every scenario below FOLDER that has an observed outcome.

    Exit code 1 if a required scenario is wrong or fails a sign test.
    """
    from sim.backcast import backcast

    scenarios = read_folder(folder)
    families = families_of(scenarios)
    board = backcast(scenarios, families=families, points=points, seed=seed)
    if not board.rows:
        raise UsageError(f"no scenario below {folder} has an observed outcome")
    if as_json:
        print_json(board.to_dict())
    else:
        _show(board)
    if out is not None:
        from sim import plots

        plots.save(plots.get("backcast")(board), out)
        click.echo(f"picture in {out}", err=True)
    return 1 if board.failed else 0


def read_folder(folder: Path) -> dict[str, Scenario]:
    """Every scenario below a folder by its path, in order of the paths."""
    from sim.loading import load

    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder")
    files = sorted(folder.rglob("*.yaml"))
    if not files:
        raise UsageError(f"there is no .yaml file below {folder}")
    return {str(file.relative_to(folder)): load(file) for file in files}


def families_of(scenarios: dict[str, Scenario]) -> dict[str, tuple[str, ...]]:
    """Scenarios in one folder that have the same issues and payoffs: episodes of one dispute."""
    families: dict[tuple[str, str], list[str]] = {}
    for name, scenario in scenarios.items():
        if scenario.document.observed is not None and scenario.document.issues:
            texts = {
                a: {t: e.text for t, e in p.items()} for a, p in scenario.document.payoffs.items()
            }
            families.setdefault((str(Path(name).parent), repr(texts)), []).append(name)
    return {folder: tuple(names) for (folder, _), names in families.items() if len(names) > 1}


def _show(board: Scoreboard) -> None:
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    titles = ("scenario", "observed", "predicted", "binding", "margin", "right", "signs", "robust")
    for title in (*titles, "left out", "sets", "hinges on"):
        right = title in ("margin", "signs", "robust", "left out", "sets")
        table.add_column(title, justify="right" if right else "left", overflow="fold")
    for row in board.rows:
        table.add_row(*map(escape, _cells(row)))
    out = console()
    out.width = max(out.width, 150)
    out.print(table)
    out.print(f"\nright: {sum(r.right for r in board.rows)} of {len(board.rows)}")
    words = ", ".join(f"{name} {share:.0%}" for name, share in board.baselines.items())
    out.print(f"baselines on the class alone: {words}")
    for family, score in board.leave_one_out.items():
        out.print(
            f"leave-one-out, {escape(family)}: {score:.0%} of the best-fitting points on average"
        )
    for name, signs in board.signs.items():
        passed = sum(sign.passed for sign in signs)
        out.print(f"sign tests of {escape(name)}: {passed} of {len(signs)}")
    if board.skipped:
        out.print(f"skipped, no observed outcome: {escape(', '.join(board.skipped))}")
    if board.failed:
        out.print(f"[bold]failed: {escape(', '.join(board.failed))}[/bold]")


def _cells(row: Row) -> tuple[str, ...]:
    binding = row.binding or ""
    if row.observed_binding and row.observed_binding != row.binding:
        binding += f" (observed {row.observed_binding})"
    passed = sum(sign.passed for sign in row.signs)
    return (
        row.name,
        row.observed,
        row.predicted,
        binding,
        "" if row.margin is None else f"{row.margin:+.3f}",
        _right(row),
        f"{passed}/{len(row.signs)}",
        f"{row.robust_share:.0%}",
        "" if row.left_out is None else f"{row.left_out:.0%}",
        str(row.sets),
        ", ".join(row.hinges),
    )


def _right(row: Row) -> str:
    """Whether a row is right; of a treaty that is right without being predicted, why."""
    if row.right and row.predicted != row.observed:
        return "yes, as best"
    return "yes" if row.right else "NO"
