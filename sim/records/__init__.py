"""Records that several rooms read: what analyses of a run found, for the command, the figures and the report.

They hold numbers and words and compute nothing; the rooms above fill them.
"""

from sim.records.binding_along import BindingAlong
from sim.records.boxes import Box, Limit
from sim.records.cart import Cart, RuleSplit
from sim.records.prim import Prim
from sim.records.sobol_indices import Index, SobolIndices
from sim.records.tornado import Bar, Tornado

__all__ = [
    "Bar",
    "BindingAlong",
    "Box",
    "Cart",
    "Index",
    "Limit",
    "Prim",
    "RuleSplit",
    "SobolIndices",
    "Tornado",
]
