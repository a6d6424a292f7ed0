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
from itertools import combinations
from typing import ClassVar, Literal

import numpy as np
from pydantic import BaseModel, Field

from sim._kernels.tolerance import RELATIVE, FloatArray
from sim.constraints.alternatives import Alternative, Direct, Legal, Quantities
from sim.constraints.base import STRICT, Constraint, Formula
from sim.constraints.between import Between
from sim.expressions import Expression, compose

MOST_BLOCS = 8
"""With more blocs than this their sets are not listed and votes are counted instead."""


class Bloc(BaseModel):
    """A group that votes together.

    Parameters
    ----------
    seats
        Its votes (any unit: seats, shares, percent); at least 0.
    utility
        Its utility from the agreement, relative to the status quo.
    """

    model_config = STRICT

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
    >>> float(duma.slack({}))
    -0.5
    """

    between: ClassVar[Mapping[str, Between]] = {"quota": Between(0, 1, above=True)}

    type: Literal["ratification"] = "ratification"
    blocs: Mapping[str, Bloc] = Field(min_length=1)
    quota: Formula
    measure: Literal["pivotal", "share"] = "pivotal"
    scale: float = Field(1.0, gt=0)

    def alternatives(self) -> tuple[Alternative, ...]:
        """An alternative per set of blocs; none where there are too many blocs to list their sets.

        By the pivotal bloc: the least favourable member of a coalition that reaches the quota. By the share:
        what the votes of a set exceed the quota by, where all its members vote yes.
        """
        if len(self.blocs) > MOST_BLOCS:
            return ()
        blocs = list(self.blocs.values())
        first = 1 if self.measure == "pivotal" else 0
        sets = [m for n in range(first, len(blocs) + 1) for m in combinations(blocs, n)]
        make = self._coalition if self.measure == "pivotal" else self._voting_yes
        return tuple(make(members) for members in sets)

    def _coalition(self, members: Sequence[Bloc]) -> Alternative:
        enough = compose(
            f"votes - quota * all * {1 - RELATIVE!r}",
            votes=_votes(members), quota=self.quota, all=_votes([*self.blocs.values()]),
        )  # fmt: skip
        utilities = [
            compose("utility / scale", utility=b.utility, scale=self.scale) for b in members
        ]
        return Alternative(tuple(utilities), (enough,))

    def _voting_yes(self, members: Sequence[Bloc]) -> Alternative:
        share = compose(
            "votes / all - quota",
            votes=_votes(members), quota=self.quota, all=_votes([*self.blocs.values()]),
        )  # fmt: skip
        return Alternative((share,), tuple(b.utility for b in members))

    def direct(self) -> Direct | None:
        """By counting votes, where there are too many blocs to list their sets."""
        if len(self.blocs) <= MOST_BLOCS:
            return None
        names = [*self.blocs]
        quantities = {"quota": self.quota}
        quantities |= {f"blocs.{n}.seats": self.blocs[n].seats for n in names}
        quantities |= {f"blocs.{n}.utility": self.blocs[n].utility for n in names}
        directions = {"quota": -1, **{f"blocs.{n}.utility": 1 for n in names}}
        return Direct(quantities=quantities, value=self._counted, direction=directions)

    def _counted(self, q: Quantities) -> FloatArray:
        seats = [q[f"blocs.{name}.seats"] for name in self.blocs]
        utility = [q[f"blocs.{name}.utility"] for name in self.blocs]
        arrays = np.broadcast_arrays(q["quota"], *seats, *utility)
        weight = np.stack(arrays[1 : 1 + len(seats)])
        values = np.stack(arrays[1 + len(seats) :])
        if self.measure == "share":
            yes = np.where(values >= 0, weight, 0.0).sum(axis=0)
            return np.asarray(yes / weight.sum(axis=0) - q["quota"])
        return np.asarray(_pivotal(weight, values, arrays[0]) / self.scale)

    def legal(self) -> Legal:
        """The quota is a share, and somebody has seats."""
        blocs = [*self.blocs.values()]
        return Legal(
            positive=(self.quota, _votes(blocs)),
            not_negative=(compose("1 - quota", quota=self.quota), *(b.seats for b in blocs)),
            words="the quota must lie in (0, 1] and seats be at least 0, not all 0",
        )

    def limits(self) -> Iterator[tuple[str, Expression, Between]]:
        """The quota, and the seats of every bloc."""
        yield from super().limits()
        for name, bloc in self.blocs.items():
            yield f"blocs.{name}.seats", bloc.seats, Between(0)

    def formulas(self) -> dict[str, Expression]:
        """The quota, and seats and utility of every bloc."""
        out = super().formulas()
        for name, bloc in self.blocs.items():
            out |= {f"blocs.{name}.seats": bloc.seats, f"blocs.{name}.utility": bloc.utility}
        return out


def _votes(members: Sequence[Bloc]) -> Expression:
    """The seats of some blocs together."""
    names = [f"b{k}" for k in range(len(members))]
    seats = {name: bloc.seats for name, bloc in zip(names, members, strict=True)}
    return compose(" + ".join(names) or "0", **seats)


def _pivotal(seats: FloatArray, utility: FloatArray, quota: FloatArray) -> FloatArray:
    """Utility of the bloc that brings the votes to the quota; shapes ``(blocs, ...)``."""
    order = np.argsort(-utility, axis=0, kind="stable")
    votes = np.cumsum(np.take_along_axis(seats, order, axis=0), axis=0)
    enough = votes >= quota * votes[-1] * (1 - RELATIVE)
    pivot = np.argmax(enough, axis=0)[None]
    return np.asarray(np.take_along_axis(np.take_along_axis(utility, order, 0), pivot, 0)[0])
