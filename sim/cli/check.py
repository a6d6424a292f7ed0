"""``sim check``: validate scenario files."""

from __future__ import annotations

import click

from sim.cli._options import json_option, print_json, quiet_option


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@json_option
@quiet_option
def command(files: tuple[str, ...], as_json: bool, quiet: bool) -> int:
    """Validate scenario files: structure, names, payoffs and the game.

    One line per error, `file:line:column: path: message`, all errors of all files at once. Exit
    code 2 if there is any.
    """
    reports = {file: _problems(file) for file in files}
    if as_json:
        print_json({file: {"ok": not lines, "errors": lines} for file, lines in reports.items()})
    for file, lines in reports.items():
        for line in lines if not as_json else ():
            click.echo(line, err=True)
        if not lines and not quiet and not as_json:
            click.echo(f"{file}: ok")
    return 2 if any(reports.values()) else 0


def _problems(file: str) -> list[str]:
    from sim.errors import SimError
    from sim.feasibility import prepare
    from sim.loading import load

    try:
        scenario = load(file)
        if scenario.document.form == "dispute":
            prepare(scenario)
    except SimError as error:
        return str(error).splitlines()
    return []
