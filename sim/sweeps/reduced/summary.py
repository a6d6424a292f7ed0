"""What a sweep without points found, in the words of a stored run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.sweeps.reduced.tally import EDGE, YES, Tally
from sim.sweeps.run_summary import COUNTED


def summary_of(
    tally: Tally,
    labels: Mapping[str, Sequence[str]],
    box: Mapping[str, Sequence[float]],
    *,
    drawn: bool,
) -> dict[str, Any]:
    """What a stored run says of itself (:meth:`sim.sweeps.run.Run.summary`), and the standard error.

    Parameters
    ----------
    tally, labels
        What was counted, and the labels that counts are of, by name.
    box
        Per path the range that the file declares.
    drawn
        Whether the points are drawn at random. The standard error of the feasible share is then that of
        independent draws, which designs that fill the space more evenly do not exceed as a rule.
    """
    points, failed = (int(k) for k in tally["points"])
    out: dict[str, Any] = {"points": points} | ({"failed": failed} if failed else {})
    answered = max(points - failed, 1)
    share = int(tally["feasible"][YES]) / answered
    out["feasible_share"] = share
    out["standard_error"] = (share * (1 - share) / answered) ** 0.5 if drawn else None
    out["knife_edge_share"] = int(tally["feasible"][EDGE]) / answered
    if box:
        inside, known, feasible = (int(k) for k in tally["plausible"])
        ends = {path: [float(lo), float(hi)] for path, (lo, hi) in box.items()}
        plausible = feasible / known if known else None
        out["plausible"] = {"box": ends, "points": inside, "feasible_share": plausible}
    named = [name for name in COUNTED if name in labels and name != "feasible"]
    return out | {name: _shares(tally[name], labels[name]) for name in named}


def _shares(counts: Any, labels: Sequence[str]) -> dict[str, float]:
    """The shares of labels, the most frequent first."""
    order = np.argsort(-counts, kind="stable")
    total = max(int(counts.sum()), 1)
    return {labels[k]: int(counts[k]) / total for k in order if counts[k]}
