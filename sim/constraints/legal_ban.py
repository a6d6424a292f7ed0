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

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.constraints.base import Constraint, Formula, Quantities
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
    >>> import numpy as np
    >>> ban = LegalBan(bans="area > 0", exception="delimitation")
    >>> q = {"bans": np.array([0, 1, 1]), "exception": np.array([0, 0, 1]), "hard": np.array(1.0)}
    >>> ban.slack(q)
    array([inf, -1., inf])
    """

    monotone: ClassVar[Mapping[str, int]] = {"bans": -1, "exception": 1, "hard": -1}

    between: ClassVar[Mapping[str, Between]] = {"hard": Between(0), "cost": Between(0)}

    type: Literal["legal_ban"] = "legal_ban"
    bans: Formula
    exception: Formula = parse(0)
    hard: Formula = parse(1)
    cost: Formula = parse(0)

    def quantities(self) -> dict[str, Expression]:
        """What is banned, the exception and the weight of the ban."""
        return {"bans": self.bans, "exception": self.exception, "hard": self.hard}

    def slack(self, q: Quantities) -> FloatArray:
        """Minus ``hard`` where the ban is engaged, infinite elsewhere."""
        engaged = (q["bans"] != 0) & (q["exception"] == 0) & (q["hard"] > 0)
        return np.where(engaged, -q["hard"], np.inf)

    def shift(self) -> Expression:
        """Minus the cost where the ban is engaged."""
        bans, exception = self.bans.text, self.exception.text
        return parse(f"where(({bans}) and not ({exception}), -({self.cost.text}), 0)")
