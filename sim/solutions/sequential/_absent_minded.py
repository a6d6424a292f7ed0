"""The best behaviour strategy of a lone actor that forgets.

Definition. Where only one actor has choices, its expected payoff is a polynomial in the probabilities at
its information sets. At a set that play passes at most once it is linear, so a sure action is best there.
At a set that play can pass several times mixing can be better than every plan: the actor cannot tell where
it is, so it cannot choose differently there (Piccione and Rubinstein 1997). The best strategy is the one
that is best to plan at the start.

Array convention. A polynomial in one probability is the list of its coefficients, from the constant on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import islice, product
from math import prod

import numpy as np

from sim._kernels.tolerance import RELATIVE
from sim.errors import NotDefinedError, TooLargeError
from sim.games.behaviour import Behaviour, values
from sim.games.recall import Forgetting
from sim.games.tree import CHANCE, END, Number, Tree
from sim.results import Solution
from sim.solutions.sequential._tree_outcomes import EndNames, member_of

CHOICES = 20_000
"""The most combinations of sure actions that are tried."""
DEGREE = 200
"""Times that play may pass one information set: the degree of the polynomial whose roots are isolated."""

Polynomial = tuple[Fraction, ...]


def best_behaviour(tree: Tree, forgotten: Sequence[Forgetting]) -> Solution:
    """The best behaviour strategy of a tree with exact payoffs in which one actor alone has choices.

    Raises
    ------
    NotDefinedError
        If several actors have choices, or play can pass several sets, or one with three and more
        actions, more than once.

    Notes
    -----
    Source: [piccione1997]_.

    Examples
    --------
    The absent-minded driver does best to go on with probability 2/3, worth 4/3.

    >>> from sim.games.recall import forgetting
    >>> from sim.games.files.tree import tree_game
    >>> from sim.scenario.sections.tree import TreeSection
    >>> driver = tree_game(TreeSection(actors=("a",), nodes={
    ...     "first": {"player": "a", "information": "road", "actions": {"exit": [0], "on": "second"}},
    ...     "second": {"player": "a", "information": "road", "actions": {"exit": [4], "on": [1]}}}))
    >>> best_behaviour(driver, forgetting(driver)).equilibria[0].extra["exact"]
    {'a': '4/3'}
    """
    repeated = _repeated(tree)
    _refuse(tree, forgotten, repeated)
    once = [h for h in range(len(tree.sets)) if h not in repeated]
    menus = [range(len(tree.sets[h].actions)) for h in once]
    cut = prod(map(len, menus)) > CHOICES
    found: dict[Behaviour, Number] = {}
    actor = tree.sets[0].actor
    for chosen in islice(product(*menus), CHOICES):
        for behaviour in _candidates(tree, dict(zip(once, chosen, strict=True)), repeated):
            found[behaviour] = values(tree, behaviour)[0][actor]
    top = max(found.values())
    best = [behaviour for behaviour, value in found.items() if value == top]
    labels = EndNames(tree)
    name = tree.actors[actor]
    note = f"{forgotten[0].sentence}; the best behaviour strategy to plan at the start"
    return Solution(
        concept="subgame_perfect",
        members=tuple(
            member_of(tree, b, regret=Fraction(0), labels=labels, extra={"exact": {name: str(top)}})
            for b in best
        ),
        status="limit reached" if cut else "complete",
        exhaustive=not cut,
        note=note if len(best) == 1 else f"{note}; {len(best)} are equally good",
    )


def _repeated(tree: Tree) -> list[int]:
    """Sets that play can pass more than once."""
    above: list[frozenset[int]] = [frozenset()] * len(tree.nodes)
    out: set[int] = set()
    for k, node in enumerate(tree.nodes):
        passed = above[k]
        if node.information >= 0:
            if node.information in passed:
                out.add(node.information)
            passed = passed | {node.information}
        for child in node.children:
            above[child] = passed
    return sorted(out)


def _refuse(tree: Tree, forgotten: Sequence[Forgetting], repeated: Sequence[int]) -> None:
    movers = {s.actor for s in tree.sets if len(s.actions) > 1}
    if len(movers) > 1:
        why = "equilibria in behaviour strategies need not exist then"
    elif len(repeated) > 1:
        why = "a best strategy is computed where play can pass one set several times, not several"
    elif repeated and len(tree.sets[repeated[0]].actions) > 2:
        why = "a best strategy is computed where a set passed several times has two actions"
    else:
        return
    raise NotDefinedError(
        f"subgame_perfect is computed for trees with perfect recall, and {forgotten[0].sentence}; {why}"
    )


def _candidates(tree: Tree, chosen: Mapping[int, int], repeated: Sequence[int]) -> list[Behaviour]:
    """Sure actions at sets passed once, with every probability at the other that can be best."""

    def behaviour(p: Fraction) -> Behaviour:
        rows = []
        for h, s in enumerate(tree.sets):
            if h in chosen:
                rows.append(tuple(Fraction(int(a == chosen[h])) for a in range(len(s.actions))))
            else:
                rows.append((1 - p, p) if len(s.actions) == 2 else (Fraction(1),))
        return tuple(rows)

    ends = [Fraction(0), Fraction(1)]
    if not repeated or len(tree.sets[repeated[0]].actions) == 1:
        return [behaviour(ends[1])]
    polynomial = _payoff(tree, chosen, repeated[0])
    return [behaviour(p) for p in [*ends, *_turning_points(polynomial)]]


def _payoff(tree: Tree, chosen: Mapping[int, int], place: int) -> Polynomial:
    """The payoff as a polynomial in the probability of the second action at one set."""
    out: list[Polynomial] = [()] * len(tree.nodes)
    actor = tree.sets[place].actor
    for k in reversed(range(len(tree.nodes))):
        node = tree.nodes[k]
        if node.mover == END:
            out[k] = (Fraction(node.amounts[actor]),)
        elif node.mover == CHANCE:
            parts = zip(node.amounts, (out[c] for c in node.children), strict=True)
            out[k] = _sum([_times((Fraction(p),), part) for p, part in parts])
        elif node.information == place:
            first, second = (out[c] for c in node.children)
            one, p = Fraction(1), (Fraction(0), Fraction(1))
            out[k] = _sum([_times((one, -one), first), _times(p, second)])
        else:
            out[k] = out[node.children[chosen[node.information]]]
    return out[0]


def _sum(parts: Sequence[Polynomial]) -> Polynomial:
    size = max(map(len, parts))
    padded = [(*part, *([Fraction(0)] * (size - len(part)))) for part in parts]
    return tuple(sum(column, Fraction(0)) for column in zip(*padded, strict=True))


def _times(one: Polynomial, other: Polynomial) -> Polynomial:
    out = [Fraction(0)] * (len(one) + len(other) - 1)
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            out[i + j] += a * b
    return tuple(out)


def _turning_points(polynomial: Polynomial) -> list[Fraction]:
    """Zeros of the derivative between 0 and 1; simple fractions where they are exact."""
    slope = [k * c for k, c in enumerate(polynomial)][1:]
    while slope and not slope[-1]:
        slope.pop()
    if len(slope) > DEGREE:
        raise TooLargeError(
            f"play can pass one information set {len(slope)} times, the limit is {DEGREE}"
        )
    if len(slope) < 2:
        return []
    scale = max(map(abs, slope))
    roots = np.roots([float(c / scale) for c in reversed(slope)])
    near = [Fraction(float(r.real)) for r in roots if abs(r.imag) < RELATIVE and 0 < r.real < 1]
    return [_exact_root(slope, root) for root in near]


def _exact_root(slope: Sequence[Fraction], root: Fraction) -> Fraction:
    for denominator in (100, 10_000, 1_000_000):
        simple = root.limit_denominator(denominator)
        if not sum((c * simple**k for k, c in enumerate(slope)), Fraction(0)):
            return simple
    return root
