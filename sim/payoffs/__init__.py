"""From a scenario to numbers: agreements, stances, payoffs and slacks as arrays, the batch axis last."""

from sim.payoffs.compiling import compile_dispute
from sim.payoffs.dispute import Batch, Dispute
from sim.payoffs.not_finite import NotFiniteError
from sim.payoffs.slacks import CompiledConstraint
from sim.payoffs.space import classes_of, space_of

__all__ = [
    "Batch",
    "CompiledConstraint",
    "Dispute",
    "NotFiniteError",
    "classes_of",
    "compile_dispute",
    "space_of",
]
