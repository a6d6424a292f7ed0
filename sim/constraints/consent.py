"""Consent: a clause that only a third party can honour.

Definition. A promise about somebody else's conduct (say, no foreign base on transferred land) is
credible only if that third party gains by honouring it. Where ``clause`` holds, ``slack = gain /
scale`` with ``gain`` the third party's payoff from honouring less that from breaking it;
elsewhere the slack is infinite.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from sim.constraints.alternatives import Alternative
from sim.constraints.base import Constraint, Formula, Rung, absent


class Consent(Constraint):
    """A clause that is credible only if a third party gains by honouring it.

    Parameters
    ----------
    clause
        Holds (non-zero) for agreements that contain the clause.
    gain
        The third party's payoff from honouring the clause less that from breaking it.
    scale
        Payoff units per unit of slack.

    Notes
    -----
    Source: [fearon1998]_.

    Examples
    --------
    >>> bases = Consent(clause="no_bases", gain="washington.detente - washington.base_value")
    >>> bases.slack({"no_bases": [0, 1], "washington.detente": 0.2, "washington.base_value": 0.5})
    array([ inf, -0.3])
    """

    rung: ClassVar[Rung] = "abroad"
    type: Literal["consent"] = "consent"
    clause: Formula
    gain: Formula
    scale: float = Field(1.0, gt=0)

    def alternatives(self) -> tuple[Alternative, ...]:
        """Gain in units of ``scale`` where the clause is there, infinite elsewhere."""
        return absent(self.clause), Alternative((self.formula("gain / scale"),))
