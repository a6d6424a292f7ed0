"""The verdict in plain sentences, and as tables of texts.

Every place that shows a verdict (terminal, notebook, report) takes its words from here. Numbers of the
ladder are in units of payoff spread.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite
from typing import TYPE_CHECKING

from sim._kernels import html
from sim._kernels.shown import Heading, Part, Table
from sim.feasibility.blockers import EITHER, NOTHING
from sim.feasibility.ladder import FEASIBLE, PASSED, PREDICTED
from sim.feasibility.notes import prediction

if TYPE_CHECKING:
    from sim.feasibility.bridges.power import BodyPower
    from sim.feasibility.verdict import Verdict

UNIT = "of payoff spread"
MOST_SETS = 4
"""Minimal sets of blockers that are named."""
_ANSWERS = {True: "A treaty is feasible", False: "No treaty is feasible", None: "Knife-edge"}


def sentences(verdict: Verdict) -> tuple[str, ...]:
    """How sure it is, the answer, its reason, the prediction and the notes, a sentence or two each."""
    if verdict.private is not None:
        return verdict.private.sentences()
    notes = (f"Note: {note}." for note in verdict.notes)
    sure, *rest = _share(verdict) or [""]
    return (
        *filter(None, [sure]),
        answer(verdict),
        *rest,
        *_blockers(verdict),
        *_why(verdict),
        *_reason(verdict),
        *prediction(verdict),
        *notes,
    )


def answer(verdict: Verdict) -> str:
    """The verdict in one sentence."""
    if verdict.margin is None:
        return "No treaty: the file has none."
    but = ", but not what the game leads to" if verdict.rung == PREDICTED else ""
    return (
        f"{_ANSWERS[verdict.feasible]}{but}: margin {verdict.margin:+.4g} {UNIT}{_rank(verdict)}."
    )


def _share(verdict: Verdict) -> list[str]:
    """How often a treaty is feasible over draws, then what stands against one there."""
    return [*_shares(verdict)]


def _shares(verdict: Verdict) -> Iterator[str]:
    if verdict.share is not None:
        if (found := verdict.share.believed) is not None:
            yield found.sentence()
            yield from filter(None, [found.against(verdict.labelled.say)])
        yield verdict.share.sentence()
        yield from filter(None, [verdict.share.against(verdict.labelled.say)])


def _rank(verdict: Verdict) -> str:
    """That the answer is the one at given values, and how these stand among the draws."""
    if verdict.share is None or not verdict.share.draws:
        return ""
    whose = "the values given" if verdict.parameters else "the file's own values"
    return f" at {whose}, {verdict.share.rank()}"


def _blockers(verdict: Verdict) -> Iterator[str]:
    """Who blocks, and the smallest sets of what would have to be lifted."""
    found = verdict.blockers
    if found is None or found.lifting == NOTHING:
        return
    say = verdict.labelled.say
    ways = [say(" and ".join(one)) for one in found.actors]
    if found.lifting.startswith("only"):
        yield f"Blocked by {ways[0]} alone: lifting what it needs is enough, what others need is not."
    elif found.lifting == EITHER:
        single = [say(one[0]) for one in found.actors if len(one) == 1]
        yield f"Blocked by either: lifting what {' or '.join(single)} needs, one alone, is enough."
    else:
        yield f"Blocked by several at once: {' or '.join(ways)} would have to be lifted together."
    sets = [say(" + ".join(one)) for one in found.minimal_sets[:MOST_SETS]]
    more = len(found.minimal_sets) - MOST_SETS
    rest = f"; {more} more" if more > 0 else ""
    yield f"The smallest sets whose lifting makes a treaty feasible: {'; '.join(sets)}{rest}."


def _why(verdict: Verdict) -> Iterator[str]:
    """What the verdict rests on, and why it is not what the game predicts."""
    if verdict.rests_on:
        yield f"It rests on: {verdict.labelled.say('; '.join(verdict.rests_on))}."
    if verdict.difference:
        words = verdict.labelled.prose(verdict.difference)
        yield f"Why the game ends otherwise: {words}."


def _reason(verdict: Verdict) -> Iterator[str]:
    if verdict.binding is None:
        return
    b, say = verdict.binding, verdict.labelled.say
    met = f" (third parties: {say(verdict.stances)})" if verdict.stances else ""
    treaty = f"{say(verdict.best_agreement or '')}{met}"
    if verdict.rung in (PASSED, FEASIBLE, PREDICTED):
        holds = "holds, the last by nothing" if verdict.feasible is None else "holds"
        rungs = "Every other rung" if verdict.rung == PREDICTED else "Every rung"
        yield f"{rungs} of the ladder {holds}. Best treaty: {treaty}."
    else:
        yield f"The ladder fails at '{verdict.rung}'. Best treaty there: {treaty}."
    verb = "Lowest slack, in the units of the file" if verdict.feasible is False else "Binding"
    if verdict.rung == PREDICTED:
        verb = "Tightest"
    actor, name = (
        verdict.labelled.actor(b.actor),
        verdict.labelled.constraint(b.actor, b.constraint),
    )
    yield f"{verb}: {actor}, {name}, {b.slack:+.4g}."
    if len(verdict.ties) > 1:
        others = [say(treaty) for treaty in verdict.ties if treaty != verdict.best_agreement]
        more = "; ..." if len(others) > 3 else ""
        yield f"{len(verdict.ties)} treaties tie there, also {'; '.join(others[:3])}{more}."


def rung_rows(verdict: Verdict) -> list[tuple[str, str, str, str]]:
    """Per rung: its name, its best value, whether it holds, and the treaty that reaches it."""
    say = verdict.labelled.say
    return [
        (rung, f"{v:+.4f}" if isfinite(v) else "none", "yes" if v >= 0 else "no", say(treaty))
        for rung, (v, treaty) in verdict.best_by_rung.items()
    ]


def step_rows(verdict: Verdict) -> list[tuple[str, str, str, str, str]]:
    """Per gain or slack: rung, actor, name, value, and whether it fails or binds."""
    rows = []
    for step in verdict.steps:
        value = f"{step.slack:+.4f}" if isfinite(step.slack) else "not engaged"
        mark = "binding" if step == verdict.binding else ("fails" if step.slack < 0 else "")
        actor = verdict.labelled.actor(step.actor)
        name = verdict.labelled.constraint(step.actor, step.constraint)
        rows.append((step.rung, actor, name, value, mark))
    return rows


def term_rows(verdict: Verdict, actor: str) -> list[tuple[str, str, str, str]]:
    """Per payoff term of a principal: status quo, treaty and change; their sum last."""
    terms = verdict.terms[actor]
    said = verdict.labelled.term
    rows = [(said(actor, term), *_change(*pair)) for term, pair in terms.items() if any(pair)]
    before, after = (sum(pair[k] for pair in terms.values()) for k in (0, 1))
    return [*rows, ("sum", *_change(before, after))]


def _change(before: float, after: float) -> tuple[str, str, str]:
    """Two payoffs and their difference; adding 0 turns a negative zero into 0."""
    b, a, move = (round(x, 4) + 0.0 for x in (before, after, after - before))
    return f"{b:.4f}", f"{a:.4f}", f"{move:+.4f}"


def threshold_rows(verdict: Verdict) -> list[tuple[str, str, str, str, str]]:
    """Per parameter that can flip the verdict alone: value, range, where, margin at the ends."""
    return [
        (
            verdict.labelled.with_path(t.path),
            f"{t.value:g}",
            ", ".join(f"{x:g}" for x in t.levels) or f"{t.low:g} .. {t.high:g}",
            ", ".join(f"{x:.6g}" for x in t.at[:3]),
            f"{t.margin_low:+.3f} .. {t.margin_high:+.3f}",
        )
        for t in verdict.thresholds
        if t.at
    ]


def headline(verdict: Verdict) -> Iterator[Part]:
    """The verdict in a few sentences, under the scenario's title."""
    changed = ", ".join(f"{path}={value:g}" for path, value in verdict.parameters.items())
    title = verdict.title if verdict.private is None else verdict.private.title
    yield Heading(title, f", with {changed}" if changed else "")
    first, *rest = sentences(verdict)
    yield Heading(first)
    yield from rest


def parts(verdict: Verdict) -> Iterator[Part]:
    """The whole verdict: its sentences and tables."""
    yield from headline(verdict)
    yield Table(
        ("rung", "best|r", "holds", "treaty"),
        rung_rows(verdict),
        heading=f"Ladder: best treaty up to each rung ({UNIT})",
    )
    yield slack_table(verdict)
    yield from term_tables(verdict)
    yield from _thresholds(verdict)
    yield from _power(verdict)
    if verdict.assumed:
        names = ", ".join(verdict.assumed)
        yield ""
        yield f"Assumed, not sourced ({len(verdict.assumed)}): {names}"


def slack_table(verdict: Verdict) -> Table:
    """Every gain and slack of the best treaty."""
    return Table(
        ("rung", "actor", "constraint", "slack|r", ""),
        [(*r[:-1], "<- binding" if r[-1] == "binding" else r[-1]) for r in step_rows(verdict)],
        heading=f"Gains and slacks of {verdict.labelled.say(verdict.best_agreement or '')}",
    )


def term_tables(verdict: Verdict) -> Iterator[Table]:
    """The payoff terms of every principal."""
    for actor in verdict.terms:
        whose = verdict.labelled.actor(actor)
        yield Table(
            ("term", "status quo|r", "treaty|r", "change|r"),
            term_rows(verdict, actor),
            heading=f"Payoff terms of {whose} (1 spread = {verdict.scales[actor]:.4g})",
        )


def _thresholds(verdict: Verdict) -> Iterator[Part]:
    rest = [t.path for t in verdict.thresholds if not t.at]
    names = ", ".join(rest[:4]) + (", ..." if len(rest) > 4 else "")
    told = f"{len(rest)} other parameters cannot flip it alone ({names})" if rest else ""
    yield Table(
        ("parameter", "value|r", "range|r", "flips at|r", "margin at ends|r"),
        threshold_rows(verdict) or ([("none", "", "", "", "")] if rest else []),
        heading="Where one parameter alone flips the verdict, within its range",
        caption=told,
    )


def power_rows(body: BodyPower) -> list[tuple[str, str, str, str]]:
    """Per bloc of a body: its share of the seats, and its power by two measures."""
    total = sum(body.seats.values())
    return [
        (
            bloc,
            f"{votes / total:.4f}",
            f"{body.shapley_shubik[bloc]:.4f}",
            f"{body.banzhaf[bloc]:.4f}",
        )
        for bloc, votes in body.seats.items()
    ]


def _power(verdict: Verdict) -> Iterator[Part]:
    for body in verdict.power:
        yield Table(
            ("bloc", "share of seats|r", "Shapley-Shubik|r", "Banzhaf|r"),
            power_rows(body),
            heading=f"Power in {body.actor}.{body.constraint} (quota {body.quota:.4g}), whatever blocs want",
        )


def as_html(verdict: Verdict) -> str:
    """The verdict for a notebook: its sentences, the ladder, and where it flips."""
    steps = step_rows(verdict)
    binding = next((k for k, row in enumerate(steps) if row[-1] == "binding"), None)
    flips = threshold_rows(verdict)
    parts = [html.heading(verdict.title), *map(html.paragraph, sentences(verdict))]
    if steps:
        parts.append(
            html.table(
                ("rung", "actor", "constraint", "slack|r", ""),
                steps,
                caption=f"Gains and slacks of {verdict.labelled.say(verdict.best_agreement or '')}",
                marked=binding,
            )
        )
    if flips:
        columns = ("parameter", "value|r", "range|r", "flips at|r", "margin at ends|r")
        parts.append(html.table(columns, flips, caption="What one parameter alone could flip"))
    return "".join(parts)
