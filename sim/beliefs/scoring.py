"""Proper scores of what was said in advance, with an honest chance of error.

Definition. A forecast is a distribution over labels. One that rests on a rule or on draws of a model first
gives shares ``s_k``; with an error rate ``e`` the label that was meant is recorded as it is with probability
``1 - e`` and as any other with ``e / (K - 1)``, so that

    p_k = (1 - e) s_k + e (1 - s_k) / (K - 1)

which is never 0. The log score of a label that happened is ``-log2 p`` in bits, the Brier score is
``sum_k (p_k - [k happened])^2``; both are better when lower.

Array convention. Forecasts have shape ``(episodes, labels)``; ``-1`` in ``happened`` marks episodes of which
nothing is recorded.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import FloatArray, IntArray

ERROR = 0.2
"""Error rate that keeps a share of draws away from certainty before it is scored."""


def honest(shares: FloatArray, error: float = ERROR) -> FloatArray:
    """Shares of labels as a forecast that allows for errors.

    Examples
    --------
    >>> honest(np.array([[1.0, 0.0, 0.0]])).round(3)
    array([[0.8, 0.1, 0.1]])
    """
    return honest_chance(shares, shares.shape[-1], error)


def honest_chance(share: FloatArray, labels: int, error: float = ERROR) -> FloatArray:
    """How likely the label that was recorded is, from the share that a forecast gives to it.

    Examples
    --------
    >>> honest_chance(np.array([1.0, 0.0]), 3)
    array([0.8, 0.1])
    """
    return np.asarray((1 - error) * share + error * (1 - share) / max(1, labels - 1))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Score:
    """What a forecaster scored.

    Parameters
    ----------
    name
        Of the forecaster.
    bits, brier
        Per episode of which something is recorded, shape ``(episodes,)``; lower is better.
    forecast, happened
        What was forecast of these episodes, ``(episodes, labels)``, and the index of what happened.
    """

    name: str
    bits: FloatArray
    brier: FloatArray
    forecast: FloatArray
    happened: IntArray

    @property
    def log_score(self) -> float:
        """Mean bits per episode."""
        return float(self.bits.mean())

    @property
    def brier_score(self) -> float:
        """Mean Brier score per episode."""
        return float(self.brier.mean())


def score(name: str, forecast: FloatArray, happened: IntArray) -> Score:
    """The scores of a forecast.

    Notes
    -----
    Source: [gneiting2007]_.

    Examples
    --------
    >>> found = score("a coin", np.array([[0.5, 0.5], [0.25, 0.75]]), np.array([0, 1]))
    >>> round(found.log_score, 4), round(found.brier_score, 4)
    (0.7075, 0.3125)
    """
    known = happened >= 0
    p, label = forecast[known], happened[known]
    hit = np.eye(p.shape[1])[label]
    return Score(
        name=name,
        bits=-np.log2(p[np.arange(len(label)), label]),
        brier=((p - hit) ** 2).sum(axis=1),
        forecast=p,
        happened=label,
    )


def better_by(first: Score, second: Score) -> tuple[float, float]:
    """By how many bits per episode the first is better, and the standard error of that.

    Examples
    --------
    >>> coin = score("coin", np.full((2, 2), 0.5), np.array([0, 1]))
    >>> better_by(coin, coin)
    (0.0, 0.0)
    """
    gain = second.bits - first.bits
    error = float(gain.std(ddof=1) / np.sqrt(len(gain))) if len(gain) > 1 else np.inf
    return float(gain.mean()), error


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """How forecasts of labels fared, by how likely they called them.

    Parameters
    ----------
    said, came, count
        Per bin the mean forecast, how often the label came, and of how many forecasts.
    reliability, resolution, uncertainty
        The Brier score of all labels together is reliability - resolution + uncertainty, but for the spread
        of forecasts within bins.
    """

    said: tuple[float, ...]
    came: tuple[float, ...]
    count: tuple[int, ...]
    reliability: float
    resolution: float
    uncertainty: float


def reliability(found: Score, bins: int = 5) -> Reliability:
    """The forecasts of a forecaster in bins of equal width.

    Notes
    -----
    Source: [murphy1973]_.

    Examples
    --------
    >>> coin = score("coin", np.full((4, 2), 0.5), np.array([0, 1, 0, 1]))
    >>> r = reliability(coin)
    >>> r.said, r.came, r.count, r.reliability, r.resolution, r.uncertainty
    ((0.5,), (0.5,), (8,), 0.0, 0.0, 0.25)
    """
    p = found.forecast.ravel()
    hit = (found.happened[:, None] == np.arange(found.forecast.shape[1])).ravel().astype(np.float64)
    at = np.minimum((p * bins).astype(np.int64), bins - 1)
    rows = [(p[at == k].mean(), hit[at == k].mean(), int((at == k).sum())) for k in np.unique(at)]
    said, came, count = (np.array(column) for column in zip(*rows, strict=True))
    rate, share = hit.mean(), count / count.sum()
    return Reliability(
        said=tuple(said.tolist()),
        came=tuple(came.tolist()),
        count=tuple(map(int, count)),
        reliability=float(share @ (said - came) ** 2),
        resolution=float(share @ (came - rate) ** 2),
        uncertainty=float(rate * (1 - rate)),
    )
