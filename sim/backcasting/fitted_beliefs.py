"""Beliefs from a record: the shared assumed weights of some episodes, drawn and weighted by how they fit.

Definition. As in :mod:`sim.backcasting.scores`: draws over the ranges, each weighted by the product over
episodes of the honest chances of the class and of the actor that were recorded. Coded states stay as the
files have them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from sim.backcasting.calibrate import shared_assumed
from sim.backcasting.forecasters import chances, moved_by, weights
from sim.backcasting.sampling import sample
from sim.backcasting.scoring import ERROR
from sim.beliefs.weighted_draws import Beliefs, declared_of, hash_of
from sim.errors import UsageError
from sim.scenario import Scenario


def fitted_beliefs(
    episodes: Mapping[str, Scenario],
    *,
    points: int = 4096,
    seed: int = 0,
    error: float = ERROR,
    files: Iterable[Path] = (),
) -> Beliefs:
    """Weighted draws of the assumed weights that some episodes share.

    Parameters
    ----------
    episodes
        Of one dispute by name, each with an observed outcome.
    points, seed
        Of the sample.
    error
        How often an outcome is recorded as another one.
    files
        What was read, for a hash of each.

    Raises
    ------
    UsageError
        If the episodes share no assumed weight, or the error rate is not within (0, 1).
    """
    from sim import __version__

    if not 0 < error < 1:
        raise UsageError(f"error rate {error}: a number between 0 and 1 is needed")
    paths = shared_assumed(episodes) if episodes else ()
    if not paths:
        raise UsageError("the episodes share no assumed parameter with a range")
    first = next(iter(episodes.values()))
    theta = sample(first, paths, points, seed)
    chance, right = chances(episodes, paths, theta, error)
    found = weights(chance)
    return Beliefs(
        points=theta,
        weights=found,
        declared={path: declared_of(first.document.parameters[path]) for path in paths},
        manifest={
            "version": __version__,
            "episodes": list(episodes),
            "seed": seed,
            "points": points,
            "error_rate": error,
            "bits": moved_by(found),
            "unexplained": [n for n, ok in zip(episodes, right, strict=True) if not ok.any()],
            "reproduce_all": float(np.mean(np.all(right, axis=0))),
            "files": {str(file.resolve()): hash_of(file) for file in files},
        },
    )
