"""``sim sweep``: a scenario over many parameter values."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli._options import (
    console,
    json_option,
    load_with,
    number,
    print_json,
    quiet_option,
    set_option,
)
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.sweeps import Run


@click.command()
@click.argument("file")
@click.option(
    "--vary", multiple=True, metavar="PATH=LO:HI:N", help="Vary a parameter; may be repeated."
)
@click.option("--name", help="A named sweep of the file (its first by default).")
@click.option(
    "--out", type=click.Path(path_type=Path), help="A new folder for results and picture."
)
@set_option
@json_option
@quiet_option
def command(
    file: str,
    vary: tuple[str, ...],
    name: str | None,
    out: Path | None,
    settings: tuple[str, ...],
    as_json: bool,
    quiet: bool,
) -> int:
    """Evaluate FILE over a grid, print the verdict and what was found, write results and a picture."""
    from sim.feasibility import explain
    from sim.sweeps import sweep

    if vary and name:
        raise UsageError("--vary and --name exclude one another")
    scenario = load_with(file, settings)
    axes = read_vary(vary)
    verdict = explain(scenario, with_thresholds=False)
    words = "sim " + " ".join(sys.argv[1:])
    with _Progress(quiet=quiet) as progress:
        run = sweep(
            scenario, vary=axes or None, name=name, out=out, progress=progress, command=words
        )
    picture = None if out is None else _picture(run, out)
    if as_json:
        files = {"folder": str(out) if out else None, "picture": str(picture) if picture else None}
        print_json({"verdict": verdict.to_dict(), "summary": run.summary(), **files})
        return 0
    from sim.cli._verdict import headline

    console().print("\n".join(headline(verdict)))
    _show(run, out, picture)
    return 0


def read_vary(vary: Sequence[str]) -> dict[str, tuple[float, float, int]]:
    """``PATH=LO:HI:N`` texts as axes by path.

    Examples
    --------
    >>> read_vary(["tokyo.minimum=0:1:101"])
    {'tokyo.minimum': (0.0, 1.0, 101)}
    """
    out: dict[str, tuple[float, float, int]] = {}
    for text in vary:
        path, _, rest = text.partition("=")
        parts = rest.split(":")
        if not path or len(parts) != 3:
            raise UsageError(f"--vary {text}: PATH=LO:HI:N is needed")
        lo, hi = (number(part, f"--vary {text}") for part in parts[:2])
        if not parts[2].isdigit():
            raise UsageError(f"--vary {text}: '{parts[2]}' is not a number of points")
        if path in out:
            raise UsageError(f"--vary {text}: '{path}' is varied twice")
        out[path] = (lo, hi, int(parts[2]))
    return out


class _Progress:
    """A bar on a terminal, one line per 10 % in a pipe, nothing when quiet."""

    def __init__(self, *, quiet: bool) -> None:
        self.quiet, self.told = quiet, 0
        self.bar: Any = None
        self.task: Any = None
        self.terminal = sys.stderr.isatty()

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.stop()

    def __call__(self, done: int, total: int) -> None:
        if self.quiet:
            return
        if self.terminal:
            self._advance(done, total)
        elif done * 10 // total > self.told and total > 65_536:
            self.told = done * 10 // total
            click.echo(f"{done:,} of {total:,} points", err=True)

    def _advance(self, done: int, total: int) -> None:
        if self.bar is None:
            from rich.console import Console
            from rich.progress import Progress

            self.bar = Progress(console=Console(stderr=True), transient=True)
            self.bar.start()
            self.task = self.bar.add_task("points", total=total)
        self.bar.update(self.task, completed=done)


def _picture(run: Run, out: Path) -> Path | None:
    """The landscape of two varied parameters, or the margin along one, inside the run's folder."""
    from sim import plots

    varied = [path for path, n in zip(run.varied, run.shape, strict=True) if n > 1]
    if len(varied) == 1:
        ax, target = plots.margin(run, x=varied[0]), out / "margin.png"
    elif len(varied) >= 2:
        ax, target = plots.landscape(run, x=varied[0], y=varied[1]), out / "landscape.png"
    else:
        return None
    plots.save(ax, target)
    return target


def _show(run: Run, out: Path | None, picture: Path | None) -> None:
    from rich.markup import escape

    summary = run.summary()
    lines = ["", f"{summary['points']:,} points over {escape(', '.join(run.varied))}"]
    lines.append(f"a treaty is feasible at {summary['feasible_share']:.1%} of them")
    for column, word in (
        ("predicted_class", "predicted"),
        ("binding", "binding"),
        ("rung", "fails at"),
    ):
        shares = summary.get(column, {})
        text = ", ".join(f"{label} {share:.1%}" for label, share in list(shares.items())[:6])
        if text:
            lines.append(f"{word}: {escape(text)}")
    if out is not None:
        lines.append(f"results in {escape(str(out))}" + (f", picture {picture}" if picture else ""))
    console().print("\n".join(lines))
