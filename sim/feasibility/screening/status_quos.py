"""What gains are measured against: the status quo under the stances that are equilibria there, as nodes.

Definition. As in :mod:`sim.feasibility.views`: every stance equilibrium of the status quo is a view of its
own. Profiles under which no principal's payoff differs are one view, under the first of them that is an
equilibrium. A screen writes out as many views as there can be at one point where nothing ties; a point with
more is left to the definitions.

Array convention. Nodes are numbers per point: they stand at the status quo.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from sim._kernels.tolerance import AnyArray
from sim.engine.emit import AGREEMENT
from sim.engine.graph import Graph
from sim.engine.numpy_run import needed
from sim.engine.operations import EXACT, EXPRESSION
from sim.payoffs import Dispute

Nodes = list[int]
MOST_CELLS = 400
"""Stance profiles times views of the status quo that a screen writes out; more are slow with numpy."""


@dataclass(frozen=True, slots=True, eq=False)
class StatusQuo:
    """One status quo.

    Parameters
    ----------
    present
        Whether there is one.
    profile
        The number of its stances.
    payoffs
        What each principal has there.
    """

    present: int
    profile: int
    payoffs: Mapping[str, int]


def at_status_quo(graph: Graph, nodes: Sequence[int]) -> Nodes:
    """Nodes at the first agreement, worked out there: what is multiplied by 0 there is gone.

    Examples
    --------
    >>> graph = Graph({AGREEMENT: 2})
    >>> signed = graph.constant([0.0, 1.0], (AGREEMENT,))
    >>> worth = graph.apply("mul", graph.theta(0), signed)
    >>> graph.scalar(at_status_quo(graph, [worth])[0])
    0.0
    """
    made: dict[int, int] = {}
    for n in needed(graph, nodes):
        node = graph[n]
        if AGREEMENT not in node.axes:
            made[n] = n
        elif node.op in EXACT or node.op.startswith(EXPRESSION):
            made[n] = graph.apply(node.op, *(made[k] for k in node.args))
        else:
            made[n] = graph.pick(n, AGREEMENT, 0)
    return [made[n] for n in nodes]


def status_quos(
    graph: Graph,
    possible: Sequence[int],
    payoffs: Mapping[str, Sequence[int]],
    most: int,
    profiles: Sequence[int],
) -> tuple[list[StatusQuo], int]:
    """The first status quos of a point, and where there are more.

    Parameters
    ----------
    graph
        Where the nodes are.
    possible
        Per profile whether it is an equilibrium.
    payoffs
        Per principal what it has under each profile.
    most
        How many are written out.
    profiles
        The numbers of the profiles.
    """
    numbers = [graph.constant(float(s)) for s in profiles]
    groups = groups_of(payoffs, len(possible))
    if len(set(groups)) == 1:
        first = _first(graph, possible, numbers)
        yes, no = (graph.constant(np.array(truth)) for truth in (True, False))
        return [StatusQuo(yes, first, {a: rows[0] for a, rows in payoffs.items()})], no
    new, before, total = _counted(graph, possible, groups)
    out = []
    for m in range(most):
        place = graph.constant(float(m))
        here = [
            graph.apply("and", n, graph.apply("eq", b, place)) if most > 1 else p
            for n, b, p in zip(new, before, possible, strict=True)
        ]
        own = {actor: _first(graph, here, rows) for actor, rows in payoffs.items()}
        present = graph.apply("gt", total, place) if m else graph.constant(np.array(True))
        out.append(StatusQuo(present, _first(graph, here, numbers), own))
    return out, graph.apply("gt", total, graph.constant(float(most)))


def groups_of(payoffs: Mapping[str, Sequence[int]], profiles: int) -> list[int]:
    """Per profile the first one under which every principal has the same."""
    keys = [tuple(rows[s] for rows in payoffs.values()) for s in range(profiles)]
    return [keys.index(key) for key in keys]


def _first(graph: Graph, here: Sequence[int], values: Sequence[int]) -> int:
    """The value of the first profile at which something is so; the last one's where it is nowhere so."""
    out = values[-1]
    for truth, value in zip(reversed(here[:-1]), reversed(values[:-1]), strict=True):
        out = graph.apply("where", truth, value, out)
    return out


def _counted(
    graph: Graph, possible: Sequence[int], groups: Sequence[int]
) -> tuple[Nodes, Nodes, int]:
    """Which profiles are the first of their group, how many are so before each, and how many at all."""
    one, zero = graph.constant(1.0), graph.constant(0.0)
    new, before, total = Nodes(), Nodes(), zero
    for s, here in enumerate(possible):
        same = [possible[k] for k in range(s) if groups[k] == groups[s]]
        if same:
            known = reduce(lambda a, b: graph.apply("or", a, b), same)
            here = graph.apply("and", here, graph.apply("not", known))
        new.append(here)
        before.append(total)
        total = graph.apply("add", total, graph.apply("where", here, one, zero))
    return new, before, total


def most_at_once(
    dispute: Dispute,
    groups: Sequence[int],
    payoffs: Mapping[str, Sequence[int]],
    settled: Mapping[str, Sequence[int]],
) -> int:
    """How many groups of profiles can be equilibria of the status quo at one point where nothing ties.

    A third party to which its stance makes no difference there may take any. One whose best stance depends
    on nobody else's has one. Equilibria of the others differ in the stances of two of them at least.

    Parameters
    ----------
    dispute
        The dispute.
    groups
        As :func:`groups_of` finds them.
    payoffs, settled
        Per third party that may choose what it has under each profile, and whether it keeps its stance.
    """
    sizes = dispute.scenario.document.stance_counts
    names = dispute.scenario.document.third_parties
    alone, mixed = list[int](), list[int]()
    for k, actor in enumerate(names):
        error = dispute.error(actor)[0, :, 0].reshape(sizes)
        if _varies(np.reshape(payoffs[actor], sizes), k) or _varies(error, k):
            keeps = np.reshape(settled[actor], sizes)
            others = [j for j in range(len(sizes)) if j != k]
            (mixed if any(_varies(keeps, j) for j in others) else alone).append(k)
    own = [sizes[k] for k in mixed]
    equilibria = int(np.prod(own)) // max(own, default=1)
    whole = _distinct(dispute, groups, alone)
    return min(whole, equilibria * _distinct(dispute, groups, [*alone, *mixed]))


def _varies(table: AnyArray, axis: int) -> bool:
    return bool((table != table.take([0], axis=axis)).any())


def _distinct(dispute: Dispute, groups: Sequence[int], parties: Sequence[int]) -> int:
    """The most groups among profiles that agree in the stances of some third parties."""
    found: dict[tuple[int, ...], set[int]] = {}
    for s, group in enumerate(groups):
        key = tuple(int(dispute.profiles[s, k]) for k in parties)
        found.setdefault(key, set()).add(group)
    return max(len(own) for own in found.values())
