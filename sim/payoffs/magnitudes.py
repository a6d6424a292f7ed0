"""What the payoffs of a dispute are added up from: the scale on which two of them tie.

Definition. The magnitude of an actor's payoff at an agreement under a stance profile is the sum of the
magnitudes of its terms (:mod:`sim.expressions.magnitude`), every parameter counted with the largest absolute
value that the file lets it take. It depends on no varied parameter, and on no other agreement or stance.

Array convention. Magnitudes have shape ``(agreements or 1, profiles or 1, 1)``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.expressions import Expression
from sim.expressions.magnitude import Magnitude, magnitude
from sim.payoffs.quantities import Frame, Term
from sim.scenario import Scenario
from sim.scenario.derived import derived_order


def payoff_magnitudes(
    scenario: Scenario, frame: Frame, terms_of: Mapping[str, Sequence[Term]]
) -> dict[str, FloatArray]:
    """Per actor the magnitude of its payoff everywhere."""
    env = magnitudes_of_names(scenario, frame)
    return {actor: _total(terms, env) for actor, terms in terms_of.items()}


def expression_magnitude(scenario: Scenario, frame: Frame, expression: Expression) -> FloatArray:
    """The magnitude of one expression everywhere."""
    return magnitude(expression.tree, magnitudes_of_names(scenario, frame)).size


def magnitudes_of_names(scenario: Scenario, frame: Frame) -> dict[str, Magnitude]:
    """The magnitude of every name: parameters, attributes, derived ones, stances."""
    env = {
        name: Magnitude(value, np.abs(value))
        for name, value in frame.fixed.items()
        if name not in scenario.values
    }
    for path, value in scenario.values.items():
        record = scenario.document.parameters[path]
        ends = [value, record.value, *(record.range or ()), *(record.levels or ())]
        env[path] = Magnitude(np.asarray(value), np.asarray(max(map(abs, ends))), moving=True)
    for name in derived_order(scenario.document):
        env[name] = magnitude(scenario.document.attributes[name].tree, env)
    return env


def _total(terms: Sequence[Term], env: Mapping[str, Magnitude]) -> FloatArray:
    total = np.zeros((1, 1, 1))
    for term in terms:
        size = magnitude(term.expression.tree, env).size
        total = total + (size if term.mask is None else size * (term.mask != 0))
    return total
