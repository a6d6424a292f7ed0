"""What figures show and have to have computed: win-sets, utility spaces, equilibria along a parameter."""

from sim.views.conflict_graph import ConflictGraph, conflict_graph
from sim.views.equilibria_along import EquilibriaAlong, equilibria_along
from sim.views.game_tree import TreeView, game_tree
from sim.views.private_view import along_range, private_view
from sim.views.utility_space import UtilitySpace, utility_space
from sim.views.win_sets import WinSets, win_sets

__all__ = [
    "ConflictGraph",
    "EquilibriaAlong",
    "TreeView",
    "UtilitySpace",
    "WinSets",
    "along_range",
    "conflict_graph",
    "equilibria_along",
    "game_tree",
    "private_view",
    "utility_space",
    "win_sets",
]
