"""``sim cite``: BibTeX of what to cite."""

from __future__ import annotations

import click


@click.command()
@click.argument("concepts", nargs=-1, metavar="[CONCEPT|KEY]...")
@click.option("--whole", is_flag=True, help="The whole bibliography of the theory besides.")
def command(concepts: tuple[str, ...], whole: bool) -> int:
    """Print BibTeX: of the program, of solution concepts (`sim list concepts`), or of sources by key."""
    from sim.citing import cite

    click.echo(str(cite(*concepts, whole=whole)))
    return 0
