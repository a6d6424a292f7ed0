"""What messages do in an equilibrium: who sends them, what is believed after them, and what is offered.

Definition. After a message that is sent beliefs follow from Bayes' rule. After another they are those of the
equilibrium at the first information set of somebody else that the message leads to; where nobody there has a
choice that beliefs could turn, none is told. Where whoever answers has types, what they offer is weighed by
their chances.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sim.feasibility.private.signalled_outcome import LEAST, After
from sim.games.private.typed_outcomes import TypedOutcomes
from sim.games.private.typed_tree import TypedTree
from sim.results import StrategyProfile


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """A leaf with its profile and its probability."""

    leaf: tuple[int, ...]
    profile: int
    chance: float


def senders(typed: TypedOutcomes) -> Iterator[tuple[int, str]]:
    """The axes on which messages are sent, and by whom."""
    for k, axis in enumerate(typed.game.axes):
        if axis.kind == "signal":
            yield k, axis.actor


def messages_by_type(
    typed: TypedOutcomes, paths: Sequence[Path]
) -> dict[str, dict[str, dict[str, float]]]:
    """Per sender and type the chance of every message that it sends."""
    out: dict[str, dict[str, dict[str, float]]] = {}
    for k, actor in senders(typed):
        labels = typed.game.axes[k].labels
        own = out.setdefault(actor, {})
        for path in paths:
            name = typed.profiles[path.profile].types.get(actor, "")
            row = own.setdefault(name, {})
            row[labels[path.leaf[k]]] = row.get(labels[path.leaf[k]], 0.0) + path.chance
        for name, row in own.items():
            total = sum(row.values())
            own[name] = {m: row[m] / total for m in labels if row.get(m, 0.0) / total > LEAST}
    return out


def what_messages_do(
    whole: TypedTree,
    member: StrategyProfile,
    behaviour: Sequence[Sequence[float]],
    paths: Sequence[Path],
) -> Iterator[After]:
    """What every message does, on the path by Bayes' rule, off it as the equilibrium has it."""
    typed = whole.typed
    for k, actor in senders(typed):
        for o, label in enumerate(typed.game.axes[k].labels):
            sent = [path for path in paths if path.leaf[k] == o]
            chance = sum(path.chance for path in sent)
            if chance > LEAST:
                beliefs = _weighed(typed, actor, [(p.profile, p.chance / chance) for p in sent])
                answers, accepted = offers_on(typed, sent, chance), _accepted(typed, sent)
            else:
                beliefs, answers = _off_path(whole, member, behaviour, k, o)
                accepted = {}
            yield After(
                sender=actor,
                message=label,
                chance=chance,
                beliefs=beliefs,
                answers=answers,
                accepted=accepted,
                believable={} if chance > LEAST else _believable(whole, member, k, o),
            )


def _weighed(
    typed: TypedOutcomes, actor: str, pairs: Sequence[tuple[int, float]]
) -> dict[str, float]:
    out: dict[str, float] = {}
    for t, p in pairs:
        name = typed.profiles[t].types.get(actor, "")
        if name:
            out[name] = out.get(name, 0.0) + p
    return out


def offers_on(
    typed: TypedOutcomes, sent: Sequence[Path], chance: float
) -> dict[str, dict[str, float]]:
    """What is offered or demanded on some paths, by whom and how often."""
    out: dict[str, dict[str, float]] = {}
    for k, axis in enumerate(typed.game.axes):
        if axis.kind in ("offer", "demand"):
            row = out.setdefault(axis.actor, {})
            for path in sent:
                label = axis.labels[path.leaf[k]]
                row[label] = row.get(label, 0.0) + path.chance / chance
    return out


def _accepted(typed: TypedOutcomes, sent: Sequence[Path]) -> dict[str, dict[str, float]]:
    """How often what is offered on some paths becomes what is agreed, where there is one offer."""
    axes = [k for k, axis in enumerate(typed.game.axes) if axis.kind in ("offer", "demand")]
    if len(axes) != 1 or typed.game.axes[axes[0]].kind != "offer":
        return {}
    (k,) = axes
    made: dict[str, float] = {}
    kept: dict[str, float] = {}
    for path in sent:
        label = typed.game.axes[k].labels[path.leaf[k]]
        agreed = typed.game.dispute.space.label(int(typed.game.leaf_agreement[path.leaf]))
        made[label] = made.get(label, 0.0) + path.chance
        kept[label] = kept.get(label, 0.0) + path.chance * (agreed == label)
    return {typed.game.axes[k].actor: {label: kept[label] / made[label] for label in made}}


def _off_path(
    whole: TypedTree,
    member: StrategyProfile,
    behaviour: Sequence[Sequence[float]],
    axis: int,
    option: int,
) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """What is believed and offered after a message that nobody sends, where it makes a difference."""
    typed, tree = whole.typed, whole.tree
    sender = typed.game.axes[axis].actor
    beliefs: dict[str, float] = {}
    answers: dict[str, dict[str, float]] = {}
    of_axis: dict[str, int] = {}
    for h, place in enumerate(whole.places):
        move = typed.game.axes[place.axis]
        if len(place.before) <= axis or place.before[axis] != option or move.actor == sender:
            continue
        held = member.extra.get("beliefs", {}).get(tree.sets[h].name)
        if held and not beliefs:
            pairs = zip(tree.sets[h].nodes, held.values(), strict=True)
            beliefs = _weighed(typed, sender, [(whole.profile_of[k], p) for k, p in pairs])
        if move.kind in ("offer", "demand") and of_axis.setdefault(move.actor, place.axis) == (
            place.axis
        ):
            row = answers.setdefault(move.actor, {})
            weight = sum(typed.profiles[whole.profile_of[k]].chance for k in tree.sets[h].nodes)
            for label, p in zip(tree.sets[h].actions, behaviour[h], strict=True):
                if p:
                    row[label] = row.get(label, 0.0) + weight * p
    answers = {actor: _shares(row) for actor, row in answers.items()}
    for k, move in enumerate(typed.game.axes):
        if move.kind in ("offer", "demand") and move.actor not in answers:
            only = _only_option(whole, k, axis, option)
            if only:
                answers[move.actor] = {only: 1.0}
    return beliefs, answers


def _believable(
    whole: TypedTree, member: StrategyProfile, axis: int, option: int
) -> dict[str, list[float]]:
    """How far what is believed after a message that nobody sends can move, by the sender's type."""
    sender = whole.typed.game.axes[axis].actor
    if sender not in whole.typed.profiles[0].types:
        return {}  # there is nothing to believe of an actor without types
    for h, place in enumerate(whole.places):
        mover = whole.typed.game.axes[place.axis].actor
        if len(place.before) <= axis or place.before[axis] != option or mover == sender:
            continue
        spans = member.extra.get("belief_ranges", {}).get(whole.tree.sets[h].name)
        if spans:
            nodes = {
                whole.tree.nodes[k].name or f"node {k + 1}": k for k in whole.tree.sets[h].nodes
            }
            of = {
                n: whole.typed.profiles[whole.profile_of[k]].types[sender] for n, k in nodes.items()
            }
            named = {of[n]: span for n, span in spans.items()}
            return named if len(named) == len(spans) else {}
    return {}


def _shares(row: dict[str, float]) -> dict[str, float]:
    total = sum(row.values())
    return {label: p / total for label, p in row.items()}


def _only_option(whole: TypedTree, axis: int, signal: int, option: int) -> str:
    """What is chosen on an axis after a message whatever else happens; empty where that is not one thing."""
    kept = whole.kept[axis]
    if kept.ndim - 2 <= signal:
        return ""
    rows = np.moveaxis(kept, signal, 0)[option].reshape(-1, *kept.shape[-2:])
    chosen = {int(o) for row in rows for o in np.flatnonzero(row.any(axis=-1))}
    return whole.typed.game.axes[axis].labels[chosen.pop()] if len(chosen) == 1 else ""
