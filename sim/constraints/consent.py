"""Consent: a clause that only a third party can honour.

Definition. A promise about somebody else's conduct (say, no foreign base on transferred land) is
credible only if that third party gains by honouring it. Where ``clause`` holds, ``slack = gain /
scale`` with ``gain`` the third party's payoff from honouring less that from breaking it;
elsewhere the slack is infinite.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from sim._kernels.tolerance import FloatArray
from sim.constraints.base import Constraint, Formula, Quantities, Rung
from sim.expressions import Expression


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
    >>> import numpy as np
    >>> bases = Consent(clause="no_bases", gain="washington.detente - washington.base_value")
    >>> bases.slack({"clause": np.array([0, 1]), "gain": np.array([-0.3, -0.3])})
    array([ inf, -0.3])
    """

    rung: ClassVar[Rung] = "abroad"
    monotone: ClassVar[Mapping[str, int]] = {"gain": 1}

    type: Literal["consent"] = "consent"
    clause: Formula
    gain: Formula
    scale: float = Field(1.0, gt=0)

    def quantities(self) -> dict[str, Expression]:
        """Whether the clause is there, and the gain from honouring it."""
        return {"clause": self.clause, "gain": self.gain}

    def slack(self, q: Quantities) -> FloatArray:
        """Gain in units of ``scale`` where the clause is there, infinite elsewhere."""
        return np.where(q["clause"] != 0, q["gain"] / self.scale, np.inf)
