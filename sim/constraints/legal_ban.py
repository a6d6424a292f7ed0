"""Legal ban: a law or constitution that forbids some agreements.

Definition. The ban is *engaged* by an agreement when ``bans`` holds and ``exception`` does not. An
engaged ban of weight ``hard`` > 0 gives slack ``-hard``; with ``hard`` = 0 it forbids nothing and
costs the actor ``cost``. An agreement that does not engage the ban has infinite slack.

The three classical readings are settings: a *hard* ban (``hard: 1``), a *cost* (``hard: 0, cost:
c``), and a ban with an *exception* (``exception: delimitation``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from sim.constraints.alternatives import Alternative
from sim.constraints.base import Constraint, Formula
from sim.constraints.between import Between
from sim.expressions import Expression, parse


class LegalBan(Constraint):
    """A prohibition: hard, at a cost, or with an exception.

    Parameters
    ----------
    bans
        Holds (non-zero) for agreements that fall under the ban.
    exception
        Holds for agreements that escape it all the same.
    hard
        Slack lost by an agreement that engages the ban, at least 0; 0 where it can be broken at a cost.
    cost
        Payoff units that the actor loses when it signs an agreement that engages the ban; at least 0.

    Examples
    --------
    >>> ban = LegalBan(bans="area > 0", exception="delimitation")
    >>> ban.slack({"area": [0, 1, 1], "delimitation": [0, 0, 1]})
    array([inf, -1., inf])
    """

    between: ClassVar[Mapping[str, Between]] = {"hard": Between(0), "cost": Between(0)}

    type: Literal["legal_ban"] = "legal_ban"
    bans: Formula
    exception: Formula = parse(0)
    hard: Formula = parse(1)
    cost: Formula = parse(0)

    def alternatives(self) -> tuple[Alternative, ...]:
        """Infinite where the ban is not engaged or weighs nothing, minus ``hard`` elsewhere."""
        free, weight = self.formula("(bans == 0 or exception != 0) - 0.5"), self.formula("-hard")
        return Alternative((), (free,)), Alternative((), (weight,)), Alternative((weight,))

    def shift(self) -> Expression:
        """Minus the cost where the ban is engaged."""
        return self.formula("where(bans and not exception, -cost, 0)")
