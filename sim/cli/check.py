"""``sim check``: validate scenario files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sim.cli.shared.options import json_option, print_json, quiet_option

if TYPE_CHECKING:
    from sim.payoffs import Dispute
    from sim.scenario import Scenario


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@json_option
@quiet_option
def command(files: tuple[str, ...], as_json: bool, quiet: bool) -> int:
    """Validate scenario files: structure, names, payoffs and the game.

    One line per error, `file:line:column: path: message`, all errors of all files at once. Exit
    code 2 if there is any. What is legal but probably a slip (a name that nothing reads) is a note.
    """
    reports = {file: _report(file) for file in files}
    if as_json:
        print_json(
            {
                file: {"ok": not errors, "errors": errors, "notes": notes}
                for file, (errors, notes) in reports.items()
            }
        )
        return 2 if any(errors for errors, _ in reports.values()) else 0
    for file, (errors, notes) in reports.items():
        for line in [*errors, *(() if quiet else notes)]:
            click.echo(line, err=True)
        if not errors and not quiet:
            click.echo(f"{file}: ok" + (f", notes: {len(notes)}" if notes else ""))
    return 2 if any(errors for errors, _ in reports.values()) else 0


def _report(file: str) -> tuple[list[str], list[str]]:
    """The errors and the notes of a file, one line each."""
    from sim.errors import SimError
    from sim.games.stages import stage_game
    from sim.loading import load
    from sim.payoffs import compile_dispute

    try:
        scenario = load(file)
        if scenario.document.form != "dispute":
            return [], []
        dispute = compile_dispute(scenario)
        if scenario.document.game is not None:
            stage_game(dispute)
    except SimError as error:
        return str(error).splitlines(), []
    return [], [*_slips(scenario), *_rules(dispute)]


def _slips(scenario: Scenario) -> list[str]:
    from sim.errors import Problem
    from sim.scenario import unread

    lines = []
    for note in unread(scenario.document):
        file, line, column = scenario.places.get(note.path, (scenario.origin, None, None))
        message = f"note: {note.message}"
        lines.append(
            str(Problem(file=file, line=line, column=column, path=note.path, message=message))
        )
    return lines


def _rules(dispute: Dispute) -> list[str]:
    """Notes on what the rules make of the agreements."""
    treaties, origin = dispute.treaties, dispute.scenario.origin
    if treaties[0]:
        return [
            f"{origin}: issues: note: the status quo (every issue's first position) is a treaty"
        ]
    if not treaties.any() and "treaty" in dispute.scenario.document.outcomes:
        return [f"{origin}: rule_out: note: no agreement that is left is a treaty"]
    return []
