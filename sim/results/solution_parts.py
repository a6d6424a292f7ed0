"""What ``sim solve`` prints of a solution: a heading, a table of its members, and what else is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim._kernels.shown import Heading, Part, Table
from sim.labels import NO_LABELS, Labels
from sim.results import tree_parts as trees

if TYPE_CHECKING:
    from sim.results.members import Member
    from sim.results.solution import Solution

MOST_TYPES = 6
"""Types of an actor up to which a line says what each expects."""


MOST_MEMBERS = 12
"""Members that are shown at most in the short form."""


def parts(solution: Solution, book: Labels = NO_LABELS, *, full: bool = False) -> Iterator[Part]:
    """How many members there are, a table of them, and what else is known."""
    note = f" ({solution.note})" if solution.note else ""
    yield Heading(solution.concept, f": {solution.found}{note}")
    members = solution.members
    if not members:
        return
    shown = members if full else members[:MOST_MEMBERS]
    yield from _tree(shown) if trees.of_a_tree(members) else _table(shown, book)
    if "ideal" in members[0].extra.get("by_actor", {}) and "opposition" in solution.parameters:
        yield f"opposition {solution.parameters['opposition']:.3g} (0: one agreement is everybody's best)"
    if len(shown) < len(members):
        yield f"and {len(members) - len(shown):,} more (--full)"
    yield ""


def _table(members: Sequence[Member], book: Labels) -> Iterator[Part]:
    """A row per actor of every member, and details beneath."""
    numbered = list(enumerate(members, start=1))
    more = list(dict.fromkeys(key for m in members for key in m.extra.get("by_actor", {})))
    added = (f"{key}|r" for key in more)
    columns = ("#|r", "actor", "plays", "payoff|r", *added, "regret|r", "outcome")
    rows = [(str(k), *row) for k, member in numbered for row in _rows(member, more, book)]
    yield Table(columns, rows, sparse=True)
    yield from (f"#{k} {line}" for k, member in numbered for line in _details(member))
    yield from _in_states(members[0].extra if members else {})


def _tree(members: Sequence[Member]) -> Iterator[Part]:
    """One line per outcome, then the plans and beliefs of one equilibrium behind each."""
    numeric = {"#", "regret", "equilibria", *members[0].payoffs}
    columns = [f"{name}|r" if name in numeric else name for name in trees.titles(members)]
    yield Table(columns, [trees.row(k, m) for k, m in enumerate(members, start=1)], sparse=True)
    yield from trees.plans(members)


def _rows(member: Member, more: Sequence[str], book: Labels) -> list[tuple[str, ...]]:
    """Per actor what it plays and gets; ``more`` are numbers by actor that a concept adds.

    Regret and outcome stand in the first row.
    """
    regret = "" if member.regret is None else f"{member.regret:.3g}"
    outcome = member.outcome or ""
    if not outcome and member.agreement is not None:
        same = isinstance(member.agreement, str)
        outcome = member.agreement if same else mixture(member.agreement)  # type: ignore[assignment, arg-type]
    rows = []
    for k, (actor, payoff) in enumerate(member.payoffs.items()):
        plays = mixture(_moves(member, actor, book))
        first = (regret, book.say(outcome)) if k == 0 else ("", "")
        known = [member.extra.get("by_actor", {}).get(key, {}).get(actor) for key in more]
        numbers = ("" if number is None else f"{number + 0.0:.6g}" for number in known)
        rows.append((book.actor(actor), plays, f"{payoff + 0.0:.6g}", *numbers, *first))
    return rows


def _moves(member: Member, actor: str, book: Labels) -> Mapping[str, float]:
    """What an actor plays, by labels."""
    mix = member.strategies.get(actor, {})
    said: Counter[str] = Counter()
    for move, p in mix.items():
        said[_said(actor, move, book)] += p  # type: ignore[assignment]
    return said if book else mix


def _said(actor: str, move: str, book: Labels) -> str:
    """The label of a move: of a stance, an agreement, or what a position is called."""
    return book.at(f"actors.{actor}.stances.{move}") or book.say(move)


def _details(member: Member) -> Iterator[str]:
    """What a concept says besides strategies and payoffs, in words."""
    extra = member.extra
    if "objective" in extra:
        yield f"is best for: {extra['objective']}"
    yield from _attained(extra)
    for actor, labels in extra.get("survivors", {}).items():
        yield f"{actor} may still play: {', '.join(labels)}"
    for actor, ends in extra.get("bounds", {}).items():
        if not isinstance(ends, Mapping):
            low, high = ends
            yield f"{actor} gets between {low:.6g} and {high:.6g} in the core"
    points = extra.get("extreme_points", ())
    if points:
        yield f"the core has {len(points)} extreme points (--json lists them)"


def _in_states(extra: Mapping[str, Any]) -> Iterator[str]:
    """What each actor may get in every state, and what nobody does there: the same for all members."""
    for state, bounds in extra.get("bounds", {}).items():
        if isinstance(bounds, Mapping):
            told = (f"{actor} {low:.6g} to {high:.6g}" for actor, (low, high) in bounds.items())
            yield f"in {state}: {', '.join(told)}"
    for where, actions in extra.get("never", {}).items() if "bounds" in extra else ():
        yield f"no equilibrium plays, in {where}: {', '.join(actions)}"


def _attained(extra: Mapping[str, Any]) -> Iterator[str]:
    """What a mechanism attains, and the conditions that keep it from more."""
    if "reasons" not in extra:
        return
    known = extra.get("with_types_known")
    beside = "" if known is None else f"; with types known to all {known:.6g}"
    yield f"attains {extra['value']:.6g}{beside}"
    for actor, types in extra.get("by_type", {}).items():
        if len(types) <= MOST_TYPES:
            yield f"{actor} expects: {', '.join(f'{t} {x:.6g}' for t, x in types.items())}"
    yield from (f"because {reason}" for reason in extra["reasons"])


def mixture(mix: Mapping[str, float]) -> str:
    """Labels with their probabilities; a label that is sure, alone.

    Examples
    --------
    >>> mixture({"accept": 0.25, "reject": 0.75}), mixture({"accept": 1})
    ('accept 0.25, reject 0.75', 'accept')
    """
    return ", ".join(label if p == 1 else f"{label} {p:.4g}" for label, p in mix.items())
