"""What a record teaches: which drawn numbers it moves, and which of its episodes contradict one another.

Definition. A parameter *moved* where its believed mean lies further from its mean before the record than both
means' standard errors explain, at a confidence of 95 % shared out among all parameters (Bonferroni). Two
episodes *contradict* one another where draws that are right about one are less often right about the other
than chance would have it: the correlation of being right is negative beyond its standard error, at the same
confidence shared out among all pairs.

Array convention. Draws on the last axis.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.beliefs.weighted_draws import WeightedDraws, effective_draws, moments

LEVEL = 0.05
"""What all tests together may be wrong by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """How a record moves one drawn number.

    Parameters
    ----------
    name
        A parameter, or ``episode: path`` for how an episode is coded.
    before, after
        Mean before the record and with it.
    shift, error
        By how many standard deviations of the prior it moved, and the standard error of that.
    spread
        The believed standard deviation as a share of the one before.
    moved
        Whether that is more than chance explains.
    label
        What people read in place of its name; empty where that is not known.
    """

    name: str
    before: float
    after: float
    shift: float
    error: float
    spread: float
    moved: bool
    label: str = ""


def learned(beliefs: WeightedDraws) -> tuple[Learned, ...]:
    """How the record moves every drawn number, those that it moves most first.

    Examples
    --------
    Draws above a half are right twice as often:

    >>> u = np.linspace(0.001, 0.999, 999)
    >>> b = WeightedDraws(points=u[None], declared={"p": (0, 1)}, error=0.2, labels={"class": 2},
    ...             said={"class": (u[None] > 0.5).astype(float)}, right=u[None] > 0.5,
    ...             manifest={"episodes": ["a"]})
    >>> [(x.name, x.before.__round__(2), x.after.__round__(2), x.moved) for x in learned(b)]
    [('p', 0.5, 0.65, True)]
    """
    from scipy.special import ndtri

    drawn = dict(zip(beliefs.declared, beliefs.points, strict=True)) | dict(beliefs.states)
    most = float(ndtri(1 - LEVEL / (2 * max(1, len(drawn)))))
    found = [_learned(beliefs, name, x, most) for name, x in drawn.items()]
    return tuple(sorted(found, key=lambda one: -abs(one.shift)))


def _learned(beliefs: WeightedDraws, name: str, drawn: FloatArray, most: float) -> Learned:
    before, sd, at_first = _prior(beliefs, name, drawn)
    after, sd_after, error = moments(beliefs.weights, drawn)
    scale = sd or 1.0
    error = float(np.hypot(error, at_first)) / scale
    shift = (after - before) / scale
    return Learned(
        name=name,
        before=before,
        after=after,
        shift=shift,
        error=error,
        spread=sd_after / scale,
        moved=bool(sd > 0 and abs(shift) > most * error),
    )


def _prior(beliefs: WeightedDraws, name: str, drawn: FloatArray) -> tuple[float, float, float]:
    """Mean and standard deviation before the record, and the standard error of the mean."""
    known: Mapping[str, list[float]] = beliefs.manifest.get("prior", {})
    if name in known:
        mean, sd = known[name]
        return mean, sd, sd / np.sqrt(drawn.size)
    return moments(beliefs.prior, drawn)


def contradictions(beliefs: WeightedDraws) -> dict[tuple[str, str], float]:
    """Pairs of episodes that contradict one another, with the correlation of being right, lowest first.

    Examples
    --------
    >>> u = np.linspace(0.001, 0.999, 999)
    >>> right = np.array([u > 0.4, u < 0.6, u > 0.1])
    >>> b = WeightedDraws(points=u[None], declared={"p": (0, 1)}, error=0.2, labels={"class": 2},
    ...             said={"class": right.astype(float)}, right=right, manifest={"episodes": ["a", "b", "c"]})
    >>> {pair: round(x, 2) for pair, x in contradictions(b).items()}
    {('a', 'b'): -0.67, ('b', 'c'): -0.27}
    """
    from scipy.special import ndtri

    pairs = list(combinations(range(len(beliefs.right)), 2))
    most = float(ndtri(1 - LEVEL / max(1, len(pairs))))
    draws = effective_draws(beliefs.prior)
    found = {}
    for a, b in pairs:
        x, y = (beliefs.right[k] - beliefs.prior @ beliefs.right[k] for k in (a, b))
        spread = float(np.sqrt((beliefs.prior @ x**2) * (beliefs.prior @ y**2)))
        together = float(beliefs.prior @ (x * y)) / spread if spread else 0.0
        if together < -most / np.sqrt(draws):
            found[beliefs.episodes[a], beliefs.episodes[b]] = together
    return dict(sorted(found.items(), key=lambda item: item[1]))
