"""What must hold in a file of a classical game: the names in its expressions exist.

The sections are frozen models; every expression in them, however deep, is found by walking them. It may
use the file's parameters, ``x`` and ``surplus`` where a surplus is split, and what types know of themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from sim.errors import suggest
from sim.expressions import Expression
from sim.scenario.document import CLASSICAL, Document
from sim.scenario.findings import Finding

SPLIT = "bargaining.split.utilities."
SPLIT_NAMES = frozenset({"x", "surplus"})


def classical_formulas(document: Document) -> Iterator[tuple[str, Expression]]:
    """Every expression of the classical sections of a document, with its path.

    Examples
    --------
    >>> document = Document(division={"actors": ["a", "b"], "items": {"land": {"a": "p", "b": 1}}})
    >>> [(path, formula.text) for path, formula in classical_formulas(document)]
    [('division.items.land.a', 'p'), ('division.items.land.b', '1')]
    """
    for section in (*CLASSICAL, "discretised"):
        yield from _expressions(getattr(document, section), section)


def check_classical(document: Document) -> Iterator[Finding]:
    """Names that the expressions of a classical game use and the file does not declare."""
    parameters = frozenset(document.parameters)
    knows = document.mechanism or document.screening or document.costly_signal
    private = knows.names if knows is not None else frozenset()
    for path, expression in classical_formulas(document):
        legal = parameters | (SPLIT_NAMES if path.startswith(SPLIT) else private)
        for name in sorted(expression.names - legal):
            yield Finding(
                path=path,
                message=f"unknown name '{name}'{suggest(name, legal)}",
                offset=expression.offset_of(name),
                name=name,
            )


def _expressions(node: Any, path: str) -> Iterator[tuple[str, Expression]]:
    if isinstance(node, Expression):
        yield path, node
        return
    inner: Mapping[Any, Any] = {}
    if isinstance(node, BaseModel):
        inner = {name: getattr(node, name) for name in type(node).model_fields}
    elif isinstance(node, Mapping):
        inner = node
    elif isinstance(node, tuple | list):
        inner = dict(enumerate(node))
    for key, child in inner.items():
        yield from _expressions(child, f"{path}.{key}")
