"""A dispute on sliders: one page, in the browser and in a notebook.

The page asks questions in JSON, and every question carries the values that it is about. So the server keeps
nothing between two of them, and sessions cannot see one another. In the browser questions travel over HTTP
(:mod:`sim.explorer.server`), in a notebook through the kernel (:mod:`sim.explorer.notebook`).
"""

from sim.explorer.explorer import Explorer, explore
from sim.explorer.serve import serve

__all__ = ["Explorer", "explore", "serve"]
