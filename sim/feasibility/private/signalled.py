"""What a dispute with types leads to: its perfect Bayesian equilibrium outcomes, with messages and beliefs.

Definition. The prediction is the set of outcomes of perfect Bayesian equilibria (Bayes' rule off the path
too, as far as actors cannot signal what they do not know), of the tree in which chance draws the types.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from sim.feasibility.private.signalled_outcome import (
    LEAST,
    Chances,
    Play,
    Signalled,
    SignalledOutcome,
    kind_of,
)
from sim.feasibility.private.what_messages_do import (
    Path,
    messages_by_type,
    offers_on,
    senders,
    what_messages_do,
)
from sim.games.behaviour import reach
from sim.games.private.typed_outcomes import TypedOutcomes
from sim.games.private.typed_tree import TypedTree, typed_tree
from sim.results import StrategyProfile
from sim.scenario import NO_OUTCOME
from sim.solutions.sequential.perfect_bayesian import perfect_bayesian


def signalled(typed: TypedOutcomes, *, title: str = "") -> Signalled:
    """What a dispute with types leads to, at one point.

    Raises
    ------
    TooLargeError
        If what is left of the game is too large a tree.
    """
    whole = typed_tree(typed, title=title)
    solution = perfect_bayesian(whole.tree)
    found = [
        _outcome(whole, member)
        for member in solution.members
        if isinstance(member, StrategyProfile)
    ]
    order = sorted(range(len(found)), key=lambda k: -found[k].treaty)
    return Signalled(outcomes=tuple(found[k] for k in order), solution=solution)


def alone(typed: TypedOutcomes, profile: int) -> TypedOutcomes:
    """The same where everybody knows that one profile of types is the case."""
    one = slice(profile, profile + 1)
    return replace(
        typed,
        profiles=(replace(typed.profiles[profile], chance=1.0),),
        least=typed.least[..., one],
        most=typed.most[..., one],
        final=typed.final[..., one],
        in_force=typed.in_force[..., one],
        allowed=tuple(a[:, one] for a in typed.allowed),
        own=tuple(np.zeros(1, dtype=np.int64) for _ in typed.own),
    )


def behaviour_of(whole: TypedTree, member: StrategyProfile) -> tuple[tuple[float, ...], ...]:
    """The probabilities at every information set of an equilibrium."""
    words: Mapping[str, Any] = member.extra["behaviour"]
    tree = whole.tree
    return tuple(
        tuple(float(words[tree.actors[s.actor]][s.name].get(a, 0.0)) for a in s.actions)
        for s in tree.sets
    )


def _outcome(whole: TypedTree, member: StrategyProfile) -> SignalledOutcome:
    typed = whole.typed
    behaviour = behaviour_of(whole, member)
    reached = reach(whole.tree, behaviour)
    paths = [
        Path(leaf, t, float(reached[k])) for k, (leaf, t) in whole.leaves.items() if reached[k]
    ]
    by_type, payoffs = {}, {}
    for t, profile in enumerate(typed.profiles):
        own = [path for path in paths if path.profile == t]
        by_type[profile.label] = _classes(typed, own, profile.chance)
        payoffs[profile.label] = _payoffs(typed, own, profile.chance)
    weights = {profile.label: profile.chance for profile in typed.profiles}
    messages = messages_by_type(typed, paths)
    return SignalledOutcome(
        kinds={actor: kind_of(own) for actor, own in messages.items() if len(own) > 1},
        classes=_mean(by_type, weights),
        by_type=by_type,
        plays=_plays(typed, paths),
        messages=messages,
        offers=offers_on(typed, paths, 1.0),
        after=tuple(what_messages_do(whole, member, behaviour, paths)),
        payoffs=_mean(payoffs, weights),
        payoffs_by_type=payoffs,
        member=member,
    )


def _mean(rows: Mapping[str, Chances], weights: Chances) -> dict[str, float]:
    names = dict.fromkeys(name for row in rows.values() for name in row)
    return {n: sum(weights[t] * row.get(n, 0.0) for t, row in rows.items()) for n in names}


def _classes(typed: TypedOutcomes, paths: Sequence[Path], total: float) -> dict[str, float]:
    """The chance of every outcome class."""
    dispute = typed.game.dispute
    names = dispute.scenario.document.classes
    out = dict.fromkeys(names, 0.0)
    for path in paths:
        agreement, in_force = _agreement(typed, path)
        share = path.chance / total
        out[names[int(dispute.classes[agreement])]] += share * in_force
        out[names[int(dispute.classes[0])]] += share * (1 - in_force)
    return {name: value for name, value in out.items() if value > LEAST or name == NO_OUTCOME}


def _agreement(typed: TypedOutcomes, path: Path) -> tuple[int, float]:
    """The agreement at a leaf, and the probability that it is in force."""
    cell = (*path.leaf, path.profile)
    agreement = int(typed.game.leaf_agreement[path.leaf])
    return agreement, float(typed.in_force[cell]) if agreement else 1.0


def _plays(typed: TypedOutcomes, paths: Sequence[Path]) -> tuple[Play, ...]:
    """How the game ends, ways that end alike together."""
    space, who = typed.game.dispute.space, [*senders(typed)]
    out: dict[tuple[int, tuple[str, ...], int], float] = {}
    for path in paths:
        agreement, in_force = _agreement(typed, path)
        said = tuple(typed.game.axes[k].labels[path.leaf[k]] for k, _ in who)
        for number, share in ((agreement, in_force), (0, 1 - in_force)):
            if share > 0:
                key = (path.profile, said, number)
                out[key] = out.get(key, 0.0) + share * path.chance
    return tuple(
        Play(
            profile=typed.profiles[t].label,
            messages={actor: m for (_, actor), m in zip(who, said, strict=True)},
            agreement=space.label(number),
            chance=chance,
        )
        for (t, said, number), chance in sorted(out.items())
    )


def _payoffs(typed: TypedOutcomes, paths: Sequence[Path], total: float) -> dict[str, float]:
    out = dict.fromkeys(typed.actors, 0.0)
    for path in paths:
        cell = (*path.leaf, path.profile)
        for i, actor in enumerate(typed.actors):
            middle = float(typed.least[(i, *cell)] + typed.most[(i, *cell)]) / 2
            out[actor] += path.chance / total * middle
    return out
