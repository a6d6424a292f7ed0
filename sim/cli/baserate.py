"""``sim baserate``: the outside view, from counts of comparable cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from sim._kernels.shown import Part, Shown, Table
from sim.cli.shared.options import json_option, print_json, show

if TYPE_CHECKING:
    from sim.beliefs import OutsideView


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseRates(Shown):
    """What reference classes say: one that was named, or all of them.

    Parameters
    ----------
    views
        One per class.
    named
        Whether one class was asked for, which is then shown in full.
    """

    views: tuple[OutsideView, ...]
    named: bool

    def parts(self) -> Iterator[Part]:
        """One class with interval, source and caveats, or a row for each."""
        if self.named:
            yield from self.views[0].parts()
            return
        horizons = [*next(view for view in self.views if view.by).by]
        rows = [
            (
                view.cases.name,
                view.cases.kind,
                f"{view.value.mean:.3g}",
                *(f"{view.by[t].mean:.0%}" if view.by else "" for t in horizons),
                view.cases.what,
            )
            for view in self.views
        ]
        years = (f"{t:g} years|r" for t in horizons)
        yield Table(("class", "kind", "mean|r", *years, "what"), rows)
        yield "More of one, with interval, source and caveat: sim baserate --class NAME"

    def to_dict(self) -> dict[str, Any] | list[dict[str, Any]]:
        """The views as plain data: an object for one class, a list for all."""
        found = [view.to_dict() for view in self.views]
        return found[0] if self.named else found


def baserate(name: str | None = None, *, by: Sequence[float] = ()) -> BaseRates:
    """How often disputes of a kind were settled, and how likely that makes it within some years.

    Parameters
    ----------
    name
        The reference class; all of them where absent.
    by
        Horizons in years; 5, 10, 25 and 50 by default.

    Examples
    --------
    >>> baserate("claims", by=(25,)).views[0].cases.events
    106
    """
    from sim.beliefs import reference_class, reference_classes
    from sim.beliefs.outside_view import outside_view

    known = [reference_class(name)] if name else [*reference_classes().values()]
    views = (outside_view(c, by=tuple(by) if name or c.kind == "rate" else ()) for c in known)
    return BaseRates(views=tuple(views), named=bool(name))


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
    found = baserate(name, by=by)
    if as_json:
        print_json(found.to_dict())
        return 0
    show(found.parts())
    return 0
