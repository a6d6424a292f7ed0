"""A number that one actor alone knows: how likely its values are, and sums over those between two of them.

Definition. Cumulative chances are straight lines between knots, or those of a law with a density
(:mod:`sim.games.private.smooth_laws`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import ROUNDING, FloatArray
from sim.errors import UsageError
from sim.expressions import Expression
from sim.games.files.finite import finite
from sim.games.private.smooth_laws import SmoothLaw, smooth_law
from sim.scenario.sections.screening import PrivateLaw


@dataclass(frozen=True, slots=True, eq=False)
class PrivateNumber:
    """The law of a private number.

    Parameters
    ----------
    knots, chances
        Values, and cumulative chances at them, from 0 to 1; with a ``law`` its ends.
    law
        The law, where it is not straight between knots.

    Examples
    --------
    >>> PrivateNumber(np.array([0.0, 2.0]), np.array([0.0, 1.0])).mass(1.0, 2.0)
    (0.5, 0.75)
    """

    knots: FloatArray
    chances: FloatArray
    law: SmoothLaw | None = None

    @property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest value."""
        return float(self.knots[0]), float(self.knots[-1])

    @property
    def error(self) -> float:
        """More than the error of a chance."""
        return ROUNDING if self.law is None else self.law.error

    def mass(self, low: float, high: float) -> tuple[float, float]:
        """The chance that the number lies between two values, and its mean there times that chance."""
        if high <= low:
            return 0.0, 0.0
        if self.law is not None:
            ends = np.array([low, high])
            mass, above = np.diff(self.law.chance(ends))[0], np.diff(self.law.mean_up_to(ends))[0]
            return float(mass), float(above + self.law.low * mass)
        inner = self.knots[(self.knots > low) & (self.knots < high)]
        points: FloatArray = np.array([low, *inner, high])
        masses = np.diff(np.interp(points, self.knots, self.chances))
        return float(masses.sum()), float((masses * (points[1:] + points[:-1]) / 2).sum())


def private_number(law: PrivateLaw, known: dict[str, float], path: str) -> PrivateNumber:
    """The law that a file gives.

    Raises
    ------
    UsageError
        If a number has no finite value, or values or chances do not rise.

    Examples
    --------
    >>> private_number(PrivateLaw(**{"from": 0, "to": "top"}), {"top": 0.2}, "private.cost").ends
    (0.0, 0.2)
    """
    if law.low is not None and law.high is not None:
        low, high = (_number(x, known, path) for x in (law.low, law.high))
        knots, chances = np.array([low, high]), np.array([0.0, 1.0])
    else:
        pairs = [[_number(x, known, f"{path}.cumulative") for x in pair] for pair in law.cumulative]
        knots, chances = np.array([p[0] for p in pairs]), np.array([p[1] for p in pairs])
    rises = (np.diff(knots) > 0).all() and (np.diff(chances) >= 0).all()
    if not (rises and abs(chances[0]) <= ROUNDING and abs(chances[-1] - 1) <= ROUNDING):
        raise UsageError(f"{path}: values must rise, and cumulative chances rise from 0 to 1")
    smooth = None
    if law.distribution is not None:
        smooth = smooth_law(law.distribution, float(knots[0]), float(knots[-1]), path)
    return PrivateNumber(knots, chances, smooth)


def _number(formula: Expression, known: dict[str, float], path: str) -> float:
    return float(finite(formula, known, path))
