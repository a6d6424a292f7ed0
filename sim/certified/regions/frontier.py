"""The certified frontier: for which parameter values a claim holds, proved and not sampled.

Definition. Over a box of parameters the margin of the treaty ladder (or what another claim rests on) is
bounded from below and above; a box on which the bounds decide is certified at once, others are divided
(:mod:`sim.certified.bounds.division`) until the undecided share is below a tolerance or a work limit is met.
What is certified holds at every point of a box at which the payoffs have a value; terms that have no finite
bounds somewhere are named.

Array convention. Boxes have shape ``(varied, boxes)``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, overload

import numpy as np

from sim.certified.bounds.boxes import Boxes, box_of
from sim.certified.bounds.division import FEASIBLE, UNDECIDED, Divided, Progress, divide
from sim.certified.change.never import never as never_feasible
from sim.certified.change.turning_point import turning_point
from sim.certified.games.supported_treaty import SupportedTreaty
from sim.certified.ladder.best_treaty import BestTreaty, fixed_stances
from sim.certified.ladder.labels import Labels, label
from sim.certified.ladder.refinement import refine
from sim.certified.regions.claims import FrontierClaim, claim_on, compiled
from sim.certified.regions.crossings import crossings_of
from sim.certified.regions.edges import Crossing, Edge
from sim.certified.regions.outline import outline
from sim.certified.regions.polygons import polygons_of_claim
from sim.certified.regions.record import Frontier
from sim.certified.regions.robust import Robust
from sim.certified.regions.robust import robust as claimed_for_all
from sim.claims import Claim
from sim.errors import UsageError
from sim.scenario import Scenario, require_scenario
from sim.scenario.provenance import provenance

NARROW = 2.0**-32
"""Share of one parameter's range to which a threshold is narrowed: 2.3e-10."""
TOLERANCES = {1: 1e-8, 2: 1e-3, 3: 1e-2}
NARROW_AREA = 1e-9
"""The same of several parameters: narrower boxes are not part of any share that is told."""
LIMIT = 200_000
"""Boxes that may be bounded where the caller says nothing."""
UNLABELLED = 0.05
"""Share of the decided part whose best treaty may stay open, of up to two parameters."""
LABEL_WORK = 6_000
"""Boxes that may be bounded besides, for these labels."""


@overload
def frontier(
    scenario: Scenario,
    *,
    vary: Mapping[str, Sequence[float] | None],
    of: str | Claim | None = None,
    robust: Literal[True],
    limit: int = LIMIT,
) -> Robust: ...
@overload
def frontier(
    scenario: Scenario,
    *,
    vary: Mapping[str, Sequence[float] | None],
    of: str | Claim | None = None,
    never: Sequence[str] = (),
    robust: Literal[False] = False,
    tolerance: float | None = None,
    limit: int = LIMIT,
    unlabelled: float | None = None,
    progress: Progress | None = None,
    command: str = "",
) -> Frontier: ...
@np.errstate(all="ignore")
def frontier(
    scenario: Scenario,
    *,
    vary: Mapping[str, Sequence[float] | None],
    of: str | Claim | None = None,
    never: Sequence[str] = (),
    robust: bool = False,
    tolerance: float | None = None,
    limit: int = LIMIT,
    unlabelled: float | None = None,
    progress: Progress | None = None,
    command: str = "",
) -> Frontier | Robust:
    """Where a treaty is feasible, or another claim holds, certified over a whole box of parameters.

    Parameters
    ----------
    scenario, vary, of
        A dispute, or a classical game with parameters. Per dotted path ``(lo, hi)``, or ``None`` for the
        range in the file; of a parameter with levels only these are asked about. A claim that the form
        of the file knows (:mod:`sim.claims.kinds`), by default ``margin``.
    never
        Treaties or positions of which to say why they are feasible nowhere (:func:`sim.certified.never`).
    robust
        Only whether the claim holds for every value, or for some (:func:`sim.certified.robust`).
    tolerance, unlabelled
        Shares that may stay undecided (1e-3 by default of two parameters, 1e-2 of more; thresholds of one
        are narrowed to 2.4e-10 of its range), and decided without certain labels (0.05, of up to two).
    limit, progress, command
        Boxes that may be bounded; called with the undecided share and those bounded; what was typed.

    Raises
    ------
    SimError
        If a path or a range is wrong, or the claim is not known, not defined there, or too much to certify.

    Notes
    -----
    Source: [moore1966]_.

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
    >>> [(c.before, round(c.at, 9), c.after) for c in frontier(s, vary={"cost": None}).crossings]
    [('feasible', 0.3, 'infeasible')]
    """
    if robust:
        if never or tolerance is not None:
            raise UsageError("--robust takes no --never or --tolerance")
        return claimed_for_all(scenario, vary=vary, of=of, limit=limit)
    found = _Request(scenario, vary, of, tolerance, limit).answer(unlabelled, progress, command)
    reasons = [never_feasible(scenario, treaty, vary=vary) for treaty in never]
    return replace(found, never=tuple(reasons)) if reasons else found


class _Request:
    """What is asked of a scenario, compiled."""

    def __init__(
        self,
        scenario: Scenario,
        vary: Mapping[str, Sequence[float] | None],
        of: str | Claim | None,
        tolerance: float | None,
        limit: int,
    ) -> None:
        require_scenario(scenario, "frontier")
        self.scenario, self.of, self.limit = scenario, claim_on(scenario, of), limit
        self.whole = box_of(scenario, vary)
        self.claim = compiled(scenario, list(vary), self.of, self.whole)
        self.single = len(vary) == 1
        self.aim = TOLERANCES.get(len(vary), 1e-2) if tolerance is None else tolerance
        self.least = 0.0 if self.single and tolerance is None else self.aim

    def answer(self, unlabelled: float | None, progress: Progress | None, command: str) -> Frontier:
        """The box divided, and the record of it."""
        claim, whole = self.claim, self.whole
        division = divide(
            claim,
            whole,
            tolerance=self.least,
            narrowest=NARROW if self.single else NARROW_AREA,
            limit=self.limit,
            progress=progress,
        )
        labels = Labels(*(np.full(len(division.boxes), -1) for _ in range(3)))
        plain = _plain(claim, whole, division)
        if self.of.is_margin and isinstance(plain, BestTreaty):
            division, labels = _labelled(plain, whole, division, self.limit, unlabelled)
        crossings: tuple[Crossing, ...] = ()
        if self.single:
            crossings = (
                () if whole.by_levels else crossings_of(division, claim.ties(), self.of.verdicts)
            )
        return Frontier(
            **_asked(self.scenario, claim, self.of, whole),
            **_decided(division, labels),
            tolerance=self.aim,
            note=_note(claim, whole, division, self.limit),
            crossings=crossings,
            edges=_edges(plain, whole),
            turn=_turn(self.scenario, claim, self.of, whole),
            affine=claim.affine,
            provenance=provenance(self.scenario, command),
        )


def _plain(claim: FrontierClaim, whole: Boxes, division: Divided) -> FrontierClaim:
    """The claim under the stance equilibria alone, where they decide everything."""
    if not isinstance(claim, SupportedTreaty) or claim.game.fixed_for():
        return claim
    yes = division.boxes.pick(division.verdict == FEASIBLE)
    found = claim.alone.answer(yes, claim.alone.scope(whole)).verdict if len(yes) else FEASIBLE
    return claim.alone if np.all(found == FEASIBLE) else claim


def _labelled(
    claim: BestTreaty, whole: Boxes, division: Divided, limit: int, unlabelled: float | None
) -> tuple[Divided, Labels]:
    """The parts, some divided further, and what can be said of every one."""
    parts = claim.parts
    labels = label(parts, division.boxes, division.verdict, fixed_stances(parts, whole))
    share = (UNLABELLED if len(whole.lo) <= 2 else 1.0) if unlabelled is None else unlabelled
    most = min(limit, division.examined + LABEL_WORK)
    return refine(parts, whole, division, labels, share=share, limit=most)


def _asked(scenario: Scenario, claim: FrontierClaim, of: Claim, whole: Boxes) -> dict[str, Any]:
    """What the record says of the request."""
    varied, document = claim.varied, scenario.document
    return {
        "title": scenario.title,
        "claim": of,
        "varied": varied,
        "units": tuple(document.parameters[path].unit for path in varied),
        "levels": tuple(() if some is None else tuple(some.tolist()) for some in whole.levels),
        "low": whole.lo[:, 0],
        "high": whole.hi[:, 0],
        "values": np.array([scenario.values[path] for path in varied]),
        "labels": claim.labels,
    }


def _decided(division: Divided, labels: Labels) -> dict[str, Any]:
    """What the record says of every part."""
    return {
        "lo": division.boxes.lo,
        "hi": division.boxes.hi,
        "verdict": division.verdict,
        "rung": labels.rung,
        "agreement": labels.agreement,
        "binding": labels.binding,
        "examined": division.examined,
        "status": "complete" if division.finished else "limit reached",
    }


def _edges(claim: FrontierClaim, whole: Boxes) -> tuple[Edge, ...]:
    """Over two parameters the exact outline of where the claim holds, where that is known."""
    if len(whole.lo) != 2 or whole.by_levels:
        return ()
    found = polygons_of_claim(claim, whole)
    return () if found is None else outline(found)


def _turn(scenario: Scenario, claim: FrontierClaim, of: Claim, whole: Boxes) -> tuple[float, ...]:
    """The nearest point at which the margin turns; not sought for other claims."""
    ladders = BestTreaty | SupportedTreaty
    if not of.is_margin or not isinstance(claim, ladders) or whole.by_levels:
        return ()
    game = claim.game if isinstance(claim, SupportedTreaty) else None
    return turning_point(scenario, replace(claim.parts, game=game), whole)


def _note(claim: FrontierClaim, whole: Boxes, division: Divided, limit: int) -> str:
    """What stays undecided and why, in a sentence; empty where nothing needs saying."""
    rest = division.boxes.pick(division.verdict == UNDECIDED)
    words = claim.unbounded(division.boxes)
    if not division.finished:
        share = float(rest.volumes(whole).sum())
        words.append(
            f"the limit of {limit:,} boxes was reached with {share:.3g} of the volume undecided; "
            "raise the limit or the tolerance, or vary fewer parameters"
        )
    return "; ".join(words)
