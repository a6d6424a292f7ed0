"""What binds along one parameter: a record of shares."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim._kernels.tolerance import FloatArray, IntArray
from sim.labels import NO_LABELS, Labels


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BindingAlong:
    """Shares of the points along a parameter.

    Parameters
    ----------
    title, path, unit, value
        The scenario's title, the parameter, its unit and its own value.
    edges
        Of the bins, ascending.
    points
        How many points lie in every bin.
    feasible
        Share of them at which a treaty is feasible; nan in an empty bin.
    shares
        Per ``actor.constraint`` the share at which it binds, the most frequent one first.
    labelled
        What people read in place of names.
    """

    title: str
    path: str
    unit: str
    value: float
    edges: FloatArray
    points: IntArray
    feasible: FloatArray
    shares: dict[str, FloatArray]
    labelled: Labels = field(default=NO_LABELS, repr=False)

    def to_dict(self) -> dict[str, Any]:
        """The record as plain data; an empty bin's shares are null."""
        shares = {label: _plain(share) for label, share in self.shares.items()}
        return {
            "path": self.path,
            "edges": self.edges.tolist(),
            "points": self.points.tolist(),
            "feasible": _plain(self.feasible),
            "shares": shares,
        }


def _plain(share: FloatArray) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in share]
