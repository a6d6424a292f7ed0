"""Between which numbers a field of a constraint must lie for the constraint to mean anything.

Definition. A field's interval is ``[lo, hi]``, or ``(lo, hi]`` where ``above`` excludes the lower end. An
*estimated* field is a share that files may write as a linear estimate, which passes 0 or 1 for extreme
agreements: such an estimate may leave the interval somewhere, but not everywhere.
"""

from __future__ import annotations

from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sim._kernels.tolerance import BoolArray


class Between(NamedTuple):
    """The numbers that a field may be.

    Parameters
    ----------
    lo, hi
        Its ends.
    above
        Whether ``lo`` itself is excluded.
    estimated
        Whether an expression over an agreement may leave it for some agreements.

    Examples
    --------
    >>> share = Between(0, 1, above=True)
    >>> share.holds([0, 0.5, 1, 3])
    array([False,  True,  True, False])
    >>> share.words, Between(0).words
    ('above 0 and at most 1', 'at least 0')
    """

    lo: float = -inf
    hi: float = inf
    above: bool = False
    estimated: bool = False

    def holds(self, value: ArrayLike) -> BoolArray:
        """Where a value is legal; what is not a number is not."""
        value = np.asarray(value, dtype=np.float64)
        enough = value > self.lo if self.above else value >= self.lo
        return np.asarray(enough & (value <= self.hi))

    def excludes(self, lo: ArrayLike, hi: ArrayLike) -> BoolArray:
        """Where no value between two bounds is legal.

        Examples
        --------
        >>> Between(0, 1).excludes([-2, -1, 0.5], [-1, 0, 3])
        array([ True, False, False])
        """
        low, high = np.asarray(lo, dtype=np.float64), np.asarray(hi, dtype=np.float64)
        below = high <= self.lo if self.above else high < self.lo
        return np.asarray(below | (low > self.hi))

    @property
    def words(self) -> str:
        """The interval in words."""
        if self.above:
            return f"above {self.lo:g}" + ("" if self.hi == inf else f" and at most {self.hi:g}")
        return f"at least {self.lo:g}" if self.hi == inf else f"between {self.lo:g} and {self.hi:g}"
