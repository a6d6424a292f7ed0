"""Which numbers may reach a field of a constraint: those that are shares are shares, at every value.

A field that depends on parameters alone (through derived attributes or not) can be judged before any
agreement is built. It is evaluated at the values of the file, with each parameter at either end of its
range and at each of its levels, and at whatever value somebody sets. Fields that read agreements or
stances are judged once those exist (:mod:`sim.payoffs.fields`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from numpy.typing import ArrayLike

from sim._kernels.tolerance import FloatArray
from sim.constraints import Between, Constraint
from sim.expressions import Expression, Interval
from sim.scenario.derived import derived_order
from sim.scenario.document import Document
from sim.scenario.findings import Finding
from sim.scenario.structural import names_read, parameters_read


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a constraint that must lie between two numbers."""

    path: str
    expression: Expression
    legal: Between
    constraint: Constraint

    def refusal(self, value: float, where: str = "") -> str:
        """What is wrong with a value of the field."""
        return f"{value:.6g}{where} is not legal: it must be {self.legal.words}"


def fields_of(document: Document) -> Iterator[Field]:
    """The fields of all constraints that must lie between two numbers."""
    for one in document.constraints():
        for field, expression, legal in one.constraint.limits():
            yield Field(f"{one.path}.{field}", expression, legal, one.constraint)


@dataclass(frozen=True)
class Parametric:
    """What of a document depends on its parameters alone."""

    document: Document

    @cached_property
    def derived(self) -> tuple[str, ...]:
        """Derived attributes that read parameters alone, each after those that it reads."""
        known = set(self.document.parameters)
        for name in derived_order(self.document):
            if self.document.attributes[name].names <= known:
                known.add(name)
        return tuple(n for n in derived_order(self.document) if n in known)

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The fields of constraints that read parameters alone."""
        known = {*self.document.parameters, *self.derived}
        return tuple(f for f in fields_of(self.document) if f.expression.names <= known)

    def parameters_of(self, expression: Expression) -> frozenset[str]:
        """The parameters that an expression reads, directly or through derived attributes."""
        return parameters_read(self.document, expression)

    def evaluate(self, expression: Expression, values: Mapping[str, ArrayLike]) -> FloatArray:
        """An expression at values of the parameters, arrays of one shape or numbers."""
        env, read = dict(values), names_read(self.document, expression)
        for name in self.derived:
            if name in read:
                env[name] = self.document.attributes[name].evaluate(env)
        return expression.evaluate(env)

    def bounds(
        self, expression: Expression, values: Mapping[str, ArrayLike | Interval]
    ) -> Interval:
        """Bounds of an expression, an interval or numbers given for every parameter."""
        env = dict(values)
        for name in self.derived:
            env[name] = self.document.attributes[name].bounds(env)
        return expression.bounds(env)


def check_domains(document: Document) -> Iterator[Finding]:
    """Fields of constraints that leave the interval in which their type defines them."""
    parametric = Parametric(document)
    here = {path: p.value for path, p in document.parameters.items()}
    for field in parametric.fields:
        for where, values in _places(document, here, parametric.parameters_of(field.expression)):
            value = float(parametric.evaluate(field.expression, values))
            if not field.legal.holds(value):
                yield Finding(path=field.path, message=field.refusal(value, where))
                break


def _places(
    document: Document, here: Mapping[str, float], paths: Iterable[str]
) -> Iterator[tuple[str, Mapping[str, float]]]:
    """The values of the file and, parameter by parameter, the ends of its range and its levels."""
    yield "", here
    for path in sorted(paths):
        record = document.parameters[path]
        for value in dict.fromkeys((*(record.range or ()), *(record.levels or ()))):
            yield f" at {path}={value:g}", {**here, path: value}
