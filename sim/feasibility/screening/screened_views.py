"""Cells of a screen: treaties under stance profiles, against some status quo.

Definition. A *view* says what gains are measured against, as in :mod:`sim.feasibility.views`. A *cell* is a
stance profile under a view; its *cap* is its lowest slack up to a rung.

Array convention. Nodes range over agreements. There is one per cell, the views of a profile side by side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from sim.engine.graph import Graph

Nodes = list[int]


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What gains are measured against, and the cells that count.

    Parameters
    ----------
    allowed
        Per profile which treaties count.
    quo, against
        Per principal what it has under the status quo by profile, and under which stances of it.
    present
        Whether there is such a view.
    rests
        Whether it counts only because third parties are committed to stances of theirs.
    """

    allowed: Nodes
    quo: Mapping[str, Nodes]
    against: Mapping[str, Nodes]
    present: int
    rests: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """Per cell its gains by principal, the lowest of them, whether it counts, and caps by rung."""

    gains: list[Nodes]
    lowest: Nodes
    allowed: Nodes
    caps: list[Nodes]


def beside(nodes: Sequence[Nodes]) -> Nodes:
    """Nodes by profile of several views, the views of a profile side by side.

    Examples
    --------
    >>> beside([[1, 2], [3, 4]])
    [1, 3, 2, 4]
    """
    return [n for at in zip(*nodes, strict=True) for n in at]


def best(graph: Graph, lowest: Nodes, cap: Nodes, allowed: Nodes) -> Nodes:
    """The best cells of every agreement; a cap that is the same under all stances comes last."""
    none = graph.constant(-np.inf)
    if len(set(cap)) > 1:
        capped = [graph.apply("min", x, c) for x, c in zip(lowest, cap, strict=True)]
        pairs = zip(allowed, capped, strict=True)
        return [graph.apply("where", a, x, none) for a, x in pairs]
    groups = grouped(graph, lowest, allowed)
    found = [graph.apply("where", a, x, none) for x, a in groups.items()]
    return [graph.apply("min", reduce(lambda a, b: graph.apply("max", a, b), found), cap[0])]


def grouped(graph: Graph, lowest: Nodes, allowed: Nodes) -> dict[int, int]:
    """Where each of some values counts, in one cell or another."""
    groups: dict[int, int] = {}
    for value, where in zip(lowest, allowed, strict=True):
        groups[value] = graph.apply("or", groups[value], where) if value in groups else where
    return groups
