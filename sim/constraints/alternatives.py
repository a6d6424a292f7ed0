"""What a constraint's slack is made of: the best of alternatives, each the lowest of expressions.

Definition. A slack is written once, as

    max over alternatives of  min over its members,

an alternative counting only where all its *conditions* are >= 0; one without members is worth ``+inf``, and
where none counts the slack is ``-inf``. A body that ratifies by the utility of its pivotal bloc, for one, has
an alternative per coalition: its members' utilities, on condition that it reaches the quota. Values, bounds
over boxes, polygons and thresholds all read this one definition; parameters that occur in several fields
of a constraint cancel in its members before any bound is taken.

Array convention. Values broadcast as numpy arrays do, batch axis last.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import ArrayLike

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.expressions import Expression

Quantities = Mapping[str, FloatArray]


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to meet a constraint.

    Parameters
    ----------
    members
        Expressions of which the lowest counts; ``+inf`` where there are none.
    conditions
        Expressions that must be >= 0 for the alternative to count.
    """

    members: tuple[Expression, ...] = ()
    conditions: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Legal:
    """What a constraint's fields must be for it to mean anything.

    Parameters
    ----------
    positive, not_negative
        Expressions that must be > 0, and >= 0.
    words
        The same as a sentence.
    """

    positive: tuple[Expression, ...] = ()
    not_negative: tuple[Expression, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Direct:
    """A slack that has too many alternatives to be written out.

    Parameters
    ----------
    quantities
        The expressions that it reads, by name.
    value
        From their values to the slack.
    direction
        Whether the slack rises (+1) or falls (-1) with a quantity; 0 or absent where neither, and then
        bounds need the quantity's value.
    """

    quantities: Mapping[str, Expression]
    value: Callable[[Quantities], FloatArray]
    direction: Mapping[str, int]


def best_alternative(
    alternatives: Sequence[Alternative], env: Mapping[str, ArrayLike]
) -> FloatArray:
    """The slack from values of all names.

    Examples
    --------
    >>> from sim.expressions import parse
    >>> ways = [Alternative((parse("x"), parse("y"))), Alternative((), (parse("x - 2"),))]
    >>> best_alternative(ways, {"x": [1.0, 2.0], "y": 0.5})
    array([0.5, inf])
    """
    values = [_value(a, env) for a in alternatives]
    return np.asarray(reduce(np.maximum, values))


def _value(alternative: Alternative, env: Mapping[str, ArrayLike]) -> FloatArray:
    lowest = reduce(np.minimum, [e.evaluate(env) for e in alternative.members], np.array(np.inf))
    for condition in alternative.conditions:
        lowest = np.where(condition.evaluate(env) >= 0, lowest, -np.inf)
    return np.asarray(lowest)


def is_legal(legal: Legal, env: Mapping[str, ArrayLike]) -> BoolArray:
    """Where the fields of a constraint mean something.

    Examples
    --------
    >>> from sim.expressions import parse
    >>> is_legal(Legal(positive=(parse("quota"),)), {"quota": [0.0, 0.5]})
    array([False,  True])
    """
    positive = [e.evaluate(env) > 0 for e in legal.positive]
    parts = positive + [e.evaluate(env) >= 0 for e in legal.not_negative]
    return np.asarray(reduce(np.logical_and, parts, np.array(True)))
