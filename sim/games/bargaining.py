"""Bargaining problems: what the actors can agree on, and what they have if they do not.

Definition. A bargaining problem is a set ``S`` of payoff vectors that agreements give to the
actors, and a disagreement point ``d``: the payoffs of the status quo, which stays where it is
given. ``S`` is

* ``discrete``: the payoff vectors ``u(a)`` of finitely many agreements ``a``;
* ``lottery``: their convex hull, so that actors may agree on chances;
* ``transferable``: every vector whose sum is at most ``max_a sum_i u_i(a)``, so that actors pay
  each other in units of payoff;
* ``split``: a curve ``x -> (u_0(x), u_1(x))``, where the first actor receives ``x`` of a surplus.

Array convention. ``utilities`` has shape ``(actors, agreements, batch)``, ``disagreement`` has
shape ``(actors, batch)``. On a curve the agreements are a sample of it, for figures; concepts read
the curve itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim._kernels.tolerance import RELATIVE, FloatArray
from sim.errors import UsageError
from sim.games._offer_rules import OfferRules
from sim.games._pareto_efficiency import (
    frontier_vertices,
    lottery_pareto_mask,
    pareto_mask,
    undominated,
)

__all__ = [
    "SAMPLE",
    "BargainingProblem",
    "Curve",
    "Mode",
    "OfferRules",
    "check_weights",
    "frontier_vertices",
    "lottery_pareto_mask",
    "pareto_mask",
    "undominated",
]

Mode = Literal["discrete", "lottery", "transferable", "split"]

SAMPLE = 257
"""Points at which a curve is sampled for figures and for the check that it is monotone."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curve:
    """Two actors divide a surplus: the first receives ``x``, the second what is left.

    Parameters
    ----------
    surplus
        The amount divided; ``x`` runs from 0 to ``surplus``.
    utilities
        Both actors' utilities as functions of an array of ``x``: the first must not fall, the
        second must not rise.

    Raises
    ------
    UsageError
        If the surplus is not positive, or a utility is not finite or not monotone.

    Examples
    --------
    >>> Curve(surplus=1.0, utilities=(lambda x: x, lambda x: np.sqrt(1 - x))).at(0.75)
    array([0.75, 0.5 ])
    """

    surplus: float
    utilities: tuple[Callable[[FloatArray], FloatArray], Callable[[FloatArray], FloatArray]]

    def __post_init__(self) -> None:
        if not (np.isfinite(self.surplus) and self.surplus > 0.0):
            raise UsageError(f"the surplus must be positive and finite, not {self.surplus}")
        for actor, (sign, values) in enumerate(zip((1.0, -1.0), self.sample(), strict=True)):
            if not np.isfinite(values).all():
                raise UsageError(
                    f"the utility of actor {actor + 1} is not finite everywhere on the split"
                )
            if (sign * np.diff(values) < -RELATIVE * np.ptp(values)).any():
                way = ("fall as x", "rise as x")[actor]
                raise UsageError(f"the utility of actor {actor + 1} must not {way} grows")

    def at(self, x: float) -> FloatArray:
        """Both actors' utilities where the first receives ``x``, shape ``(2,)``."""
        return self.values(np.array([x]))[:, 0]

    def values(self, x: FloatArray) -> FloatArray:
        """Both actors' utilities at every ``x``, shape ``(2, len(x))``."""
        rows = [
            np.broadcast_to(np.asarray(u(x), dtype=np.float64), x.shape) for u in self.utilities
        ]
        return np.stack(rows)

    def sample(self) -> FloatArray:
        """Both actors' utilities at ``SAMPLE`` equally spaced divisions."""
        with np.errstate(all="ignore"):
            return self.values(np.linspace(0.0, self.surplus, SAMPLE))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BargainingProblem:
    """A batch of bargaining problems that share actors, agreements and rules.

    Parameters
    ----------
    actors
        Names, in order; at least two.
    agreements
        Labels, in order.
    utilities
        Shape ``(actors, agreements, batch)``, float64, finite.
    disagreement
        Shape ``(actors, batch)``: the payoffs of the status quo.
    mode
        Which payoff vectors the agreements make feasible; see the module.
    weights
        Bargaining power per actor, positive; empty: equal. Used by ``nash_bargaining`` alone.
    offers
        Rules of alternating offers, where the problem has any.
    curve
        The divided surplus of mode ``split``.
    title
        For messages.

    Raises
    ------
    UsageError
        If a shape does not match, a number is not finite or a weight not positive.

    Examples
    --------
    >>> problem = BargainingProblem.from_table(
    ...     {"a": (4, 1), "b": (1, 4)}, disagreement=(1, 1), actors=("east", "west")
    ... )
    >>> problem.utilities.shape, problem.batch
    ((2, 2, 1), 1)
    """

    actors: tuple[str, ...]
    agreements: tuple[str, ...]
    utilities: FloatArray
    disagreement: FloatArray
    mode: Mode = "discrete"
    weights: tuple[float, ...] = ()
    offers: OfferRules | None = None
    curve: Curve | None = None
    title: str = ""

    def __post_init__(self) -> None:
        size = len(self.actors)
        if size < 2 or not self.agreements:
            raise UsageError("a bargaining problem needs at least two actors and one agreement")
        if self.utilities.ndim != 3 or self.utilities.shape[:2] != (size, len(self.agreements)):
            raise UsageError(
                f"utilities have shape {self.utilities.shape}, not (actors, agreements, batch)"
            )
        if self.disagreement.shape != (size, self.batch):
            raise UsageError(f"the disagreement point has shape {self.disagreement.shape}")
        if not (np.isfinite(self.utilities).all() and np.isfinite(self.disagreement).all()):
            raise UsageError("a payoff is not finite")
        check_weights(self.weights, size)
        if self.offers is not None and len(self.offers.discount) != size:
            raise UsageError(f"one discount factor for each of the {size} actors is needed")
        if (self.mode == "split") != (self.curve is not None) or (self.curve and size != 2):
            raise UsageError("mode 'split' needs a curve and two actors, and only it has a curve")

    @property
    def batch(self) -> int:
        """Number of problems."""
        return int(self.utilities.shape[-1])

    def one(self) -> tuple[FloatArray, FloatArray]:
        """Utilities, shape ``(actors, agreements)``, and disagreement point of a batch of one."""
        if self.batch != 1:
            raise UsageError(f"one problem expected, the batch holds {self.batch}")
        return self.utilities[..., 0], self.disagreement[..., 0]

    @classmethod
    def from_table(
        cls,
        table: Mapping[str, Sequence[float]],
        *,
        disagreement: Sequence[float],
        actors: Sequence[str] = (),
        mode: Mode = "discrete",
        weights: Sequence[float] = (),
        offers: OfferRules | None = None,
    ) -> BargainingProblem:
        """One problem from each agreement's payoffs, in the order of the actors."""
        names = tuple(actors) or tuple(f"actor {i + 1}" for i in range(len(disagreement)))
        utilities = np.array([list(row) for row in table.values()], dtype=np.float64).T
        return cls(
            actors=names,
            agreements=tuple(table),
            utilities=utilities[..., None],
            disagreement=np.array(disagreement, dtype=np.float64)[:, None],
            mode=mode,
            weights=tuple(weights),
            offers=offers,
        )

    @classmethod
    def from_curve(
        cls,
        curve: Curve,
        *,
        disagreement: Sequence[float],
        actors: Sequence[str] = ("actor 1", "actor 2"),
        weights: Sequence[float] = (),
        offers: OfferRules | None = None,
    ) -> BargainingProblem:
        """One problem of dividing a surplus; the agreements sample the curve."""
        grid = np.linspace(0.0, curve.surplus, SAMPLE)
        return cls(
            actors=tuple(actors),
            agreements=tuple(f"x = {x:.12g}" for x in grid),
            utilities=curve.sample()[..., None],
            disagreement=np.array(disagreement, dtype=np.float64)[:, None],
            mode="split",
            weights=tuple(weights),
            offers=offers,
            curve=curve,
        )


def check_weights(weights: Sequence[float], size: int) -> None:
    """Refuse weights that are not one positive number per actor (none at all is legal: equal).

    Examples
    --------
    >>> check_weights((0.5, 0), 2)
    Traceback (most recent call last):
    sim.errors.UsageError: weights: one positive number for each of the 2 actors is needed
    """
    if len(weights) and (len(weights) != size or not all(0.0 < w < np.inf for w in weights)):
        raise UsageError(f"weights: one positive number for each of the {size} actors is needed")
