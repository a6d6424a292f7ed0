"""What figures show and have to have computed: win-sets, utility spaces, equilibria along a parameter."""

from sim.views.equilibria_along import EquilibriaAlong, equilibria_along
from sim.views.utility_space import UtilitySpace, utility_space
from sim.views.win_sets import WinSets, win_sets

__all__ = [
    "EquilibriaAlong",
    "UtilitySpace",
    "WinSets",
    "equilibria_along",
    "utility_space",
    "win_sets",
]
