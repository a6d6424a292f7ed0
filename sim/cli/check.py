"""``sim check``: validate scenario files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim._kernels.shown import Part, Shown
from sim.cli.shared.options import json_option, print_json, quiet_option

if TYPE_CHECKING:
    from sim.payoffs import Dispute
    from sim.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked(Shown):
    """What is wrong with files, and what is probably a slip.

    Parameters
    ----------
    errors, notes
        By file, one line each; empty where there is nothing to say.
    """

    errors: Mapping[str, tuple[str, ...]]
    notes: Mapping[str, tuple[str, ...]]

    @property
    def ok(self) -> bool:
        """Whether no file has an error."""
        return not any(self.errors.values())

    def parts(self) -> Iterator[Part]:
        """Errors and notes line by line, and which files are in order."""
        told: set[str] = set()
        for file, errors in self.errors.items():
            new = dict.fromkeys(line for line in (*errors, *self.notes[file]) if line not in told)
            yield from new
            told |= set(new)
            if not errors:
                yield self.in_order(file)

    def in_order(self, file: str) -> str:
        """What is said of a file without errors."""
        return f"{file}: ok" + (f", notes: {len(self.notes[file])}" if self.notes[file] else "")

    def to_dict(self) -> dict[str, Any]:
        """The record as plain data, by file."""
        return {
            file: {"ok": not errors, "errors": list(errors), "notes": list(self.notes[file])}
            for file, errors in self.errors.items()
        }


def check(*files: str | Path) -> Checked:
    """Validate scenario files: structure, names, payoffs and the game.

    Parameters
    ----------
    files
        Paths, or names of shipped scenarios.

    Examples
    --------
    >>> print(check("classics/chicken"))
    classics/chicken: ok
    """
    found = {str(file): _report(str(file)) for file in files}
    return Checked(
        errors={file: tuple(errors) for file, (errors, _) in found.items()},
        notes={file: tuple(notes) for file, (_, notes) in found.items()},
    )


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@json_option
@quiet_option
def command(files: tuple[str, ...], as_json: bool, quiet: bool) -> int:
    """Validate scenario files: structure, names, payoffs and the game.

    One line per error, `file:line:column: path: message`, all errors of all files at once. Exit
    code 2 if there is any. What is legal but probably a slip (a name that nothing reads) is a note.
    """
    found = check(*files)
    if as_json:
        print_json(found.to_dict())
        return 0 if found.ok else 2
    told: set[str] = set()
    for file, errors in found.errors.items():
        for line in [*errors, *(() if quiet else found.notes[file])]:
            if line not in told:  # what several files inherit is said once
                click.echo(line, err=True)
            told.add(line)
        if not errors and not quiet:
            click.echo(found.in_order(file))
    return 0 if found.ok else 2


def _report(file: str) -> tuple[list[str], list[str]]:
    """The errors and the notes of a file, one line each."""
    from sim.errors import SimError
    from sim.loading import load
    from sim.payoffs import compile_dispute

    try:
        scenario = load(file)
        if scenario.document.form != "dispute":
            return [], []
        dispute = compile_dispute(scenario, private=True)
        _played(scenario, dispute)
    except SimError as error:
        return str(error).splitlines(), []
    return [], [*_slips(scenario), *_rules(dispute)]


def _played(scenario: Scenario, dispute: Dispute) -> None:
    """Build what is played, once and in time: that finds what reading alone does not."""
    game = scenario.document.game
    if game is not None and game.rounds is None:
        from sim.games.stages import stage_game

        stage_game(dispute)
    elif game is not None:
        from sim.games.in_time.rounds import round_game

        round_game(dispute)
    if scenario.document.dynamics is not None:
        from sim.dynamics.traps import check_in_time

        check_in_time(scenario)


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
