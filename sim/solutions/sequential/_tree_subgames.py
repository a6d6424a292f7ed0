"""Subgame perfect equilibria of trees with perfect recall, solved from the end.

Definition. A strategy profile is subgame perfect when it is a Nash equilibrium of every subgame (Selten
1975). Method: subgames are solved from the last to the first. A subgame is played with the subgames below
it replaced by the payoffs of one of their equilibria; every Nash equilibrium of what is left, together
with the equilibria put in place, is subgame perfect. All combinations are tried, within limits.

Array convention. A behaviour of a part of the tree is a mapping from the position of an information set to
probabilities.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice, product
from math import prod

from sim.games.behaviour import Behaviour, Chances, reach, regret_in, values
from sim.games.exact import in_fractions
from sim.games.subgames import Part, part_of, spans, subgame_roots
from sim.games.tree import END, Amounts, Tree
from sim.results import Solution, Status, StrategyProfile
from sim.solutions.sequential._tree_nash import nash_of_tree
from sim.solutions.sequential._tree_outcomes import (
    EndNames,
    Outcome,
    behaviour_words,
    end_key,
    gathered,
    member_of,
)
from sim.solutions.sequential._tree_stage import Stage

COMBINATIONS = 400
"""The most ways in which subgames are put in place of one another, per subgame."""
OUTCOMES, FEWEST, SIZE = 200, 8, 40_000
"""The most outcomes kept per subgame; in large trees as many as make ``SIZE`` with the nodes."""
BEHIND = 40
"""The most equilibria kept per outcome; the others are counted."""
LARGE_STAGES = 1
"""Stages too large to enumerate that a search tries before it ends."""
WORK = 200_000
"""Nodes walked over, for all equilibria of all stages, after which one combination per subgame is tried."""
HEAVY_STAGES = 40
"""After so many stages that met a work limit, or that cost much, the search ends."""


@dataclass(frozen=True, slots=True, eq=False)
class Plans:
    """A stage's own probabilities, by information set, and the plans of the subgames below it."""

    own: Mapping[int, Chances]
    parts: tuple[Plans, ...] = ()

    def whole(self, sets: int) -> Behaviour:
        """The behaviour at every information set of the tree."""
        out: list[Chances] = [()] * sets
        waiting = [self]
        while waiting:
            one = waiting.pop()
            for h, chances in one.own.items():
                out[h] = chances
            waiting += one.parts
        return tuple(out)


@dataclass(slots=True)
class Result:
    """Equilibria of a subgame with one outcome: payoffs, plans behind it, and how many there are."""

    outcome: Outcome
    payoffs: Amounts
    plans: list[Plans] = field(default_factory=list)
    count: int = 0


@dataclass(slots=True)
class SubgameSearch:
    """What is asked, and what the solution can promise, gathered over all stages.

    Parameters
    ----------
    every, behind
        Whether sets that plans leave open are filled in every way, and how many equilibria are kept per
        outcome.
    """

    every: bool = False
    behind: int = BEHIND
    exhaustive: bool = True
    limited: bool = False
    settled: bool = True
    determined: bool = True
    mixtures: bool = False
    notes: dict[str, None] = field(default_factory=dict)
    large: int = 0
    heavy: int = 0
    work: int = 0

    @property
    def spent(self) -> bool:
        """Whether the work limit is met."""
        return self.large > LARGE_STAGES or self.heavy > HEAVY_STAGES

    def take(self, stage: Stage) -> None:
        """Note what a stage leaves out."""
        self.exhaustive &= stage.exhaustive
        self.limited |= stage.limited
        self.settled &= stage.settled
        self.determined &= stage.determined
        self.large += stage.limited
        self.heavy += stage.heavy
        if stage.note:
            self.notes[stage.note] = None


def subgame_perfect_of_tree(tree: Tree) -> Solution:
    """The subgame perfect equilibria of a tree with perfect recall, grouped by outcome.

    Examples
    --------
    >>> from sim.games.files.tree import tree_game
    >>> from sim.scenario.sections.tree import TreeSection
    >>> tree = tree_game(TreeSection(actors=("a", "b"), nodes={
    ...     "in?": {"player": "a", "actions": {"out": [0, 2], "in": "reply"}},
    ...     "reply": {"player": "b", "actions": {"fight": [-1, -1], "share": [1, 1]}}}))
    >>> [member.payoffs for member in subgame_perfect_of_tree(tree).equilibria]
    [{'a': 1.0, 'b': 1.0}]
    """
    search = SubgameSearch()
    exact = in_fractions(tree)
    results, subgames = results_of(exact, search)
    if not results:
        results = _limit(exact, search)
    return solution_of(tree, results, search, subgames=subgames)


def _limit(tree: Tree, search: SubgameSearch) -> list[Result]:
    """The limit of agent quantal responses, where nothing else was found and the tree is small."""
    from sim.solutions.sequential.agent_quantal_response import proved_limit

    found = proved_limit(tree)
    if found is None:
        return []
    search.notes["one equilibrium: the limit of agent quantal responses"] = None
    plan = Plans(dict(enumerate(found[0])))
    return [Result((), values(tree, found[0])[0], [plan], 1)]


def results_of(tree: Tree, search: SubgameSearch) -> tuple[list[Result], int]:
    """The results at the root of a tree with exact payoffs, and the number of subgames."""
    if not tree.nodes[0].children:
        return [_nothing(tree)], 0
    roots, stop = subgame_roots(tree), spans(tree)
    solved: dict[int, list[Result]] = {}
    for root in reversed(roots):
        below: dict[int, list[Result]] = {}
        while solved and next(reversed(solved)) < stop[root]:
            k, results = solved.popitem()
            below[k] = results
        solved[root] = _solve(tree, root, below, search)
        if not solved[root]:
            return [], len(roots)
    return solved[0], len(roots)


def _nothing(tree: Tree) -> Result:
    key = end_key(tree, 0)
    return Result(((key, Fraction(1)),), tree.nodes[0].amounts, [Plans({})], 1)


def _solve(
    tree: Tree, root: int, below: Mapping[int, list[Result]], search: SubgameSearch
) -> list[Result]:
    """All equilibria of the subgame at ``root``, given those of the subgames below it."""
    part = part_of(tree, root, frozenset(below))
    found: dict[Outcome, Result] = {}
    room = max(FEWEST, min(OUTCOMES, SIZE // len(tree.nodes)))
    for choice in _combinations(below, search):
        if len(found) > room or search.spent or (found and search.work > WORK):
            search.exhaustive, search.limited = False, True
            search.notes["the work limit was met"] = None
            break
        played = part.with_values({k: r.payoffs for k, r in choice.items()})
        stage = nash_of_tree(played, every=search.every)
        search.take(stage)
        search.work += len(part.nodes) * (1 + len(stage.members))
        for member in stage.members:
            _add(tree, part, played, choice, member, found, search.behind)
        if root and not stage.settled and len(stage.members) > 1:
            search.mixtures = True
    return list(found.values())


def _combinations(
    below: Mapping[int, list[Result]], search: SubgameSearch
) -> Iterator[dict[int, Result]]:
    """One result for every subgame below, in all ways."""
    if prod(map(len, below.values())) > COMBINATIONS:
        search.exhaustive, search.limited = False, True
        search.notes[f"more than {COMBINATIONS} combinations of equilibria of subgames"] = None
    for chosen in islice(product(*below.values()), COMBINATIONS):
        yield dict(zip(below, chosen, strict=True))


def _add(
    tree: Tree,
    part: Part,
    played: Tree,
    choice: Mapping[int, Result],
    member: Behaviour,
    found: dict[Outcome, Result],
    behind: int,
) -> None:
    """Add a stage's equilibrium with what was put in place to the outcome that it has."""
    reached = reach(played, member)
    outcome = gathered(_ends(tree, part, choice, reached))
    here = found.get(outcome)
    if here is None:
        here = found[outcome] = Result(outcome, values(played, member)[0])
    own = dict(zip(part.sets, member, strict=True))
    rest = list(choice.values())
    here.count += prod(r.count for r in rest)
    room = behind - len(here.plans)
    here.plans += [
        Plans(own, parts) for parts in islice(product(*(r.plans for r in rest)), max(room, 0))
    ]


def _ends(
    tree: Tree, part: Part, choice: Mapping[int, Result], reached: Sequence[object]
) -> Iterator[tuple[object, object]]:
    for k, p in zip(part.nodes, reached, strict=True):
        if not p:
            continue
        if k in choice:
            yield from ((key, p * q) for key, q in choice[k].outcome)  # type: ignore[operator]
        elif tree.nodes[k].mover == END:
            yield end_key(tree, k), p


def solution_of(
    tree: Tree, results: Sequence[Result], search: SubgameSearch, *, subgames: int
) -> Solution:
    """The record: one member per outcome, with the number of equilibria behind it."""
    exact, labels = in_fractions(tree), EndNames(tree)
    members = []
    for result in results:
        plans = [plan.whole(len(exact.sets)) for plan in result.plans]
        words = [behaviour_words(exact, plan) for plan in plans[1:]]
        extra = {"equilibria": result.count, **({"others": words} if words else {})}
        regret = stage_regret(exact, plans[0])
        members.append(member_of(exact, plans[0], regret=regret, labels=labels, extra=extra))
    exhaustive = search.exhaustive and not search.mixtures
    status: Status = "limit reached" if search.limited else "complete" if exhaustive else "partial"
    return Solution(
        concept="subgame_perfect",
        members=tuple(members),
        status=status,
        exhaustive=exhaustive,
        parameters={"combinations": COMBINATIONS, "outcomes": OUTCOMES},
        note=_note(members, search, subgames),
    )


def stage_regret(tree: Tree, behaviour: Behaviour) -> Fraction:
    """The most that one actor gains in a subgame when those below it are played as the behaviour says.

    It is 0 exactly where the behaviour is subgame perfect.
    """
    now, stop = values(tree, behaviour), spans(tree)
    worst = Fraction(0)
    below: dict[int, Amounts] = {}
    for root in reversed(subgame_roots(tree)):
        inside: dict[int, Amounts] = {}
        while below and next(reversed(below)) < stop[root]:
            k, payoffs = below.popitem()
            inside[k] = payoffs
        part = part_of(tree, root, frozenset(inside))
        own = tuple(behaviour[h] for h in part.sets)
        worst = max(worst, Fraction(regret_in(part.with_values(inside), own)))
        below[root] = now[root]
    return worst


def _note(members: Sequence[StrategyProfile], search: SubgameSearch, subgames: int) -> str:
    count = "1 outcome" if len(members) == 1 else f"{len(members)} outcomes"
    starts = "no proper subgame" if subgames <= 1 else f"{subgames} subgames"
    notes = [f"{count}, {starts}", *search.notes]
    if search.mixtures:
        notes.append("mixtures of equilibria that tie in a subgame are not listed")
    return "; ".join(notes)
