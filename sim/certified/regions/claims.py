"""A claim compiled for boxes: on a dispute by its ladder and its game, on a classical game by its form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.certified.bounds.boxes import Boxes
from sim.certified.bounds.division import OverBoxes
from sim.certified.forms.table import form_claim
from sim.certified.games.equilibrium_outcome import EquilibriumOutcome
from sim.certified.games.game_payoffs import GamePayoffs
from sim.certified.games.stable_state import StabilityClaim
from sim.certified.games.supported_treaty import SupportedTreaty
from sim.certified.ladder.best_treaty import BestTreaty
from sim.certified.ladder.parts import parts_of
from sim.claims import EVERY, STABLE, Claim, read_claim
from sim.errors import UsageError, suggest
from sim.games.stages import stage_game
from sim.games.stages_conflict import state_of
from sim.payoffs import Dispute, compile_dispute
from sim.rules.ladder import RUNGS
from sim.scenario import Scenario


class FrontierClaim(OverBoxes, Protocol):
    """A claim over boxes with what a frontier reports beside its verdicts."""

    @property
    def varied(self) -> tuple[str, ...]:
        """Paths of the varied parameters."""

    @property
    def affine(self) -> bool:
        """Whether its bounds are exact."""

    @property
    def labels(self) -> Mapping[str, tuple[str, ...]]:
        """The names that a certified part may carry, by kind."""

    def unbounded(self, boxes: Boxes) -> list[str]:
        """A sentence per term that has no finite bounds over some of the boxes."""

    def ties(self) -> tuple[FloatArray, FloatArray]:
        """Roots of affine rows along one parameter, and how far the tolerance moves each."""


def claim_on(scenario: Scenario, of: str | Claim | None) -> Claim:
    """The claim that a text makes on a scenario; by default that a treaty is feasible.

    Raises
    ------
    NotDefinedError
        If nothing can be claimed of that form of file.
    UsageError
        If the form does not know the claim; the legal ones are named.

    Examples
    --------
    >>> from sim.loading import loads
    >>> s = loads("strategic: {actors: {a: [x], b: [y]}, payoffs: [[[1, 2]]]}")
    >>> claim_on(s, "predicted:x, y").words
    "'x, y' is a pure equilibrium"
    """
    if isinstance(of, Claim):
        return of
    form = scenario.document.form
    if of is None or (of == "margin" and form != "dispute"):
        if form == "dispute":
            return read_claim("margin")
        try:
            return read_claim("", form)
        except UsageError as error:
            legal = str(error).partition("; ")[2]
            raise UsageError(
                f"{scenario.origin}: a classical game has no treaty ladder; say what is to be decided, "
                f"--of CLAIM; {legal}"
            ) from None
    return read_claim(of, form)


def compiled(
    scenario: Scenario, varied: Sequence[str], claim: Claim, whole: Boxes
) -> FrontierClaim:
    """A claim on a scenario, compiled for some varied parameters.

    Raises
    ------
    UsageError
        If it names no agreement, class, state or other subject that there is, or has no fitting game.
    """
    if claim.form != "dispute":
        return form_claim(scenario, varied, claim, whole)
    if claim.is_margin or claim.kind in RUNGS:
        rung = len(RUNGS) - 1 if claim.is_margin else RUNGS.index(claim.kind)
        dispute = compile_dispute(scenario, varied)
        best = BestTreaty(parts_of(dispute), rung)
        game = scenario.document.game
        if game is None or game.rounds is not None or dispute.shape[1] == 1:
            return best
        return SupportedTreaty(best, stage_game(dispute))
    stages = stage_game(compile_dispute(scenario, varied))
    if claim.kind in STABLE:
        return StabilityClaim(GamePayoffs(stages), claim.kind, state_of(stages, claim.subject))
    wanted = _wanted(stages.dispute, claim.subject)
    return EquilibriumOutcome(GamePayoffs(stages), wanted, claim.kind == EVERY)


def _wanted(dispute: Dispute, label: str) -> BoolArray:
    """The agreements that a label names: those of a class, or one."""
    classes, labels = dispute.scenario.document.classes, dispute.space.labels
    if label in classes:
        return np.asarray(dispute.classes == classes.index(label))
    if label in labels:
        return np.asarray(np.arange(len(labels)) == labels.index(label))
    legal = [*classes, *labels]
    raise UsageError(f"no outcome class or agreement '{label}'{suggest(label, legal)}")
