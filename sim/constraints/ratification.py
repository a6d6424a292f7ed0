"""Ratification: a body whose blocs vote, with a quota (Putnam's level II).

Definition. Bloc ``b`` holds ``seats_b`` seats and votes yes when its utility is at least 0. The
agreement is ratified when the yes votes reach ``quota`` (a share of all seats). Two measures of slack:

- ``pivotal``: utility of the pivotal bloc over ``scale``. Blocs are ordered from the most to the least
  favourable; the pivotal bloc is the first at which the seats so far reach the quota. It is continuous
  in the utilities, and non-negative exactly when the body ratifies.
- ``share``: share of yes votes less the quota.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from sim._kernels.tolerance import RELATIVE, FloatArray
from sim.constraints.base import Constraint, Formula, Quantities
from sim.expressions import Expression


class Bloc(BaseModel):
    """A group that votes together.

    Parameters
    ----------
    seats
        Its votes (any unit: seats, shares, percent); at least 0.
    utility
        Its utility from the agreement, relative to the status quo.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    seats: Formula
    utility: Formula
    note: str = ""
    source: str = ""


class Ratification(Constraint):
    """A body with blocs and a quota.

    Parameters
    ----------
    blocs
        The blocs by name.
    quota
        Share of all seats that must vote yes, in (0, 1].
    measure
        ``pivotal`` (default) or ``share``.
    scale
        Utility units per unit of slack (``pivotal`` only).

    Notes
    -----
    Source: [putnam1988]_.

    Examples
    --------
    >>> duma = Ratification(blocs={"loyal": {"seats": 300, "utility": 0.2},
    ...                            "hard": {"seats": 150, "utility": -0.5}}, quota=0.667)
    >>> float(duma.slack({n: e.evaluate({}) for n, e in duma.quantities().items()}))
    -0.5
    """

    monotone: ClassVar[Mapping[str, int]] = {"quota": -1}

    type: Literal["ratification"] = "ratification"
    blocs: Mapping[str, Bloc] = Field(min_length=1)
    quota: Formula
    measure: Literal["pivotal", "share"] = "pivotal"
    scale: float = Field(1.0, gt=0)

    def quantities(self) -> dict[str, Expression]:
        """The quota, and seats and utility of every bloc."""
        out = {"quota": self.quota}
        for name, bloc in self.blocs.items():
            out |= {f"blocs.{name}.seats": bloc.seats, f"blocs.{name}.utility": bloc.utility}
        return out

    def direction(self, quantity: str) -> int:
        """Slack rises with every bloc's utility and falls with the quota."""
        return 1 if quantity.endswith(".utility") else self.monotone.get(quantity, 0)

    def slack(self, q: Quantities) -> FloatArray:
        """The pivotal bloc's utility in units of ``scale``, or the yes share above the quota."""
        arrays = [q["quota"]]
        for name in self.blocs:
            arrays += [q[f"blocs.{name}.seats"], q[f"blocs.{name}.utility"]]
        quota, *rest = np.broadcast_arrays(*arrays)
        seats, utility = np.stack(rest[0::2]), np.stack(rest[1::2])
        if self.measure == "share":
            yes = np.where(utility >= 0, seats, 0.0).sum(axis=0)
            return np.asarray(yes / seats.sum(axis=0) - quota)
        return _pivotal(seats, utility, quota) / self.scale


def _pivotal(seats: FloatArray, utility: FloatArray, quota: FloatArray) -> FloatArray:
    """Utility of the bloc that brings the votes to the quota; shapes ``(blocs, ...)``."""
    if seats.shape[0] == 1:
        return utility[0]
    order = np.argsort(-utility, axis=0, kind="stable")
    votes = np.cumsum(np.take_along_axis(seats, order, axis=0), axis=0)
    enough = votes >= quota * votes[-1] * (1 - RELATIVE)
    pivot = np.argmax(enough, axis=0)[None]
    return np.asarray(np.take_along_axis(np.take_along_axis(utility, order, 0), pivot, 0)[0])
