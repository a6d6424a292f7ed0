"""The share of a file's own ranges in which a treaty is feasible.

Definition. Every parameter with a range, or with several levels, is drawn as the file declares: by its
law, with its correlations, on its levels; those that the scenario sets stay where they are set. The draws
are those of ``sim sweep --design monte_carlo``, from a fixed seed. At each the whole ladder is solved,
commitments of the game included.

Array convention. ``theta`` has shape ``(parameters, draws)``.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray
from sim.errors import SimError
from sim.feasibility import Share
from sim.feasibility.blockers import Lifted, margins_and_lifted
from sim.feasibility.evaluate import Problem, prepared
from sim.scenario import Scenario
from sim.sweeps.designs import sample

DRAWS, FEWEST, CELLS = 2_000, 100, 1 << 24
"""Draws; of a dispute with many agreements fewer, so that all of them have about so many cells."""


def own_ranges(
    scenario: Scenario, *, margin: float, draws: int | None = None, seed: int = 0
) -> Share:
    """How often a treaty is feasible over the ranges of a scenario's file.

    Parameters
    ----------
    scenario
        A dispute.
    margin
        The one at the scenario's own values, to say how they stand among the draws.
    draws, seed
        How many draws (by default 2,000, fewer where a dispute is large), and their seed.

    Notes
    -----
    Source: [owen1997]_ for the standard error.

    Examples
    --------
    >>> import sim
    >>> s = sim.loads(
    ...     "{parameters: {p: {value: 1, range: [0, 2]}}, issues: {peace: {no: {}, yes: {signed: 1}}},"
    ...     " outcomes: {treaty: signed}, actors: {a: {role: principal}, b: {role: principal}},"
    ...     " payoffs: {a: {x: (p - 0.5)*signed}, b: {x: signed}}}"
    ... )
    >>> found = own_ranges(s, margin=1.0)  # p is uniform on [0, 2], and at least 0.5 is needed
    >>> abs(found.value - 0.75) < 3 * found.error
    True
    """
    every = scenario.movable()
    paths = [path for path in every if path not in scenario.overrides]
    held = tuple(path for path in every if path in scenario.overrides)
    if not paths:
        return _counted(np.zeros(0), 0, margin, 0, held, seed)
    problem = prepared(scenario, tuple(paths))
    count = int(np.clip(CELLS // problem.cells, FEWEST, DRAWS)) if draws is None else draws
    design = sample(scenario, "monte_carlo", dict.fromkeys(paths), points=count, seed=seed)
    margins, found, lost = _answered(problem, design.points(0, count))
    share = _counted(margins, lost, margin, len(paths), held, seed)
    no = margins < 0
    return _against(share, found, no) if found is not None and no.any() else share


def _against(share: Share, found: Lifted, no: BoolArray) -> Share:
    """The share with what blocks in what share of all draws; what never does is left out.

    ``no`` are the draws at which no treaty is feasible.
    """
    count = np.bincount(found.lifting[no], minlength=len(found.labels)) / share.draws
    alone = found.alone[:, no].sum(axis=1) / share.draws
    return replace(
        share,
        blocked=_ordered(dict(zip(found.labels, count.tolist(), strict=True))),
        alone=_ordered(dict(zip(found.parts, alone.tolist(), strict=True))),
    )


def _ordered(shares: dict[str, float]) -> dict[str, float]:
    return {k: x for k, x in sorted(shares.items(), key=lambda pair: -pair[1]) if x > 0}


def _answered(problem: Problem, theta: FloatArray) -> tuple[FloatArray, Lifted | None, int]:
    """The margins of the draws that have an answer, what blocks there, and how many draws have none."""
    try:
        return (*margins_and_lifted(problem, theta), 0)
    except SimError:
        from sim.sweeps.failures import failures

        lost = list(failures(problem, theta))
        rest = np.delete(theta, lost, axis=1)
        if not rest.shape[1]:
            return np.zeros(0), None, len(lost)
        return (*margins_and_lifted(problem, rest), len(lost))


def _counted(
    margins: FloatArray,
    unanswered: int,
    margin: float,
    drawn: int,
    held: tuple[str, ...],
    seed: int,
) -> Share:
    return Share(
        feasible=int((margins > 0).sum()),
        knife_edge=int((margins == 0).sum()),
        draws=len(margins),
        unanswered=unanswered,
        below=int((margins < margin - RELATIVE).sum()),
        drawn=drawn,
        held=held,
        seed=seed,
    )
