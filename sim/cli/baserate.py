"""``sim baserate``: the outside view, from counts of comparable cases."""

from __future__ import annotations

import click

from sim._kernels.shown import Table
from sim.cli.shared.options import json_option, print_json, show


@click.command()
@click.option(
    "--class", "name", metavar="NAME", help="The reference class; without it, all are listed."
)
@click.option(
    "--by",
    type=float,
    multiple=True,
    metavar="YEARS",
    help="A horizon; may be repeated. 5, 10, 25 and 50 years by default.",
)
@json_option
def command(name: str | None, by: tuple[float, ...], as_json: bool) -> int:
    """How often disputes of a kind were settled, and how likely that makes it within some years.

    The outside view knows nothing of a dispute but its reference class.
    """
    from sim.beliefs import outside_view, reference_class, reference_classes

    views = [
        outside_view(cases, by=by if name or cases.kind == "rate" else ())
        for cases in ([reference_class(name)] if name else reference_classes().values())
    ]
    if as_json:
        print_json(views[0].to_dict() if name else [view.to_dict() for view in views])
        return 0
    if name:
        show(views[0].parts())
        return 0
    horizons = [*next(view for view in views if view.by).by]
    rows = [
        (
            view.cases.name,
            view.cases.kind,
            f"{view.value.mean:.3g}",
            *(f"{view.by[t].mean:.0%}" if view.by else "" for t in horizons),
            view.cases.what,
        )
        for view in views
    ]
    columns = ("class", "kind", "mean|r", *(f"{t:g} years|r" for t in horizons), "what")
    show(
        [
            Table(columns, rows),
            "More of one, with interval, source and caveat: sim baserate --class NAME",
        ]
    )
    return 0
