"""From a scenario to its agreement space, outcome classes and stance profiles.

Which agreements exist and how they are classed follows from the file's positions, ``rule_out``
and ``outcomes`` at the current parameter values. A parameter that these rules read is
*structural*: it can be set, but a sweep cannot vary it, since every point of a sweep shares one
agreement space.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from functools import lru_cache
from itertools import product

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.agreements import AgreementSpace, agreement_space
from sim.errors import ScenarioError, TooLargeError, UsageError
from sim.expressions import Expression
from sim.scenario import NO_OUTCOME, Document, Scenario
from sim.scenario.derived import derived_order
from sim.scenario.structural import names_read

MAX_PROFILES = 4096
"""Most combinations of stances."""
MAX_OUTCOMES = 2_000_000
"""Most agreements by stance profiles."""
MAX_NUMBERS = 50_000_000
"""Most numbers of payoffs and fields at all outcomes."""


@lru_cache(maxsize=4)
def space_of(scenario: Scenario) -> AgreementSpace:
    """The agreement space at the scenario's current values, derived attributes included.

    That of the last few scenarios is kept: who reads a file and who compiles it both ask for it.

    Raises
    ------
    TooLargeError, UsageError
        If the space is too large, or the status quo is ruled out.
    """
    document, values = scenario.document, scenario.values

    read = _read_by(document, document.rule_out)

    def forbidden(attributes: Mapping[str, FloatArray]) -> BoolArray:
        size = len(next(iter(attributes.values())))
        env = derive(document, {**values, **attributes}, read)
        out = np.zeros(size, dtype=np.bool_)
        for k, rule in enumerate(document.rule_out):
            out |= holds(rule, env, size, f"rule_out.{k}", scenario)
        return out

    try:
        rules = forbidden if document.rule_out else None
        return agreement_space(document.issues, rules, derived=len(document.attributes))
    except (TooLargeError, UsageError) as error:
        raise type(error)(str(scenario.problem("issues", str(error)))) from None


def classes_of(scenario: Scenario, space: AgreementSpace) -> IntArray:
    """The outcome class of every agreement: index into ``document.classes``, shape ``(agreements,)``.

    The first rule that holds gives the class; an agreement that fits no rule is of class ``none``.
    """
    document = scenario.document
    read = _read_by(document, document.outcomes.values())
    env = derive(document, {**scenario.values, **space.attributes}, read)
    out = np.full(len(space), document.classes.index(NO_OUTCOME), dtype=np.int64)
    for k, (name, rule) in reversed(list(enumerate(document.outcomes.items()))):
        out[holds(rule, env, len(space), f"outcomes.{name}", scenario)] = k
    return out


def _read_by(document: Document, rules: Iterable[Expression]) -> frozenset[str]:
    return frozenset().union(*(names_read(document, rule) for rule in rules))


def holds(
    rule: Expression,
    env: Mapping[str, FloatArray],
    size: int,
    path: str,
    scenario: Scenario | None = None,
) -> BoolArray:
    """Where a rule holds, shape ``(size,)``; ``path`` says where in the file of ``scenario`` it stands.

    Raises
    ------
    UsageError, ScenarioError
        If it has no value somewhere (a division by zero, say): neither yes nor no would be honest.
    """
    value = rule.evaluate(env)
    if np.isnan(value).any():
        message = f"'{rule.text}' has no value for some agreement (a division by zero?)"
        if scenario is None:
            raise UsageError(f"{path}: {message}")
        raise ScenarioError([scenario.problem(path, message)])
    return np.broadcast_to(value != 0, (size,))


def derive(
    document: Document, env: Mapping[str, FloatArray | float], read: Container[str] | None = None
) -> dict[str, FloatArray]:
    """The environment with the derived attributes added: those that are read, where that is given."""
    out: dict[str, FloatArray] = {name: np.asarray(value) for name, value in env.items()}
    for name in derived_order(document):
        if read is not None and name not in read:
            continue
        out[name] = document.attributes[name].evaluate(out)
    return out


def stance_profiles(document: Document) -> IntArray:
    """Every combination of the third parties' stances, shape ``(profiles, third parties)``.

    The first profile has every third party at its first stance.

    Raises
    ------
    TooLargeError
        If there are more than ``MAX_PROFILES``.
    """
    sizes = document.stance_counts
    if float(np.prod(sizes, dtype=np.float64)) > MAX_PROFILES:
        raise TooLargeError(f"the stances combine to more than {MAX_PROFILES:,} profiles")
    rows = list(product(*(range(size) for size in sizes)))
    return np.array(rows, dtype=np.int64).reshape(len(rows), len(sizes))


def check_outcomes(scenario: Scenario, space: AgreementSpace) -> None:
    """Refuse a dispute with more agreements by stance profiles than memory has room for.

    Raises
    ------
    TooLargeError
        If they are more than ``MAX_OUTCOMES``, or their payoffs and the fields of constraints more than
        ``MAX_NUMBERS`` numbers.
    """
    document = scenario.document
    try:
        profiles = len(stance_profiles(document))
    except TooLargeError as error:
        raise TooLargeError(str(scenario.problem("actors", str(error)))) from None
    outcomes = len(space) * profiles
    fields = sum(len(one.constraint.formulas()) for one in document.constraints())
    parts = len(document.payoffs) + fields
    if outcomes <= MAX_OUTCOMES and outcomes * parts <= MAX_NUMBERS:
        return
    message = (
        f"{len(space):,} agreements by {profiles:,} stance profiles, with {parts} payoffs and fields of "
        f"constraints each: the limits are {MAX_OUTCOMES:,} outcomes and {MAX_NUMBERS:,} numbers; rule out "
        "agreements, or leave out stances or constraints"
    )
    raise TooLargeError(str(scenario.problem("issues", message)))


def stance_attributes(document: Document, profiles: IntArray) -> dict[str, FloatArray]:
    """Attributes and indicators of stances, shape ``(profiles,)`` each."""
    out: dict[str, FloatArray] = {}
    for column, actor in enumerate(document.third_parties):
        for k, (stance, values) in enumerate(document.actors[actor].stances.items()):
            taken = (profiles[:, column] == k).astype(np.float64)
            out[f"{actor}.{stance}"] = taken
            for name, value in values.items():
                out[name] = out.get(name, np.zeros(len(profiles))) + value * taken
    return out
