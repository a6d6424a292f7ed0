"""The verdict in words and tables."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite
from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table

from sim.cli._options import console

if TYPE_CHECKING:
    from sim.feasibility import Threshold, Verdict

UNIT = "of payoff spread"


def headline(verdict: Verdict) -> list[str]:
    """The verdict in a few sentences, with markup."""
    lines = [f"[bold]{escape(verdict.title)}[/bold]"]
    if verdict.parameters:
        changed = ", ".join(f"{path}={value:g}" for path, value in verdict.parameters.items())
        lines.append(f"with {escape(changed)}")
    lines.append(_answer(verdict))
    lines += _reason(verdict)
    lines += _prediction(verdict)
    lines += [f"note: {escape(note)}" for note in verdict.notes]
    return lines


def _answer(verdict: Verdict) -> str:
    if verdict.margin is None:
        return "[bold]no treaty: the file has none[/bold]"
    word = {True: "A treaty is feasible", False: "No treaty is feasible", None: "Knife-edge"}
    return f"[bold]{word[verdict.feasible]}[/bold]: margin {verdict.margin:+.4g} {UNIT}."


def _reason(verdict: Verdict) -> Iterator[str]:
    if verdict.binding is None:
        return
    b = verdict.binding
    treaty = escape(str(verdict.best_agreement))
    met = f" (third parties: {escape(verdict.stances)})" if verdict.stances else ""
    if verdict.rung == "feasible and predicted":
        yield f"Every rung of the ladder holds. Best treaty: {treaty}{met}."
    else:
        yield f"The ladder fails at [bold]{verdict.rung}[/bold]. Best treaty there: {treaty}{met}."
    verb = "Binding" if verdict.feasible else "Blocked by"
    if verdict.rung == "predicted":
        verb = "Tightest"
    yield f"{verb}: [bold]{escape(b.actor)}[/bold], {escape(b.constraint)}, {b.slack:+.4g}."
    if len(verdict.ties) > 1:
        others = [treaty for treaty in verdict.ties if treaty != verdict.best_agreement]
        more = "; ..." if len(others) > 3 else ""
        yield f"{len(verdict.ties)} treaties tie there, also {escape('; '.join(others[:3]))}{more}."


def _prediction(verdict: Verdict) -> Iterator[str]:
    p = verdict.predicted
    if p is None:
        return
    count = p["equilibria"]
    sure = "in every equilibrium" if p["in_every_equilibrium"] else "in some equilibria"
    chance = p["ratified_with_probability"]
    odds = f", ratified with probability {chance:.3g}" if 0 < chance < 1 else ""
    how = "one equilibrium outcome" if count == 1 else f"{count} equilibrium outcomes"
    yield (
        f"The game predicts [bold]{escape(p['outcome_class'])}[/bold]: {escape(p['agreement'])} "
        f"({sure}, {how}{odds})."
    )


def show(verdict: Verdict) -> None:
    """The whole verdict on standard output."""
    out = console()
    out.print("\n".join(headline(verdict)))
    for table in (_rungs(verdict), _slacks(verdict), *_terms(verdict), _thresholds(verdict)):
        if table is not None and table.row_count:
            title, table.title = table.title, None
            out.print(f"\n[bold]{title}[/bold]")
            out.print(table)
    if verdict.assumed:
        out.print()
        out.print(
            f"Assumed, not sourced ({len(verdict.assumed)}): {escape(', '.join(verdict.assumed))}"
        )


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, box=None, pad_edge=False)
    for column in columns:
        name, _, justify = column.partition("|")
        right: Any = "right" if justify else "left"
        table.add_column(name, justify=right, overflow="fold")
    return table


def _rungs(verdict: Verdict) -> Table:
    table = _table(
        f"Ladder: best treaty up to each rung ({UNIT})", "rung", "best|r", "holds", "treaty"
    )
    for rung, (value, treaty) in verdict.best_by_rung.items():
        holds = "yes" if value >= 0 else "no"
        table.add_row(rung, f"{value:+.4f}" if isfinite(value) else "none", holds, escape(treaty))
    return table


def _slacks(verdict: Verdict) -> Table:
    title = f"Gains and slacks of {escape(str(verdict.best_agreement))}"
    table = _table(title, "rung", "actor", "constraint", "slack|r", "")
    for step in verdict.steps:
        value = f"{step.slack:+.4f}" if isfinite(step.slack) else "not engaged"
        mark = "<- binding" if step == verdict.binding else ("fails" if step.slack < 0 else "")
        table.add_row(step.rung, escape(step.actor), escape(step.constraint), value, mark)
    return table


def _terms(verdict: Verdict) -> Iterator[Table]:
    for actor, terms in verdict.terms.items():
        title = f"Payoff terms of {escape(actor)} (1 spread = {verdict.scales[actor]:.4g})"
        table = _table(title, "term", "status quo|r", "treaty|r", "change|r")
        moved = {term: pair for term, pair in terms.items() if any(pair)}
        for term, (before, after) in moved.items():
            table.add_row(escape(term), *_change(before, after))
        before, after = (sum(pair[k] for pair in terms.values()) for k in (0, 1))
        table.add_row("[bold]sum[/bold]", *_change(before, after))
        yield table


def _change(before: float, after: float) -> tuple[str, str, str]:
    """Two payoffs and their difference; adding 0 turns a negative zero into 0."""
    return f"{before + 0.0:.4f}", f"{after + 0.0:.4f}", f"{after - before + 0.0:+.4f}"


def _thresholds(verdict: Verdict) -> Table:
    title = "Where one parameter alone flips the verdict, within its range"
    table = _table(title, "parameter", "value|r", "range|r", "flips at|r", "margin at ends|r")
    for t in verdict.thresholds:
        if not t.at:
            continue
        table.add_row(*map(escape, _threshold_row(t)))
    rest = [t for t in verdict.thresholds if not t.at]
    if verdict.thresholds and rest:
        names = ", ".join(t.path for t in rest[:4]) + (", ..." if len(rest) > 4 else "")
        table.caption = f"{len(rest)} other parameters cannot flip it alone ({escape(names)})"
        table.caption_justify = "left"
        if not table.row_count:
            table.add_row("none", "", "", "", "")
    return table


def _threshold_row(t: Threshold) -> tuple[str, ...]:
    at = ", ".join(f"{x:.6g}" for x in t.at[:3])
    ends = f"{t.margin_low:+.3f} .. {t.margin_high:+.3f}"
    return (t.path, f"{t.value:g}", f"{t.low:g} .. {t.high:g}", at, ends)
