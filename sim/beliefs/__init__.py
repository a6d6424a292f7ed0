"""What may be believed of a dispute: over its own ranges, by its record, and by base rates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim._kernels.lazily import from_modules

if TYPE_CHECKING:
    from sim.beliefs.belief_store import open_beliefs
    from sim.beliefs.counted_cases import ReferenceClass, reference_class, reference_classes
    from sim.beliefs.learned import Learned, contradictions
    from sim.beliefs.outside_view import OutsideView
    from sim.beliefs.over_plane import PlaneShare
    from sim.beliefs.record_beliefs import Beliefs

_HOME = {
    "Beliefs": "sim.beliefs.record_beliefs",
    "Learned": "sim.beliefs.learned",
    "OutsideView": "sim.beliefs.outside_view",
    "PlaneShare": "sim.beliefs.over_plane",
    "ReferenceClass": "sim.beliefs.counted_cases",
    "contradictions": "sim.beliefs.learned",
    "open_beliefs": "sim.beliefs.belief_store",
    "reference_class": "sim.beliefs.counted_cases",
    "reference_classes": "sim.beliefs.counted_cases",
}
"""Where each name is."""

__all__ = [
    "Beliefs",
    "Learned",
    "OutsideView",
    "PlaneShare",
    "ReferenceClass",
    "contradictions",
    "open_beliefs",
    "reference_class",
    "reference_classes",
]

__getattr__ = from_modules(__name__, _HOME)
