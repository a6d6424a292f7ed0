"""Subgame perfect equilibria in pure strategies of trees with perfect information and chance.

Definition. Let ``E(n)`` be the set of plays that pure subgame perfect equilibria of the subgame at
node ``n`` lead to. At an end there is one. At chance, one play per choice of a play from every
child. Where actor ``i`` moves, the play ``v`` of child ``a`` is in ``E(n)`` exactly when

    u_i(v) >= max over children b != a of  min { u_i(w) : w in E(b) }

because every other child may be continued by the play that is worst for ``i``. Payoffs of a play are
expectations over chance, exact where the tree's are. Each play carries one equilibrium that supports
it, so that its regret can be computed from the original payoffs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, product

from sim._kernels.tolerance import RELATIVE
from sim.games.reduced_form import plan_label
from sim.games.tree import CHANCE, END, Amounts, Number, Tree, ends_reached
from sim.results import Solution, StrategyProfile
from sim.solutions.sequential._tree_outcomes import MOST_ENDS, EndNames

PLAY_LIMIT = 1_000
"""Plays kept at most."""
WORK_LIMIT = 5_000_000
"""Plays times nodes at most, which lowers the limit in large trees."""


@dataclass(frozen=True, slots=True, eq=False)
class Play:
    """An equilibrium of a subgame: what is chosen at its root, and one equilibrium per child."""

    payoffs: Amounts
    action: int = -1
    parts: tuple[Play, ...] = ()


def tree_equilibria(tree: Tree, play_limit: int = PLAY_LIMIT) -> Solution:
    """All plays of pure subgame perfect equilibria of a tree with perfect information."""
    limit = max(1, min(play_limit, WORK_LIMIT // len(tree.nodes)))
    plays, cut = equilibrium_plays(tree, limit)
    labels = EndNames(tree)
    members = tuple(_member(tree, play, labels) for play in plays)
    note = "" if len(members) == 1 else f"{len(members)} equilibrium plays; ties are kept"
    if cut:
        note = (
            f"{len(members)} equilibrium plays found, not all: more than {limit} tie in one subgame; "
            "break ties in the payoffs, or solve its subgames apart"
        )
    return Solution(
        concept="subgame_perfect",
        members=members,
        status="limit reached" if cut else "complete",
        exhaustive=not cut,
        parameters={"play_limit": play_limit},
        note=note,
    )


def equilibrium_plays(tree: Tree, limit: int) -> tuple[list[Play], bool]:
    """The plays at the root, and whether a subgame had more than ``limit`` of them.

    A subgame's list that is cut keeps each actor's worst play, so what the others are held to stays
    exact and every play that is left is one of an equilibrium.
    """
    slack = _slack(tree)
    found: list[list[Play]] = [[] for _ in tree.nodes]
    cut = False
    for k in reversed(range(len(tree.nodes))):
        node = tree.nodes[k]
        below = [found[child] for child in node.children]
        if node.mover == END:
            found[k] = [Play(node.amounts)]
            continue
        if node.mover == CHANCE:
            found[k], more = _mixtures(node.amounts, below, limit)
        else:
            found[k], more = _choices(node.mover, below, slack[node.mover], limit)
        cut |= more
        for child in node.children:
            found[child] = []
    return found[0], cut


def _slack(tree: Tree) -> list[Number]:
    """What counts as equal: nothing but equality for exact payoffs."""
    if tree.exact:
        return [Fraction(0)] * len(tree.actors)
    columns = zip(*(tree.nodes[k].amounts for k in tree.ends), strict=True)
    return [RELATIVE * (max(own) - min(own)) for own in columns]


def _worst(plays: Sequence[Play], actor: int) -> Play:
    return min(plays, key=lambda play: play.payoffs[actor])


def _choices(
    actor: int, below: Sequence[Sequence[Play]], slack: Number, limit: int
) -> tuple[list[Play], bool]:
    """The plays that an actor may choose, each with the worst continuation of what it gives up."""
    worst = [_worst(plays, actor) for plays in below]
    floors = [play.payoffs[actor] for play in worst]
    best = max(range(len(floors)), key=floors.__getitem__)
    second = max((f for k, f in enumerate(floors) if k != best), default=floors[best])
    kept = [
        Play(play.payoffs, a, (*worst[:a], play, *worst[a + 1 :]))
        for a, plays in enumerate(below)
        for play in plays
        if play.payoffs[actor] >= (second if a == best else floors[best]) - slack
    ]
    return _cut(kept, limit)


def _mixtures(
    chances: Amounts, below: Sequence[Sequence[Play]], limit: int
) -> tuple[list[Play], bool]:
    """One play per way to choose a play at every child that has a chance."""
    below = [plays if p else plays[:1] for p, plays in zip(chances, below, strict=True)]
    count = 1
    for plays in below:
        count *= len(plays)
    if count <= limit:
        return [_mixed(chances, parts) for parts in product(*below)], False
    actors = range(len(below[0][0].payoffs))
    extremes = [_mixed(chances, [_worst(plays, i) for plays in below]) for i in actors]
    some = [_mixed(chances, parts) for parts in islice(product(*below), limit)]
    return list({tuple(map(id, play.parts)): play for play in extremes + some}.values()), True


def _mixed(chances: Amounts, parts: Sequence[Play]) -> Play:
    columns = zip(*(play.payoffs for play in parts), strict=True)
    payoffs = tuple(
        sum((p * u for p, u in zip(chances, own, strict=True)), Fraction(0)) for own in columns
    )
    return Play(payoffs, -1, tuple(parts))


def _cut(plays: list[Play], limit: int) -> tuple[list[Play], bool]:
    if len(plays) <= limit + len(plays[0].payoffs):
        return plays, False
    extremes = [_worst(plays, i) for i in range(len(plays[0].payoffs))]
    return list({id(play): play for play in extremes + plays[:limit]}.values()), True


def choices_of(tree: Tree, play: Play) -> list[int]:
    """Per node the action that the play's equilibrium chooses there."""
    out = [-1] * len(tree.nodes)
    stack = [(0, play)]
    while stack:
        k, part = stack.pop()
        out[k] = part.action
        stack += list(zip(tree.nodes[k].children, part.parts, strict=True))
    return out


def tree_regret(tree: Tree, choices: Sequence[int]) -> Number:
    """The most that one actor gains in any subgame by other choices of its own, others' unchanged."""
    value: list[Amounts] = [()] * len(tree.nodes)
    best: list[Amounts] = [()] * len(tree.nodes)
    regret: Number = Fraction(0)
    for k in reversed(range(len(tree.nodes))):
        node = tree.nodes[k]
        if node.mover == END:
            value[k] = best[k] = node.amounts
            continue
        if node.mover == CHANCE:
            value[k] = _expected(node.amounts, [value[c] for c in node.children])
            best[k] = _expected(node.amounts, [best[c] for c in node.children])
        else:
            chosen, i = node.children[choices[k]], node.mover
            value[k] = value[chosen]
            top = max(best[c][i] for c in node.children)
            best[k] = (*best[chosen][:i], top, *best[chosen][i + 1 :])
        regret = max(regret, *(b - v for b, v in zip(best[k], value[k], strict=True)))
    return regret


def _expected(chances: Amounts, rows: Sequence[Amounts]) -> Amounts:
    return tuple(
        sum((p * u for p, u in zip(chances, own, strict=True)), Fraction(0))
        for own in zip(*rows, strict=True)
    )


def _member(tree: Tree, play: Play, labels: EndNames) -> StrategyProfile:
    choices = choices_of(tree, play)
    chances: dict[str, float] = {}
    for k, probability in ends_reached(tree, choices).items():
        chances[labels[k]] = chances.get(labels[k], 0.0) + float(probability)
    several = {"outcomes": chances} if 1 < len(chances) <= MOST_ENDS else {}
    return StrategyProfile(
        strategies=_strategies(tree, choices),
        payoffs={a: float(u) for a, u in zip(tree.actors, play.payoffs, strict=True)},
        regret=float(tree_regret(tree, choices)),
        outcome=next(iter(chances)) if len(chances) == 1 else None,
        extra={**several, "plan": _whole_plan(tree, choices)},
    )


def _strategies(tree: Tree, choices: Sequence[int]) -> dict[str, dict[str, float]]:
    """The whole plans in words, off the path too: what is threatened there is why the path is taken."""
    plans: list[list[tuple[int, int]]] = [[] for _ in tree.actors]
    for h, s in enumerate(tree.sets):
        plans[s.actor].append((h, choices[s.nodes[0]]))
    labels = [plan_label(tree, tuple(plan), alone=len(plan) == 1) for plan in plans]
    return {actor: {label: 1.0} for actor, label in zip(tree.actors, labels, strict=True)}


def _whole_plan(tree: Tree, choices: Sequence[int]) -> dict[str, dict[str, str]]:
    """The chosen action at every information set, by actor: the strategies in full."""
    out: dict[str, dict[str, str]] = {actor: {} for actor in tree.actors}
    for s in tree.sets:
        out[tree.actors[s.actor]][s.name] = s.actions[choices[s.nodes[0]]]
    return out
