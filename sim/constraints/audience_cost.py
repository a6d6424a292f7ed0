"""Audience cost: what a leader pays at home for conceding more than was promised.

Definition. With ``promised`` the most that the leader said would ever be conceded, and ``conceded``
what the agreement concedes, the leader's payoff shifts by ``-rate * max(0, conceded - promised)``
(Fearon 1994). Backing down from a public stand is what costs, not the concession as such.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from sim.constraints.base import Constraint, Formula
from sim.constraints.between import Between
from sim.expressions import Expression


class AudienceCost(Constraint):
    """A payoff shift from what was promised to what is conceded.

    Parameters
    ----------
    conceded
        What the agreement concedes, in any unit.
    promised
        The most that was promised to be conceded, in the same unit.
    rate
        Payoff units lost per unit conceded beyond the promise; at least 0.

    Notes
    -----
    Source: [fearon1994]_.

    Examples
    --------
    >>> cost = AudienceCost(conceded="area", promised=0.1, rate=2)
    >>> float(cost.shift().evaluate({"area": 0.5}))
    -0.8
    """

    slacks: ClassVar[bool] = False
    between: ClassVar[Mapping[str, Between]] = {"rate": Between(0)}

    type: Literal["audience_cost"] = "audience_cost"
    conceded: Formula
    promised: Formula
    rate: Formula

    def shift(self) -> Expression:
        """Minus the rate times the concession beyond the promise."""
        return self.formula("-rate * max(0, conceded - promised)")
