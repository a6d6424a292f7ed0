"""Constraints as pieces: the best of alternatives, each the lowest of expressions.

Definition. A slack is written as ``max over alternatives of min over its members``, an alternative
counting only where all its *conditions* hold (an expression that is >= 0); an alternative without
members is worth ``+inf``. A body that ratifies by the utility of its pivotal bloc, for one, has an
alternative per coalition: its members' utilities, on condition that it reaches the quota. Members and
conditions are single expressions, so that parameters which occur in several quantities of a constraint
cancel before any bound is taken.

A type of constraint that has no entry in ``PIECES`` is bounded from its quantities alone, by the
direction in which its slack moves with each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from sim._kernels.tolerance import RELATIVE
from sim.constraints import (
    Consent,
    Constraint,
    Enforcement,
    LegalBan,
    PublicOpinion,
    Ratification,
    VetoPlayer,
)

MOST_BLOCS = 6


@dataclass(frozen=True, slots=True)
class Alternative:
    """Texts of the members and of the conditions of one alternative."""

    members: tuple[str, ...]
    conditions: tuple[str, ...] = ()


def pieces_of(constraint: Constraint) -> tuple[Alternative, ...]:
    """The alternatives of a constraint; none where its type has no pieces.

    Examples
    --------
    >>> pieces_of(PublicOpinion(support="x", threshold=0.5, scale=2))
    (Alternative(members=('((x) - (0.5)) / 2.0',), conditions=()),)
    """
    make = PIECES.get(type(constraint))
    return () if make is None else tuple(make(constraint))


def _absent(clause: str) -> Alternative:
    """Holds where a clause is not there: the slack is infinite."""
    return Alternative((), (f"(({clause}) == 0) - 0.5",))


def _consent(c: Consent) -> Sequence[Alternative]:
    return [_absent(c.clause.text), Alternative((f"({c.gain.text}) / {c.scale!r}",))]


def _enforcement(c: Enforcement) -> Sequence[Alternative]:
    balance = c.quantities()["balance"].text
    return [_absent(c.clause.text), Alternative((f"({balance}) / {c.scale!r}",))]


def _legal_ban(c: LegalBan) -> Sequence[Alternative]:
    hard = c.hard.text
    free = f"(({c.bans.text}) == 0 or ({c.exception.text}) != 0) - 0.5"
    return [
        Alternative((), (free,)),
        Alternative((), (f"-({hard})",)),
        Alternative((f"-({hard})",)),
    ]


def _public_opinion(c: PublicOpinion) -> Sequence[Alternative]:
    return [Alternative((f"(({c.support.text}) - ({c.threshold.text})) / {c.scale!r}",))]


def _veto_player(c: VetoPlayer) -> Sequence[Alternative]:
    return [Alternative((f"({c.utility.text}) / {c.scale!r}",))]


def _ratification(c: Ratification) -> Sequence[Alternative]:
    blocs = list(c.blocs.values())
    if len(blocs) > MOST_BLOCS:
        return []
    total = " + ".join(f"({b.seats.text})" for b in blocs)
    sets = [m for n in range(len(blocs) + 1) for m in combinations(blocs, n)]
    if c.measure == "share":
        return [_voting_yes(c, members, total) for members in sets]
    return [_coalition(c, members, total) for members in sets if members]


def _votes(members: Sequence[Any]) -> str:
    return " + ".join(f"({b.seats.text})" for b in members) or "0"


def _coalition(c: Ratification, members: Sequence[Any], total: str) -> Alternative:
    needed = f"({c.quota.text}) * ({total}) * {1 - RELATIVE!r}"
    utilities = tuple(f"({b.utility.text}) / {c.scale!r}" for b in members)
    return Alternative(utilities, (f"({_votes(members)}) - {needed}",))


def _voting_yes(c: Ratification, members: Sequence[Any], total: str) -> Alternative:
    share = f"({_votes(members)}) / ({total}) - ({c.quota.text})"
    return Alternative((share,), tuple(b.utility.text for b in members))


PIECES: dict[type[Constraint], Callable[[Any], Sequence[Alternative]]] = {
    Consent: _consent,
    Enforcement: _enforcement,
    LegalBan: _legal_ban,
    PublicOpinion: _public_opinion,
    Ratification: _ratification,
    VetoPlayer: _veto_player,
}
"""How each type of constraint falls into pieces."""
