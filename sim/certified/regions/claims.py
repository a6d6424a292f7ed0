"""What can be asked of a whole box of parameters, by name.

``margin`` (some treaty passes the whole ladder), a rung of the ladder (some treaty passes the rungs up to
there), ``predicted:LABEL`` and ``always:LABEL`` (an agreement, or an outcome of a class, is the outcome of
some, or of every, equilibrium of the scenario's game), ``gmcr_nash:STATE``, ``gmr:STATE``, ``smr:STATE`` and
``seq:STATE`` (a state is stable for every actor in that sense; the game is read as a conflict in graph
form, a state is named by the labels of its moves).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.certified.bounds.division import Claim
from sim.certified.games.equilibrium_outcome import EquilibriumOutcome
from sim.certified.games.game_payoffs import GamePayoffs
from sim.certified.games.stable_state import CONCEPTS, StableState
from sim.certified.games.supported_treaty import SupportedTreaty
from sim.certified.ladder.best_treaty import BestTreaty
from sim.certified.ladder.parts import parts_of
from sim.certified.regions.claim_words import EVERY, MARGIN, SOME
from sim.errors import UsageError, suggest
from sim.feasibility.ladder import PREDICTED
from sim.feasibility.levels import RUNGS
from sim.games.stages import stage_game
from sim.games.stages_conflict import state_of
from sim.payoffs import Dispute, compile_dispute
from sim.payoffs.quantities import Quantity
from sim.scenario import TREATY, Scenario


class FrontierClaim(Claim, Protocol):
    """A claim with what a frontier reports beside its verdicts."""

    @property
    def dispute(self) -> Dispute:
        """The dispute that it is about."""

    @property
    def affine(self) -> bool:
        """Whether its bounds are exact."""

    @property
    def quantities(self) -> Sequence[Quantity]:
        """What is bounded."""

    def ties(self) -> tuple[FloatArray, FloatArray]:
        """Roots of affine rows along one parameter, and how far the tolerance moves each."""


def claim_of(scenario: Scenario, varied: Sequence[str], of: str) -> FrontierClaim:
    """The claim that a text names, on a scenario compiled for some varied parameters.

    Raises
    ------
    UsageError
        If the text names no claim, agreement, class or state, or the scenario has no fitting game.

    Examples
    --------
    >>> from sim.loading import loads
    >>> s = loads('''
    ... parameters: {cost: {value: 0.5, range: [0, 1]}}
    ... issues: {peace: {no: {}, yes: {signed: 1}}}
    ... outcomes: {treaty: signed}
    ... actors: {a: {role: principal}, b: {role: principal}}
    ... payoffs: {a: {gain: (0.3 - cost)*signed}, b: {gain: 0.1*signed}}
    ... ''')
    >>> claim_of(s, ["cost"], "self-enforcng")
    Traceback (most recent call last):
        ...
    sim.errors.UsageError: unknown claim 'self-enforcng'; did you mean 'self-enforcing'?
    """
    kind, colon, label = (part.strip() for part in of.partition(":"))
    if of == MARGIN or of in RUNGS:
        rung = len(RUNGS) - 1 if of == MARGIN else RUNGS.index(of)
        dispute = compile_dispute(scenario, varied)
        best = BestTreaty(parts_of(dispute), rung)
        if scenario.document.game is None or dispute.shape[1] == 1:
            return best
        return SupportedTreaty(best, stage_game(dispute))
    if of == PREDICTED:
        kind, label = SOME, TREATY
    elif not colon or kind not in KINDS:
        if not colon and kind in KINDS:
            raise UsageError(f"claim '{of}' needs a label: {of}:LABEL")
        legal = KINDS if colon else [MARGIN, *RUNGS, PREDICTED, *KINDS[1:]]
        raise UsageError(f"unknown claim '{of}'{suggest(kind, legal)}")
    game = stage_game(compile_dispute(scenario, varied))
    if kind in CONCEPTS:
        return StableState(GamePayoffs(game), kind, state_of(game, label))
    return EquilibriumOutcome(GamePayoffs(game), _wanted(game.dispute, label), kind == EVERY)


KINDS = (SOME, EVERY, *CONCEPTS)


def _wanted(dispute: Dispute, label: str) -> BoolArray:
    """The agreements that a label names: those of a class, or one."""
    classes, labels = dispute.scenario.document.classes, dispute.space.labels
    if label in classes:
        return np.asarray(dispute.classes == classes.index(label))
    if label in labels:
        return np.asarray(np.arange(len(labels)) == labels.index(label))
    legal = [*classes, *labels]
    raise UsageError(f"no outcome class or agreement '{label}'{suggest(label, legal)}")
