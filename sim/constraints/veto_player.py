"""Veto player: one person or body whose agreement is needed.

Definition. The veto player accepts an agreement when its utility is at least 0, the status quo's
level (Tsebelis 2002): ``slack = utility / scale``.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sim.constraints.alternatives import Alternative
from sim.constraints.base import Constraint, Formula


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
    >>> float(diet.slack({"area": 0.07}).round(12))
    0.02
    """

    type: Literal["veto_player"] = "veto_player"
    utility: Formula
    scale: float = Field(1.0, gt=0)

    def alternatives(self) -> tuple[Alternative, ...]:
        """Utility in units of ``scale``."""
        return (Alternative((self.formula("utility / scale"),)),)
