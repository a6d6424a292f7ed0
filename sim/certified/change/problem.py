"""What is asked of a change: which parameters may move, what the margin is to reach, and from which side.

Array convention. Points have shape ``(varied,)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from sim._kernels.tolerance import RELATIVE, ROUNDING, FloatArray, IntArray
from sim.certified.change.levers import Candidate, Levers, margin_at
from sim.certified.change.relaxed_stances import relaxed_stances
from sim.certified.ladder.parts import Parts, parts_of
from sim.feasibility.evaluate import prepared
from sim.scenario import Scenario


@dataclass(frozen=True, slots=True, eq=False)
class ChangeProblem:
    """The cheapest change of some levers by which the margin reaches a target.

    Parameters
    ----------
    scenario, parts
        The dispute, and what its ladder reads with the levers as varied parameters.
    levers
        Where they are, how far they may go and what a unit costs.
    target
        The margin that is to be reached.
    breaking
        Whether the margin is to come down to the target, not up.
    relaxed
        Whether the parts let third parties take any stances.
    others
        Whether dearer changes are of interest too: those for other treaties.
    """

    scenario: Scenario
    parts: Parts
    levers: Levers
    target: float = 0.0
    breaking: bool = False
    relaxed: bool = False
    others: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        """Paths of the levers."""
        return self.parts.dispute.varied

    @property
    def level(self) -> float:
        """The target, with room for rounding on the far side of it."""
        return self.target + ROUNDING if self.breaking else self.target - ROUNDING

    def margin(self, point: FloatArray) -> float:
        """The margin at a point, evaluated by the ladder itself."""
        return margin_at(self.parts, point)[0]

    def reached(self, margin: float) -> bool:
        """Whether a margin is on the right side of the target."""
        return margin <= self.level if self.breaking else margin >= self.target - RELATIVE

    def only(self, some: IntArray) -> ChangeProblem:
        """The same with some of the levers, the others fixed where they are."""
        names = [self.names[k] for k in some]
        levers, parts = self.levers.pick(some), parts_by(self.scenario, tuple(names))
        if self.parts.game is None:
            parts = replace(parts, game=None)
        if self.relaxed:
            open_parts = relaxed_stances(parts, levers.box())
            parts = parts if open_parts is None else open_parts
        return replace(self, parts=parts, levers=levers)

    def lifted(self, some: IntArray, found: Candidate) -> Candidate:
        """A change of some of the levers as one of all."""
        point = self.levers.origin.copy()
        point[some] = found.point
        return Candidate(point, found.cost, found.treaty)


def problem_of(scenario: Scenario, levers: Levers, names: Sequence[str]) -> ChangeProblem:
    """The problem of bringing the margin up to 0 by levers that have ranges."""
    return ChangeProblem(scenario, parts_by(scenario, tuple(names)), levers)


@lru_cache(maxsize=8)
def parts_by(scenario: Scenario, names: tuple[str, ...]) -> Parts:
    """What the ladder reads with some varied parameters, and the game where it may commit third parties.

    The last few are kept: thresholds and the smallest change ask for the same.
    """
    problem = prepared(scenario, names)
    parts = parts_of(problem.dispute)
    return parts if parts.columns == 1 else replace(parts, game=problem.game)
