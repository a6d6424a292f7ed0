"""The verdict on the terminal: its sentences and tables, with markup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table

from sim.cli._options import console
from sim.feasibility import words

if TYPE_CHECKING:
    from sim.certified import Change, Option
    from sim.feasibility import Verdict


OTHERS = 12
"""How many other changes are shown."""


def headline(verdict: Verdict) -> list[str]:
    """The verdict in a few sentences, with markup."""
    lines = [f"[bold]{escape(verdict.title)}[/bold]"]
    if verdict.parameters:
        changed = ", ".join(f"{path}={value:g}" for path, value in verdict.parameters.items())
        lines.append(f"with {escape(changed)}")
    first, *rest = words.sentences(verdict)
    return [*lines, f"[bold]{escape(first)}[/bold]", *map(escape, rest)]


def show(verdict: Verdict, change: Change | None = None) -> None:
    """The whole verdict on standard output, and at its end the smallest change that would turn it."""
    out = console()
    out.print("\n".join(headline(verdict)))
    for table in (_rungs(verdict), _slacks(verdict), *_terms(verdict), _thresholds(verdict)):
        if table.row_count:
            title, table.title = table.title, None
            out.print(f"\n[bold]{title}[/bold]")
            out.print(table)
    if verdict.assumed:
        names = escape(", ".join(verdict.assumed))
        out.print(f"\nAssumed, not sourced ({len(verdict.assumed)}): {names}")
    if change is not None:
        _show_change(change)


def _show_change(change: Change) -> None:
    out = console()
    best = _change_table("The smallest change that turns the verdict", [change], change.priced)
    known = {tuple(m.path for m in change.moves)}
    others = [
        o for o in (*change.singles, *change.pairs) if tuple(m.path for m in o.moves) not in known
    ]
    others = sorted(others, key=lambda o: o.cost)[:OTHERS]
    rest = _change_table(
        "Other changes of one or two parameters that turn it", others, change.priced
    )
    for table in (best, rest):
        if table.row_count:
            title, table.title = table.title, None
            out.print(f"\n[bold]{title}[/bold]")
            out.print(table)
    if change.note:
        out.print(f"\n{escape(change.note[0].upper() + change.note[1:])}.")
    out.print(f"\n{escape(change.sentence())}")


def _change_table(title: str, options: Sequence[Option | Change], priced: bool) -> Table:
    """One row per parameter that moves; those of one change have one number."""
    rows = [
        (
            str(k + 1) if place == 0 else "",
            m.path,
            f"{m.before:.6g}",
            f"{m.after:.6g}",
            f"{m.cost:.4g}" if priced else f"{m.cost:.1%}",
            m.unit,
        )
        for k, option in enumerate(options)
        for place, m in enumerate(option.moves)
    ]
    size = "costs|r" if priced else "of its range|r"
    columns = ("", "parameter", "now|r", "then|r", size, "unit")
    return _table(title, columns, rows)


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    table = Table(title=escape(title), box=None, pad_edge=False)
    for column in columns:
        name, _, justify = column.partition("|")
        right: Any = "right" if justify else "left"
        table.add_column(name, justify=right, overflow="fold")
    for row in rows:
        table.add_row(*map(escape, row))
    return table


def _rungs(verdict: Verdict) -> Table:
    title = f"Ladder: best treaty up to each rung ({words.UNIT})"
    return _table(title, ("rung", "best|r", "holds", "treaty"), words.rung_rows(verdict))


def _slacks(verdict: Verdict) -> Table:
    rows = [
        (*row[:-1], "<- binding" if row[-1] == "binding" else row[-1])
        for row in words.step_rows(verdict)
    ]
    title = f"Gains and slacks of {verdict.best_agreement}"
    return _table(title, ("rung", "actor", "constraint", "slack|r", ""), rows)


def _terms(verdict: Verdict) -> Iterator[Table]:
    for actor in verdict.terms:
        title = f"Payoff terms of {actor} (1 spread = {verdict.scales[actor]:.4g})"
        columns = ("term", "status quo|r", "treaty|r", "change|r")
        yield _table(title, columns, words.term_rows(verdict, actor))


def _thresholds(verdict: Verdict) -> Table:
    title = "Where one parameter alone flips the verdict, within its range"
    columns = ("parameter", "value|r", "range|r", "flips at|r", "margin at ends|r")
    table = _table(title, columns, words.threshold_rows(verdict))
    rest = [t.path for t in verdict.thresholds if not t.at]
    if rest:
        names = ", ".join(rest[:4]) + (", ..." if len(rest) > 4 else "")
        table.caption = f"{len(rest)} other parameters cannot flip it alone ({escape(names)})"
        table.caption_justify = "left"
        if not table.row_count:
            table.add_row("none", "", "", "", "")
    return table
