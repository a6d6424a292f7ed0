"""Columns that another room computes beside the answers of a sweep, point by point."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Protocol

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.sweeps.arrow_arrays import array_of


class Beside(Protocol):
    """What is computed beside the answers; it travels to workers by pickling.

    Its ``units`` name the columns with what they are measured in; :meth:`columns` gives their values at
    points ``(varied, points)``, nan where a point has none.
    """

    units: Mapping[str, str]

    def columns(self, theta: FloatArray) -> Mapping[str, FloatArray]:
        """The columns at some points, ``(points,)`` each."""


def packed(beside: Beside | None) -> bytes:
    """What is computed beside, as bytes; empty where nothing is."""
    return b"" if beside is None else pickle.dumps(beside, protocol=pickle.HIGHEST_PROTOCOL)


def with_beside(table: Any, beside: bytes, theta: FloatArray) -> Any:
    """The answers of a chunk with the columns that are computed beside them."""
    if not beside:
        return table

    for name, values in _unpacked(beside).columns(theta).items():
        table = table.append_column(name, array_of(values, ~np.isfinite(values)))
    return table


@lru_cache(maxsize=2)
def _unpacked(beside: bytes) -> Beside:
    found: Beside = pickle.loads(beside)
    return found
