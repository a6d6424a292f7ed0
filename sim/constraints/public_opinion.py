"""Public opinion: a poll share that must reach a threshold.

Definition. With ``support`` the share of the public that accepts the agreement and ``threshold``
the share a government needs before it dares to sign: ``slack = (support - threshold) / scale``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from sim.constraints.alternatives import Alternative
from sim.constraints.base import Constraint, Formula
from sim.constraints.between import Between


class PublicOpinion(Constraint):
    """A poll share against a threshold.

    Parameters
    ----------
    support
        Share of the public that accepts the agreement, in [0, 1]. An expression over an agreement may be a
        linear estimate, which passes 0 or 1 for extreme ones and counts as it stands.
    threshold
        Share that the government needs, in [0, 1].
    scale
        Share per unit of slack.

    Notes
    -----
    Source: [putnam1988]_.

    Examples
    --------
    >>> poll = PublicOpinion(support="1 - opposed", threshold=0.5)
    >>> float(poll.slack({"opposed": 0.77}))
    -0.27
    """

    between: ClassVar[Mapping[str, Between]] = {
        "support": Between(0, 1, estimated=True), "threshold": Between(0, 1, estimated=True)
    }  # fmt: skip

    type: Literal["public_opinion"] = "public_opinion"
    support: Formula
    threshold: Formula
    scale: float = Field(1.0, gt=0)

    def alternatives(self) -> tuple[Alternative, ...]:
        """Support above the threshold, in units of ``scale``."""
        return (Alternative((self.formula("(support - threshold) / scale"),)),)
