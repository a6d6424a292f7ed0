"""Sweeps: feasibility over many points, chunk by chunk, stored with everything needed to repeat them."""

from sim.sweeps.engine import sweep
from sim.sweeps.run import Run, open_run

__all__ = ["Run", "open_run", "sweep"]
