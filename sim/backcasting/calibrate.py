"""Calibration of assumed parameters on episodes whose outcome is known, and leave-one-out prediction.

Definition. The assumed parameters are those without a source that no episode sets for itself: they are one
number for all episodes. Points in their ranges are drawn once from a fixed seed, the files' own values
first; a point *fits* an episode when the model's answer there is what was observed. The best-fitting set is
every point that fits the most episodes, not one of them. Leave-one-out repeats this without one episode and
reports how far the then best-fitting points say what was observed of the one left out.

Array convention. ``fits`` has shape ``(episodes, points)``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from sim._kernels.shown import Part, Shown
from sim._kernels.tolerance import BoolArray, FloatArray
from sim.backcasting.sampling import Answers, Shared, credit, shared_drawn, shared_points
from sim.backcasting.shown import calibration_parts
from sim.errors import UsageError
from sim.scenario import Observed, Scenario

Answering = Callable[[Scenario, Shared, int, int], Answers]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calibration(Shown):
    """Which values of the assumed parameters fit the episodes.

    Parameters
    ----------
    episodes, parameters
        Names, in the order of the axes.
    points
        Shape ``(parameters, points)``; point 0 is the files' own values.
    fits
        Shape ``(episodes, points)``.
    left_out
        Per episode the mean, over the points best on the others, of how far they say what was observed.
    seed
        Of the sample.
    """

    episodes: tuple[str, ...]
    parameters: tuple[str, ...]
    points: FloatArray
    fits: BoolArray
    left_out: Mapping[str, float]
    seed: int

    def __repr__(self) -> str:
        return (
            f"<Calibration of {len(self.parameters)} parameters on {len(self.episodes)} episodes>"
        )

    def parts(self) -> Iterator[Part]:
        """What ``print`` shows of it."""
        return calibration_parts(self)

    @property
    def best(self) -> BoolArray:
        """The points that fit the most episodes, shape ``(points,)``."""
        return best_points(self.fits)

    @property
    def intervals(self) -> dict[str, tuple[float, float]]:
        """Per parameter the smallest and largest value among the best-fitting points."""
        kept = self.points[:, self.best]
        return {
            path: (float(row.min()), float(row.max()))
            for path, row in zip(self.parameters, kept, strict=True)
        }

    @property
    def left_open(self) -> dict[str, float]:
        """Per parameter the share of its sampled span that the best-fitting points still span."""
        ends = zip(self.parameters, self.points, strict=True)
        whole = {path: float(row.max() - row.min()) for path, row in ends}
        return {
            path: (hi - lo) / whole[path] if whole[path] else 1.0
            for path, (lo, hi) in self.intervals.items()
        }

    def narrowed(self, level: float = 0.05) -> tuple[str, ...]:
        """Parameters that span less among the best-fitting points than chance explains, narrowest first.

        ``n`` points drawn evenly over a range span at most a share ``s`` of it with probability
        ``n s^(n-1) - (n-1) s^n``; the level is shared out among the parameters.
        """
        n = int(self.best.sum())
        least = level / max(1, len(self.parameters))
        found = {
            p: s for p, s in self.left_open.items() if n * s ** (n - 1) - (n - 1) * s**n < least
        }
        return tuple(sorted(found, key=lambda path: found[path]))

    @property
    def score(self) -> float:
        """The mean of ``left_out``: how well episodes are predicted that were not fitted."""
        return float(np.mean(list(self.left_out.values())))


def best_points(fits: BoolArray) -> BoolArray:
    """The points that fit the most episodes.

    Examples
    --------
    >>> best_points(np.array([[True, True, False], [True, False, True], [False, True, True]]))
    array([ True,  True,  True])
    """
    total = fits.sum(axis=0)
    return np.asarray(total == total.max())


def calibrate(
    scenarios: Mapping[str, Scenario],
    *,
    points: int = 512,
    seed: int = 0,
    drawn: Answering = shared_drawn,
) -> Calibration:
    """Fit the assumed parameters that some episodes share.

    Parameters
    ----------
    scenarios
        Episodes of one dispute by name, each with an observed outcome.
    points
        Sample size, a power of two for an even spread.
    seed
        Of the sample.
    drawn
        What answers for an episode at the shared weights' points.

    Raises
    ------
    UsageError
        If fewer than two episodes have an observed outcome, or they share no assumed parameter.
    """
    known = {name: s for name, s in scenarios.items() if s.document.observed is not None}
    if len(known) < 2:
        raise UsageError("calibration needs at least two episodes with an observed outcome")
    paths = shared_assumed(known)
    if not paths:
        raise UsageError("the episodes share no assumed parameter with a range")
    shared = Shared(tuple(known.values()), paths)
    some = np.delete(np.arange(points + 1), 1)  # the files' own values stand for the first draw
    theta = shared_points(shared, points, seed)[:, some]
    said = np.stack(
        [credit(s, drawn(s, shared, points, seed).at(some), _observed(s)) for s in known.values()]
    )
    fits = said > 0
    left_out = {}
    for k, name in enumerate(known):
        others = best_points(np.delete(fits, k, axis=0))
        left_out[name] = float(said[k, others].mean())
    return Calibration(
        episodes=tuple(known),
        parameters=paths,
        points=theta,
        fits=fits,
        left_out=left_out,
        seed=seed,
    )


def shared_assumed(scenarios: Mapping[str, Scenario]) -> tuple[str, ...]:
    """Assumed parameters with a range that have one value in all scenarios."""
    first, *rest = scenarios.values()
    paths = [p for p in first.movable() if first.document.parameters[p].assumed]
    return tuple(
        path
        for path in paths
        if all(s.document.parameters.get(path) == first.document.parameters[path] for s in rest)
    )


def _observed(scenario: Scenario) -> Observed:
    observed = scenario.document.observed
    assert observed is not None
    return observed
