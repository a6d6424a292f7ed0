r"""Draws from a posterior on the unit cube, when few draws from the prior fit: tempered importance sampling.

Definition. With a uniform prior on the cube and a likelihood ``L``, particles pass through the powers
``L^{t_1}, L^{t_2}, ..., L^1``. Each ``t`` is the largest that leaves half of the particles effective; they
are then drawn again by their weights (systematically), and moved by random-walk Metropolis steps that leave
``L^t`` as it is. A step is Gaussian in every coordinate, reflected at the walls, and its width follows the
share of accepted steps. At ``t = 1`` all particles count alike [delmoral2006]_.

Array convention. Particles have shape ``(dimensions, particles)``, log-likelihoods ``(particles,)``.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim._kernels.tolerance import FloatArray

NARROWEST = 1e-6
"""Narrowest proposal of a move, as a share of the ranges: narrower ones go nowhere."""
LogLikelihood = Callable[[FloatArray], FloatArray]

STEPS = 8
"""Metropolis steps at each temperature."""
LEVELS = 100
"""Temperatures at the most, in case the likelihood has no support that particles can find."""
FIRST_WIDTH = 0.2
"""Width of the first steps, in sides of the cube; it is adapted."""
WANTED = 0.3
"""The share of accepted steps that the width is steered to."""


def tempered(
    likelihood: LogLikelihood, dimensions: int, particles: int, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Particles of a posterior with a uniform prior, all of the same weight, and their log-likelihoods.

    Parameters
    ----------
    likelihood
        From particles to log-likelihoods, finite everywhere.
    dimensions, particles
        Of the cube; how many are wanted.
    rng
        A seeded generator.

    Notes
    -----
    Source: [delmoral2006]_.

    Examples
    --------
    A normal likelihood of width 0.01 around 0.3, which one draw in thirty from the prior comes near:

    >>> rng = np.random.default_rng(1)
    >>> u, _ = tempered(lambda u: -0.5 * ((u[0] - 0.3) / 0.01) ** 2, 1, 2000, rng)
    >>> bool(abs(u.mean() - 0.3) < 0.002), bool(abs(u.std() - 0.01) < 0.002)
    (True, True)
    """
    u = rng.random((dimensions, particles))
    log, t, width = likelihood(u), 0.0, FIRST_WIDTH
    for _ in range(LEVELS):
        step = _next_power(log, 1 - t)
        u, log = _drawn_again(u, log, step, rng)
        t = t + step if step < 1 - t else 1.0
        for _ in range(STEPS):
            u, log, accepted = _moved(u, log, t, width, likelihood, rng)
            width = float(np.clip(width * np.exp(accepted - WANTED), NARROWEST, 1.0))
        if t == 1:
            break
    return u, log


def effective(log: FloatArray) -> float:
    """The effective number of draws with some log weights.

    Examples
    --------
    >>> effective(np.log([0.5, 0.5, 1e-300]))
    2.0
    """
    w = np.exp(log - log.max())
    return float(w.sum() ** 2 / (w**2).sum())


def _next_power(log: FloatArray, most: float) -> float:
    """By how much the power may rise until only half of the particles are effective, by bisection."""
    half = len(log) / 2
    if effective(most * log) >= half:
        return most
    low, high = 0.0, most
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if effective(middle * log) >= half else (low, middle)
    return high


def _drawn_again(
    u: FloatArray, log: FloatArray, power: float, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Particles drawn systematically, in proportion to ``L^power``."""
    w = np.exp(power * (log - log.max()))
    ends = np.cumsum(w) / w.sum()
    at = (np.arange(len(log)) + rng.random()) / len(log)
    chosen = np.minimum(np.searchsorted(ends, at), len(log) - 1)
    return u[:, chosen], log[chosen]


def _moved(
    u: FloatArray,
    log: FloatArray,
    power: float,
    width: float,
    likelihood: LogLikelihood,
    rng: np.random.Generator,
) -> tuple[FloatArray, FloatArray, float]:
    """One Metropolis step of every particle, and the share that was accepted."""
    there = u + width * rng.standard_normal(u.shape)
    there = 1 - np.abs(1 - np.abs(there) % 2)  # reflected at both walls
    new = likelihood(there)
    yes = np.log(rng.random(len(log))) < power * (new - log)
    return np.where(yes, there, u), np.where(yes, new, log), float(yes.mean())
