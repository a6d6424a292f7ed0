r"""Where types separate, pool or do a part of both, along one parameter of a dispute with types.

Definition. The *shape* of an equilibrium outcome is its kind with, by type, the messages that are sent and
the outcome classes that come of it; everything but the probabilities. A *stretch* is an interval in which
the set of shapes is the same.

*Certified.* Let one actor have two types and the parameter move nothing but their chances, affinely. Let
every other mover decide once, with nothing left to choose after it. Then an equilibrium's conditions are
these: a sender's are free of the prior; a receiver's bind its belief to an interval between beliefs at
which two of its options tie; and the prior is a mean of the beliefs after the messages that are sent. So
shapes change only where the prior passes such a belief. Those are finitely many and known, and one value
between each two decides the stretch. Elsewhere stretches are found from sampled values, their ends by
bisection: that is said.

Array convention. Plain tuples.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

import numpy as np

from sim.certified.regions.separation_record import Separation, Stretch
from sim.errors import UsageError
from sim.feasibility.private.along import (
    Shape,
    private_along,
    shapes_of,
    solved_at,
)
from sim.feasibility.private.signalled_outcome import Signalled
from sim.games.private.typed_outcomes import TypedGame
from sim.games.private.typed_tree import TypedTree, typed_tree
from sim.games.tree import END
from sim.scenario import Scenario, formulas
from sim.scenario.standing import unread
from sim.scenario.structural import parameters_read

SAMPLES = 33
"""Values that are looked at first where nothing says where shapes change."""
STEPS = 24
"""Halvings of an interval between two of them with different shapes: 2e-9 of the range is left."""
ENDS = 1e-9
"""Share of the range by which its ends are avoided, where a chance may be 0."""


def separation(scenario: Scenario, path: str, ends: Sequence[float] | None = None) -> Separation:
    """Where types separate, pool or do a part of both, along one parameter.

    Parameters
    ----------
    scenario
        A dispute whose actors have types, with a game.
    path
        A parameter: a chance of a type, or any other that can be varied.
    ends
        Its range, or that of the file.

    Raises
    ------
    UsageError
        If the file has no types or no game, the parameter has no range, or every type sets it itself.
    """
    if not scenario.document.private or scenario.document.game is None:
        raise UsageError(f"{scenario.origin}: no game in which actors have types")
    span = scenario.range_of(path) if ends is None else (float(ends[0]), float(ends[1]))
    if span is None or not span[0] < span[1]:
        raise UsageError(f"{path}: a range is needed, {path}=LO:HI")
    low, high = span
    if words := unread(scenario.document, path, span):
        raise UsageError(words)
    why_not = _why_sampled(scenario, path)
    cuts: list[float] = []
    if not why_not:
        cuts, why_not = _beliefs_that_tie(scenario, path, low, high)
    if why_not:
        cuts = _bisected(scenario, path, low, high)
    edges = [low, *(x for x in sorted(set(cuts)) if low < x < high), high]
    middles = [(a + b) / 2 for a, b in pairwise(edges)]
    found = private_along(scenario, path, middles).found
    proved = not why_not and all(one.solution.exhaustive for one in found)
    return Separation(
        title=scenario.title,
        path=path,
        low=low,
        high=high,
        stretches=tuple(_merged(edges, found)),
        certified=proved,
        why_not=why_not
        or ("" if proved else "not all equilibria of a stretch are proved to be found"),
    )


def _merged(edges: Sequence[float], found: Sequence[Signalled]) -> Iterator[Stretch]:
    """Neighbours with the same shapes are one stretch; what stands for it is in its longest part."""
    start = 0
    shapes: list[frozenset[Shape]] = [shapes_of(one) for one in found]
    for k in range(1, len(found) + 1):
        if k == len(found) or shapes[k] != shapes[start]:
            widest = max(range(start, k), key=lambda j: edges[j + 1] - edges[j])
            yield Stretch(low=edges[start], high=edges[k], found=found[widest])
            start = k


def _why_sampled(scenario: Scenario, path: str) -> str:
    """Why more than the chances of two types moves; empty where nothing else does."""
    document = scenario.document
    typed = document.typed
    if document.prior or len(typed) != 1 or len(document.actors[typed[0]].types) != 2:
        return "more than two types"
    chances = {f"actors.{typed[0]}.types.{name}.chance" for name in document.actors[typed[0]].types}
    for where, formula, _ in formulas(document):
        if path in parameters_read(document, formula) and where not in chances:
            return f"{path} moves more than the chances of types"
    for one in document.actors[typed[0]].types.values():
        assert one.chance is not None
        if one.chance.affine(dict(scenario.values), frozenset({path})) is None:
            return f"the chances of types are not affine in {path}"
    return ""


def _beliefs_that_tie(
    scenario: Scenario, path: str, low: float, high: float
) -> tuple[list[float], str]:
    """Values at which the prior is a belief at which two options tie; or why they are not known."""
    actor = scenario.document.typed[0]
    second = list(scenario.document.actors[actor].types.values())[1].chance
    assert second is not None
    form = second.affine(dict(scenario.values), frozenset({path}))
    assert form is not None
    slope = float(form.coefficients.get(path, np.zeros(())))
    if slope == 0:
        return [], ""
    constant = float(form.constant)
    tried = np.linspace(low, high, SAMPLES)[1:-1]
    inside = [float(x) for x in tried if 0 < constant + slope * x < 1]
    if not inside:
        return [], ""
    (typed,) = TypedGame(scenario, [path]).at([{path: inside[0]}])
    beliefs = _ties(typed_tree(typed), actor)
    if beliefs is None:
        return [], "somebody else decides more than once"
    return [(belief - constant) / slope for belief in beliefs], ""


def _ties(whole: TypedTree, actor: str) -> list[float] | None:
    """Beliefs in the second type at which two options tie; ``None`` where a mover is not the last."""
    tree = whole.tree
    out = [0.0, 1.0]
    for s in tree.sets:
        if tree.actors[s.actor] == actor:
            continue
        nodes = {whole.profile_of[k]: tree.nodes[k] for k in s.nodes}
        for node in nodes.values():
            if any(tree.nodes[child].mover != END for child in node.children):
                return None
        if len(nodes) < 2:
            continue
        first, second = (
            [float(tree.nodes[c].amounts[s.actor]) for c in nodes[t].children] for t in (0, 1)
        )
        for a, b in combinations(range(len(s.actions)), 2):
            gap, other = first[a] - first[b], second[a] - second[b]
            if gap * other < 0:
                out.append(gap / (gap - other))
    return out


def _bisected(scenario: Scenario, path: str, low: float, high: float) -> list[float]:
    """Where shapes change between sampled values, narrowed by halving."""
    room = ENDS * (high - low)
    values = [float(x) for x in np.linspace(low + room, high - room, SAMPLES)]
    game = TypedGame(scenario, [path])
    shapes = [shapes_of(one) for one in solved_at(game, path, values)]
    out = []
    for k in range(len(values) - 1):
        if shapes[k] == shapes[k + 1]:
            continue
        a, b = values[k], values[k + 1]
        for _ in range(STEPS):
            middle = (a + b) / 2
            (one,) = solved_at(game, path, [middle])
            a, b = (middle, b) if shapes_of(one) == shapes[k] else (a, middle)
        out.append((a + b) / 2)
    return out
