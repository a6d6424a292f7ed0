"""How often a treaty is feasible.

Definition. The share of the draws at which a treaty is feasible, knife-edges counted apart, with the
standard error that the design gives it. The points of a grid or a list are not a sample and have none. Where
none of ``n`` draws is (or every one), the standard error is 0 and says nothing; then the share is, at a
confidence of 95 %, within ``1 - 0.05^(1/n)`` of what was found.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sim.sweeps.analyses._run import RANDOM, standard_error, verdicts
from sim.sweeps.run import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class FeasibleShare:
    """The share of feasible points.

    Parameters
    ----------
    share, standard_error
        ``standard_error`` is ``None`` where the points are not a sample.
    points, knife_edge, failed
        Draws with an answer, those of them on the knife-edge, and rows without an answer.
    note
        How the numbers are to be read.
    """

    share: float
    standard_error: float | None
    points: int
    knife_edge: int
    failed: int
    note: str

    def to_dict(self) -> dict[str, Any]:
        """The record as plain data."""
        return asdict(self)


def feasible_share_of_run(run: Run) -> FeasibleShare:
    """The share of feasible points of a run.

    Raises
    ------
    UsageError
        If no point has an answer.

    Notes
    -----
    Source: [owen1997]_ for the standard error.
    """
    found = verdicts(run)
    count = int(found.draw.sum())
    yes = int((found.yes & found.draw).sum())
    return FeasibleShare(
        share=yes / count,
        standard_error=standard_error(run.design, found.yes, found.draw),
        points=count,
        knife_edge=int((found.knife_edge & found.draw).sum()),
        failed=int((~found.answered).sum()),
        note=_note(run.design, yes, count),
    )


def _note(design: str, yes: int, count: int) -> str:
    if design in RANDOM and yes in (0, count):
        bound = 1 - 0.05 ** (1 / count)
        return f"at a confidence of 95 % the share differs from this by less than {bound:.2g}"
    return _NOTES.get(design, "the points are not a sample: a share of them, not a probability")


_NOTES = {
    "monte_carlo": "independent draws",
    "sobol": "an evenly spread sequence: the error is estimated from its parts, on the safe side",
    "latin": "a Latin hypercube: the error is that of independent draws, which it does not exceed",
    "saltelli": "two points of every block; the error is estimated from parts, on the safe side",
}
