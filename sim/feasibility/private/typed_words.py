"""A dispute with types in plain sentences: ladder and prediction by type, beliefs, what not knowing costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from sim._kernels.percent import percent
from sim.feasibility.private.mediated_words import mediator_sentences
from sim.feasibility.private.signalled_outcome import LEAST, After, SignalledOutcome
from sim.results import Solution
from sim.scenario import TREATY

if TYPE_CHECKING:
    from sim.feasibility.private.by_type import KnownType, PrivateInformation, Span

SHOWN = 4
"""Equilibrium outcomes that are told in full."""
MATTERS = 0.0005
"""A loss below it, in units of payoff spread or as a chance, is told as none."""
DOES = {"separating": "separate", "pooling": "pool", "semi-separating": "separate in part"}


def sentences(found: PrivateInformation) -> tuple[str, ...]:
    """All that is told, one sentence or two each."""
    return (*_ladder(found), *_prediction(found), *_cost(found), *mediator_sentences(found))


def _ladder(found: PrivateInformation) -> Iterator[str]:
    chance = found.feasible
    if chance >= 1 - LEAST:
        yield "A treaty is feasible whatever the types are, if they are known."
    elif chance <= LEAST:
        yield "No treaty is feasible whatever the types are, even if they are known."
    else:
        such = f"With chance {percent(chance)} the types are such that a treaty is feasible"
        yield f"{such}, if they are known."
    for one in found.types:
        yield _known(one)


def _known(one: KnownType) -> str:
    """The ladder of one profile in a sentence."""
    verdict = one.verdict
    whose = f"{one.profile.label} ({percent(one.profile.chance)})" if one.profile.label else "known"
    if verdict.margin is None:
        return f"  {whose}: the file has no treaty."
    say = verdict.labelled.say
    state = {True: "feasible", False: "not feasible", None: "knife-edge"}[verdict.feasible]
    treaty = say(verdict.best_agreement or "")
    told = f"  {whose}: {state}, margin {verdict.margin:+.4g}; best treaty {treaty}"
    if verdict.binding is None:
        return f"{told}."
    b = verdict.binding
    actor = verdict.labelled.actor(b.actor)
    return f"{told}; tightest {actor}, {verdict.labelled.constraint(b.actor, b.constraint)} {b.slack:+.3g}."


def _prediction(found: PrivateInformation) -> Iterator[str]:
    if found.prediction is None:
        return
    outcomes, solution = found.prediction.outcomes, found.prediction.solution
    if not outcomes:
        yield f"No perfect Bayesian equilibrium was found: {solution.extent}, {solution.note}."
        return
    count = len(outcomes)
    many = "one perfect Bayesian equilibrium outcome"
    if count > 1:
        many = f"{count} perfect Bayesian equilibrium outcomes, ties kept"
    extent = "" if solution.exhaustive else f" ({solution.extent})"
    yield f"With types private the game has {many}{extent}:"
    for k, outcome in enumerate(outcomes[:SHOWN]):
        yield from _outcome(found, outcome, _number(k, outcome, solution) if count > 1 else "")
    if count > SHOWN:
        yield f"and {count - SHOWN} more ('sim solve', --json)."
    unsent = any(after.chance <= LEAST for one in outcomes for after in one.after)
    if count > 1 and unsent and all(one.member.extra.get("marks") is None for one in outcomes):
        yield "Refinements (intuitive, divine) are asked of one sender and one receiver only, so not here."


def _number(k: int, outcome: SignalledOutcome, solution: Solution) -> str:
    """Its place here, and in the answer of sim solve where that is another one."""
    there = next(n for n, member in enumerate(solution.members) if member is outcome.member)
    return f"{k + 1}. " if there == k else f"{k + 1} (#{there + 1} of sim solve). "


def _outcome(found: PrivateInformation, outcome: SignalledOutcome, mark: str) -> Iterator[str]:
    who = [
        f"{found.labelled.actor(actor)}'s types {DOES[kind]}"
        for actor, kind in outcome.kinds.items()
    ]
    lead = f"{'; '.join(who)}: " if who else ""
    tail = _refined(outcome) if len(found.prediction.outcomes) > 1 else ""  # type: ignore[union-attr]
    yield f"{mark}{lead}{_chances(outcome.classes)}{tail}."
    if len(outcome.by_type) > 1:
        for label, row in outcome.by_type.items():
            sent = _sent(outcome, found, label)
            yield f"  {label}: {_chances(row)}{sent}."
    for after in outcome.after:
        yield _after(found, after)
    if not outcome.after:
        yield from (f"  {words}." for words in _offers(found, outcome.offers))


def _refined(outcome: SignalledOutcome) -> str:
    """The refinements of signalling games that an outcome with a message off the path passes."""
    marks = outcome.member.extra.get("marks")
    if marks is None:
        return ""
    if all(after.chance > LEAST for after in outcome.after):
        return "; every message is sent, so no refinement turns on it"
    passed = f"it passes the refinement {' and '.join(marks)}"
    return f"; {passed}" if marks else "; it is neither intuitive nor divine"


def _chances(row: Mapping[str, float]) -> str:
    """Chances of outcome classes, a treaty first.

    Examples
    --------
    >>> _chances({"none": 0.25, "treaty": 0.75})
    'treaty 75 %, none 25 %'
    """
    order = sorted((name for name in row if row[name] > LEAST), key=lambda name: name != TREATY)
    return ", ".join(f"{name} {percent(row[name])}" for name in order)


def _sent(outcome: SignalledOutcome, found: PrivateInformation, label: str) -> str:
    """What the types of a profile send."""
    profile = next(one.profile for one in found.types if one.profile.label == label)
    words: list[str] = []
    for actor, rows in outcome.messages.items():
        row = rows.get(profile.types.get(actor, ""), {})
        mix = [m if p >= 1 - LEAST else f"{m} {percent(p)}" for m, p in row.items()]
        words.append(
            f"{found.labelled.actor(actor)} sends {', '.join(mix)}"
            if len(rows) > 1 or not words
            else ""
        )
    told = "; ".join(filter(None, words))
    return f"; {told}" if told else ""


def _after(found: PrivateInformation, after: After) -> str:
    """What a message makes others believe, and what they offer."""
    sent = percent(after.chance) if after.chance > LEAST else "never sent"
    parts = []
    if len(after.beliefs) > 0:
        believed = ", ".join(f"{name} {percent(p)}" for name, p in after.beliefs.items())
        parts.append(f"others believe {believed}{_as_well(after)}")
    parts += _offers(found, after.answers, after.accepted)
    return f"  After '{after.message}' ({sent}): {'; '.join(parts) or 'nothing changes'}."


def _as_well(after: After) -> str:
    """Which other beliefs bear the same strategies; of two types the first says it."""
    spans = list(after.believable.items())
    told = [
        f"{name} {percent(low)} to {percent(high)}"
        for name, (low, high) in spans[: 1 if len(spans) == 2 else None]
    ]
    return f" (or anything with {', '.join(told)})" if told else ""


def _offers(
    found: PrivateInformation,
    offers: Mapping[str, Mapping[str, float]],
    accepted: Mapping[str, Mapping[str, float]] | None = None,
) -> list[str]:
    """Who offers what, how often, and how often it is accepted where that is not always."""
    say, out = found.labelled.say, []
    for actor, row in offers.items():
        mix = [say(a) if p >= 1 - LEAST else f"{say(a)} {percent(p)}" for a, p in row.items()]
        taken = [(accepted or {}).get(actor, {}).get(a, 1.0) for a in row]
        mix = [
            words if p >= 1 - LEAST else f"{words} (accepted {percent(p)})"
            for words, p in zip(mix, taken, strict=True)
        ]
        out.append(f"{found.labelled.actor(actor)} offers {' or '.join(mix)}")
    return out


def _cost(found: PrivateInformation) -> Iterator[str]:
    """What the treaty and the principals lose because types are private."""
    before, after = found.known_treaty, found.treaty
    if before is None or after is None or len(found.types) < 2:
        return
    told = (
        f"With types known the chance of a treaty would be {_span(before)}, against {_span(after)}"
    )
    losses = []
    for actor in found.principals:
        loss = found.loss(actor)
        if loss is not None:
            losses.append(f"{found.labelled.actor(actor)} {_loss(loss)}")
    below = any(" -" in text for text in losses)
    gain = " (below 0: a gain)" if below else ""
    yield f"{told}. Private information costs, in units of payoff spread{gain}: {', '.join(losses)}."


def _span(span: Span) -> str:
    low, high = map(percent, span)
    return low if low == high else f"{low} to {high}"


def _loss(span: Span) -> str:
    """A loss; a gain is one below 0.

    Examples
    --------
    >>> _loss((0.1, 0.1)), _loss((-0.05, 0.2)), _loss((0.0, 0.0))
    ('0.1', '-0.05 to 0.2', 'nothing')
    """
    low, high = (0.0 if abs(x) < MATTERS else x for x in span)
    if low == high == 0:
        return "nothing"
    return f"{low:.3g}" if abs(high - low) < MATTERS else f"{low:.3g} to {high:.3g}"
