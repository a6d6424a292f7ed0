"""The agreement space: every combination of positions on the issues that a scenario does not rule out.

Definition. An *issue* is something an agreement settles, with named *positions*; an *agreement*
takes one position per issue. The space is the product of the issues less the combinations ruled
out. The first position of every issue is its status quo, and agreement 0 is the status quo on all
of them. Each position gives values to *attributes*; an attribute of an agreement is the sum over
its positions (0 where no position mentions it). ``issue.position`` is an attribute too: 1 where
it is taken.

Array convention. Every attribute is an array of shape ``(agreements,)``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.errors import TooLargeError, UsageError

MAX_COMBINATIONS = 1_000_000
"""Largest product of the issues' positions that is gone through."""
MAX_AGREEMENTS = 20_000
"""Most agreements of a dispute."""
MAX_VALUES = 40_000_000
"""Most values of attributes that are held at once."""

Issues = Mapping[str, Mapping[str, Mapping[str, float]]]
Forbidden = Callable[[Mapping[str, FloatArray]], BoolArray]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AgreementSpace:
    """A finite agreement space with its attributes.

    Parameters
    ----------
    issues
        Issue names and, per issue, its position names.
    positions
        Shape ``(agreements, issues)``: which position of each issue an agreement takes.
    attributes
        By name, shape ``(agreements,)``; indicators of positions are among them.
    """

    issues: Mapping[str, tuple[str, ...]]
    positions: IntArray
    attributes: Mapping[str, FloatArray]

    def __len__(self) -> int:
        return int(self.positions.shape[0])

    def label(self, agreement: int) -> str:
        """How an agreement is written: what differs from the status quo, issue by issue."""
        names = list(self.issues)
        taken: dict[str, str] = {
            issue: self.issues[issue][p]
            for issue, p in zip(names, self.positions[agreement], strict=True)
        }
        if len(names) == 1:
            return taken[names[0]]
        moved = [f"{i}={p}" for i, p in taken.items() if p != self.issues[i][0]]
        return ", ".join(moved) or "status quo"

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of all agreements, in order."""
        return tuple(self.label(k) for k in range(len(self)))


def agreement_space(
    issues: Issues, forbidden: Forbidden | None = None, *, derived: int = 0
) -> AgreementSpace:
    """The agreement space of some issues.

    Parameters
    ----------
    issues
        Issue, position, attribute: value. The first position of an issue is its status quo.
    forbidden
        From attribute arrays of shape ``(combinations,)`` to a mask of what is ruled out.
    derived
        How many more attributes ``forbidden`` makes of every combination.

    Raises
    ------
    TooLargeError
        If the product has more than ``MAX_COMBINATIONS``, its attributes more than ``MAX_VALUES`` values, or
        the space more than ``MAX_AGREEMENTS``: before anything is built.
    UsageError
        If the status quo itself is ruled out.

    Examples
    --------
    >>> space = agreement_space({"islands": {"none": {}, "two": {"area": 346}},
    ...                          "peace": {"no": {}, "yes": {"signed": 1}}},
    ...                         lambda a: (a["area"] > 0) & (a["signed"] == 0))
    >>> space.labels
    ('status quo', 'peace=yes', 'islands=two, peace=yes')
    >>> space.attributes["area"]
    array([  0.,   0., 346.])
    """
    _check_size(issues, derived)
    positions = _product([len(options) for options in issues.values()])
    attributes = _attributes(issues, positions)
    if forbidden is not None:
        keep = ~forbidden(attributes)
        if not keep[0]:
            raise UsageError("the status quo (the first position of every issue) is ruled out")
        positions = positions[keep]
        attributes = {name: values[keep] for name, values in attributes.items()}
    if len(positions) > MAX_AGREEMENTS:
        raise TooLargeError(
            f"{len(positions):,} agreements are possible, the limit is {MAX_AGREEMENTS:,}; "
            "rule out combinations that nobody would propose"
        )
    names = {issue: tuple(options) for issue, options in issues.items()}
    return AgreementSpace(issues=names, positions=positions, attributes=attributes)


def _check_size(issues: Issues, derived: int) -> None:
    size = 1
    for options in issues.values():
        size *= len(options)
    if size > MAX_COMBINATIONS:
        raise TooLargeError(
            f"the issues combine to {size:,} agreements, the limit is {MAX_COMBINATIONS:,}; "
            "use fewer issues or positions"
        )
    given = {name for options in issues.values() for values in options.values() for name in values}
    names = len(given) + sum(map(len, issues.values())) + derived
    if size * names > MAX_VALUES:
        raise TooLargeError(
            f"the issues combine to {size:,} agreements with {names:,} attributes and positions each: "
            f"{size * names:,} values, the limit is {MAX_VALUES:,}; use fewer issues, positions or attributes"
        )


def _product(sizes: list[int]) -> IntArray:
    grid = np.indices(sizes, dtype=np.int64).reshape(len(sizes), -1)
    return np.ascontiguousarray(grid.T)


def _attributes(issues: Issues, positions: IntArray) -> dict[str, FloatArray]:
    out: dict[str, FloatArray] = {}
    for column, (issue, options) in enumerate(issues.items()):
        taken = positions[:, column]
        for k, (position, values) in enumerate(options.items()):
            out[f"{issue}.{position}"] = (taken == k).astype(np.float64)
            for name, value in values.items():
                out[name] = out.get(name, np.zeros(len(positions))) + value * (taken == k)
    return out
