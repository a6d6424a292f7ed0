"""Perfect Bayesian and sequential equilibria of trees: candidates, beliefs, and what can be promised.

Method. Candidates are the subgame perfect equilibria that :mod:`sim.solutions.sequential._tree_subgames`
finds, with sets that plans leave open filled in every way, and the limit of agent quantal responses; for the
weak concept the Nash equilibria too. For each candidate beliefs are found or excluded exactly. Outcomes are
proved to be all where the subgame perfect outcomes are finitely many and each is either shown to be one
or has nothing behind it but the candidates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from sim.errors import TooLargeError
from sim.games.behaviour import Behaviour, memory_of
from sim.games.exact import in_fractions
from sim.games.tree import Tree
from sim.results import Solution, Status, StrategyProfile
from sim.solutions.sequential._belief_ranges import belief_ranges
from sim.solutions.sequential._beliefs_off_path import Setting, setting_of
from sim.solutions.sequential._play_off_path import ranges_of
from sim.solutions.sequential._rational_beliefs import Beliefs, Undecided, no_signalling_beliefs
from sim.solutions.sequential._signalling_refinements import (
    SignallingGame,
    marks_of,
    signalling_game,
)
from sim.solutions.sequential._tree_nash import nash_of_tree
from sim.solutions.sequential._tree_outcomes import (
    EndNames,
    Outcome,
    behaviour_words,
    belief_words,
    member_of,
    outcome_of,
)
from sim.solutions.sequential._tree_subgames import SubgameSearch, results_of, stage_regret

CANDIDATES = 400
"""The most candidates kept per outcome."""
FEWEST, WORK = 2, 40_000
"""Of these as many are examined as make ``WORK`` together with the nodes of the tree, and the outcomes."""
MOST_NODES = 1_500
"""Nodes of a tree up to which beliefs are proved."""
SHOWN = 40
"""The most equilibria kept per outcome."""
RANGES, RANGE_NODES = 12, 200
"""Trees up to this size are searched for ranges off the path."""

Finder = Callable[[Setting], Beliefs | None]


@dataclass(slots=True)
class FoundAssessments:
    """Assessments with one outcome."""

    members: list[tuple[Behaviour, Beliefs]] = field(default_factory=list)
    count: int = 0
    undecided: int = 0


def assessments_of(
    tree: Tree, concept: str, finder: Finder, *, weak: bool = False, **parameters: Any
) -> Solution:
    """The equilibria of a tree with perfect recall for which a finder of beliefs has an answer."""
    if len(tree.nodes) > MOST_NODES:
        raise TooLargeError(
            f"the tree has {len(tree.nodes):,} nodes and ends; {concept} examines up to "
            f"{MOST_NODES:,}; ask for subgame_perfect, or narrow the menus"
        )
    exact = in_fractions(tree)
    search = SubgameSearch(every=True, behind=CANDIDATES)
    memory = memory_of(exact)
    found: dict[Outcome, FoundAssessments] = {}
    for behaviour in _candidates(exact, search, weak):
        here = found.setdefault(outcome_of(exact, behaviour), FoundAssessments())
        try:
            beliefs = finder(setting_of(exact, behaviour, memory))
        except Undecided:
            here.undecided += 1
            continue
        if beliefs is not None:
            here.count += 1
            here.members.append((behaviour, beliefs))
    if not any(one.members for one in found.values()):
        _add_limit(exact, finder, found)
    game = signalling_game(exact)
    shown = [one for one in found.values() if one.members]
    members = [_member(exact, one, finder, game, k < RANGES) for k, one in enumerate(shown)]
    return _solution(concept, members, found, search, parameters)


def _candidates(tree: Tree, search: SubgameSearch, weak: bool) -> Iterator[Behaviour]:
    seen: set[Behaviour] = set()
    for behaviour in _all_candidates(tree, search, weak):
        if behaviour not in seen:
            seen.add(behaviour)
            yield behaviour


def _all_candidates(tree: Tree, search: SubgameSearch, weak: bool) -> Iterator[Behaviour]:
    results, _ = results_of(tree, search)
    room = max(FEWEST, WORK // (len(tree.nodes) * max(len(results), 1)))
    for result in results:
        if result.count > min(room, len(result.plans)):
            search.determined = False
            search.notes["not all equilibria behind an outcome were examined"] = None
        for plan in result.plans[:room]:
            yield plan.whole(len(tree.sets))
    if weak and tree.sets:
        stage = nash_of_tree(tree, every=True)
        search.take(stage)
        yield from stage.members


def _add_limit(tree: Tree, finder: Finder, found: dict[Outcome, FoundAssessments]) -> None:
    """The limit of agent quantal responses, where nothing else was found and the tree is small."""
    from sim.solutions.sequential.agent_quantal_response import proved_limit

    limit = proved_limit(tree)
    if limit is None:
        return
    behaviour = limit[0]
    beliefs = finder(setting_of(tree, behaviour))
    if beliefs is not None:
        found[outcome_of(tree, behaviour)] = FoundAssessments([(behaviour, beliefs)], 1)


def _mixing(member: tuple[Behaviour, Beliefs]) -> int:
    return sum(max(own) < 1 for own in member[0])


def _member(
    tree: Tree,
    found: FoundAssessments,
    finder: Finder,
    game: SignallingGame | None,
    with_ranges: bool,
) -> StrategyProfile:
    """The outcome with the equilibrium that mixes least."""
    ranked = sorted(found.members, key=_mixing)
    behaviour, beliefs = ranked[0]
    others = [
        {"behaviour": behaviour_words(tree, b), "beliefs": belief_words(tree, m)}
        for b, m in ranked[1:SHOWN]
    ]
    extra: dict[str, Any] = {
        "beliefs": belief_words(tree, beliefs),
        "equilibria": found.count,
        **({"others": others} if others else {}),
    }
    ranges = _ranges(tree, behaviour, finder) if with_ranges else {}
    if ranges:
        extra["ranges"] = ranges
    beliefs_too = (
        _belief_ranges(tree, behaviour) if with_ranges and finder is no_signalling_beliefs else {}
    )
    if beliefs_too:
        extra["belief_ranges"] = beliefs_too
    if game is not None:
        extra["marks"] = marks_of(tree, game, behaviour)
    regret = stage_regret(tree, behaviour) if tree.sets else Fraction(0)
    return member_of(tree, behaviour, regret=regret, labels=EndNames(tree), extra=extra)


def _ranges(
    tree: Tree, behaviour: Behaviour, finder: Finder
) -> dict[str, dict[str, dict[str, list[float]]]]:
    """By actor, information set off the path and action how far its probability can move."""
    memory = memory_of(tree)

    def passes(other: Behaviour) -> bool:
        try:
            return finder(setting_of(tree, other, memory)) is not None
        except Undecided:
            return False

    out: dict[str, dict[str, dict[str, list[float]]]] = {}
    if len(tree.nodes) > RANGE_NODES:
        return out
    for h, own in ranges_of(tree, behaviour, memory, passes).items():
        s = tree.sets[h]
        out.setdefault(tree.actors[s.actor], {})[s.name] = {
            s.actions[a]: [float(low), float(high)] for a, (low, high) in own.items()
        }
    return out


def _belief_ranges(tree: Tree, behaviour: Behaviour) -> dict[str, dict[str, list[float]]]:
    """By information set off the path and node how far what is believed of it can move."""
    if len(tree.nodes) > RANGE_NODES:
        return {}
    try:
        found = belief_ranges(setting_of(tree, behaviour))
    except Undecided:
        return {}
    return {
        tree.sets[h].name: {
            tree.nodes[k].name or f"node {k + 1}": [float(low), float(high)]
            for k, (low, high) in own.items()
        }
        for h, own in found.items()
    }


def _solution(
    concept: str,
    members: list[StrategyProfile],
    found: dict[Outcome, FoundAssessments],
    search: SubgameSearch,
    parameters: dict[str, Any],
) -> Solution:
    undecided = any(one.undecided and not one.members for one in found.values())
    excluded = any(not one.members for one in found.values())
    exhaustive = (
        search.exhaustive
        and search.settled
        and not search.limited
        and not undecided
        and (search.determined or not excluded)
    )
    count = "1 outcome" if len(members) == 1 else f"{len(members)} outcomes"
    notes = [count, *search.notes]
    if not exhaustive and not search.notes:
        notes.append("among extreme equilibria; there may be others")
    if undecided:
        notes.append("of some candidates it was left open whether beliefs exist")
    status: Status = "limit reached" if search.limited else "complete" if exhaustive else "partial"
    return Solution(
        concept=concept,
        members=tuple(members),
        status=status,
        exhaustive=exhaustive,
        parameters=parameters,
        note="; ".join(notes),
    )
