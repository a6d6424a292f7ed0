"""Values that are not finite numbers: which term, at which agreement, under which stances, at which point."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.errors import SimError


class NotFiniteError(SimError):
    """A term has no finite value somewhere; the message names the term, the agreement and the point.

    Parameters
    ----------
    message
        What is wrong.
    path
        Where in the file.
    index
        Agreement, stance profile and point, each ``None`` where the value does not depend on it.
    names
        What the term reads.
    """

    def __init__(
        self,
        message: str,
        *,
        path: str = "",
        index: Sequence[int | None] = (),
        names: Collection[str] = (),
    ) -> None:
        super().__init__(message)
        self.path, self.index = path, (*(None,) * (3 - len(index)), *index)
        self.names = names


def require_finite(
    value: FloatArray, path: str, words: str, names: Collection[str] = ()
) -> FloatArray:
    """The value itself, if all of it is finite; ``names`` is what it was computed from.

    Raises
    ------
    NotFiniteError
        With the first place where it is not.

    Examples
    --------
    >>> require_finite(np.array([[[1.0, np.inf]]]), "payoffs.moscow.trade", "'1 / x'")
    Traceback (most recent call last):
    sim.payoffs.not_finite.NotFiniteError: '1 / x' is infinite
    """
    if np.isfinite(value).all():
        return value
    bad = tuple(int(k) for k in np.argwhere(~np.isfinite(value))[0])
    word = "not a number" if np.isnan(value[bad]) else "infinite"
    index = [k if n > 1 else None for k, n in zip(bad, value.shape, strict=True)]
    raise NotFiniteError(f"{words} is {word}", path=path, index=index, names=names)
