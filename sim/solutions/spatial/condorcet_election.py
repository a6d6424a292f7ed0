r"""A probabilistic Condorcet election among positions (the forecast of the KTAB tradition).

Definition. The options are the positions of the actors. Actor ``k`` values option ``i`` at
``V_ki = 1 - d(x_k, x_i)``, where ``d`` is the distance in units of the scales, each dimension weighed
by the actor's salience and divided by the length of all weights. Against ``j``, option ``i`` has the
support ``C_ij``: the influence of all actors that prefer it, each in proportion to what it gains, or in
full (``binary``). It wins with ``P_ij = C_ij / (C_ij + C_ji)``. The chance that it is chosen:

* ``conditional``: proportional to ``prod_j P_ij``, the chance that it beats every other one;
* ``uniform``: the long run of a chain in which every other option challenges the one that stands with
  the same chance and wins with ``P``;
* ``incentive``: the same, challengers coming up in proportion to their support.

With risk attitudes actors see options through ``U = V + R V (1 - V)``: an actor whose own position has
a good chance, when all actors' positions stand for election, is bold (``R`` up to 1), one with none is
cautious (``R`` down to -1/2).

Array convention. Utilities have shape ``(actors, options)``, support and victories
``(options, options)``. Rounds of challenges after the first are left out: their replications, from the
same public inputs, disagree with one another and do not settle.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.tolerance import FloatArray, IntArray
from sim.games.spatial import SpatialGame
from sim.games.spatial_field import SpatialField, as_field
from sim.results import Division, Solution
from sim.solutions.options import Option

NO_SPREAD = 1e-12
"""Difference of chances below which nobody takes a risk."""


OPTIONS = (
    Option(
        name="process",
        kind="text",
        default="conditional",
        choices=("conditional", "uniform", "incentive"),
        meaning="How duels between options become chances.",
    ),
    Option(
        name="voting",
        kind="text",
        default="proportional",
        choices=("proportional", "binary"),
        meaning="Whether actors support what they prefer in proportion to their gain, or in full.",
    ),
    Option(
        name="risk",
        kind="flag",
        default=True,
        meaning="Whether utilities are bent by risk attitudes.",
    ),
)
LEAST = 1e-8
"""Support that every option has against every other, so that each duel has an outcome."""


def condorcet_election(
    game: SpatialGame | SpatialField,
    *,
    process: str = "conditional",
    voting: str = "proportional",
    risk: bool = True,
) -> Solution:
    """The chance of every position to be chosen.

    Parameters
    ----------
    game
        Actors with ideal points, influence (capability) and salience, in any number of dimensions.
    process
        ``conditional``, ``uniform`` or ``incentive``.
    voting
        ``proportional`` or ``binary``.
    risk
        Whether risk attitudes bend utilities.

    Returns
    -------
    Solution
        One member: ``agreement`` holds the chance of every position, named by the actors that stand
        there; payoffs are expected utilities; ``extra`` holds each actor's chance and risk attitude,
        the matrix of victories and the mean position.

    Notes
    -----
    Sources: [wise2015]_, [bdm1994]_.

    Examples
    --------
    >>> game = SpatialGame.on_line([0, 0.5, 1], weights=[1, 2, 1])
    >>> found = condorcet_election(game, risk=False).equilibria[0]
    >>> {name: round(p, 4) for name, p in found.agreement.items()}
    {'actor 1': 0.1538, 'actor 2': 0.6923, 'actor 3': 0.1538}
    """
    field = as_field(game)
    value = 1.0 - distances(field)
    attitude = np.zeros(len(field.actors))
    if risk:
        attitude = risk_attitudes(chances(_support(value, field, voting), process))
    utility = value + attitude[:, None] * value * (1.0 - value)
    _, first, place = np.unique(field.ideals, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(first)
    kept, place = first[order], np.argsort(order)[place.ravel()]
    support = _support(utility[:, kept], field, voting)
    chance = chances(support, process)
    return Solution(
        concept="condorcet_election",
        members=(_member(field, utility[:, kept], support, chance, place, attitude),),
        exhaustive=True,
        parameters={"process": process, "voting": voting, "risk": risk},
        note=f"mean position {_words(chance @ field.ideals[kept])}",
    )


def distances(field: SpatialField) -> FloatArray:
    """Distances as every actor feels them, shape ``(actors, actors)``: of its point to that of each.

    Examples
    --------
    >>> distances(as_field(SpatialGame.on_line([0, 1, 4])))[0]
    array([0.  , 0.25, 1.  ])
    """
    steps = (field.ideals[:, None, :] - field.ideals[None]) / field.span
    weights = field.salience / np.linalg.norm(field.salience, axis=1, keepdims=True)
    return np.asarray(np.linalg.norm(weights[:, None, :] * steps, axis=2))


def victories(support: FloatArray) -> FloatArray:
    """The chance that the option of the row beats that of the column; 1/2 against itself.

    Examples
    --------
    >>> victories(np.array([[0.0, 3.0], [1.0, 0.0]]))
    array([[0.5 , 0.75],
           [0.25, 0.5 ]])
    """
    total = support + support.T
    won = np.divide(support, total, out=np.full(support.shape, 0.5), where=total > 0.0)
    np.fill_diagonal(won, 0.5)
    return np.asarray(won)


def chances(support: FloatArray, process: str) -> FloatArray:
    """The chance of every option from the support that each has against each.

    Examples
    --------
    >>> chances(np.array([[0.0, 3.0], [1.0, 0.0]]), "conditional")
    array([0.75, 0.25])
    """
    won = victories(support)
    if process == "conditional":
        logs = np.log(won).sum(axis=1)
        weights = np.exp(logs - logs.max())
        return np.asarray(weights / weights.sum())
    size = len(support)
    called = np.full((size, size), 1.0 / size)
    if process == "incentive":
        against = support.T.copy()
        np.fill_diagonal(against, 0.0)
        total = against.sum(axis=1, keepdims=True)
        called = np.divide(against, total, out=called, where=total > 0.0)
    moves = called * won.T
    np.fill_diagonal(moves, 0.0)
    moves[np.diag_indices(size)] = 1.0 - moves.sum(axis=1)
    return _long_run(moves)


def _long_run(moves: FloatArray) -> FloatArray:
    """The stationary distribution of a chain."""
    size = len(moves)
    system = np.vstack([moves.T - np.eye(size), np.ones((1, size))])
    right = np.r_[np.zeros(size), 1.0]
    found = np.linalg.lstsq(system, right, rcond=None)[0].clip(0.0)
    return np.asarray(found / found.sum())


def risk_attitudes(chance: FloatArray) -> FloatArray:
    """``R``: from -1/2 for the least chance to 1 for the best; 0 where all are equal.

    Examples
    --------
    >>> risk_attitudes(np.array([0.6, 0.2, 0.2]))
    array([ 1. , -0.5, -0.5])
    """
    low, high = chance.min(), chance.max()
    if high - low <= NO_SPREAD:
        return np.zeros(len(chance))
    return np.asarray((3.0 * chance - (high + 2.0 * low)) / (2.0 * (high - low)))


def _support(utility: FloatArray, field: SpatialField, voting: str) -> FloatArray:
    """Influence for the option of the row against that of the column."""
    gain = utility[:, :, None] - utility[:, None, :]
    vote = np.maximum(gain, 0.0) if voting == "proportional" else (gain > 0.0).astype(np.float64)
    return np.asarray(np.einsum("k,kij->ij", field.capability, vote) + LEAST)


def _member(
    field: SpatialField,
    utility: FloatArray,
    support: FloatArray,
    chance: FloatArray,
    place: IntArray,
    attitude: FloatArray,
) -> Division:
    names = [
        " & ".join(actor for actor, p in zip(field.actors, place, strict=True) if p == k)
        for k in range(len(chance))
    ]
    won = victories(support)
    own = dict(zip(field.actors, chance[place].tolist(), strict=True))
    return Division(
        payoffs=dict(zip(field.actors, (utility @ chance).tolist(), strict=True)),
        agreement={name: float(p) for name, p in zip(names, chance, strict=True)},
        extra={
            "by_actor": {
                "chance of its position": own,
                "risk attitude": dict(zip(field.actors, attitude.tolist(), strict=True)),
            },
            "victories": {
                name: dict(zip(names, row.tolist(), strict=True))
                for name, row in zip(names, won, strict=True)
            },
            "mean": (chance @ _positions(field, place, len(chance))).tolist(),
        },
    )


def _positions(field: SpatialField, place: IntArray, size: int) -> FloatArray:
    first = [int(np.flatnonzero(place == k)[0]) for k in range(size)]
    return np.asarray(field.ideals[first])


def _words(point: FloatArray) -> str:
    return ", ".join(f"{x:.6g}" for x in point)
