r"""Consistent beliefs, exactly: whether trembles exist that make an assessment a sequential equilibrium.

Definition. An assessment is *consistent* when it is the limit of completely mixed profiles with their
Bayesian beliefs (Kreps and Wilson 1982). That is so exactly when every choice ``a`` that is never made has
an order ``k(a) >= 1`` and a weight ``c(a) > 0`` such that, at every information set, the nodes believed
possible are those whose trembles have the smallest total order, and their beliefs are as the products of
the weights with the probabilities of the other choices (Kohlberg and Reny 1997).

Method. For each way to choose the classes believed possible, orders are a linear program. Given these,
sequential rationality is linear in the weights of classes, shared between sets that leave open the same
question. Last, weights of classes must be products of weights of choices: a linear system in logarithms,
whose solvability is decided in fractions, since every dependence among its rows says that a product of
rational numbers is 1. All that is accepted is proved. Where the weights found are no such products, the
question is left open rather than answered with no.

Array convention. Plain tuples and mappings; all numbers fractions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, islice, product
from math import lcm, prod
from typing import Any

from sim.games.tree import Number
from sim.solutions.sequential._beliefs_off_path import Setting, Trembles, gain_of, normal
from sim.solutions.sequential._rational_beliefs import Beliefs, Undecided, Weights, most

SUPPORTS = 2_000
"""The most ways to choose what is believed possible that are tried for one profile."""

Class = tuple[Trembles, tuple[int, ...]]
Support = tuple[Class, ...]


def consistent_beliefs(setting: Setting) -> Beliefs | None:
    """Beliefs that make the profile a sequential equilibrium; ``None`` where there are none.

    Raises
    ------
    Undecided
        Beyond the limit of supports, or where weights that are products were not found.
    """
    menus = [list(_possible(setting, h)) for h in range(len(setting.tree.sets))]
    if not all(menus):
        return None
    open_question = prod(map(len, menus)) > SUPPORTS
    for supports in islice(product(*menus), SUPPORTS):
        if not _ordered(setting, supports):
            continue
        weights = _weights(setting, supports)
        if weights is None:
            continue
        if _products(supports, weights):
            return _beliefs(setting, supports, weights)
        open_question = True
    if open_question:
        raise Undecided
    return None


def _possible(setting: Setting, place: int) -> Iterator[Support]:
    """The classes of a set that can be believed possible together, as far as the set itself says."""
    classes = setting.classes[place]
    for size in range(len(classes), 0, -1):
        for support in combinations(classes, size):
            units = [_unit(setting, nodes) for _, nodes in support]
            if _positive(_rows(setting, place, units), len(support)) is not None:
                yield support


def _unit(setting: Setting, nodes: Sequence[int]) -> Weights:
    return {k: setting.positive[k] for k in nodes}


def _rows(setting: Setting, place: int, units: Sequence[Weights]) -> list[list[Number]]:
    """Per action of a set what it gains at each class of unit weight."""
    gains = [gain_of(setting, place, unit) for unit in units]
    return [list(row) for row in zip(*gains, strict=True)]


def _positive(rows: Sequence[Sequence[Number]], size: int) -> tuple[Fraction, ...] | None:
    """Weights that are all positive and keep every row at or below 0."""
    zero, one = Fraction(0), Fraction(1)
    wide: list[list[Number]] = [[*row, zero] for row in rows]
    floor: list[list[Number]] = [
        [*(-one if j == k else zero for j in range(size)), one] for k in range(size)
    ]
    found = most([*wide, *floor], [*[zero] * size, one])
    return None if found is None else found[:size]


def _ordered(setting: Setting, supports: Sequence[Support]) -> bool:
    """Whether orders of trembles exist under which exactly the supports are believed possible."""
    rows: list[dict[Any, Fraction]] = []
    for place, support in enumerate(supports):
        classes = setting.classes[place]
        if len(classes) == 1:
            continue
        first = support[0][0]
        for z, _ in support[1:]:
            rows += [_difference(first, z, 0), _difference(z, first, 0)]
        chosen = {z for z, _ in support}
        rows += [_difference(first, z, 1) for z, _ in classes if z not in chosen]
    names = sorted({a for row in rows for a in row if a != "t"}, key=repr)
    if not names:
        return True
    place_of = {a: j for j, a in enumerate([*names, "t"])}
    matrix: list[list[Number]] = [[row.get(a, Fraction(0)) for a in place_of] for row in rows]
    matrix += [[Fraction(int(b == "t") - int(a == b)) for b in place_of] for a in names]
    return most(matrix, [*[Fraction(0)] * len(names), Fraction(1)]) is not None


def _difference(less: Trembles, more: Trembles, room: int) -> dict[Any, Fraction]:
    """The row that says ``order(less) + room * t <= order(more)``."""
    row: dict[Any, Fraction] = {}
    for a in less - more:
        row[a] = Fraction(1)
    for a in more - less:
        row[a] = Fraction(-1)
    return {**row, "t": Fraction(room)}


def _keys(support: Support) -> list[Trembles]:
    """Per class its trembles without those that all of the support share."""
    common = frozenset.intersection(*(z for z, _ in support))
    return [z - common for z, _ in support]


def _weights(setting: Setting, supports: Sequence[Support]) -> dict[Trembles, Number] | None:
    """Positive weights of classes under which the profile is sequentially rational."""
    names: dict[Trembles, int] = {}
    for support in supports:
        for key in _keys(support):
            names.setdefault(key, len(names))
    rows: list[list[Number]] = []
    for place, support in enumerate(supports):
        if len(support) == 1:
            continue
        units = [_unit(setting, nodes) for _, nodes in support]
        for row in _rows(setting, place, units):
            wide: list[Number] = [Fraction(0)] * len(names)
            for key, entry in zip(_keys(support), row, strict=True):
                wide[names[key]] += entry
            rows.append(wide)
    found = _positive(rows, len(names))
    return None if found is None else dict(zip(names, found, strict=True))


def _products(supports: Sequence[Support], weights: Mapping[Trembles, Number]) -> bool:
    """Whether the weights of classes are products of weights of choices, up to a factor per set."""
    known: list[tuple[dict[Any, Fraction], dict[int, Fraction]]] = []
    ratios: list[Fraction] = []
    for support in supports:
        keys = _keys(support)
        for key in keys[1:]:
            row = {a: Fraction(1) for a in key - keys[0]} | {a: Fraction(-1) for a in keys[0] - key}
            ratios.append(Fraction(weights[key] / weights[keys[0]]))
            if not _independent(row, {len(ratios) - 1: Fraction(1)}, known, ratios):
                return False
    return True


def _independent(
    row: dict[Any, Fraction],
    used: dict[int, Fraction],
    known: list[tuple[dict[Any, Fraction], dict[int, Fraction]]],
    ratios: Sequence[Fraction],
) -> bool:
    """Add a row to a system in logarithms; false where it contradicts those before."""
    for other, other_used in known:
        pivot = next(iter(other))
        factor = row.get(pivot, Fraction(0)) / other[pivot]
        if factor:
            row = _minus(row, other, factor)
            used = _minus(used, other_used, factor)
    if row:
        known.append((row, used))
        return True
    scale = lcm(*(n.denominator for n in used.values()))
    return prod((ratios[k] ** int(n * scale) for k, n in used.items()), start=Fraction(1)) == 1


def _minus(
    one: dict[Any, Fraction], other: Mapping[Any, Fraction], factor: Fraction
) -> dict[Any, Fraction]:
    out = dict(one)
    for key, entry in other.items():
        out[key] = out.get(key, Fraction(0)) - factor * entry
    return {key: entry for key, entry in out.items() if entry}


def _beliefs(
    setting: Setting, supports: Sequence[Support], weights: Mapping[Trembles, Number]
) -> Beliefs:
    out: Beliefs = {}
    for place, support in enumerate(supports):
        own: Weights = {}
        for key, (_, nodes) in zip(_keys(support), support, strict=True):
            own |= {k: weights[key] * setting.positive[k] for k in nodes}
        out[place] = normal(own, setting.tree.sets[place].nodes)
    return out
