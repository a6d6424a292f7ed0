"""Sweeps: feasibility over many points, chunk by chunk, stored with what is needed to repeat them."""

from sim.sweeps.affine_games import AffineGames, affine_games, affine_games_of, count_equilibria
from sim.sweeps.concept_grid import ConceptGrid, open_concept_grid
from sim.sweeps.concept_sweep import ConceptRun, concept_sweep
from sim.sweeps.designs import DESIGNS
from sim.sweeps.engine import carry_out, execute, finished_chunks, sweep
from sim.sweeps.plan import Estimate, Plan, make_design, make_plan
from sim.sweeps.progress import Progress
from sim.sweeps.run import Run, open_run

__all__ = [
    "DESIGNS",
    "AffineGames",
    "ConceptGrid",
    "ConceptRun",
    "Estimate",
    "Plan",
    "Progress",
    "Run",
    "affine_games",
    "affine_games_of",
    "carry_out",
    "concept_sweep",
    "count_equilibria",
    "execute",
    "finished_chunks",
    "make_design",
    "make_plan",
    "open_concept_grid",
    "open_run",
    "sweep",
]
