"""Nodes of a graph in the order in which a text names them, however many lie one behind the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def depth_first(node: T, missing: Callable[[T], Sequence[T]]) -> Iterator[T]:
    """A node after everything that it rests on and that is not there yet; no recursion, which has a limit.

    Parameters
    ----------
    node
        The last one.
    missing
        What a node reads that is not there; whoever goes through these nodes puts each there, so that some
        come again when they are there already.

    Examples
    --------
    >>> reads, there = {3: [2, 1], 2: [1], 1: []}, set()
    >>> for n in depth_first(3, lambda n: [k for k in reads[n] if k not in there]):
    ...     there.add(n)
    >>> there == {1, 2, 3}
    True
    """
    todo = [node]
    while todo:
        more = missing(todo[-1])
        if more:
            todo += reversed(more)
        else:
            yield todo.pop()
