r"""What a behaviour strategy profile leaves open: beliefs off its path, and what they are weighed by.

Definition. The probability of coming to a node is the product of the choices on the way. Let ``Z(x)`` be
the choices on the way to ``x`` that the profile never makes, and ``P(x)`` the product of all the others.
Where ``Z`` is empty for some node of an information set, beliefs follow from Bayes' rule. Otherwise what
is known is this: nodes with the same ``Z`` are to one another as their ``P``, whatever the trembles are,
because an actor's choice at an information set cannot depend on what it does not know; and a node that
needs more trembles than another, ``Z(x)`` strictly inside ``Z(y)``, is infinitely more likely. Nodes with
the same ``Z`` therefore form a *class* with one unknown weight, and only classes with a smallest ``Z``
count.

Array convention. Plain tuples; nodes by number, sets by position, all numbers fractions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sim.games.behaviour import Behaviour, Memory, chances_at, memory_of, values
from sim.games.tree import CHANCE, END, Number, Tree

Tremble = tuple[int, int]
"""An information set (or ``-1 - node`` at chance) and an action that is never taken there."""
Trembles = frozenset[Tremble]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Setting:
    """A tree with a behaviour strategy profile, and what follows from it.

    Parameters
    ----------
    trembles
        Per node ``Z``.
    positive
        Per node ``P``.
    gains
        Per information set, node and action: what its actor gains there by the action instead of what
        the profile does, given that play is at the node and goes on by the profile.
    classes
        Per information set the classes that count: their ``Z`` and the nodes in it.
    """

    tree: Tree
    behaviour: Behaviour
    memory: Memory
    trembles: tuple[Trembles, ...]
    positive: tuple[Number, ...]
    gains: tuple[tuple[tuple[Number, ...], ...], ...]
    classes: tuple[tuple[tuple[Trembles, tuple[int, ...]], ...], ...]

    def reached(self, place: int) -> bool:
        """Whether the profile comes to an information set."""
        return any(not self.trembles[k] for k in self.tree.sets[place].nodes)


def setting_of(tree: Tree, behaviour: Behaviour, memory: Memory | None = None) -> Setting:
    """What a behaviour strategy profile leaves open.

    Examples
    --------
    >>> from sim.games.files.tree import tree_game
    >>> from sim.scenario.sections.tree import TreeSection
    >>> tree = tree_game(TreeSection(actors=("a",), nodes={
    ...     "one": {"player": "a", "actions": {"l": [1], "r": [2]}}}))
    >>> setting_of(tree, ((Fraction(1), Fraction(0)),)).gains
    (((Fraction(0, 1), Fraction(1, 1)),),)
    """
    trembles: list[Trembles] = [frozenset()] * len(tree.nodes)
    positive: list[Number] = [Fraction(1)] * len(tree.nodes)
    for k, node in enumerate(tree.nodes):
        if node.mover == END:
            continue
        place = -1 - k if node.mover == CHANCE else node.information
        for a, (child, p) in enumerate(
            zip(node.children, chances_at(tree, behaviour, k), strict=True)
        ):
            trembles[child] = trembles[k] if p else trembles[k] | {(place, a)}
            positive[child] = positive[k] * p if p else positive[k]
    return Setting(
        tree=tree,
        behaviour=behaviour,
        memory=memory or memory_of(tree),
        trembles=tuple(trembles),
        positive=tuple(positive),
        gains=_gains(tree, behaviour),
        classes=tuple(_classes(s.nodes, trembles) for s in tree.sets),
    )


def _gains(tree: Tree, behaviour: Behaviour) -> tuple[tuple[tuple[Number, ...], ...], ...]:
    now = values(tree, behaviour)
    return tuple(
        tuple(
            tuple(now[child][s.actor] - now[k][s.actor] for child in tree.nodes[k].children)
            for k in s.nodes
        )
        for s in tree.sets
    )


def _classes(
    nodes: Sequence[int], trembles: Sequence[Trembles]
) -> tuple[tuple[Trembles, tuple[int, ...]], ...]:
    groups: dict[Trembles, list[int]] = {}
    for k in nodes:
        groups.setdefault(trembles[k], []).append(k)
    return tuple(
        (z, tuple(own)) for z, own in groups.items() if not any(other < z for other in groups)
    )


def sets_alike(setting: Setting) -> tuple[tuple[int, ...], ...]:
    """Per information set those at which the same deviations compete, itself included.

    Deviations that all classes of a set share are left out. What is left are weighed against one another by
    the trembles alone, whoever looks: so all these sets give them the same weights.
    """
    groups: dict[frozenset[Trembles], list[int]] = {}
    keys = [frozenset(_compared(own)) for own in setting.classes]
    for h, key in enumerate(keys):
        groups.setdefault(key, []).append(h)
    return tuple(tuple(groups[key]) if len(key) > 1 else (h,) for h, key in enumerate(keys))


def _compared(classes: Sequence[tuple[Trembles, tuple[int, ...]]]) -> list[Trembles]:
    """The deviations of every class of a set, less those that all share."""
    common = frozenset.intersection(*(z for z, _ in classes))
    return [z - common for z, _ in classes]


def units_of(setting: Setting, place: int) -> list[dict[int, Number]]:
    """Per class of a set what its nodes weigh, in an order that sets which are alike share."""
    pairs = zip(_compared(setting.classes[place]), setting.classes[place], strict=True)
    ordered = sorted(pairs, key=lambda pair: sorted(pair[0]))
    return [{k: setting.positive[k] for k in nodes} for _, (_, nodes) in ordered]


def normal(weights: Mapping[int, Number], nodes: Sequence[int]) -> tuple[Number, ...]:
    """Weights of the nodes of a set as probabilities."""
    total = sum(weights.get(k, Fraction(0)) for k in nodes)
    return tuple(weights.get(k, Fraction(0)) / total for k in nodes)


def gain_of(setting: Setting, place: int, weights: Mapping[int, Number]) -> list[Number]:
    """Per action of a set what it gains, weighed by the nodes."""
    rows = zip(setting.tree.sets[place].nodes, setting.gains[place], strict=True)
    total: list[Number] = [Fraction(0)] * len(setting.tree.sets[place].actions)
    for k, row in rows:
        w = weights.get(k)
        if w:
            total = [t + w * g for t, g in zip(total, row, strict=True)]
    return total
