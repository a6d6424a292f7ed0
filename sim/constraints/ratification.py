"""Ratification: a body whose blocs vote, with a quota (Putnam's level II).

Definition. Bloc ``b`` holds ``seats_b`` seats and votes yes when its utility is at least 0. The
agreement is ratified when the yes votes reach ``quota`` (a share of all seats). Two measures of
slack:

- ``pivotal``: utility of the pivotal bloc over ``scale``. Blocs are ordered from the most to the least
  favourable; the pivotal bloc is the first at which the seats so far reach the quota. It is
  continuous in the utilities, and non-negative exactly when the body ratifies.
- ``share``: share of yes votes less the quota.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, reduce
from itertools import combinations
from typing import ClassVar, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from sim._kernels.tolerance import RELATIVE, FloatArray
from sim.constraints.base import Constraint, Formula, Quantities
from sim.constraints.between import Between
from sim.expressions import Expression

MAX_BLOCS = 8


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
    domain: ClassVar[str] = "the quota must lie in (0, 1] and seats be at least 0, not all 0"

    between: ClassVar[Mapping[str, Between]] = {"quota": Between(0, 1, above=True)}

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

    def limits(self) -> Iterator[tuple[str, Expression, Between]]:
        """The quota, and the seats of every bloc."""
        yield from super().limits()
        for name, bloc in self.blocs.items():
            yield f"blocs.{name}.seats", bloc.seats, Between(0)

    def direction(self, quantity: str) -> int:
        """Slack rises with every bloc's utility and falls with the quota."""
        return 1 if quantity.endswith(".utility") else self.monotone.get(quantity, 0)

    def slack(self, q: Quantities) -> FloatArray:
        """The pivotal bloc's utility in units of ``scale``, or the yes share above the quota."""
        seats = [q[f"blocs.{name}.seats"] for name in self.blocs]
        utility = [q[f"blocs.{name}.utility"] for name in self.blocs]
        legal = reduce(
            np.logical_and, [s >= 0 for s in seats], (q["quota"] > 0) & (q["quota"] <= 1)
        )
        legal = legal & (reduce(np.add, seats) > 0)
        if legal.all():
            return self._legal_slack(q["quota"], seats, utility)
        with np.errstate(invalid="ignore"):
            return np.where(legal, self._legal_slack(q["quota"], seats, utility), np.nan)

    def _legal_slack(
        self, quota: FloatArray, seats: Sequence[FloatArray], utility: Sequence[FloatArray]
    ) -> FloatArray:
        coalitions = self._coalitions(quota, seats)
        if coalitions:
            return np.asarray(_of_coalitions(utility, coalitions) / self.scale)
        arrays = np.broadcast_arrays(quota, *seats, *utility)
        weight = np.stack(arrays[1 : 1 + len(seats)])
        values = np.stack(arrays[1 + len(seats) :])
        if self.measure == "share":
            yes = np.where(values >= 0, weight, 0.0).sum(axis=0)
            return np.asarray(yes / weight.sum(axis=0) - quota)
        return np.asarray(_pivotal(weight, values, arrays[0]) / self.scale)

    def _coalitions(
        self, quota: FloatArray, seats: Sequence[FloatArray]
    ) -> tuple[tuple[int, ...], ...]:
        """The minimal coalitions of few blocs with fixed seats; none where votes are counted."""
        fixed = all(np.size(a) == 1 for a in (quota, *seats))
        if self.measure != "pivotal" or not fixed or len(seats) > MAX_BLOCS:
            return ()
        share, *weights = (float(np.reshape(a, ())) for a in (quota, *seats))
        return _minimal_coalitions(share, *weights) if min(weights) >= 0 else ()


@lru_cache(maxsize=256)
def _minimal_coalitions(quota: float, *seats: float) -> tuple[tuple[int, ...], ...]:
    """The sets of blocs that reach the quota and of which none is superfluous.

    Examples
    --------
    >>> _minimal_coalitions(0.5, 40, 35, 25)
    ((0, 1), (0, 2), (1, 2))
    """
    needed = quota * sum(seats) * (1 - RELATIVE)
    found: list[tuple[int, ...]] = []
    for size in range(1, len(seats) + 1):
        for members in combinations(range(len(seats)), size):
            enough = sum(seats[k] for k in members) >= needed
            if enough and not any(set(known) <= set(members) for known in found):
                found.append(members)
    return tuple(found)


def _of_coalitions(
    utility: Sequence[FloatArray], coalitions: Sequence[tuple[int, ...]]
) -> FloatArray:
    """The pivotal utility when seats are fixed: the best coalition's least favourable member."""
    lowest = [reduce(np.minimum, [utility[k] for k in members]) for members in coalitions]
    return np.asarray(reduce(np.maximum, lowest))


def _pivotal(seats: FloatArray, utility: FloatArray, quota: FloatArray) -> FloatArray:
    """Utility of the bloc that brings the votes to the quota; shapes ``(blocs, ...)``."""
    if seats.shape[0] == 1:
        return np.asarray(utility[0])
    order = np.argsort(-utility, axis=0, kind="stable")
    votes = np.cumsum(np.take_along_axis(seats, order, axis=0), axis=0)
    enough = votes >= quota * votes[-1] * (1 - RELATIVE)
    pivot = np.argmax(enough, axis=0)[None]
    return np.asarray(np.take_along_axis(np.take_along_axis(utility, order, 0), pivot, 0)[0])
