"""``sim diff``: in what two scenarios differ."""

from __future__ import annotations

import click

from sim.cli.shared.options import json_option, load_with, print_json, set_option, show


@click.command()
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@set_option
@json_option
def command(first: str, second: str, settings: tuple[str, ...], as_json: bool) -> int:
    """Show in what scenario B differs from A: numbers with sources, formulas, constraints, the rest.

    `--set` changes B alone, so that `sim diff A A --set PATH=VALUE` shows what was set.
    """
    from sim.comparing import diff

    found = diff(load_with(first, ()), load_with(second, settings), names=(first, second))
    if as_json:
        print_json(found.to_dict())
    else:
        show(found.parts())
    return 0
