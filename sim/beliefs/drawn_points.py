"""What is drawn of a dispute where some numbers are held: one place for all who draw beside something.

Definition. Every parameter that has a range, does not decide which agreements exist and is not held is
drawn, by the file's own laws, from one scrambled Sobol sequence over all of them. With beliefs numbers that a
record was fitted to, as far as the file declares them alike, are replaced by as many equally weighted
believed draws, in a random order: they hang together as the record has it, and the others stay as they were.

Array convention. Points have shape ``(paths, draws)``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.beliefs.record_beliefs import Beliefs
from sim.scenario import Scenario
from sim.sweeps.designs.sample import sample

Points = Callable[[int, int], FloatArray]
"""The points of a stretch of draws: from one, to the one before another."""


def drawn_points(
    scenario: Scenario,
    held: Collection[str],
    draws: int,
    seed: int = 0,
    beliefs: Beliefs | None = None,
) -> tuple[tuple[str, ...], Points]:
    """The paths of everything that is drawn, and its points.

    Parameters
    ----------
    scenario
        A dispute; what it sets is held too.
    held
        What is not drawn.
    draws, seed
        How many, and of which sequence.
    beliefs
        Draws that fit a record.

    Raises
    ------
    UsageError
        If beliefs have no number that the scenario has, declares alike and does not set.

    Examples
    --------
    >>> import sim
    >>> paths, points = drawn_points(sim.load("kuril/2018"), ("moscow.nationalism",), 4)
    >>> "moscow.nationalism" in paths, points(1, 3).shape == (len(paths), 2)
    (False, True)
    """
    left = {*held, *scenario.overrides}
    paths = tuple(path for path in scenario.movable() if path not in left)
    if not paths:
        return (), lambda first, last: np.zeros((0, last - first))
    drawn = sample(scenario, "sobol", dict.fromkeys(paths), points=draws, seed=seed)
    if beliefs is None:
        return paths, drawn.points
    fitted = beliefs.design(scenario, draws, seed)
    shared = {path: k for k, path in enumerate(fitted.varied)}
    rows = [k for k, path in enumerate(paths) if path in shared]

    def points(first: int, last: int) -> FloatArray:
        out = np.array(drawn.points(first, last))
        out[rows] = fitted.points(first, last)[[shared[paths[k]] for k in rows]]
        return out

    return paths, points
