"""``sim export``: a game as a file of Gambit, a run as a table or a grid for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim._kernels.whole_file import write_whole
from sim.cli.shared.options import load_with, set_option
from sim.errors import NotDefinedError, UsageError, suggest

if TYPE_CHECKING:
    from sim.games.tree import Tree
    from sim.scenario import Scenario
    from sim.sweeps import Run

KINDS = ("nfg", "efg", "sgamesolver")
RUNS = ("csv", "xlsx", "parquet", "netcdf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A game in another format.

    Parameters
    ----------
    text
        What the file of a game holds; empty of a run.
    path
        Where it was written, if anywhere.
    """

    text: str
    path: Path | None = None

    def __str__(self) -> str:
        if self.path is None:
            return self.text
        return "" if self.text else str(self.path)


def export(
    source: Scenario | Run, *, to: str, out: str | Path | None = None, columns: Sequence[str] = ()
) -> Exported:
    """A game for Gambit (payoff tables, trees, disputes at their values), or a run for other programs.

    Parameters
    ----------
    source
        A dispute, a classical game, or the run of a sweep.
    to
        Of a game ``nfg``, the strategic form, ``efg``, the extensive form, or ``sgamesolver``, the table of a
        stochastic game. Of a run ``csv``, ``xlsx``,
        ``parquet`` or ``netcdf``.
    out
        Where to write it. A game is written nowhere where absent, a run beside its folder.
    columns
        Of a run: only these; all where absent.

    Raises
    ------
    NotDefinedError
        If the game does not have that form.
    UsageError
        If there is no such format, or the file cannot be written.

    Examples
    --------
    >>> import sim
    >>> print(str(export(sim.load("classics/chicken"), to="nfg"))[:9])
    NFG 1 R "
    """
    from sim.sweeps import Run

    if isinstance(source, Run):
        return Exported(text="", path=_run(source, to, out, columns))
    _no_columns(to, columns)
    if to not in KINDS:
        raise UsageError(f"unknown format '{to}'{suggest(to, KINDS)}")
    text = {"nfg": _nfg, "efg": _efg, "sgamesolver": _stochastic}[to](source)
    path = None if out is None else Path(out)
    if path is not None:
        try:
            write_whole(path, text.encode())
        except OSError as error:
            raise UsageError(f"{path}: cannot be written: {error.strerror}") from None
    return Exported(text=text, path=path)


@click.command()
@click.argument("file")
@click.option(
    "--to",
    type=click.Choice((*KINDS, *RUNS)),
    required=True,
    help="Of a game: strategic (nfg) or extensive (efg) form, a table for sgamesolver. Of a run: a table, "
    "or a labelled grid.",
)
@click.option(
    "--out",
    metavar="FILE",
    help="Where to write; a game goes to standard output by default, a run beside its folder.",
)
@click.option("--columns", metavar="NAMES", help="Of a run: only these, separated by commas.")
@set_option
def command(
    file: str, to: str, out: str | None, columns: str | None, settings: tuple[str, ...]
) -> int:
    """Write a game for Gambit (payoff tables, trees, disputes at their values), or a run for other programs.

    A sequential game becomes a tree, or its reduced strategic form. FILE is a scenario, or the folder of a
    run for csv, xlsx, parquet and netcdf.
    """
    names = [name.strip() for name in (columns or "").split(",") if name.strip()]
    if to in RUNS:
        if settings:
            raise UsageError(f"{file} holds a run, whose values are fixed: it takes no --set")
        from sim.sweeps import open_run

        click.echo(str(export(open_run(file), to=to, out=out, columns=names)))
        return 0
    _no_columns(to, names)
    click.echo(str(export(load_with(file, settings), to=to, out=out, columns=names)), nl=False)
    return 0


def _no_columns(to: str, columns: Sequence[str]) -> None:
    if columns:
        raise UsageError(f"--columns chooses among those of a run; --to {to} writes a game")


def _run(run: Run, to: str, out: str | Path | None, columns: Sequence[str]) -> Path:
    """A run as a file, beside its folder where nothing else is said."""
    from sim.exporting import export_run

    suffix = "nc" if to == "netcdf" else to
    if out is None and run.folder is None:
        raise UsageError("the run has no folder; say where to write it (out)")
    target = f"{run.folder}.{suffix}" if out is None else out
    return export_run(run, to=to, out=target, columns=columns)


def _stochastic(scenario: Scenario) -> str:
    """A stochastic game as the table that sgamesolver reads, comma-separated."""
    import pandas as pd

    from sim.games.files.stochastic import sgamesolver_table
    from sim.solving import game_of

    frame = pd.DataFrame(sgamesolver_table(game_of(scenario, "stochastic")))
    table: str = frame.to_csv(index=False, lineterminator="\n")
    return table


def _nfg(scenario: Scenario) -> str:
    from sim.games.reduced_form import reduced_form
    from sim.loading.nfg import write_nfg
    from sim.solving import forms_of, game_of

    forms = forms_of(scenario)
    if "strategic" in forms:
        return write_nfg(game_of(scenario, "strategic"))
    if "sequential" in forms:
        return write_nfg(reduced_form(_tree(scenario)))
    raise NotDefinedError(f"{scenario.origin} is a {forms[0]} game; .nfg holds strategic games")


def _efg(scenario: Scenario) -> str:
    from sim.loading.efg import write_efg
    from sim.solving import forms_of

    forms = forms_of(scenario)
    if "sequential" in forms:
        return write_efg(_tree(scenario))
    other = "; --to nfg fits" if "strategic" in forms else ""
    raise NotDefinedError(
        f"{scenario.origin} is a {forms[0]} game; .efg holds sequential games{other}"
    )


def _tree(scenario: Scenario) -> Tree:
    from sim.games.in_time.rounds import RoundGame
    from sim.games.stages_tree import tree_of_stages
    from sim.games.tree import Tree
    from sim.solving import game_of

    game = game_of(scenario, "sequential")
    if isinstance(game, RoundGame):
        raise NotDefinedError(
            f"{scenario.origin}: rounds are not written as a tree; give their moves as stages of 'game'"
        )
    return game if isinstance(game, Tree) else tree_of_stages(game)
