"""Ladder and prediction of points at which nothing ties, as one graph that is compiled.

Definition. As in :mod:`sim.feasibility.ladder` and :mod:`sim.feasibility.prediction`, which say what an
answer is. Here the same is written for points at which no value that decides is near 0 or near another one:
the third parties have pure stance equilibria, no top is within what is known of 0, and candidates of the best
treaty, and of the outcome that stands for the prediction, are told apart by more than is known or are exactly
equal. Every other point is marked *unsure* and is left to the definitions; so are some at which the game may
support what stance equilibria alone do not.

Array convention. Nodes range over agreements; what depends on stances is there once per profile.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.engine.cells import MOST_PARTS, Cells
from sim.engine.graph import Graph
from sim.feasibility.screening.proposals import proposals_of, why_no_proposals
from sim.feasibility.screening.screened_game import ScreenedGame
from sim.feasibility.screening.screened_ladder import Nodes, ScreenedLadder
from sim.feasibility.screening.screened_support import Support, supported
from sim.games.stages import StageGame
from sim.payoffs import Dispute
from sim.payoffs.program import program_of

MOST_PROFILES = 256
"""Most stance profiles that a screen writes out."""
MOST_BRANCHES = 4096
"""Most answers to an offer that a screen writes out."""


@dataclass(frozen=True, slots=True, eq=False)
class Blocking:
    """What the margin and what blocks rest on.

    Parameters
    ----------
    unsure
        Where the margin, or which cells count, are left to the definitions.
    counted
        Per profile which treaties count where none passes.
    error
        Up to what every gain is known.
    """

    unsure: int
    counted: Nodes
    error: float


@dataclass(frozen=True, slots=True, eq=False)
class Screen:
    """The nodes of a screened point.

    Parameters
    ----------
    graph
        Where they are.
    outputs
        By name: ``margin``, ``every``, ``rung``, ``base``, ``ties``, ``unsure``; with a game ``first`` and
        ``last`` (the outcomes that come first and last in the order of their classes), ``count``, ``treaty``.
    cells, gap
        Candidates for the best treaty, and what tells them apart.
    looked
        What is asked for at the first outcome, by name, variant by variant: ``payoff <actor>``, ``chance``.
    at_best
        The same at the best treaty, cell by cell: ``base``, ``against <actor>`` where that differs from it,
        ``rests`` (1 where it counts only because third parties are committed), ``lost`` (1 where the screen
        does not know what it is measured against).
    blocking
        What :mod:`sim.feasibility.screening.screened_blockers` reads.
    profiles
        How many stance profiles there are.
    ends
        Candidates for the outcome that stands for the prediction, where ``first`` does not.
    """

    graph: Graph
    outputs: dict[str, int]
    cells: Cells
    gap: float
    looked: dict[str, Nodes]
    at_best: dict[str, Nodes]
    blocking: Blocking
    profiles: int
    ends: Cells | None

    @property
    def views(self) -> int:
        """How many cells every stance profile has."""
        return len(self.cells.masks) // self.profiles

    @property
    def variants(self) -> int:
        """Of how many outcomes every agreement is part."""
        return len(next(iter(self.looked.values()), ()))


def why_not(dispute: Dispute, game: StageGame | None) -> str:
    """Why a dispute cannot be screened; empty where it can be."""
    profiles = dispute.shape[1]
    parts = len(dispute.scenario.document.principals) + len(dispute.constraints)
    if not dispute.treaties.any():
        return "no agreement is a treaty"
    if profiles > MOST_PROFILES:
        return f"{profiles} stance profiles, more than {MOST_PROFILES}"
    if parts > MOST_PARTS:
        return f"{parts} gains and slacks, more than {MOST_PARTS}"
    if counted := [c.label for c in dispute.constraints if c.asked.direct is not None]:
        return f"{counted[0]} has too many blocs to write out who ratifies"
    return "" if game is None else _why_no_game(game)


def _why_no_game(game: StageGame) -> str:
    if reason := why_no_proposals(game):
        return reason
    branches = max(int(np.prod(proposal.shape)) for proposal in proposals_of(game))
    if branches > MOST_BRANCHES:
        return f"{branches} ways to answer a proposal, more than {MOST_BRANCHES}"
    return ""


def screen_of(dispute: Dispute, game: StageGame | None) -> Screen:
    """The screen of a dispute for which :func:`why_not` has no reason."""
    program = program_of(
        dispute.frame, dispute.terms_of, dispute.asked, dispute.shape, spread=False
    )
    ladder = ScreenedLadder(dispute, program)
    ladder.climb()
    more = Support()
    if game is not None:
        screened = ScreenedGame(ladder, game)
        screened.solve()
        more = supported(ladder, screened, game)
    ladder.decide(more.cells, more.views)
    if more.cells is None and not more.views and game is not None:
        _leave_supported(ladder, game)
    graph = ladder.graph
    unsure = graph.apply("or", ladder.unsure, ladder.unsure_beside)
    outputs = ladder.outputs | {"unsure": graph.apply("where", unsure, *ladder.units)}
    counted = ladder.allowed
    blocking = Blocking(ladder.unsure, counted, ladder.error)
    return Screen(
        graph,
        outputs,
        ladder.cells,
        ladder.gap,
        ladder.looked,
        ladder.at_best,
        blocking,
        dispute.shape[1],
        ladder.ends,
    )


def _leave_supported(ladder: ScreenedLadder, game: StageGame) -> None:
    """Leave points without a treaty at which the game may support what stance equilibria do not."""
    graph = ladder.graph
    if len(ladder.profiles) == 1:
        return
    fails = graph.apply("lt", ladder.outputs["margin"], graph.constant(0.0))
    ladder.leave(fails if game.fixed_for() else graph.apply("and", fails, ladder.predicted))
