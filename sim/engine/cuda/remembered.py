"""What one loop of a kernel remembers for the next: truths along the axis, a bit a place."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sim.engine.graph import Graph

WORTH = 8
"""Operations from which on a truth is remembered from one loop to the next: a bit a place."""


def shared_truths(graph: Graph, read: Sequence[Collection[int]]) -> list[list[int]]:
    """Per loop the truths that it computes along the axis and a later one would compute again.

    Only those that take ``WORTH`` operations or more; ``read`` are the nodes that the loops begin with.
    """
    made: list[set[int]] = []
    out: list[list[int]] = [[] for _ in read]
    for nodes in read:
        seen, stack = set[int](), [*nodes]
        while stack:
            n = stack.pop()
            if n in seen or not graph[n].axes or graph[n].op == "constant":
                continue
            seen.add(n)
            before = next((k for k, known in enumerate(made) if n in known), None)
            if before is not None and graph[n].truth and _is_dear(graph, n):
                out[before].append(n)
            else:
                stack += graph[n].args
        made.append(seen)
    return [list(dict.fromkeys(some)) for some in out]


def _is_dear(graph: Graph, node: int) -> bool:
    """Whether a node rests on ``WORTH`` operations along the axis or more."""
    seen, stack = set[int](), [node]
    while stack and len(seen) < WORTH:
        n = stack.pop()
        if n not in seen and graph[n].op != "constant":
            stack += graph[n].args
            if graph[n].axes:
                seen.add(n)
    return len(seen) >= WORTH
