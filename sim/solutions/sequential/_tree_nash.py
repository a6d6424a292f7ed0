"""The Nash equilibria of a tree as behaviour strategies: the stages of which subgame perfection is built.

Method. One actor with a choice: its best plans. Two: all extreme equilibria of the reduced strategic form,
exactly; where that is large and payoffs add up to the same everywhere, one optimal pair by the sequence
form, which represents all (any two optimal strategies form an equilibrium of the same value). More
actors: the equilibria of the reduced strategic form that :func:`sim.solutions.strategic.mixed_nash` finds.
Sets that an actor's own plan never comes to are filled with a best action.

Array convention. Plain tuples of fractions, one per information set of the tree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import prod

import numpy as np

from sim._kernels.tolerance import AnyArray
from sim.errors import TooLargeError
from sim.games.behaviour import Behaviour, Chances, behaviour_of_mix, completed, ends_of, regret_in
from sim.games.reduced_form import Plan, plans_of, reduced_form
from sim.games.strategic import StrategicGame
from sim.games.tree import Tree
from sim.solutions.sequential._sequence_form import constant_sum
from sim.solutions.sequential._tree_large import stage_of_large
from sim.solutions.sequential._tree_stage import Mix, Stage, stage_of, sure
from sim.solutions.strategic.mixed.components import components
from sim.solutions.strategic.mixed.dominance import restrict, undominated
from sim.solutions.strategic.mixed.lemke_howson import lemke_howson
from sim.solutions.strategic.mixed.vertices import two_actor_extreme

PROFILES = 20_000
"""The largest reduced strategic form that is enumerated."""
ZERO_SUM_PROFILES = 400
"""From here on a constant-sum stage is solved by its sequence form."""
CELLS = 20_000
"""Work for stages with more than two actors, as ``cell_limit`` of ``mixed_nash``."""
VERTICES = 20_000
"""Vertices enumerated of the reduced form of one stage."""
NEAR = 1e-6
"""How far an exact equilibrium may lie from the floats that it stands for."""
HEAVY = 100
"""Payoffs of more than two actors above which a stage counts as costing much."""


def nash_of_tree(tree: Tree, *, every: bool = False) -> Stage:
    """The Nash equilibria of a tree with perfect recall and exact payoffs.

    Parameters
    ----------
    every
        Whether all sure actions are tried at sets that an actor's own plan leaves open, and not only
        a best one.

    Examples
    --------
    >>> from sim.games.files.tree import tree_game
    >>> from sim.scenario.sections.tree import TreeSection
    >>> entry = tree_game(TreeSection(actors=("a", "b"), nodes={
    ...     "in?": {"player": "a", "actions": {"out": [0, 2], "in": "reply"}},
    ...     "reply": {"player": "b", "actions": {"fight": [-1, -1], "share": [1, 1]}}}))
    >>> [[str(p) for chances in m for p in chances] for m in nash_of_tree(entry).members]
    [['1', '0', '1', '0'], ['1', '0', '1/2', '1/2'], ['0', '1', '0', '1']]
    """
    movers = sorted({s.actor for s in tree.sets if len(s.actions) > 1})
    if len(movers) <= 1 and all(len(s.nodes) == 1 for s in tree.sets) and len(tree.sets) == 1:
        return _single(tree)
    if not movers:
        return Stage(members=(completed(tree, {}),), exhaustive=True)
    try:
        plans = plans_of(tree)
    except TooLargeError:
        return stage_of_large(tree, movers)
    size = prod(map(len, plans))
    zero_sum = len(movers) == 2 and constant_sum(tree, (movers[0], movers[1]))
    if size > PROFILES or (zero_sum and size > ZERO_SUM_PROFILES):
        return stage_of_large(tree, movers)
    try:
        game = reduced_form(tree)
    except TooLargeError:
        return stage_of_large(tree, movers)
    if len(movers) <= 2:
        return _two_movers(tree, game, plans, movers, every)
    return _many_movers(tree, game, plans, every)


def _single(tree: Tree) -> Stage:
    """A single decision, perhaps after chance: every best action."""
    s = tree.sets[0]
    node = tree.nodes[s.nodes[0]]
    worth = [_sure_value(tree, child, s.actor) for child in node.children]
    best = [a for a, u in enumerate(worth) if u == max(worth)]
    members = tuple(
        (tuple(Fraction(int(a == chosen)) for a in range(len(worth))),) for chosen in best
    )
    alone = len(best) == 1
    return Stage(
        members=members, exhaustive=True, continuum=not alone, settled=alone, determined=alone
    )


def _sure_value(tree: Tree, start: int, actor: int) -> Fraction:
    """The expected payoff below a node under which only chance moves."""
    total, waiting = Fraction(0), [(start, Fraction(1))]
    while waiting:
        k, p = waiting.pop()
        node = tree.nodes[k]
        if not node.children:
            total += p * Fraction(node.amounts[actor])
        waiting += [(c, p * Fraction(q)) for c, q in zip(node.children, node.amounts, strict=False)]
    return total


def _two_movers(
    tree: Tree,
    game: StrategicGame,
    plans: Sequence[Sequence[Plan]],
    movers: Sequence[int],
    every: bool,
) -> Stage:
    assert game.exact is not None
    menus = undominated(game.exact)
    pair = [movers[0], movers[1] if len(movers) == 2 else (movers[0] + 1) % len(tree.actors)]
    table = restrict(game.exact, menus)
    groups: Sequence[Sequence[int]]
    mixes: Sequence[Sequence[Mix]]
    if len(tree.actors) == 1:
        best = np.flatnonzero(table[0] == table[0].max())
        mixes, pair = [(sure(table.shape[1], int(b)),) for b in best], [0]
        groups, wide, complete = [range(len(mixes))], len(best) > 1, True
    else:
        pair.sort()
        bimatrix = table[pair].reshape(2, *(table.shape[i + 1] for i in pair))
        found = two_actor_extreme(bimatrix, vertex_limit=VERTICES)
        pairs, complete = found.pairs, found.complete
        if not complete:
            pairs = tuple(dict.fromkeys([*pairs, *_pure_pairs(bimatrix)]))
            pairs = pairs or lemke_howson(bimatrix)
        spans = components(pairs) if complete else ()
        mixes, groups = pairs, [c.members for c in spans]
        wide = not complete or any(c.dimension > 0 for c in spans)
    knowns = [_known(tree, plans, menus, pair, own) for own in mixes]
    settled = complete and all(_one_outcome(tree, [knowns[k] for k in own]) for own in groups)
    stage = stage_of(tree, knowns, every, wide=wide, settled=settled, complete=complete)
    return replace(stage, heavy=game.payoffs.size > 100 * HEAVY)


def _known(
    tree: Tree,
    plans: Sequence[Sequence[Plan]],
    menus: Sequence[AnyArray],
    pair: Sequence[int],
    mixes: Sequence[Mix],
) -> dict[int, Chances]:
    """Mixtures of plans as probabilities at the sets that the plans come to."""
    known: dict[int, Chances] = {}
    for actor, menu in enumerate(menus):
        own = [plans[actor][int(k)] for k in menu]
        mix = mixes[list(pair).index(actor)] if actor in pair else [Fraction(1)]
        known |= behaviour_of_mix(tree, own, mix)
    return known


def _one_outcome(tree: Tree, knowns: Sequence[Mapping[int, Chances]]) -> bool:
    """Whether equilibria have the same probability of every end."""
    outcomes = [ends_of(tree, completed(tree, known)) for known in knowns]
    return all(outcome == outcomes[0] for outcome in outcomes)


def _pure_pairs(bimatrix: AnyArray) -> list[tuple[Mix, Mix]]:
    row, column = bimatrix
    m, n = row.shape
    both = (row == row.max(axis=0)) & (column == column.max(axis=1)[:, None])
    return [(sure(m, int(i)), sure(n, int(j))) for i, j in np.argwhere(both)[:100]]


def _many_movers(
    tree: Tree, game: StrategicGame, plans: Sequence[Sequence[Plan]], every: bool
) -> Stage:
    from sim.solutions.strategic.mixed_nash import mixed_nash

    solution = mixed_nash(game, cell_limit=CELLS)
    knowns = []
    for member in solution.equilibria:
        mixes = [
            tuple(Fraction(member.strategies[name].get(label, 0.0)) for label in labels)
            for name, labels in zip(game.actors, game.strategies, strict=True)
        ]
        exact = _of_mixes(tree, plans, _exact_pair(game, mixes))
        if regret_in(tree, completed(tree, exact)) == 0:
            knowns.append(exact)
            continue
        known = _of_mixes(tree, plans, mixes)
        near = _snapped(tree, completed(tree, known))
        knowns.append({h: near[h] for h in known})
    found = solution.exhaustive
    stage = stage_of(tree, knowns, every, wide=not found, settled=found, complete=found)
    note = "" if found else "stages with three and more actors: what was found is listed"
    limited = solution.status == "limit reached"
    return replace(stage, limited=limited, heavy=game.payoffs.size > HEAVY, note=note)


def _of_mixes(
    tree: Tree, plans: Sequence[Sequence[Plan]], mixes: Sequence[Mix]
) -> dict[int, Chances]:
    known: dict[int, Chances] = {}
    for own, mix in zip(plans, mixes, strict=True):
        known |= behaviour_of_mix(tree, own, mix)
    return known


def _exact_pair(game: StrategicGame, mixes: Sequence[Mix]) -> list[Mix]:
    """Mixtures from floats, exactly where no more than two actors mix: each makes the other indifferent."""
    assert game.exact is not None
    used = [[k for k, p in enumerate(mix) if p > 0] for mix in mixes]
    pair = [i for i, own in enumerate(used) if len(own) > 1]
    if len(pair) != 2:
        return list(mixes)
    table = game.exact[np.ix_(pair, *used)]
    table = table.reshape(2, *(len(used[i]) for i in pair))
    found = two_actor_extreme(table, vertex_limit=VERTICES).pairs
    held = [[mixes[i][k] for k in used[i]] for i in pair]
    away = [
        max(abs(p - q) for a, b in zip(two, held, strict=True) for p, q in zip(a, b, strict=True))
        for two in found
    ]
    if not away or min(away) > NEAR:
        return list(mixes)
    out = list(mixes)
    for i, own in zip(pair, found[away.index(min(away))], strict=True):
        chances = dict(zip(used[i], own, strict=True))
        out[i] = tuple(chances.get(k, Fraction(0)) for k in range(len(mixes[i])))
    return out


def _snapped(tree: Tree, behaviour: Behaviour) -> Behaviour:
    """Probabilities from floats at simple fractions where these are an exact equilibrium."""
    for denominator in (100, 10_000, 1_000_000):
        near = tuple(_near(chances, denominator) for chances in behaviour)
        if regret_in(tree, near) == 0:
            return near
    return tuple(_near(chances, 10**12) for chances in behaviour)


def _near(chances: Sequence[Fraction | float], denominator: int) -> tuple[Fraction, ...]:
    near = [Fraction(p).limit_denominator(denominator) for p in chances]
    return tuple(p / sum(near) for p in near)
