"""``sim schema``: the JSON Schema of scenario files."""

from __future__ import annotations

import click

from sim.cli.shared.options import print_json


@click.command()
def command() -> int:
    """Print the JSON Schema of scenario files, so that an editor completes and checks them."""
    from sim.loading import schema

    print_json(schema())
    return 0
