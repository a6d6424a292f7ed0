"""Enforcement: complying must beat reneging.

Definition. In a repeated relation with discount factor ``delta``, an actor that reneges gains at
once and loses afterwards. With ``temptation`` what it gains in the period of the breach (in a
prisoner's dilemma T - R, positive), and ``punishment`` what it loses in every later period (R - P,
positive), complying is optimal when

    delta * punishment - (1 - delta) * temptation >= 0,

that is from ``delta = (T - R) / (T - P)`` on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from sim.constraints.alternatives import Alternative
from sim.constraints.base import Constraint, Formula, Rung, absent
from sim.constraints.between import Between
from sim.expressions import parse


class Enforcement(Constraint):
    """Complying beats reneging in a repeated relation.

    Parameters
    ----------
    temptation
        Payoff of reneging less payoff of complying in the period of the breach: what is gained at once.
    punishment
        Payoff of complying less payoff of being punished, per later period: what is lost afterwards.
    delta
        Discount factor, in [0, 1].
    clause
        Holds for agreements that can be reneged upon; infinite slack elsewhere.
    scale
        Payoff units per unit of slack.

    Notes
    -----
    Sources: [fearon1998]_, [friedman1971]_.

    Examples
    --------
    >>> keep = Enforcement(temptation=1, punishment=0.5, delta=0.8)
    >>> float(keep.slack({}).round(12))
    0.2
    """

    rung: ClassVar[Rung] = "enforcement"
    between: ClassVar[Mapping[str, Between]] = {"delta": Between(0, 1)}

    type: Literal["enforcement"] = "enforcement"
    temptation: Formula
    punishment: Formula
    delta: Formula
    clause: Formula = parse(1)
    scale: float = Field(1.0, gt=0)

    def alternatives(self) -> tuple[Alternative, ...]:
        """The balance of complying over reneging where the clause is there, infinite elsewhere."""
        balance = self.formula("(delta * punishment - (1 - delta) * temptation) / scale")
        return absent(self.clause), Alternative((balance,))
