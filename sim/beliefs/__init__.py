"""What may be believed of a dispute: over its own ranges, by its record, and by base rates."""

from sim.beliefs.belief_store import open_beliefs
from sim.beliefs.believed import believed
from sim.beliefs.learned import Learned, contradictions, learned
from sim.beliefs.outside_view import OutsideView, outside_view
from sim.beliefs.over_plane import PlaneShare, over_plane
from sim.beliefs.own_ranges import own_ranges
from sim.beliefs.record_beliefs import Beliefs
from sim.beliefs.reference_classes import ReferenceClass, reference_class, reference_classes

__all__ = [
    "Beliefs",
    "Learned",
    "OutsideView",
    "PlaneShare",
    "ReferenceClass",
    "believed",
    "contradictions",
    "learned",
    "open_beliefs",
    "outside_view",
    "over_plane",
    "own_ranges",
    "reference_class",
    "reference_classes",
]
