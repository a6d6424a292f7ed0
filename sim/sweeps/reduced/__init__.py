"""Sweeps of which no point is kept: shares, counts by label, and rasters, in bounded memory."""

from sim.sweeps.reduced.raster import Raster, raster_of
from sim.sweeps.reduced.run import REDUCTIONS, reduce_plan

__all__ = ["REDUCTIONS", "Raster", "raster_of", "reduce_plan"]
