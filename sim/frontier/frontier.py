"""The certified frontier: for which parameter values a treaty is feasible, proved and not sampled.

Definition. Over a box of parameters the margin of the treaty ladder is bounded from below and above; a
box on which the bounds decide is certified at once, others are divided (:mod:`sim.frontier._subdivide`)
until the undecided share is below a tolerance or a work limit is met.

Array convention. Boxes have shape ``(varied, boxes)``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sim.errors import UsageError
from sim.feasibility.evaluate import RUNG_NAMES
from sim.feasibility.ladder import ladder_labels
from sim.frontier._crossings import crossings_of
from sim.frontier._labels import Labels, label
from sim.frontier._parts import Parts, parts_of
from sim.frontier._refine import refine
from sim.frontier._subdivide import UNDECIDED, Division, Progress, divide, fixed_stances
from sim.frontier._unbounded import unbounded
from sim.frontier.boxes import Boxes, box_of
from sim.frontier.outline import outline
from sim.frontier.polygons import has_polygons, polygons_of
from sim.frontier.record import Frontier
from sim.frontier.turning import turning_point
from sim.payoffs import compile_dispute
from sim.scenario import Scenario

NARROW = 2.0**-32
TOLERANCES = {1: 1e-8, 2: 1e-3, 3: 1e-2}
LIMIT = 200_000
UNLABELLED = 0.05
LABEL_WORK = 6_000


def frontier(
    scenario: Scenario,
    *,
    vary: Mapping[str, Sequence[float] | None],
    tolerance: float | None = None,
    limit: int = LIMIT,
    unlabelled: float | None = None,
    progress: Progress | None = None,
    command: str = "",
) -> Frontier:
    """Where a treaty is feasible, certified over a whole box of parameters.

    Parameters
    ----------
    scenario
        A dispute; what is not varied keeps its current value.
    vary
        Per dotted path ``(lo, hi)``, or ``None`` for the range in the file.
    tolerance
        Share of the box that may stay undecided; by default 1e-3 for two parameters and 1e-2 for
        more. Thresholds of one parameter are narrowed to 2.4e-10 of its range.
    limit
        How many boxes may be bounded.
    unlabelled
        Share of the decided part on which best treaty and binding constraint may stay uncertain: 0.05
        by default with one or two parameters. With more, certified boxes are not divided further.
    progress, command
        Called with the undecided share and the boxes bounded so far; what the user typed.

    Raises
    ------
    UsageError
        If the file is a classical game, or a path is unknown, structural or has no range.

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
    >>> found = frontier(s, vary={"cost": None})
    >>> [(x.verdict, round(x.hi, 6)) for x in found.segments if x.verdict != "undecided"]
    [('feasible', 0.3), ('infeasible', 1.0)]
    """
    if scenario.document.form != "dispute":
        raise UsageError(f"{scenario.origin}: a classical game has no treaty ladder")
    whole = box_of(scenario, vary)
    parts = parts_of(compile_dispute(scenario, list(vary)))
    aim = TOLERANCES.get(len(vary), 1e-2) if tolerance is None else tolerance
    whole_aim = 0.0 if len(vary) == 1 and tolerance is None else aim
    division, labels = _certified(parts, whole, whole_aim, limit, unlabelled, progress)
    return _record(scenario, parts, whole, division, labels, aim, limit, command)


def _certified(
    parts: Parts,
    whole: Boxes,
    tolerance: float,
    limit: int,
    unlabelled: float | None,
    progress: Progress | None,
) -> tuple[Division, Labels]:
    """The box divided by its verdicts, and what can be said of every part."""
    varied = len(parts.dispute.varied)
    narrow = NARROW if varied == 1 else 1e-9
    division = divide(
        parts, whole, tolerance=tolerance, narrowest=narrow, limit=limit, progress=progress
    )
    labels = label(parts, division.boxes, division.verdict, fixed_stances(parts, whole))
    share = (UNLABELLED if varied <= 2 else 1.0) if unlabelled is None else unlabelled
    most = min(limit, division.examined + LABEL_WORK)
    return refine(parts, whole, division, labels, share=share, limit=most)


def _record(
    scenario: Scenario,
    parts: Parts,
    whole: Boxes,
    division: Division,
    labels: Labels,
    tolerance: float,
    limit: int,
    command: str,
) -> Frontier:
    varied = parts.dispute.varied
    crossings = crossings_of(parts, division) if len(varied) == 1 else ()
    exact = len(varied) == 2 and len(parts.treaties) > 0 and has_polygons(parts)
    edges = outline(polygons_of(parts, whole)) if exact else ()
    document = scenario.document
    return Frontier(
        title=scenario.title,
        varied=varied,
        units=tuple(document.parameters[path].unit for path in varied),
        low=whole.lo[:, 0],
        high=whole.hi[:, 0],
        values=np.array([scenario.values[path] for path in varied]),
        lo=division.boxes.lo,
        hi=division.boxes.hi,
        verdict=division.verdict,
        rung=labels.rung,
        agreement=labels.agreement,
        binding=labels.binding,
        labels={
            "rung": (*RUNG_NAMES[:-2], "feasible"),
            "agreement": parts.dispute.space.labels,
            "binding": ladder_labels(parts.dispute),
        },
        tolerance=tolerance,
        examined=division.examined,
        status="complete" if division.finished else "limit reached",
        note=_note(parts, whole, division, limit),
        crossings=crossings,
        edges=edges,
        turn=turning_point(scenario, parts, whole),
        affine=parts.affine,
        provenance=_provenance(scenario, command),
    )


def _provenance(scenario: Scenario, command: str) -> dict[str, object]:
    from sim import __version__

    return {
        "version": __version__,
        "command": command,
        "scenario": {
            "title": scenario.title,
            "origin": scenario.origin,
            "sha256": scenario.digest,
            "text": scenario.resolved,
        },
        "overrides": dict(scenario.overrides),
    }


def _note(parts: Parts, whole: Boxes, division: Division, limit: int) -> str:
    """What stays undecided and why, in a sentence; empty where nothing needs saying."""
    rest = division.boxes.pick(division.verdict == UNDECIDED)
    words = unbounded(parts, division.boxes)
    if not division.finished:
        share = float(rest.volumes(whole).sum())
        words.append(
            f"the limit of {limit:,} boxes was reached with {share:.3g} of the volume undecided; "
            "raise the limit or the tolerance, or vary fewer parameters"
        )
    return "; ".join(words)
