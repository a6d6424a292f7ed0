"""Derived attributes of a document: the order in which each needs only earlier ones."""

from __future__ import annotations

from contextlib import suppress
from graphlib import CycleError, TopologicalSorter

from sim.scenario.document import Document


def derived_order(document: Document) -> list[str]:
    """Derived attributes, each after those that it reads; otherwise in the order of the file.

    What stands in a circle, or reads what does, is left out.

    Examples
    --------
    >>> derived_order(Document(attributes={"share": "area / 2", "area": "land", "half": "share"}))
    ['area', 'share', 'half']
    """
    sorter, known = _sorter(document), list(document.attributes)
    with suppress(CycleError):
        sorter.prepare()
    order: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=known.index)
        order += ready
        sorter.done(*ready)
    return order


def circle_of(document: Document) -> list[str]:
    """Derived attributes that refer to one another in a circle, in the order of the file; mostly none.

    Examples
    --------
    >>> circle_of(Document(attributes={"a": "b", "b": "a + 1", "c": "a"}))
    ['a', 'b']
    """
    try:
        _sorter(document).prepare()
    except CycleError as error:
        return [name for name in document.attributes if name in error.args[1]]
    return []


def _sorter(document: Document) -> TopologicalSorter[str]:
    known = document.attributes
    return TopologicalSorter(
        {name: [n for n in known if n in expression.names] for name, expression in known.items()}
    )
