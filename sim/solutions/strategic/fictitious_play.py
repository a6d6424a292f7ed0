"""Fictitious play of two actors: best replies to the other's past frequencies.

Definition. In each round both actors play a best reply to the frequencies with which the other has
played so far; ties, and the first round, are drawn at random [brown1951]_. Frequencies converge to
an equilibrium in zero-sum games [robinson1951]_, and not in all games [shapley1964]_.

Array convention. Payoffs ``(2, rows, columns, batch)``, a batch of one. The dynamic is computed by
nashpy [knight2018]_ on whole-number payoffs where they are rational, so that ties are exact.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from sim.games.strategic import StrategicGame
from sim.results import Solution
from sim.solutions.options import Option
from sim.solutions.strategic._learning_dynamics import at_least, in_wholes, outcome, two_actors

OPTIONS = (
    Option(
        name="iterations",
        kind="integer",
        default=10_000,
        low=1,
        high=1_000_000,
        meaning="Number of rounds.",
    ),
    Option(
        name="rng", kind="integer", default=0, low=0, high=2**32 - 1, meaning="Seed of the draws."
    ),
)

NOTE = "a dynamic, not a solution: frequencies after the last round; regret tells how far from Nash"


def fictitious_play(game: StrategicGame, *, iterations: int = 10_000, rng: int = 0) -> Solution:
    """The frequencies of play after a number of rounds of fictitious play.

    Parameters
    ----------
    game
        A batch of one, two actors.
    iterations
        Number of rounds, at least 1.
    rng
        Seed of the draws; every value counts, 0 too. The state of numpy's global generator, which
        nashpy draws from, is the same afterwards as before.

    Returns
    -------
    Solution
        One member, never exhaustive: status ``partial``.

    Raises
    ------
    NotDefinedError
        If the game does not have two actors.
    UsageError
        If the number of rounds is below 1.

    Notes
    -----
    Sources: [brown1951]_, [knight2018]_.

    Examples
    --------
    >>> dilemma = StrategicGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> fictitious_play(dilemma, iterations=100).equilibria[0].regret < 0.05
    True
    """
    two_actors(game, "fictitious_play")
    at_least(iterations, 1, "iterations")
    import nashpy

    play = nashpy.Game(*in_wholes(game, iterations))
    state = np.random.get_state()  # noqa: NPY002 nashpy draws from the global generator
    try:
        np.random.seed(rng)  # noqa: NPY002
        (counts,) = deque(play.fictitious_play(iterations=iterations), maxlen=1)
    finally:
        np.random.set_state(state)  # noqa: NPY002
    row, column = (np.asarray(count, dtype=np.float64) / iterations for count in counts)
    parameters = {"iterations": iterations, "rng": rng}
    return outcome(game, "fictitious_play", (row, column), parameters, note=NOTE)
