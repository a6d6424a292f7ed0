"""Veto player: one person or body whose agreement is needed.

Definition. The veto player accepts an agreement when its utility is at least 0, the status quo's
level (Tsebelis 2002): ``slack = utility / scale``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from sim._kernels.tolerance import FloatArray
from sim.constraints.base import Constraint, Formula, Quantities
from sim.expressions import Expression


class VetoPlayer(Constraint):
    """One player whose utility must not be negative.

    Parameters
    ----------
    utility
        The player's utility from the agreement, relative to the status quo.
    scale
        Utility units per unit of slack.

    Notes
    -----
    Source: [tsebelis2002]_.

    Examples
    --------
    >>> diet = VetoPlayer(type="veto_player", utility="area - 0.05")
    >>> import numpy as np
    >>> float(diet.slack({"utility": np.array(0.07 - 0.05)}).round(12))
    0.02
    """

    monotone: ClassVar[Mapping[str, int]] = {"utility": 1}

    type: Literal["veto_player"] = "veto_player"
    utility: Formula
    scale: float = Field(1.0, gt=0)

    def quantities(self) -> dict[str, Expression]:
        """The player's utility."""
        return {"utility": self.utility}

    def slack(self, q: Quantities) -> FloatArray:
        """Utility in units of ``scale``."""
        return q["utility"] / self.scale
