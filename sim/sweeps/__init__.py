"""Sweeps: feasibility over many points, chunk by chunk, stored with what is needed to repeat them."""

from sim.sweeps.designs import DESIGNS
from sim.sweeps.engine import execute, sweep
from sim.sweeps.plan import Estimate, Plan, make_plan
from sim.sweeps.progress import Progress
from sim.sweeps.run import Run, open_run

__all__ = [
    "DESIGNS",
    "Estimate",
    "Plan",
    "Progress",
    "Run",
    "execute",
    "make_plan",
    "open_run",
    "sweep",
]
