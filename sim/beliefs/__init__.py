"""What may be believed of a dispute before, and beside, its model: base rates of reference classes."""

from sim.beliefs.outside_view import OutsideView, outside_view
from sim.beliefs.reference_classes import ReferenceClass, reference_class, reference_classes

__all__ = [
    "OutsideView",
    "ReferenceClass",
    "outside_view",
    "reference_class",
    "reference_classes",
]
