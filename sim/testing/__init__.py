"""The contracts that every concept, constraint and figure keeps, as functions for anybody's tests.

Whoever adds one in a package of their own calls them in that package's tests; treatysim's own go through
them too. They return nothing, and raise :class:`ContractError`, with one sentence, at the first thing that
is wrong.
"""

from sim.testing.concepts import check_concept
from sim.testing.constraints import check_constraint
from sim.testing.contract import ContractError
from sim.testing.figures import check_figure

__all__ = ["ContractError", "check_concept", "check_constraint", "check_figure"]
