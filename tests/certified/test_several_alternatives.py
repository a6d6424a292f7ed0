"""Labels of a frontier where a constraint has several alternatives, against a definition in plain Python.

The constraints are of types that an installed package could add. Expected values are computed here, cell by
cell and point by point, from the numbers of the file: gains in units of the spread of an actor's payoffs,
the slack as the best alternative that counts.
"""

import random
from dataclasses import replace
from typing import Literal

import numpy as np
import pytest
import sim
from sim.certified import frontier
from sim.constraints.alternatives import Alternative
from sim.constraints.base import Constraint, Formula

TEXT = """
parameters: {rate: {value: 1, range: [0, 2]}, other: {value: 0.5, range: [0, 1]}}
issues: {deal: {none: {}, small: {signed: 1, size: 0.5}, large: {signed: 1, size: 1}}}
outcomes: {treaty: signed}
actors: {x: {role: principal}, y: {role: principal}}
payoffs: {x: {gain: 2*signed - size}, y: {gain: 3*signed - rate*size}}
domestic: {x: {law: {type: veto_player, utility: 0}}}
"""
SIZES = {"small": 0.5, "large": 1.0}


class TwoWays(Constraint):
    """The better of two ways; the second is open only where ``allowed`` is at least 0."""

    type: Literal["two_ways"] = "two_ways"
    first: Formula
    second: Formula
    allowed: Formula

    def alternatives(self) -> tuple[Alternative, ...]:
        """The first, and the second on its condition."""
        return Alternative((self.first,)), Alternative((self.second,), (self.allowed,))


class ManyWays(Constraint):
    """The best of nine ways, each the worse of two amounts."""

    type: Literal["many_ways"] = "many_ways"
    first: Formula
    second: Formula

    def alternatives(self) -> tuple[Alternative, ...]:
        """More pairs of members than are compared one by one."""
        way = Alternative((self.first, self.second))
        return (*(Alternative((self.formula(f"first - {k}"),)) for k in range(1, 9)), way)


def with_law(law):
    """The dispute under one law."""
    scenario = sim.loads(TEXT)
    document = scenario.document.model_copy(update={"domestic": {"x": {"law": law}}})
    return replace(scenario, document=document)


def parts_by_hand(rate, other, slack):
    """Per treaty its gains and its slack; an actor's payoffs spread over 1.5 and 2.5 at rate 1."""
    return {
        name: {
            "x.gain": (2 - size) / 1.5,
            "y.gain": (3 - rate * size) / 2.5,
            "x.law": slack(rate, other, size),
        }
        for name, size in SIZES.items()
    }


def check(law, slack, seed, labelled=0.9):
    """Every label at points of every box; how much of the decided area has both labels."""
    found = frontier(with_law(law), vary={"rate": None, "other": None}, tolerance=0.02)
    rng = random.Random(seed)
    area = {True: 0.0, False: 0.0}
    names, labels = found.labels["agreement"], found.labels["binding"]
    for k in np.flatnonzero(found.verdict <= 1):
        sure = found.agreement[k] >= 0 and found.binding[k] >= 0
        area[bool(sure)] += float(np.prod(found.hi[:, k] - found.lo[:, k]))
        for _ in range(3 if sure else 0):
            point = [
                rng.uniform(lo, hi) for lo, hi in zip(found.lo[:, k], found.hi[:, k], strict=True)
            ]
            parts = parts_by_hand(*point, slack)
            mine = parts[names[found.agreement[k]]]
            best = max(min(each.values()) for each in parts.values())
            assert min(mine.values()) >= best - 1e-9
            assert mine[labels[found.binding[k]]] <= min(mine.values()) + 1e-9
            assert (best >= -1e-9) if found.verdict[k] == 0 else (best <= 1e-9)
    assert area[True] >= labelled * sum(area.values())
    return found


def affine(rng, reads):
    """Coefficients of 1, rate, other and size, as numbers and as a formula."""
    numbers = [rng.randint(-2, 2) for _ in range(4)]
    if not reads:
        numbers[3] = 0
    names = ("1", "rate", "other", "size")
    return numbers, " + ".join(f"({c})*{n}" for c, n in zip(numbers, names, strict=True))


def value(numbers, rate, other, size):
    return sum(c * v for c, v in zip(numbers, (1, rate, other, size), strict=True))


@pytest.mark.parametrize("reads", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_labels_of_two_ways(seed, reads):
    rng = random.Random(10 * seed + reads)
    (one, first), (two, second), (open_, allowed) = (affine(rng, reads) for _ in range(3))

    def slack(*point):
        ways = [value(one, *point)]
        if value(open_, *point) >= 0:
            ways.append(value(two, *point))
        return max(ways)

    check(TwoWays(first=first, second=second, allowed=allowed), slack, seed)


def test_a_law_that_reads_no_agreement_needs_few_boxes():
    """The small deal is better for both whatever the law says, so its label is certain at once."""
    law = TwoWays(first="rate - 0.3", second="0.7 - other", allowed="1")
    found = check(law, lambda rate, other, size: max(rate - 0.3, 0.7 - other), 0, labelled=1.0)
    names = found.labels["agreement"]
    assert {names[k] for k in found.agreement[found.verdict <= 1]} == {"small"}
    assert len(found.verdict) < 200


@pytest.mark.parametrize("size", [0, 1])
def test_labels_of_many_ways(size):
    law = ManyWays(first="2*rate - 1", second=f"0.8 - other - {size}*size/2")

    def slack(rate, other, amount):
        first = 2 * rate - 1
        return max(first - 1, min(first, 0.8 - other - size * amount / 2))

    check(law, slack, size)
