"""``sim export``: a game as a file of Gambit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim._kernels.whole_file import write_whole
from sim.cli.shared.options import load_with, set_option
from sim.errors import NotDefinedError, UsageError

if TYPE_CHECKING:
    from sim.games.tree import Tree
    from sim.scenario import Scenario


@click.command()
@click.argument("file")
@click.option(
    "--to",
    "kind",
    type=click.Choice(("nfg", "efg")),
    required=True,
    help="Strategic (nfg) or extensive (efg) form.",
)
@click.option("--out", metavar="FILE", help="Where to write; standard output by default.")
@set_option
def command(file: str, kind: str, out: str | None, settings: tuple[str, ...]) -> int:
    """Write a game for Gambit: payoff tables, trees, and disputes at their current values.

    A sequential game becomes a tree, or its reduced strategic form.
    """
    scenario = load_with(file, settings)
    text = _nfg(scenario) if kind == "nfg" else _efg(scenario)
    if out is None:
        click.echo(text, nl=False)
        return 0
    try:
        write_whole(Path(out), text.encode())
    except OSError as error:
        raise UsageError(f"{out}: cannot be written: {error.strerror}") from None
    return 0


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
    from sim.games.stages_tree import tree_of_stages
    from sim.games.tree import Tree
    from sim.solving import game_of

    game = game_of(scenario, "sequential")
    return game if isinstance(game, Tree) else tree_of_stages(game)
