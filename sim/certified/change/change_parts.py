"""What ``sim explain`` prints of a change of parameters: tables of what moves, and a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sim._kernels.shown import Part, Table

if TYPE_CHECKING:
    from sim.certified.change.change import Change
    from sim.certified.change.moves import Option

OTHERS = 12
"""How many other changes are shown."""


def parts(change: Change) -> Iterator[Part]:
    """The change, others of few parameters, and a sentence."""
    yield _table("The smallest change that turns the verdict", [change], change.priced)
    known = {tuple(m.path for m in change.moves)}
    others = [
        o for o in (*change.singles, *change.pairs) if tuple(m.path for m in o.moves) not in known
    ]
    others = sorted(others, key=lambda o: o.cost)[:OTHERS]
    what = "Other changes of one or two parameters that turn it"
    yield _table(what, others, change.priced)
    if change.note:
        yield from ("", f"{change.note[0].upper()}{change.note[1:]}.")
    yield from ("", change.sentence())


def _table(heading: str, options: Sequence[Option | Change], priced: bool) -> Table:
    """One row per parameter that moves; those of one change have one number."""
    rows = [
        (
            str(k + 1) if place == 0 else "",
            m.path,
            m.start,
            f"{m.after:.6g}",
            f"{m.cost:.4g}" if priced else f"{m.cost:.1%}",
            m.unit,
        )
        for k, option in enumerate(options)
        for place, m in enumerate(option.moves)
    ]
    size = "costs|r" if priced else "of its range|r"
    return Table(("", "parameter", "now|r", "then|r", size, "unit"), rows, heading=heading)
