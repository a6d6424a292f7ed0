"""What a mediator could do at best, in plain sentences with the conditions that cost most."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim._kernels.percent import percent
from sim.feasibility.private.signalled_outcome import LEAST

if TYPE_CHECKING:
    from sim.feasibility.private.by_type import PrivateInformation
    from sim.feasibility.private.mediated import BestMediation, Reason
    from sim.labels import Labels

NAMED = 3
"""Conditions that are named, the dearest first."""
UNIT = "the price is what the chance would rise by for each payoff spread of relief"


def mediator_sentences(found: PrivateInformation) -> Iterator[str]:
    """The most that a mediator could do, and why it is no more."""
    if found.mediated is None:
        return
    best = found.mediated.treaty
    if best is None:
        yield f"What a mediator could do is not told: {found.mediated.note}."
        return
    told = "With a mediator who learns nothing of the types but what is told, and who may draw lots among "
    told = f"{told}agreements, a treaty could be had with at most {percent(best.value)}"
    beside = []
    if found.treaty is not None:
        low, high = map(percent, found.treaty)
        beside.append(f"the game as written gives {low if low == high else f'{low} to {high}'}")
    if best.known is not None:
        beside.append(f"a mediator with types known to all {percent(best.known)}")
    yield f"{told}{'; ' if beside else ''}{', '.join(beside)}."
    yield from _why(best, found.labelled)


def _why(best: BestMediation, labelled: Labels) -> Iterator[str]:
    if best.value >= 1 - LEAST:
        return
    if not best.reasons:
        yield "  Neither lies nor refusals keep it from more, but what binds everybody."
        return
    words = [f"{_reason(one, labelled)} (price {one.price:.3g})" for one in best.reasons[:NAMED]]
    yield f"  What costs: {'; '.join(words)}; {UNIT}."


def _reason(one: Reason, labelled: Labels) -> str:
    who = labelled.actor(one.actor)
    if one.type:
        who = f"{who}, if {one.type},"
    if one.kind == "truth":
        return f"{who} would claim to be {one.said}"
    if one.kind == "participation":
        return f"{who} would rather refuse"
    return f"{who} would rather take another stance"
