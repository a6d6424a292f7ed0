"""Claims on a conflict in graph form whose preferences follow from payoffs: a state is stable.

Definition. Over a box an actor *certainly* or *possibly* prefers one state to another. A state is certainly
stable where every possible improvement of every actor is certainly sanctioned, and not stable where a
certain one is not even possibly sanctioned (as in :mod:`sim.certified.games.stable_state`). Sanctions are
those of the concepts: :mod:`sim.solutions.conflict.gmr` and its neighbours.

Array convention. Preferences have shape ``(states, states, boxes)``: ``[s, t]`` says that ``t`` is better.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from sim._kernels.graph_model import joint_moves
from sim._kernels.tolerance import BoolArray
from sim.certified.bounds.conditions import Collector, Signs
from sim.certified.forms.form_claim import FormClaim
from sim.claims import Claim
from sim.errors import TooLargeError
from sim.games.conflict import Conflict, from_section
from sim.scenario import Scenario
from sim.scenario.sections.conflict import ConflictSection

MOST_STATES = 64
"""Largest number of states: pairs of them are compared, and reached sets composed, in every box."""


def conflict_claim(scenario: Scenario, varied: Sequence[str], claim: Claim) -> FormClaim:
    """The claim that a state of a conflict is stable for every actor.

    Raises
    ------
    UsageError
        If there is no such state.
    TooLargeError
        If there are too many states.
    """
    section = scenario.document.conflict
    assert section is not None
    conflict = from_section(section, scenario.values, title=scenario.title)
    state = conflict.state(claim.subject)
    if len(conflict.states) > MOST_STATES:
        raise TooLargeError(
            f"the conflict has {len(conflict.states)} states, the limit for certified stability is "
            f"{MOST_STATES}; merge states or rule some out (infeasible)"
        )
    made = Collector(varied, scenario.values)
    rows = [_rows(section, conflict, actor, made) for actor in conflict.actors]

    def decide(signs: Signs) -> tuple[BoolArray, BoolArray]:
        better = [_preferences(conflict, i, rows[i], signs) for i in range(len(rows))]
        return _stable(conflict, claim.kind, state, better)

    return FormClaim(made.conditions(), decide=decide)


def _rows(
    section: ConflictSection, conflict: Conflict, actor: str, made: Collector
) -> dict[tuple[int, int], int]:
    """Per pair of states the condition that the second is worth more; none where states are ranked."""
    if actor not in section.payoffs:
        return {}
    worth = [section.payoffs[actor][state] for state in conflict.states]
    pairs = combinations(range(len(worth)), 2)
    return {(s, t): made.difference(worth[t], worth[s]) for s, t in pairs}


def _preferences(
    conflict: Conflict, actor: int, rows: dict[tuple[int, int], int], signs: Signs
) -> tuple[BoolArray, BoolArray]:
    """Which states an actor certainly, and possibly, prefers to which."""
    size = len(conflict.states)
    if not rows:
        ranks = conflict.ranks[actor, :, 0]
        known = np.broadcast_to((ranks[None] > ranks[:, None])[..., None], (size, size, len(signs)))
        return known, known
    certain, possible = np.zeros((2, size, size, len(signs)), dtype=np.bool_)
    for (s, t), row in rows.items():
        lo, hi = signs.lo[row], signs.hi[row]
        certain[s, t], possible[s, t] = lo > 0, hi > 0
        certain[t, s], possible[t, s] = hi < 0, lo < 0
    return certain, possible


def _stable(
    conflict: Conflict, concept: str, state: int, better: Sequence[tuple[BoolArray, BoolArray]]
) -> tuple[BoolArray, BoolArray]:
    """Where a state is certainly, and possibly, stable for every actor."""
    size = better[0][0].shape[-1]
    certain, possible = np.ones((2, size), dtype=np.bool_)
    improving = [
        np.stack([moves[..., None] & b[k] for moves, b in zip(conflict.moves, better, strict=True)])
        for k in (0, 1)
    ]
    for i, (surely, maybe) in enumerate(better):
        tempting = conflict.moves[i, state][:, None]
        sanctioned = _sanctions(conflict, concept, i, state, ~maybe, improving[0])
        may_be = _sanctions(conflict, concept, i, state, ~surely, improving[1])
        certain &= ~(tempting & maybe[state] & ~sanctioned).any(axis=0)
        possible &= ~(tempting & surely[state] & ~may_be).any(axis=0)
    return certain, possible


def _sanctions(
    conflict: Conflict,
    concept: str,
    actor: int,
    state: int,
    harm: BoolArray,
    improving: BoolArray,
) -> BoolArray:
    """Per state that the actor may move to, whether the others' answers deter it, ``(states, boxes)``."""
    others = [k for k in range(len(conflict.actors)) if k != actor]
    size = harm.shape[-1]
    if concept == "gmcr_nash" or not others:
        return np.zeros((len(conflict.states), size), dtype=np.bool_)
    moves = improving if concept == "seq" else conflict.moves
    answers = joint_moves(moves, others)
    if answers.ndim == 2:
        answers = np.broadcast_to(answers[..., None], (*answers.shape, size))
    if concept == "smr":
        escapes = (~harm[state][None] & conflict.moves[actor][..., None]).any(axis=1)
        return np.asarray((answers & (harm[state] & ~escapes)[None]).any(axis=1))
    return np.asarray((answers & harm[state][None]).any(axis=1))
