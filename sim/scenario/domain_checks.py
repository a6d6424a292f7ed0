"""What must hold of the numbers of constraints: those that are shares are shares, at every value of the file.

A field that depends on parameters alone is evaluated at their values, and with each of them at either end of
its range.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sim.constraints import Constraint
from sim.expressions import Expression
from sim.scenario.document import Document
from sim.scenario.findings import Finding


def check_domains(document: Document) -> Iterator[Finding]:
    """Fields of constraints that leave the interval in which their type defines them."""
    for section in ("domestic", "abroad"):
        for actor, constraints in getattr(document, section).items():
            for name, constraint in constraints.items():
                yield from _of_constraint(document, constraint, f"{section}.{actor}.{name}")


def _of_constraint(document: Document, constraint: Constraint, path: str) -> Iterator[Finding]:
    for field, (lo, hi) in constraint.between.items():
        expression = getattr(constraint, field)
        if not expression.names <= set(document.parameters):
            continue
        for where, value in _values(document, expression):
            if not lo <= value <= hi:
                legal = f"at least {lo:g}" if hi == float("inf") else f"between {lo:g} and {hi:g}"
                message = f"{value:.6g}{where} is not legal: it must be {legal}"
                yield Finding(path=f"{path}.{field}", message=message)
                break


def _values(document: Document, expression: Expression) -> Iterator[tuple[str, float]]:
    """The expression's value at the values of the file and, parameter by parameter, at the ends of ranges."""
    here: Mapping[str, float] = {p: document.parameters[p].value for p in expression.names}
    yield "", float(expression.evaluate(here))
    for path in sorted(expression.names):
        for end in document.parameters[path].range or ():
            yield f" at {path}={end:g}", float(expression.evaluate({**here, path: end}))
