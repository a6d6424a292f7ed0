"""What must hold of the fields of constraints at every agreement and under every stance.

Definition. A field with declared limits (a discount factor, a poll share, the weight of a ban) is evaluated
at every agreement that its constraint applies to, and where its clause is there, under every stance
profile: at the values of the file, and with each parameter that it reads at either end of its range and
at each of its levels. A share that is *estimated* by an expression may pass its limits at some agreements,
not at all of them. Of ``enforcement`` one thing more must hold: a temptation that is negative somewhere and
positive nowhere has the wrong sign.

Array convention. Values broadcast against ``(agreements, profiles, 1)``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.agreements import AgreementSpace
from sim.constraints import Constraint, Enforcement
from sim.expressions import Expression, Interval
from sim.payoffs.space import (
    derive,
    stance_attributes,
    stance_profiles,
)
from sim.scenario import Finding, Scenario
from sim.scenario.derived import derived_order
from sim.scenario.domain_checks import Field, Parametric, fields_of
from sim.scenario.structural import names_read, structural_parameters

WRONG_SIGN = (
    "'temptation' is what breaking the treaty gains at once (T - R), and here it lies between {lo:.6g} and "
    "{hi:.6g}, nowhere above 0; turn its sign"
)


def check_fields(scenario: Scenario, space: AgreementSpace, classes: IntArray) -> Iterator[Finding]:
    """Fields of constraints that are illegal at an agreement, at the current values or within ranges.

    Parameters
    ----------
    scenario
        A dispute.
    space, classes
        Its agreements and their outcome classes, shape ``(agreements,)``.
    """
    table = _Table(scenario, space, classes)
    parametric = {f.path for f in table.parametric.fields}
    for field in fields_of(scenario.document):
        if field.path not in parametric:
            yield from table.findings(field)
    yield from _wrong_signs(table)


@dataclass(frozen=True)
class _Table:
    """Values of all names at every agreement and under every stance."""

    scenario: Scenario
    space: AgreementSpace
    classes: IntArray

    @cached_property
    def parametric(self) -> Parametric:
        return Parametric(self.scenario.document)

    @cached_property
    def attributes(self) -> Mapping[str, FloatArray]:
        """Attributes of agreements and of stances."""
        document = self.scenario.document
        stances = stance_attributes(document, stance_profiles(document))
        given = {name: a[:, None, None] for name, a in self.space.attributes.items()}
        return given | {name: a[None, :, None] for name, a in stances.items()}

    def value(self, expression: Expression, moved: Mapping[str, float]) -> FloatArray:
        """An expression at the current values, some parameters moved."""
        read = names_read(self.scenario.document, expression)
        known: dict[str, FloatArray | float] = {**self.scenario.values, **moved, **self.attributes}
        env = derive(
            self.scenario.document, {name: known[name] for name in read if name in known}, read
        )
        return expression.evaluate(env)

    def counts(self, constraint: Constraint, moved: Mapping[str, float]) -> BoolArray:
        """Where a constraint applies and its clause, if it has one, is there."""
        names = self.scenario.document.classes
        wanted = [names.index(name) for name in constraint.applies_to if name in names]
        applies = np.isin(self.classes, wanted)[:, None, None]
        clause = getattr(constraint, "clause", None)
        return applies if clause is None else applies & (self.value(clause, moved) != 0)

    def findings(self, field: Field) -> Iterator[Finding]:
        """The first place at which a field is illegal."""
        for moved in self._places(field):
            own = self.value(field.expression, moved)
            mask, value = np.broadcast_arrays(self.counts(field.constraint, moved), own)
            bad = mask & ~field.legal.holds(value)
            if self._tolerated(field, mask, bad) or not bad.any():
                continue
            at = tuple(int(k) for k in np.argwhere(bad)[0])
            where = ", ".join([*self._labels(own, at), *(f"{p}={x:g}" for p, x in moved.items())])
            words = f" at {where}" if where else ""
            yield Finding(path=field.path, message=field.refusal(float(value[at]), words))
            return

    def _labels(self, value: FloatArray, at: Sequence[int]) -> Iterator[str]:
        """The agreement and the stances at a place, as far as a value depends on them."""
        if value.ndim == 3 and value.shape[0] > 1:
            yield f"agreement '{self.space.label(at[0])}'"
        if value.ndim == 3 and value.shape[1] > 1:
            document = self.scenario.document
            for actor, k in zip(
                document.third_parties, stance_profiles(document)[at[1]], strict=True
            ):
                yield f"{actor}={document.stances[actor][k]}"

    def _tolerated(self, field: Field, mask: BoolArray, bad: BoolArray) -> bool:
        """Whether the field is an estimate that is legal at some of the agreements it is about."""
        estimate = field.legal.estimated and field.expression.text not in self.attributes
        return estimate and bool((mask & ~bad).any())

    def _places(self, field: Field) -> Iterator[Mapping[str, float]]:
        """The current values, then each parameter that the field reads at its ends and levels."""
        yield {}
        document = self.scenario.document
        movable = self.parametric.parameters_of(field.expression) - structural_parameters(document)
        for path in sorted(movable):
            record = document.parameters[path]
            for value in dict.fromkeys((*(record.range or ()), *(record.levels or ()))):
                yield {path: value}


def _wrong_signs(table: _Table) -> Iterator[Finding]:
    """Temptations that are negative somewhere and positive nowhere in the ranges of the file."""
    for one in table.scenario.document.constraints():
        if isinstance(one.constraint, Enforcement):
            found = _span(table, one.constraint)
            if found is not None and found[0] < 0 and found[1] <= 0:
                message = WRONG_SIGN.format(lo=found[0], hi=found[1])
                yield Finding(path=f"{one.path}.temptation", message=message)


def _span(table: _Table, constraint: Enforcement) -> tuple[float, float] | None:
    """The lowest temptation at the current values, and a bound of the highest within all ranges."""
    mask = table.counts(constraint, {})
    lowest = table.value(constraint.temptation, {})
    if not mask.any() or not np.isfinite(lowest).all():
        return None
    values = table.scenario.values
    env: dict[str, ArrayLike | Interval] = {**values, **table.attributes}
    for path, record in table.scenario.document.parameters.items():
        if record.range is not None:
            here = values[path]
            lo, hi = min(record.range[0], here), max(record.range[1], here)
            env[path] = Interval(lo=np.asarray(lo), hi=np.asarray(hi))
    for name in derived_order(table.scenario.document):
        env[name] = table.scenario.document.attributes[name].bounds(env)
    low, high, where = np.broadcast_arrays(lowest, constraint.temptation.bounds(env).hi, mask)
    return float(low[where].min()), float(high[where].max())
