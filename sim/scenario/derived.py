"""Derived attributes of a document: the order in which each needs only earlier ones."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter

from sim.scenario.document import Document

Reads = tuple[tuple[str, frozenset[str]], ...]
"""Derived attributes in the order of the file, each with the names that it reads."""


def derived_order(document: Document) -> list[str]:
    """Derived attributes, each after those that it reads; otherwise in the order of the file.

    What stands in a circle, or reads what does, is left out.

    Examples
    --------
    >>> derived_order(Document(attributes={"share": "area / 2", "area": "land", "half": "share"}))
    ['area', 'share', 'half']
    """
    return [*_order(_reads(document))]


def circle_of(document: Document) -> list[str]:
    """Derived attributes that refer to one another in a circle, in the order of the file; mostly none.

    Examples
    --------
    >>> circle_of(Document(attributes={"a": "b", "b": "a + 1", "c": "a"}))
    ['a', 'b']
    """
    try:
        _sorter(_reads(document)).prepare()
    except CycleError as error:
        return [name for name in document.attributes if name in error.args[1]]
    return []


def _reads(document: Document) -> Reads:
    return tuple((name, expression.names) for name, expression in document.attributes.items())


@lru_cache(maxsize=32)
def _order(reads: Reads) -> tuple[str, ...]:
    """The order, which is asked for many times of a file."""
    sorter, known = _sorter(reads), [name for name, _ in reads]
    with suppress(CycleError):
        sorter.prepare()
    order: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=known.index)
        order += ready
        sorter.done(*ready)
    return tuple(order)


def _sorter(reads: Reads) -> TopologicalSorter[str]:
    known = [name for name, _ in reads]
    return TopologicalSorter({name: [n for n in known if n in names] for name, names in reads})
