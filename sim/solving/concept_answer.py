"""What one concept says of a scenario, whether it answers or refuses."""

from __future__ import annotations

from dataclasses import dataclass

from sim.errors import SimError
from sim.results import Solution


@dataclass(frozen=True, slots=True, kw_only=True)
class ConceptAnswer:
    """What one concept says, or the error with which it refuses."""

    solution: Solution
    error: SimError | None = None
