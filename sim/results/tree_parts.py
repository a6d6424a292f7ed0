"""Equilibria of trees on the terminal: one line per outcome, then whole plans and beliefs beneath."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.results.members import Member

MOST_ENDS = 4
"""Ends named in a line."""
MOST_SETS = 14
"""Information sets named in a line."""
MOST_PLANS = 12
"""Equilibria whose plans are printed."""


def of_a_tree(members: Sequence[Member]) -> bool:
    """Whether equilibria have whole plans to show."""
    return any("plan" in m.extra or "behaviour" in m.extra for m in members)


def titles(members: Sequence[Member]) -> tuple[str, ...]:
    """Headings of the columns."""
    return ("#", "outcome", *members[0].payoffs, "regret", "equilibria", "marks")


def row(number: int, member: Member) -> tuple[str, ...]:
    """One outcome in one line."""
    regret = "" if member.regret is None else f"{member.regret:.3g}"
    payoffs = (f"{value + 0.0:.6g}" for value in member.payoffs.values())
    count = member.extra.get("equilibria", "")
    marks = ", ".join(member.extra.get("marks", ()))
    return (str(number), outcome_words(member), *payoffs, regret, str(count), marks)


def outcome_words(member: Member) -> str:
    """The outcome; of several ends the most probable, with their probabilities.

    Examples
    --------
    >>> from sim.results import StrategyProfile
    >>> outcome_words(StrategyProfile(payoffs={}, extra={"outcomes": {"war": 0.25, "peace": 0.75}}))
    'peace 0.75; war 0.25'
    """
    if member.outcome is not None:
        return member.outcome
    ends: Mapping[str, float] = member.extra.get("outcomes", {})
    ranked = sorted(ends.items(), key=lambda pair: -pair[1])
    words = [f"{label} {p:.4g}" for label, p in ranked[:MOST_ENDS]]
    rest = len(ranked) - MOST_ENDS
    return "; ".join([*words, *([f"and {rest} more"] if rest > 0 else [])])


def plans(members: Sequence[Member]) -> Iterator[str]:
    """What every actor does at every information set, on the path and off it, and what it believes."""
    for number, member in enumerate(members[:MOST_PLANS], start=1):
        for actor, sets in _told(member).items():
            words = [f"{place}: {_mix(mix)}" for place, mix in sets.items()]
            if words:
                yield f"#{number} {actor} plays {_listed(words)}"
        for place, beliefs in member.extra.get("beliefs", {}).items():
            yield f"#{number} at {place} believes {_mix(beliefs)}"
        for place, nodes in member.extra.get("belief_ranges", {}).items():
            spans = [f"{k} {lo:.4g} to {hi:.4g}" for k, (lo, hi) in nodes.items()]
            yield f"#{number} at {place} may as well believe {', '.join(spans)}"
        for actor, sets in member.extra.get("ranges", {}).items():
            for place, actions in sets.items():
                spans = [f"{a} {lo:.4g} to {hi:.4g}" for a, (lo, hi) in actions.items()]
                yield f"#{number} {actor} may as well play {place}: {', '.join(spans)}"
    if len(members) > MOST_PLANS:
        yield f"the plans of {len(members) - MOST_PLANS} more are in --json"


def _told(member: Member) -> Mapping[str, Mapping[str, Any]]:
    """Per actor and information set an action, or the probability of each."""
    extra = member.extra
    found: Mapping[str, Mapping[str, Any]] = extra.get("behaviour") or extra.get("plan", {})
    return found


def _mix(mix: str | Mapping[str, float]) -> str:
    if isinstance(mix, str):
        return mix
    return ", ".join(label if p == 1 else f"{label} {p:.4g}" for label, p in mix.items() if p)


def _listed(words: Sequence[str]) -> str:
    rest = len(words) - MOST_SETS
    more = [f"and {rest} more (--json)"] if rest > 0 else []
    return "; ".join([*words[:MOST_SETS], *more])
