"""Along one or two parameters, in what share of the draws that fit a record a treaty is feasible.

Definition. As in :mod:`sim.beliefs.over_plane`, at even steps of the ranges: what a record was fitted to
comes from draws that fit it, the others are drawn by the file's own laws, the same draws at each step. It
stands beside what is certified at the file's own values: there a threshold is a line, here it is how often
there is a treaty on either side of it.

Array convention. ``share`` has one axis per parameter, in their order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim._kernels.percent import percent
from sim._kernels.shown import Part, Shown, Table
from sim._kernels.tolerance import FloatArray
from sim.beliefs.over_plane import drawn_beside, feasible_share
from sim.beliefs.record_beliefs import Beliefs
from sim.errors import UsageError
from sim.feasibility import prepare
from sim.scenario import Scenario

STEPS = {1: 11, 2: 5}
"""Steps of each range, by how many parameters are varied."""
DRAWS = 512
"""Draws of all other parameters, the same at each step."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RangeShare(Shown):
    """The share of believed draws in which a treaty is feasible, along one or two parameters.

    Parameters
    ----------
    varied
        Dotted paths.
    values
        Per parameter the values at which it was asked.
    share
        One axis per parameter.
    draws, episodes
        How many draws, and how many episodes the record has that they fit.
    """

    varied: tuple[str, ...]
    values: tuple[FloatArray, ...]
    share: FloatArray
    draws: int
    episodes: int

    @property
    def error(self) -> FloatArray:
        """The standard error of each share."""
        return np.asarray(np.sqrt(self.share * (1 - self.share) / self.draws))

    def parts(self) -> Iterator[Part]:
        """The mean over the ranges, and a table of the shares."""
        yield (
            f"On average over these ranges a treaty is feasible in {percent(float(self.share.mean()))} of "
            f"{self.draws} draws that fit the record of {self.episodes} episodes"
        )
        if len(self.varied) == 1:
            rows = [
                (f"{x:.4g}", f"{percent(float(s))} ± {100 * float(e):.1f}")
                for x, s, e in zip(self.values[0], self.share, self.error, strict=True)
            ]
            yield Table((f"{self.varied[0]}|r", "of the draws|r"), rows)
            return
        heads = (f"{self.varied[0]}|r", *(f"{self.varied[1]}={y:.4g}|r" for y in self.values[1]))
        cells = zip(self.values[0], self.share, strict=True)
        yield Table(heads, [(f"{x:.4g}", *(percent(float(s)) for s in row)) for x, row in cells])

    def to_dict(self) -> dict[str, Any]:
        """The shares as plain data."""
        named = zip(self.varied, self.values, strict=True)
        return {
            "varied": {path: values.tolist() for path, values in named},
            "share": self.share.tolist(),
            "error": self.error.tolist(),
            "draws": self.draws,
            "episodes": self.episodes,
        }


def believed_over(
    scenario: Scenario,
    vary: Mapping[str, Sequence[float] | None],
    beliefs: Beliefs,
    *,
    draws: int = DRAWS,
    seed: int = 0,
) -> RangeShare:
    """In what share of the draws that fit a record a treaty is feasible, along one or two parameters.

    Parameters
    ----------
    scenario
        A dispute with the parameters of the draws.
    vary
        Per dotted path its ends, or ``None`` for the range in the file.
    beliefs
        The draws.
    draws, seed
        How many of them, and of everything else; and which.

    Raises
    ------
    UsageError
        If more than two parameters are varied, one has no range, or the beliefs are of other parameters.
    """
    if len(vary) not in STEPS:
        raise UsageError(
            f"beliefs are told along one or two parameters, not {len(vary)}: give one or two --vary"
        )
    ends = [_ends(scenario, path, given) for path, given in vary.items()]
    values = tuple(np.linspace(lo, hi, STEPS[len(vary)]) for lo, hi in ends)
    paths, drawn = drawn_beside(scenario, tuple(vary), draws, seed, beliefs)
    problem = prepare(scenario, [*vary, *paths])
    grid = np.array([axis.ravel() for axis in np.meshgrid(*values, indexing="ij")])
    return RangeShare(
        varied=tuple(vary),
        values=values,
        share=feasible_share(problem, grid, drawn).reshape([len(axis) for axis in values]),
        draws=draws,
        episodes=len(beliefs.episodes),
    )


def _ends(scenario: Scenario, path: str, given: Sequence[float] | None) -> tuple[float, float]:
    found = scenario.range_of(path) if given is None else (float(given[0]), float(given[-1]))
    if found is None:
        raise UsageError(f"{path} has no range in the file; give --vary {path}=LO:HI")
    return found
