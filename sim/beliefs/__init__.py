"""What may be believed of a dispute: over its file's own ranges, and beside its model by base rates."""

from sim.beliefs.outside_view import OutsideView, outside_view
from sim.beliefs.own_ranges import own_ranges
from sim.beliefs.reference_classes import ReferenceClass, reference_class, reference_classes
from sim.beliefs.weighted_draws import Beliefs, open_beliefs, store_beliefs

__all__ = [
    "Beliefs",
    "OutsideView",
    "ReferenceClass",
    "open_beliefs",
    "outside_view",
    "own_ranges",
    "reference_class",
    "reference_classes",
    "store_beliefs",
]
