"""Columns of labels: their codes, their fills, and the part of a name that all of them share.

Array convention. Codes have the shape of the texts; -1 is the empty text, no label.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from sim._kernels.tolerance import AnyArray, IntArray
from sim.plots.data import RunLike
from sim.plots.drawing.style import Style, styles
from sim.plots.runs._section import NULL, as_texts, text_of

_SAME_LABELS = ("best_agreement", "predicted_agreement")


def coded(texts: AnyArray) -> tuple[tuple[str, ...], IntArray]:
    """The labels present, in alphabetical order, and each cell's index into them.

    Examples
    --------
    >>> coded(np.array(["b", "", "a"], dtype=object))
    (('a', 'b'), array([ 1, -1,  0]))
    """
    names, codes = np.unique(texts.astype(str), return_inverse=True)
    codes = codes.reshape(texts.shape).astype(np.int64)
    if len(names) and names[0] == NULL:
        return tuple(str(n) for n in names[1:]), codes - 1
    return tuple(str(n) for n in names), codes


def run_fills(run: RunLike, column: str) -> dict[str, Style]:
    """The fill of every label of a column, the same in every section of the run.

    Columns that share their labels share their fills; the most frequent labels choose first, so that they
    differ in colour.
    """
    columns = _SAME_LABELS if column in _SAME_LABELS else (column,)
    count: Counter[str] = Counter()
    for name in columns:
        if name in run.columns:
            count.update(_counted(run, name))
    count.pop(NULL, None)
    return styles(sorted(count, key=lambda name: (-count[name], name)))


def _counted(run: RunLike, column: str) -> dict[str, int]:
    """How often each label of a column comes; of a stored run chunk by chunk."""
    counts = getattr(run, "counts", None)
    if counts is not None:
        out: Counter[str] = Counter()
        for value, times in counts(column).items():
            out[text_of(value)] += times
        return out
    texts, number = np.unique(as_texts(run.array(column)).astype(str), return_counts=True)
    return {str(f): int(n) for f, n in zip(texts, number, strict=True)}


def without_common(labels: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """Agreements without the positions that all of them share, and those positions.

    Examples
    --------
    >>> without_common(["islands=two, peace=treaty", "peace=treaty"])
    (('islands=two', 'peace=treaty'), 'peace=treaty')
    """
    parts = [label.split(", ") for label in labels]
    if len(parts) < 2:
        return tuple(labels), ""
    shared = [p for p in parts[0] if all(p in other for other in parts[1:])]
    common = ", ".join(shared)
    short = (", ".join(p for p in part if p not in shared) or common for part in parts)
    return tuple(short), common
