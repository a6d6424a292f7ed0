"""Public opinion: a poll share that must reach a threshold.

Definition. With ``support`` the share of the public that accepts the agreement and ``threshold``
the share a government needs before it dares to sign: ``slack = (support - threshold) / scale``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from sim._kernels.tolerance import FloatArray
from sim.constraints.base import Constraint, Formula, Quantities
from sim.constraints.between import Between
from sim.expressions import Expression


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
    >>> import numpy as np
    >>> poll = PublicOpinion(support="1 - opposed", threshold=0.5)
    >>> float(poll.slack({"support": np.array(0.23), "threshold": np.array(0.5)}))
    -0.27
    """

    monotone: ClassVar[Mapping[str, int]] = {"support": 1, "threshold": -1}

    between: ClassVar[Mapping[str, Between]] = {
        "support": Between(0, 1, estimated=True), "threshold": Between(0, 1, estimated=True)
    }  # fmt: skip

    type: Literal["public_opinion"] = "public_opinion"
    support: Formula
    threshold: Formula
    scale: float = Field(1.0, gt=0)

    def quantities(self) -> dict[str, Expression]:
        """Support and the threshold."""
        return {"support": self.support, "threshold": self.threshold}

    def slack(self, q: Quantities) -> FloatArray:
        """Support above the threshold, in units of ``scale``."""
        return (q["support"] - q["threshold"]) / self.scale
