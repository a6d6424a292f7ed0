r"""Beliefs under which a behaviour strategy profile is sequentially rational.

Definition. *Sequentially rational*: at every information set what its actor does from there on is best
given its beliefs there and what the others do. *Weak* perfect Bayesian equilibrium: beliefs follow from
Bayes' rule at sets that the profile comes to, and are free elsewhere (Mas-Colell, Whinston and Green 1995).
Perfect Bayesian equilibrium *without signalling what you do not know*: off the path too, nodes that need the
same deviations are weighed by the choices that were not deviations, nodes that need fewer deviations rule
out those that need more of the same, an actor that was at an earlier information set of its own updates
its beliefs there by Bayes' rule where these allow it, and information sets at which the same deviations
compete weigh them alike: whoever saw the same thing and knows no more believes the same (after Fudenberg
and Tirole 1991).

Method. All conditions at one set, and at the sets that follow it by its own choices, are linear in the
weights of its nodes. One exact linear program per set, or for all sets that weigh the same deviations,
therefore decides whether beliefs exist. In the
weak case deviations are whole plans; they are added one by one as they are found to be better.

Array convention. Plain tuples and mappings; all numbers fractions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from sim._kernels.exact_lp import maximiser
from sim.games.behaviour import chances_at
from sim.games.tree import END, Number
from sim.solutions.sequential._beliefs_off_path import (
    Setting,
    gain_of,
    normal,
    sets_alike,
    units_of,
)

PIVOTS = 2_000
"""Pivots of one exact program before it is left undecided."""
CUTS = 500
"""Better plans that may cut beliefs away at one set before it is left undecided."""

Weights = dict[int, Number]
Beliefs = dict[int, tuple[Number, ...]]


class Undecided(Exception):  # noqa: N818  (no error: a limit was reached)
    """A work limit was reached before a question was decided."""


def no_signalling_beliefs(setting: Setting) -> Beliefs | None:
    """Beliefs that make the profile a perfect Bayesian equilibrium; ``None`` where there are none.

    Raises
    ------
    Undecided
        Beyond the limit of pivots.
    """
    out: Beliefs = {}
    derived: dict[int, Weights] = {}
    shared: dict[int, Weights] = {}
    alike = sets_alike(setting)
    for h, s in enumerate(setting.tree.sets):
        weights = derived.get(h)
        if weights is None and h not in shared:
            found = _best_weights(setting, [d for d in alike[h] if d >= h and d not in derived])
            if found is None:
                return None
            shared |= found
        if weights is None:
            weights = shared[h]
        elif max(gain_of(setting, h, weights)) > 0:
            return None
        for d, below in _own_sets_below(setting, h, weights).items():
            if d not in derived and any(below.values()):
                derived[d] = below
        out[h] = normal(weights, s.nodes)
    return out


def _best_weights(setting: Setting, places: Sequence[int]) -> dict[int, Weights] | None:
    """Weights of the nodes of sets that are alike: one per class, and all conditions linear in them."""
    units = {h: units_of(setting, h) for h in places}
    count = len(units[places[0]])
    if count == 1:
        only = {h: own[0] for h, own in units.items()}
        return None if any(max(gain_of(setting, h, w)) > 0 for h, w in only.items()) else only
    rows, targets = conditions(setting, units)
    points = [point for target in targets if (point := most(rows, target)) is not None]
    if not points:
        return None
    mean = [sum(column, Fraction(0)) / len(points) for column in zip(*points, strict=True)]
    return {
        h: {k: w * unit[k] for w, unit in zip(mean, own, strict=True) for k in unit if w * unit[k]}
        for h, own in units.items()
    }


def conditions(
    setting: Setting, units: Mapping[int, Sequence[Weights]]
) -> tuple[list[list[Number]], list[list[Number]]]:
    """Of sets that are alike, per class: what must not be above 0, and what comes to each set."""
    rows: list[list[Number]] = []
    targets: list[list[Number]] = []
    for h in units:
        spread = [_own_sets_below(setting, h, unit) for unit in units[h]]
        below = [[part.get(d, {}) for part in spread] for d in sorted(set().union(*spread))]
        at = [(h, units[h]), *zip(sorted(set().union(*spread)), below, strict=True)]
        for d, parts in at:
            gains = [gain_of(setting, d, part) for part in parts]
            rows += [[gain[a] for gain in gains] for a in _actions(setting, d)]
            targets.append([sum(part.values(), Fraction(0)) for part in parts])
    return rows, targets


def _actions(setting: Setting, place: int) -> range:
    return range(len(setting.tree.sets[place].actions))


def most(rows: Sequence[Sequence[Number]], target: Sequence[Number]) -> tuple[Fraction, ...] | None:
    """Weights that add up to at most 1, keep every row at or below 0 and make the target largest.

    ``None`` where the target cannot be positive.
    """
    matrix = np.array([*rows, [Fraction(1)] * len(target)], dtype=object)
    bound = np.array([*[Fraction(0)] * len(rows), Fraction(1)], dtype=object)
    found = maximiser(matrix, bound, np.array(target, dtype=object), PIVOTS)
    if found is None:
        raise Undecided
    value, point = found
    return point if value > 0 else None


def _own_sets_below(
    setting: Setting, place: int, weights: Mapping[int, Number]
) -> dict[int, Weights]:
    """The actor's own later sets, with the weights that those at a set bring there.

    Its own choices count as certain, so that it is asked what it believes after each of them.
    """
    tree = setting.tree
    actor = tree.sets[place].actor
    out: dict[int, Weights] = {}
    waiting = [(k, w) for k, w in weights.items() if w]
    while waiting:
        k, w = waiting.pop()
        node = tree.nodes[k]
        if node.mover == END:
            continue
        if node.mover == actor:
            if node.information != place:
                out.setdefault(node.information, {})[k] = w
            waiting += [(child, w) for child in node.children]
            continue
        chances = chances_at(tree, setting.behaviour, k)
        waiting += [(c, w * p) for c, p in zip(node.children, chances, strict=True) if p]
    return out


def weak_beliefs(setting: Setting) -> Beliefs | None:
    """Beliefs that make the profile a weak perfect Bayesian equilibrium; ``None`` where there are none.

    Raises
    ------
    Undecided
        Beyond the limits of pivots and plans.
    """
    out: Beliefs = {}
    for h, s in enumerate(setting.tree.sets):
        if setting.reached(h):
            weights = {k: setting.positive[k] for k in s.nodes if not setting.trembles[k]}
            if any(better_plan(setting, h, weights)):
                return None
            out[h] = normal(weights, s.nodes)
            continue
        found = _free_weights(setting, h)
        if found is None:
            return None
        out[h] = found
    return out


def _free_weights(setting: Setting, place: int) -> tuple[Number, ...] | None:
    nodes = setting.tree.sets[place].nodes
    target = [Fraction(1)] * len(nodes)
    rows: list[list[Number]] = []
    for _ in range(CUTS):
        point = most(rows, target)
        if point is None:
            return None
        weights = dict(zip(nodes, point, strict=True))
        cut = better_plan(setting, place, weights)
        if not any(cut):
            return normal(weights, nodes)
        rows.append(cut)
    raise Undecided


def better_plan(setting: Setting, place: int, weights: Mapping[int, Number]) -> list[Number]:
    """Per node of a set the gain of the plan that is best from there on, all 0 where none gains."""
    s = setting.tree.sets[place]
    plan = _best_plan(setting, place, weights)
    gains = [_worth(setting, k, s.actor, plan) - _worth(setting, k, s.actor, {}) for k in s.nodes]
    total = sum(
        (weights.get(k, Fraction(0)) * g for k, g in zip(s.nodes, gains, strict=True)), Fraction(0)
    )
    return gains if total > 0 else [Fraction(0)] * len(gains)


def _best_plan(setting: Setting, place: int, weights: Mapping[int, Number]) -> dict[int, int]:
    """The actor's best action at a set and at its own sets after it, set by set from the last."""
    tree = setting.tree
    actor = tree.sets[place].actor
    below = {place: dict(weights), **_own_sets_below(setting, place, weights)}
    plan: dict[int, int] = {}
    for h in sorted(below, reverse=True):
        worth: list[Number] = [Fraction(0)] * len(tree.sets[h].actions)
        for k, w in below[h].items():
            for a, child in enumerate(tree.nodes[k].children):
                worth[a] += w * _worth(setting, child, actor, plan)
        plan[h] = max(range(len(worth)), key=worth.__getitem__)
    return plan


def _worth(setting: Setting, start: int, actor: int, plan: Mapping[int, int]) -> Number:
    """What an actor has from a node on when it follows a plan where that says something."""
    tree = setting.tree
    total: Any = Fraction(0)
    waiting: list[tuple[int, Number]] = [(start, Fraction(1))]
    while waiting:
        k, w = waiting.pop()
        node = tree.nodes[k]
        if node.mover == END:
            total += w * node.amounts[actor]
        elif node.mover == actor and node.information in plan:
            waiting.append((node.children[plan[node.information]], w))
        else:
            chances = chances_at(tree, setting.behaviour, k)
            waiting += [(c, w * p) for c, p in zip(node.children, chances, strict=True) if p]
    return total  # type: ignore[no-any-return]
