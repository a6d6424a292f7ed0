"""Time: will there ever be a treaty, how likely by which year, and what opens the window.

A dispute with a ``dynamics`` section is played once a period in a world that moves by chance; a treaty, once
signed, stays. :func:`forecast` gives the chance of a treaty by year over draws of the uncertain numbers.
"""

from __future__ import annotations

from sim.dynamics.chain import Chain, chain_of
from sim.dynamics.forecast import forecast
from sim.dynamics.record import Forecast
from sim.dynamics.world import World, world_of

__all__ = ["Chain", "Forecast", "World", "chain_of", "forecast", "world_of"]
