"""``sim doctor``: what a bug report has to say of an installation."""

from __future__ import annotations

import click

from sim.cli.shared.options import json_option, print_json, show


@click.command()
@json_option
def command(as_json: bool) -> int:
    """Show versions, extras, engines, fonts and folders: paste it into a bug report.

    It names no file of yours and sends nothing anywhere. Exit code 1 if something that is needed is missing.
    """
    from sim.diagnosing import doctor

    found = doctor()
    if as_json:
        print_json(found.to_dict())
    else:
        show(found.parts())
    if found.missing:
        click.echo(f"missing: {', '.join(found.missing)}; install treatysim again", err=True)
    return 1 if found.missing else 0
