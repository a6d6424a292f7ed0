"""The frozen records that every solution concept returns: a solution, and its members by kind."""

from sim.results.members import (
    Allocation,
    Division,
    JointPlan,
    Member,
    Region,
    StableState,
    StrategyProfile,
    StrategySet,
)
from sim.results.solution import Solution, Status

__all__ = [
    "Allocation",
    "Division",
    "JointPlan",
    "Member",
    "Region",
    "Solution",
    "StableState",
    "Status",
    "StrategyProfile",
    "StrategySet",
]
