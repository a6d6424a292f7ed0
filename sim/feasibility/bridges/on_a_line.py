"""A dispute over one issue with ordered positions as a spatial game among its principals.

Definition. The positions of the issue are ordered by an attribute that differs in all of them. A
principal's ideal point is the position that it likes best, and it accepts the positions that it likes at
least as much as the status quo. That is a spatial game where every principal's payoff rises up to its ideal
point and falls beyond it (*single-peaked*): what it accepts is then an interval. Every principal has a veto,
all weigh the same, and the only one that offers, if there is one, sets the agenda. Payoffs of a spatial game
are distances from ideal points, not those of the file.

Array convention. Positions and payoffs along the order have shape ``(positions,)``.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.tolerance import RELATIVE, FloatArray
from sim.errors import NotDefinedError
from sim.feasibility.bridges.bargaining import signable
from sim.games.spatial import SpatialGame
from sim.scenario import Document, Scenario


def order_of(document: Document) -> str | None:
    """The attribute that orders the positions of the only issue; ``None`` where there is no such order.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> order_of(SimpleNamespace(issues={"delay": {"no": {}, "short": {"years": 4}, "long": {"years": 9}}}))
    'years'
    """
    if len(document.issues) != 1:
        return None
    (positions,) = document.issues.values()
    names = dict.fromkeys(name for attributes in positions.values() for name in attributes)
    for name in names:
        values = [attributes.get(name, 0.0) for attributes in positions.values()]
        if len(values) > 2 and len(set(values)) == len(values):
            return name
    return None


def line_of(scenario: Scenario) -> SpatialGame:
    """The spatial game of a dispute over one ordered issue, at its current values.

    Raises
    ------
    NotDefinedError
        If there is no such order, or a principal's payoff is not single-peaked along it.
    """
    document = scenario.document
    name = order_of(document)
    if name is None:
        raise NotDefinedError(
            f"{scenario.origin} is not a spatial game: it has several issues, or no attribute differs in all "
            "of at least three positions"
        )
    found = signable(scenario)
    values = found.space.attributes[name][found.agreements]
    order = np.argsort(values, kind="stable")
    start = float(values[0])
    line = values[order]
    accepts, ideals = [], []
    for actor, payoffs in zip(document.principals, found.payoffs, strict=True):
        peak = _peak(payoffs[order])
        if peak is None:
            raise NotDefinedError(
                f"{scenario.origin} is not a spatial game: the payoff of {actor} is not single-peaked along "
                f"'{name}'"
            )
        liked = line[payoffs[order] >= payoffs[0] - _slack(payoffs)]
        ideals.append(float(line[peak]))
        accepts.append((float(liked.min()), float(liked.max())))
    return SpatialGame(
        actors=document.principals,
        positions=np.array(ideals),
        status_quo=start,
        weights=np.ones(len(ideals)),
        accepts=np.array(accepts),
        veto=tuple(range(len(ideals))),
        setter=_setter(document),
        bounds=(float(line[0]), float(line[-1])),
        title=scenario.title,
    )


def _setter(document: Document) -> int | None:
    """The principal that makes the only offer of the game, by its place."""
    game = document.game
    if game is None:
        return None
    moves = [move for stage in game.stages for move in stage if move.kind in ("offer", "demand")]
    offering = {game.proposer} if game.proposer else {move.actor for move in moves}
    alone = next(iter(offering)) if len(offering) == 1 else None
    return document.principals.index(alone) if alone in document.principals else None


def _slack(payoffs: FloatArray) -> float:
    """Differences of payoffs that count as none."""
    return RELATIVE * float(np.abs(payoffs).max())


def _peak(payoffs: FloatArray) -> int | None:
    """Where payoffs that rise and then fall are highest; ``None`` where they do otherwise, or tie there.

    Examples
    --------
    >>> _peak(np.array([0.0, 2.0, 1.0])), _peak(np.array([1.0, 0.0, 2.0])), _peak(np.array([1.0, 1.0]))
    (1, None, None)
    """
    peak, steps = int(payoffs.argmax()), np.diff(payoffs)
    slack = _slack(payoffs)
    rises, falls = steps[:peak] > -slack, steps[peak:] < slack
    alone = (payoffs >= payoffs[peak] - slack).sum() == 1
    return peak if rises.all() and falls.all() and alone else None
