"""How ``sim analyse`` shows what it found: sentences and tables, one function per analysis."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sim._kernels.shown import Heading, Part, Table
from sim.labels import Labels

SHOWN = 12
"""Labels that are listed with their shares."""
FEW = 6
"""The same in the short form."""
STEPS = 10
"""Rows of a table of boxes, by coverage."""


class Rows:
    """The rows of a table, one after the other."""

    def __init__(self, *columns: str) -> None:
        self.rows: list[tuple[str, ...]] = []
        self.table = Table(columns, self.rows)

    def add(self, *cells: str) -> None:
        """One row more."""
        self.rows.append(cells)


def _share(record: Any, book: Labels, full: bool) -> Iterator[Part]:
    error = record.standard_error
    spread = f" ± {error:.2%} (one standard error)" if error else ""
    yield f"A treaty is feasible at {record.share:.2%}{spread} of {record.points:,} points."
    if record.knife_edge:
        yield f"{record.knife_edge:,} points lie on the knife-edge: neither yes nor no."
    if record.failed:
        yield f"{record.failed:,} points have no answer and are left out."
    yield record.note


def _binding(record: Any, book: Labels, full: bool) -> Iterator[Part]:
    if record.points:
        yield Heading(f"What blocks a treaty at the {record.points:,} points without one")
        table = Rows("constraint", "share|r", "standard error|r")
        for label, share in list(record.shares.items())[: _most(full)]:
            error = record.standard_errors.get(label)
            table.add(book.say(label), f"{share:.1%}", f"{error:.2%}" if error else "")
        yield table.table
        yield from _rest(len(record.shares), full, "constraints")
        yield f"by actor: {_listed(record.actors, record.actor_errors, book.actor, SHOWN)}"
    if record.feasible_points:
        where = f"the {record.feasible_points:,} points with one"
        told = _listed(record.tightest, record.tightest_errors, book.say, _most(full))
        yield f"What would fail first at {where}: {told}"


def _most(full: bool) -> int:
    return SHOWN if full else FEW


def _listed(
    shares: dict[str, float], errors: dict[str, float], name: Callable[[str], str], most: int
) -> str:
    some = list(shares.items())[:most]
    return ", ".join(f"{name(k)} {_with_error(share, errors.get(k))}" for k, share in some)


def _with_error(share: float, error: float | None) -> str:
    """A share with its standard error; at 0 and at 1 counting gives 0, which says nothing."""
    return f"{share:.1%} ± {100 * error:.2g}" if error else f"{share:.1%}"


def _tornado(record: Any, book: Labels, full: bool) -> Iterator[Part]:
    result = _named(record.column)
    title = f"Mean {result} over the tenth of points with a parameter's lowest, highest values"
    yield Heading(title)
    columns = ("parameter", "range|r", "lowest|r", "highest|r", "swing|r", "standard error|r")
    table = Rows(*columns)
    told = [bar for bar in record.bars if not bar.within_noise]
    for bar in told[: _most(full)]:
        ends = (f"{bar.at_low:+z.4f}", f"{bar.at_high:+z.4f}", f"{bar.swing:+z.4f}")
        error = "" if bar.standard_error is None else f"{bar.standard_error:.4f}"
        table.add(book.with_path(bar.path), f"{bar.low:.4g} .. {bar.high:.4g}", *ends, error)
    if told:
        yield table.table
    yield from _rest(len(told), full)
    yield from _noise(len(record.bars) - len(told), bool(told))
    if record.mean_error is not None:
        yield f"mean of all {record.points:,} points: {record.mean:+z.4f} ± {record.mean_error:.4f}"


def _noise(count: int, others: bool) -> Iterator[str]:
    """How many parameters are within noise, and so not listed."""
    if count:
        more = "more " if others else ""
        word = "parameter moves" if count == 1 else "parameters move"
        yield f"{count} {more}{word} it by no more than chance explains (--json has all)"


def _named(column: str) -> str:
    return "feasibility" if column == "feasible" else column


def _sobol(record: Any, book: Labels, full: bool) -> Iterator[Part]:
    title = f"Sobol indices of {_named(record.column)}: share of its variance, with 95 % intervals"
    yield Heading(title)
    if record.variance:
        table = Rows("parameter", "alone|r", "", "in all|r", "")
        told = [i for i in record.indices if not i.within_noise]
        for i in told[: _most(full)]:
            first = (f"{i.first:z.3f}", f"[{i.first_low:z.3f}, {i.first_high:z.3f}]")
            total = (f"{i.total:z.3f}", f"[{i.total_low:z.3f}, {i.total_high:z.3f}]")
            table.add(book.with_path(i.path), *first, *total)
        yield table.table
        yield from _rest(len(told), full)
        yield from _noise(len(record.indices) - len(told), bool(told))
    if record.dropped:
        yield f"{record.dropped:,} of {record.dropped + record.blocks:,} blocks were left out."
    if record.note:
        yield record.note


def _prim(record: Any, book: Labels, full: bool) -> Iterator[Part]:
    words = book.prose(record.words)
    yield Heading(f"Boxes where {words}", f" ({record.share:.1%} of all points)")
    if record.note or not record.best.limits:
        yield record.note or "no box holds more of them than chance explains"
        return
    if record.missed:
        yield f"{record.missed}; the box that balances coverage and density:"
    found = [record.best, *record.more]
    for number, box in enumerate(found, 1):
        name = f"box {number}: " if len(found) > 1 else "in the box "
        rest = " (outside the boxes above)" if number > 1 else ""
        yield (
            f"{name}{_with_error(box.density, box.density_error)} of its points are{rest}; it holds "
            f"{_with_error(box.coverage, box.coverage_error)} of them and "
            f"{_with_error(box.mass, box.mass_error)} of all points"
        )
        table = Rows("", "of|r", "density without it|r")
        for k in box.limits:
            span = "levels" if k.levels else f"{k.least:.4g} .. {k.most:.4g}"
            table.add(k.said(book.with_path(k.path)), span, f"{k.density_without:.1%}")
        yield table.table
    if len(found) > 1:
        together = sum(box.coverage for box in found), sum(box.mass for box in found)
        yield f"together they hold {together[0]:.1%} of them and {together[1]:.1%} of all points"
    if full:
        yield "On the way to the box, coverage for density (--json has every box with its limits):"
        yield _trade(record.boxes)


def _trade(boxes: Sequence[Any]) -> Table:
    """Some boxes of the peeling, at about equal steps of coverage."""
    table = Rows("coverage|r", "density|r", "mass|r", "parameters restricted|r")
    shown = {
        min(boxes, key=lambda b: abs(b.coverage - k / STEPS)).mass for k in range(1, STEPS + 1)
    }
    for box in boxes:
        if box.mass in shown:
            cells = (box.coverage, box.density, box.mass)
            table.add(*(f"{cell:.1%}" for cell in cells), str(len(box.limits)))
    return table.table


def _cart(record: Any, book: Labels, full: bool) -> Iterator[Part]:
    yield Heading(f"Rules that tell where {book.prose(record.words)}")
    if record.note:
        yield record.note
        return
    yield (
        f"a tree of {len(record.leaves)} rules; it explains "
        f"{_explained(record.explained, record.explained_error)} of the variance at points that it "
        "was not made from"
    )
    table = Rows(f"{record.target}|r", "of them|r", "of all|r", "where")
    for leaf in sorted(record.leaves, key=lambda leaf: (-leaf.density, -leaf.mass)):
        shares = (
            _with_error(leaf.density, leaf.density_error),
            _with_error(leaf.coverage, leaf.coverage_error),
            _with_error(leaf.mass, leaf.mass_error),
        )
        table.add(*shares, "\n".join(k.said(book.with_path(k.path)) for k in leaf.limits))
    yield table.table


def _explained(share: float, error: float) -> str:
    return f"{share:.0%} ± {100 * error:.2g}" if error > 0 else f"{share:.0%}"


def _rest(count: int, full: bool, what: str = "parameters") -> Iterator[str]:
    if count > _most(full):
        yield f"and {count - _most(full)} {what} more ({'--json has all' if full else '--full'})"


SHORT = ("feasible_share", "binding_frequencies", "tornado", "sobol_indices", "prim")
"""What the short form shows; where there are Sobol indices they say what matters, and not the tornado."""
SHOW: dict[str, Any] = {
    "feasible_share": _share,
    "binding_frequencies": _binding,
    "tornado": _tornado,
    "sobol_indices": _sobol,
    "sobol_indices_of_feasibility": _sobol,
    "prim": _prim,
    "cart": _cart,
}
