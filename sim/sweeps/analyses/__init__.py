"""Analyses of a run: what its points say about the dispute.

``ANALYSES`` is the visible table. An analysis is one file: a function named like it with ``_of_run`` that
returns a frozen record with ``to_dict``, and, where more is computed than counts, a plain function on arrays.
What is finished of a run is analysed; ``run.snapshot()`` keeps several analyses to the same points.
"""

from collections.abc import Callable
from typing import Any

from sim.sweeps.analyses.binding_along import binding_along_of_run
from sim.sweeps.analyses.binding_frequencies import binding_frequencies_of_run
from sim.sweeps.analyses.cart import cart_of_run
from sim.sweeps.analyses.feasible_share import feasible_share_of_run
from sim.sweeps.analyses.prim import prim_of_run
from sim.sweeps.analyses.sobol_indices import sobol_indices_of_run
from sim.sweeps.analyses.tornado import tornado_of_run

ANALYSES: dict[str, Callable[..., Any]] = {
    "feasible_share": feasible_share_of_run,
    "binding_frequencies": binding_frequencies_of_run,
    "binding_along": binding_along_of_run,
    "tornado": tornado_of_run,
    "sobol_indices": sobol_indices_of_run,
    "prim": prim_of_run,
    "cart": cart_of_run,
}

__all__ = [
    "ANALYSES",
    "binding_along_of_run",
    "binding_frequencies_of_run",
    "cart_of_run",
    "feasible_share_of_run",
    "prim_of_run",
    "sobol_indices_of_run",
    "tornado_of_run",
]
