"""From a scenario to a dispute compiled for some varied parameters.

Array convention. As in :mod:`sim.payoffs.dispute`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.agreements import AgreementSpace
from sim.constraints import Constraint
from sim.errors import NotDefinedError, UsageError
from sim.payoffs.dispute import Dispute
from sim.payoffs.magnitudes import payoff_magnitudes
from sim.payoffs.not_finite import NotFiniteError
from sim.payoffs.not_finite_words import in_words
from sim.payoffs.quantities import Frame, Term, fold
from sim.payoffs.slacks import Asked, compile_constraint
from sim.payoffs.space import (
    check_outcomes,
    classes_of,
    space_of,
    stance_attributes,
    stance_profiles,
)
from sim.scenario import Document, Scenario
from sim.scenario.structural import structural_parameters

PRIVATE = (
    "its actors have types or send messages, and what was asked knows no private information; "
    "'sim solve', 'sim explain' and 'sim frontier' over one parameter (sim.certified.separation) do"
)
"""Why most verbs refuse such a dispute."""


def compile_dispute(
    scenario: Scenario,
    varied: Sequence[str] = (),
    *,
    like: Dispute | None = None,
    private: bool = False,
) -> Dispute:
    """A scenario compiled for some varied parameters.

    Parameters
    ----------
    scenario
        A dispute.
    varied
        Dotted paths of the parameters that points will give values to.
    like
        The same scenario compiled for other varied parameters, to share what does not depend on
        them.
    private
        Whether the caller knows of types and messages: an answer that ignored them would be wrong.

    Raises
    ------
    NotDefinedError
        If actors have types or send messages that the caller does not know of.
    UsageError
        If a varied path is unknown, or decides which agreements exist.
    NotFiniteError
        If a payoff has no finite value whatever the varied parameters are.
    """
    if scenario.document.private and not private:
        raise NotDefinedError(f"{scenario.origin}: {PRIVATE}")
    for path in varied:
        scenario.require(path)
    _refuse_structural(scenario, varied)
    base = _base(scenario) if like is None else like
    if like is None and not varied and not scenario.overrides:
        here = _compile(base, ())  # from which the spreads follow too
        return replace(here, scales=_scales(scenario, here))
    scales = _scales(scenario, None) if like is None else like.scales
    return replace(_compile(base, tuple(varied)), scales=scales)


KEPT = 32
"""Files whose spreads are kept."""
_KNOWN_SCALES: dict[int, tuple[Document, dict[str, float]]] = {}


@lru_cache(maxsize=4)
def _base(scenario: Scenario) -> Dispute:
    """What does not depend on what is varied; of the last few scenarios it is kept."""
    return _empty(scenario)


def _refuse_structural(scenario: Scenario, varied: Sequence[str]) -> None:
    fixed = structural_parameters(scenario.document) & set(varied)
    if fixed:
        raise UsageError(
            f"{min(fixed)}: decides which agreements exist or how they are classed; "
            "it can be set (--set), but not varied"
        )


def _empty(scenario: Scenario) -> Dispute:
    """Agreements, classes and stances, before any payoff is compiled."""
    space = space_of(scenario)
    check_outcomes(scenario, space)
    profiles = stance_profiles(scenario.document)
    frame = _frame(scenario, space, profiles, ())
    classes = classes_of(scenario, space)
    terms = {
        actor: tuple(_payoff_terms(scenario, actor, classes)) for actor in scenario.document.payoffs
    }
    asked = tuple(_asked(scenario, classes))
    sizes = payoff_magnitudes(scenario, frame, terms)
    return Dispute(scenario, space, classes, profiles, frame, {}, (), {}, terms, asked, sizes)


def _payoff_terms(scenario: Scenario, actor: str, classes: IntArray) -> Iterator[Term]:
    """An actor's payoff terms and the shifts of its constraints."""
    document = scenario.document
    for name, expression in document.payoffs.get(actor, {}).items():
        yield Term(f"payoffs.{actor}.{name}", expression)
    for one in document.constraints():
        shift = one.constraint.shift() if one.actor == actor else None
        if shift is not None:
            mask = _applies(scenario, one.constraint, classes)[:, None, None].astype(np.float64)
            yield Term(one.path, shift, mask)


def _compile(base: Dispute, varied: tuple[str, ...]) -> Dispute:
    """Payoffs and constraints of a dispute folded for some varied parameters."""
    frame = _frame(base.scenario, base.space, base.profiles, varied)
    try:
        payoffs = {
            actor: fold(terms, frame, f"payoffs.{actor}") for actor, terms in base.terms_of.items()
        }
        constraints = tuple(compile_constraint(asked, frame) for asked in base.asked)
    except NotFiniteError as error:
        raise NotFiniteError(in_words(error, base, None)) from None
    return replace(base, frame=frame, payoffs=payoffs, constraints=constraints)


def _frame(
    scenario: Scenario, space: AgreementSpace, profiles: IntArray, varied: tuple[str, ...]
) -> Frame:
    fixed: dict[str, FloatArray] = {
        path: np.asarray(value) for path, value in scenario.values.items() if path not in varied
    }
    fixed |= {name: a[:, None, None] for name, a in space.attributes.items()}
    stances = stance_attributes(scenario.document, profiles)
    fixed |= {name: a[None, :, None] for name, a in stances.items()}
    return Frame(scenario.document, fixed, varied)


def _asked(scenario: Scenario, classes: IntArray) -> Iterator[Asked]:
    """The constraints that have a slack."""
    for one in scenario.document.constraints():
        if one.constraint.slacks:
            yield Asked.of(one.path, one.constraint, _applies(scenario, one.constraint, classes))


def _applies(scenario: Scenario, constraint: Constraint, classes: IntArray) -> BoolArray:
    names = scenario.document.classes
    wanted = [names.index(name) for name in constraint.applies_to if name in names]
    return np.isin(classes, wanted)


def _scales(scenario: Scenario, own: Dispute | None) -> dict[str, float]:
    """``K_i`` at the file's own values; 1 for an actor that is indifferent everywhere.

    ``own`` is the dispute there where it is compiled already. Those of the last files are kept: they
    are the same whatever is set.
    """
    document = scenario.document
    known = _KNOWN_SCALES.get(id(document))
    if known is not None and known[0] is document:
        return known[1]
    found = _spreads(scenario, own)
    while len(_KNOWN_SCALES) >= KEPT:
        _KNOWN_SCALES.pop(next(iter(_KNOWN_SCALES)), None)
    _KNOWN_SCALES[id(document)] = document, found
    return found


def _spreads(scenario: Scenario, own: Dispute | None) -> dict[str, float]:
    """The spread of each actor's payoffs at the file's own values."""
    try:
        if own is None:
            base = (
                _empty(replace(scenario, overrides={})) if scenario.overrides else _base(scenario)
            )
            own = _compile(base, ())
    except (NotFiniteError, UsageError) as error:
        tail = " (at the file's own values)" if scenario.overrides else ""
        raise type(error)(f"{error}{tail}") from None
    batch = own.at(np.zeros((0, 1)))
    out = {}
    for actor in own.payoffs:
        value = batch.payoff(actor)
        with np.errstate(over="ignore"):
            spread = float(value.max() - value.min())
        if not np.isfinite(spread):
            words = f"the payoffs spread from {value.min():.3g} to {value.max():.3g}: too far for numbers"
            raise UsageError(str(scenario.problem(f"payoffs.{actor}", words)))
        out[actor] = spread if spread > 0 else 1.0
    return out
