"""How often a treaty is feasible.

Definition. The share ``p`` of the points at which a treaty is feasible. Of ``n`` independent draws its
standard error is ``sqrt(p (1 - p) / (n - 1))``; Sobol sequences and Latin hypercubes do better, so that it
is an upper bound for them; the points of a grid or a list are no sample and have none.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sim._kernels.tolerance import BoolArray
from sim.sweeps.analyses._run import RANDOM, feasible, representative, standard_error
from sim.sweeps.run import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class FeasibleShare:
    """The share of feasible points.

    Parameters
    ----------
    share, standard_error
        ``standard_error`` is ``None`` where the points are no sample.
    points, failed
        Points with an answer, and without.
    note
        How the standard error is to be read.
    """

    share: float
    standard_error: float | None
    points: int
    failed: int
    note: str

    def to_dict(self) -> dict[str, Any]:
        """The record as plain data."""
        return asdict(self)


def feasible_share(yes: BoolArray) -> tuple[float, float]:
    """The share of independent draws that are feasible, and its standard error.

    Examples
    --------
    >>> import numpy as np
    >>> feasible_share(np.array([True, False, False, False, True]))[0]
    0.4
    """
    share = float(yes.mean())
    return share, standard_error(share, len(yes))


def feasible_share_of_run(run: Run) -> FeasibleShare:
    """The share of feasible points of a run."""
    yes, answered = feasible(run)
    used = answered & representative(run, len(yes))
    share, error = feasible_share(yes[used]) if used.any() else (0.0, 0.0)
    return FeasibleShare(
        share=share,
        standard_error=error if run.design in RANDOM else None,
        points=int(used.sum()),
        failed=int((~answered).sum()),
        note=_NOTES.get(run.design, "the points are no sample: a share of them, not a probability"),
    )


_NOTES = {
    "monte_carlo": "independent draws",
    "sobol": "an evenly spread design: the standard error of independent draws is an upper bound",
    "latin": "an evenly spread design: the standard error of independent draws is an upper bound",
    "saltelli": "from the two independent points of every block; an upper bound",
}
