"""Problems of collective choice with private information: types, outcomes, and what outcomes are worth.

Definition. Chance draws a profile of types from ``prior``; each actor learns its own. An outcome is worth
to an actor what the types make of it. The first outcome is what happens if somebody refuses; or, with
``actions``, an outcome is a profile of actions that actors take themselves.

Array convention. ``T = (T_1, ..., T_n)`` are the numbers of types; prior ``T``, payoffs ``(actors,
outcomes, *T)``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import ROUNDING, FloatArray
from sim.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MechanismProblem:
    """Actors with private types who want a common choice.

    Parameters
    ----------
    actors
        Names.
    types
        Per actor the names of its types.
    prior
        Chance of each profile of types.
    outcomes
        Names, the refusal first; or profiles of actions in order.
    payoffs
        Shape ``(actors, outcomes, *T)``.
    actions
        Per actor its actions, where outcomes are profiles of them; else empty.
    transfers
        Whether actors pay each other.
    title
        For messages.

    Raises
    ------
    UsageError
        If shapes do not fit, a chance is negative, or chances do not add up to 1.

    Examples
    --------
    >>> problem = MechanismProblem(
    ...     actors=("a",), types=(("low", "high"),), prior=np.array([0.5, 0.5]), outcomes=("no", "yes"),
    ...     payoffs=np.zeros((1, 2, 2)))
    >>> problem.profile_names()[1]
    'a high'
    """

    actors: tuple[str, ...]
    types: tuple[tuple[str, ...], ...]
    prior: FloatArray
    outcomes: tuple[str, ...]
    payoffs: FloatArray
    actions: tuple[tuple[str, ...], ...] = ()
    transfers: bool = False
    title: str = ""

    def __post_init__(self) -> None:
        shape = tuple(map(len, self.types))
        wanted = (len(self.actors), len(self.outcomes), *shape)
        if self.prior.shape != shape or self.payoffs.shape != wanted:
            raise UsageError(
                f"arrays of shapes {self.prior.shape} and {self.payoffs.shape} do not fit the types"
            )
        total = float(self.prior.sum())
        if not (self.prior >= 0).all() or abs(total - 1) > ROUNDING:
            raise UsageError(
                f"chances of types must not be negative and add up to 1, not {total:g}"
            )

    def profile_names(self) -> tuple[str, ...]:
        """Every profile of types in words, the last actor's moving fastest."""
        return tuple(
            ", ".join(f"{a} {t[k]}" for a, t, k in zip(self.actors, self.types, place, strict=True))
            for place in np.ndindex(*self.prior.shape)
        )
