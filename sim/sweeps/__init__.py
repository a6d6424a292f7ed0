"""Sweeps: feasibility over many points, chunk by chunk, stored with what is needed to repeat them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim._kernels.lazily import from_modules

if TYPE_CHECKING:
    from sim.sweeps.concept_grid import ConceptGrid, open_concept_grid
    from sim.sweeps.designs import DESIGNS
    from sim.sweeps.engine import carry_out, execute, finished_chunks, sweep
    from sim.sweeps.plan import Estimate, Plan, make_design, make_plan
    from sim.sweeps.progress import Progress
    from sim.sweeps.run import Run, open_run

_HOME = {
    "ConceptGrid": "sim.sweeps.concept_grid",
    "DESIGNS": "sim.sweeps.designs",
    "Estimate": "sim.sweeps.plan",
    "Plan": "sim.sweeps.plan",
    "Progress": "sim.sweeps.progress",
    "Run": "sim.sweeps.run",
    "carry_out": "sim.sweeps.engine",
    "execute": "sim.sweeps.engine",
    "finished_chunks": "sim.sweeps.engine",
    "make_design": "sim.sweeps.plan",
    "make_plan": "sim.sweeps.plan",
    "open_concept_grid": "sim.sweeps.concept_grid",
    "open_run": "sim.sweeps.run",
    "sweep": "sim.sweeps.engine",
}
"""Where each name is."""

__all__ = [
    "DESIGNS",
    "ConceptGrid",
    "Estimate",
    "Plan",
    "Progress",
    "Run",
    "carry_out",
    "execute",
    "finished_chunks",
    "make_design",
    "make_plan",
    "open_concept_grid",
    "open_run",
    "sweep",
]

__getattr__ = from_modules(__name__, _HOME)
