"""Which parameters a result's variance comes from.

Definition. With ``V`` the variance of the result ``Y`` when all parameters vary independently, parameter
``i`` has the first-order index ``S_i = V[E(Y | x_i)] / V`` (what fixing it alone would take away) and the
total index ``T_i = E[V(Y | x_-i)] / V`` (what would remain if all others were fixed; 0 exactly when the
parameter does nothing at all). Estimated from blocks ``A_j, B_j, AB_ij`` by

    S_i = mean_j [ f(B_j) (f(AB_ij) - f(A_j)) ] / V        T_i = mean_j [ (f(A_j) - f(AB_ij))^2 ] / 2V

with intervals at 95 % from resampling blocks (beyond ``GROUPS`` of them neighbours are drawn together). Of
feasibility the result is 1 where a treaty is feasible and 0 elsewhere, on the knife-edge too. A block is left
out where one of its points has no result: the indices then speak of the rest of the ranges only.

Array convention. ``a`` and ``b`` have shape ``(blocks,)``, ``ab`` has shape ``(parameters, blocks)``.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.errors import UsageError
from sim.records import Index, SobolIndices
from sim.records.sobol_indices import LEVEL
from sim.sweeps.analyses._run import numbers, verdicts
from sim.sweeps.run import Run

RESAMPLES = 1000
"""Resamples from which an interval is made."""
AT_ONCE = 50
"""Resamples that are held at once."""
GROUPS = 4096
"""Blocks that are drawn one by one; beyond, neighbours are drawn together."""


def sobol_indices(a: FloatArray, b: FloatArray, ab: FloatArray) -> FloatArray:
    """First-order and total indices, shape ``(2, parameters)``; nan where nothing varies.

    Notes
    -----
    Source: [saltelli2010]_, [jansen1999]_.

    Examples
    --------
    A result that is its first parameter, of two:

    >>> rng = np.random.default_rng(0)
    >>> a, b = rng.random(10_000), rng.random(10_000)
    >>> first, total = sobol_indices(a, b, np.stack([b, a]))
    >>> np.abs(first - [1, 0]).max() < 0.05, np.abs(total - [1, 0]).max() < 0.05
    (np.True_, np.True_)
    """
    terms = _terms(a, b, ab)
    return _ratios(terms.mean(axis=1)[None])[:, 0]


def intervals(
    a: FloatArray, b: FloatArray, ab: FloatArray, *, rng: np.random.Generator
) -> FloatArray:
    """Ends of the intervals at ``LEVEL``, shape ``(2 ends, 2 indices, parameters)``, by resampling."""
    terms = _grouped(_terms(a, b, ab))
    count = terms.shape[1]
    drawn = []
    for _ in range(RESAMPLES // AT_ONCE):
        weights = rng.multinomial(count, np.full(count, 1 / count), size=AT_ONCE) / count
        drawn.append(_ratios(weights @ terms.T))
    tail = (1 - LEVEL) / 2
    return np.asarray(np.quantile(np.concatenate(drawn, axis=1), [tail, 1 - tail], axis=1))


def _terms(a: FloatArray, b: FloatArray, ab: FloatArray) -> FloatArray:
    """What is averaged over blocks: numerators of both indices, then two moments."""
    centre = (a.mean() + b.mean()) / 2
    a, b, ab = a - centre, b - centre, ab - centre
    moments = [(a + b) / 2, (a * a + b * b) / 2]
    return np.concatenate([b * (ab - a), (a - ab) ** 2 / 2, np.stack(moments)])


def _grouped(terms: FloatArray) -> FloatArray:
    """The terms, neighbours added up where there are very many: in proportion to their means."""
    count = terms.shape[1]
    if count <= GROUPS:
        return terms
    starts = np.arange(GROUPS) * count // GROUPS
    return np.asarray(np.add.reduceat(terms, starts, axis=1) * (GROUPS / count))


def _ratios(means: FloatArray) -> FloatArray:
    """Indices from means of the terms, shape ``(2, samples, parameters)``."""
    variance = means[:, -1] - means[:, -2] ** 2
    variance = np.where(variance > 0, variance, np.nan)
    count = (means.shape[1] - 2) // 2
    numerators = means[:, :-2].reshape(-1, 2, count)
    return np.moveaxis(numerators / variance[:, None, None], 1, 0)


def sobol_indices_of_run(run: Run, column: str = "margin", *, seed: int = 0) -> SobolIndices:
    """The indices of one of a run's columns.

    Raises
    ------
    UsageError
        If the run was not made by the design ``saltelli``, or fewer than two blocks are there.
    """
    if run.design != "saltelli":
        raise UsageError(f"Sobol indices need a run of --design saltelli, not '{run.design}'")
    blocks = _blocks(run, column)
    known = np.isfinite(blocks).all(axis=0)
    a, b, *rest = blocks[:, known]
    if len(a) < 2:
        raise UsageError(f"{len(a)} blocks with finite '{column}' are too few for Sobol indices")
    ab = np.stack(rest)
    estimates = sobol_indices(a, b, ab)
    ends = intervals(a, b, ab, rng=np.random.default_rng(seed))
    rows = [_index(path, estimates[:, k], ends[:, :, k]) for k, path in enumerate(run.varied)]
    variance, dropped = float(np.concatenate([a, b]).var()), int((~known).sum())
    return SobolIndices(
        column=column,
        variance=variance,
        blocks=len(a),
        dropped=dropped,
        indices=tuple(sorted(rows, key=lambda row: -np.nan_to_num(row.total))),
        note=_note(rows, variance, dropped),
        labelled=run.labelled,
    )


def _blocks(run: Run, column: str) -> FloatArray:
    """The whole blocks of a run that are there, shape ``(points of a block, blocks)``."""
    size = len(run.varied) + 2
    values = numbers(run, column)
    if column == "feasible":
        values = np.where(verdicts(run).answered, values == 1, np.nan)
    block = run.index() // size
    whole = np.bincount(block, minlength=1) == size
    return np.ascontiguousarray(values[whole[block]].reshape(-1, size).T)


def _index(path: str, estimate: FloatArray, ends: FloatArray) -> Index:
    (first_low, total_low), (first_high, total_high) = ends.tolist()
    return Index(
        path=path,
        first=float(estimate[0]),
        first_low=first_low,
        first_high=first_high,
        total=float(estimate[1]),
        total_low=total_low,
        total_high=total_high,
    )


def _note(rows: list[Index], variance: float, dropped: int) -> str:
    notes = []
    if variance == 0:
        notes.append("the result is the same at every point: nothing to explain")
    elif max(row.total_high - row.total_low for row in rows) > 0.2:
        notes.append("the intervals are wide; take more --points")
    if dropped:
        notes.append(
            "blocks without a result were left out: the indices do not speak of those points"
        )
    return "; ".join(notes)
