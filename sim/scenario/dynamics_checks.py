"""What must hold between a scenario's dynamics and the rest of the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from sim.constraints import AudienceCost
from sim.errors import suggest
from sim.expressions import Expression
from sim.scenario.findings import Finding

if TYPE_CHECKING:
    from sim.scenario.document import Document
    from sim.scenario.sections.dynamics import Dynamics, Factor

TREATY = "treaty"
READ_BY_MOVES = frozenset({"year", "signed"})
"""What chances to move may read beside parameters and levels."""


def check_dynamics(document: Document) -> Iterator[Finding]:
    """Everything that is wrong between the dynamics and the rest of a dispute."""
    dynamics = document.dynamics
    if dynamics is None:
        return
    from sim.scenario.sections.dynamics import MOST_STATES

    if document.game is None:
        message = "a forecast needs a 'game' that is played each period"
        yield Finding(path="dynamics", message=message, needs="game")
    if TREATY not in document.outcomes:
        message = "no outcome is of class 'treaty', so none can come"
        yield Finding(path="dynamics", message=message, needs="outcomes")
    yield from _principals(document, dynamics)
    yield from _factors(document, dynamics)
    yield from _once(document, dynamics)
    yield from _yearly(document, dynamics)
    yield from _promises(document, dynamics)
    if dynamics.states > MOST_STATES:
        sizes = " x ".join(f"{len(f.levels)} ({name})" for name, f in dynamics.world.items())
        message = (
            f"{dynamics.states:,} world states, the limit is {MOST_STATES}: {sizes}; "
            "leave out a factor or merge levels"
        )
        yield Finding(path="dynamics.world", message=message)


def dynamics_formulas(dynamics: Dynamics) -> Iterator[tuple[str, Expression]]:
    """Every expression of the section with its path."""
    for actor, formula in dynamics.discount.items():
        yield f"dynamics.discount.{actor}", formula
    for actor, formula in dynamics.leaves.items():
        yield f"dynamics.leaves.{actor}", formula
    if isinstance(dynamics.proposer, Mapping):
        for actor, formula in dynamics.proposer.items():
            yield f"dynamics.proposer.{actor}", formula
    for actor, breach in dynamics.treaty.breach.items():
        if breach.cost is not None:
            yield f"dynamics.treaty.break.{actor}.cost", breach.cost
    for name, factor in dynamics.world.items():
        for level, values in factor.levels.items():
            for path, formula in values.items():
                yield f"dynamics.world.{name}.levels.{level}.{path}", formula
        for level, moves in factor.moves.items():
            for other, formula in moves.items():
                yield f"dynamics.world.{name}.moves.{level}.{other}", formula


def _promises(document: Document, dynamics: Dynamics) -> Iterator[Finding]:
    """What is wrong with hand-overs and breaches."""
    treaty, path = dynamics.treaty, "dynamics.treaty"
    if treaty.hand_over is not None:
        for name in treaty.hand_over.until_then_without:
            if name not in document.issues:
                message = f"hand_over: unknown issue '{name}'{suggest(name, document.issues)}"
                yield Finding(path=f"{path}.hand_over", message=message)
        if dynamics.ends is not None:
            message = "hand_over: a promise may fall due after the last year; remove 'ends'"
            yield Finding(path=f"{path}.hand_over", message=message)
    elif treaty.breach:
        message = (
            "nothing is handed over later, so nothing can be broken; say what with 'hand_over'"
        )
        yield Finding(path=f"{path}.break", message=message)
    for actor, breach in treaty.breach.items():
        if actor not in document.principals:
            message = f"'{actor}' is not a principal{suggest(actor, document.principals)}"
            yield Finding(path=f"{path}.break.{actor}", message=message)
        for factor, level in breach.then.items():
            if factor not in dynamics.world:
                message = f"unknown factor '{factor}'{suggest(factor, dynamics.world)}"
                yield Finding(path=f"{path}.break.{actor}.then", message=message)
            elif level not in dynamics.world[factor].levels:
                legal = dynamics.world[factor].levels
                message = f"'{level}' is not a level of '{factor}'{suggest(level, legal)}"
                yield Finding(path=f"{path}.break.{actor}.then", message=message)


def indicators(dynamics: Dynamics) -> set[str]:
    """The names ``factor.level``."""
    return {f"{name}.{level}" for name, f in dynamics.world.items() for level in f.levels}


def _principals(document: Document, dynamics: Dynamics) -> Iterator[Finding]:
    principals = document.principals
    for actor in principals:
        if actor not in dynamics.discount:
            message = f"the discount factor of '{actor}' is missing"
            yield Finding(path="dynamics.discount", message=message, lacks=actor)
    if dynamics.horizon == "leader" and not dynamics.leaves:
        message = "say under 'leaves' with which chance a principal's leader goes in a period"
        yield Finding(path="dynamics.horizon", message=message)
    named = [(f"discount.{actor}", actor) for actor in dynamics.discount]
    named += [(f"leaves.{actor}", actor) for actor in dynamics.leaves]
    if isinstance(dynamics.proposer, str):
        named.append(("proposer", dynamics.proposer))
    else:
        named += [(f"proposer.{actor}", actor) for actor in dynamics.proposer or ()]
    for path, actor in named:
        if actor not in principals:
            message = f"'{actor}' is not a principal{suggest(actor, principals)}"
            yield Finding(
                path=f"dynamics.{path}",
                message=message,
                needs="actors",
                name=actor,
                at_key=path != "proposer",
            )


def _factors(document: Document, dynamics: Dynamics) -> Iterator[Finding]:
    setters: dict[str, str] = {}
    for name, factor in dynamics.world.items():
        path = f"dynamics.world.{name}"
        if factor.now not in factor.levels:
            message = f"'{factor.now}' is not one of its levels{suggest(factor.now, factor.levels)}"
            yield Finding(path=f"{path}.now", message=message, name=f"{name}.{factor.now}")
        wrong = list(_moves(name, factor))
        yield from wrong or _reachable(path, factor)
        for parameter in {p for values in factor.levels.values() for p in values}:
            other = setters.setdefault(parameter, name)
            if other != name:
                message = f"'{parameter}' is set by the factors '{other}' and '{name}'"
                yield Finding(path=f"{path}.levels", message=message)
    yield from _unknown(document, dynamics.world)
    yield from _structural(document, dynamics.world)
    yield from _incomplete(document, dynamics.world)
    yield from _names(document, dynamics)


def _unknown(document: Document, world: Mapping[str, Factor]) -> Iterator[Finding]:
    """What levels set and the file does not know."""
    for name, factor in world.items():
        for level, values in factor.levels.items():
            for parameter in values:
                if parameter not in document.parameters:
                    message = (
                        f"unknown parameter '{parameter}'{suggest(parameter, document.parameters)}"
                    )
                    path = f"dynamics.world.{name}.levels.{level}.{parameter}"
                    yield Finding(path=path, message=message, name=parameter, at_key=True)


def _structural(document: Document, world: Mapping[str, Factor]) -> Iterator[Finding]:
    """A level that would change which agreements exist, or how they are classed."""
    from sim.scenario.structural import structural_parameters

    fixed = structural_parameters(document)
    for name, factor in world.items():
        for level, values in factor.levels.items():
            for parameter in sorted(fixed & set(values)):
                message = (
                    f"'{parameter}' decides which agreements exist or how they are classed, which no level "
                    "may change; say in a constraint or a payoff what is different there"
                )
                yield Finding(
                    path=f"dynamics.world.{name}.levels.{level}.{parameter}", message=message
                )


def _moves(name: str, factor: Factor) -> Iterator[Finding]:
    path = f"dynamics.world.{name}"
    for level, moves in factor.moves.items():
        for at, word in ((level, level), *((f"{level}.{other}", other) for other in moves)):
            if word not in factor.levels:
                message = f"'{word}' is not one of its levels{suggest(word, factor.levels)}"
                yield Finding(
                    path=f"{path}.moves.{at}", message=message, name=f"{name}.{word}", at_key=True
                )
        if level in moves:
            message = f"'{level}' moves to itself: say where else it goes, the rest stays"
            yield Finding(path=f"{path}.moves.{level}", message=message)


def _reachable(path: str, factor: Factor) -> Iterator[Finding]:
    seen, waiting = {factor.now}, [factor.now]
    while waiting:
        for other in factor.moves.get(waiting.pop(), {}):
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    for level in factor.levels:
        if level not in seen and factor.now in factor.levels:
            message = f"'{level}' can never be reached from '{factor.now}'"
            yield Finding(path=f"{path}.levels.{level}", message=message, needs=f"{path}.moves")


def _incomplete(document: Document, world: Mapping[str, Factor]) -> Iterator[Finding]:
    """A parameter that one level of a factor sets and another leaves open: a slip.

    A level that sets what the file does not know may have meant it.
    """
    known = set(document.parameters)
    for name, factor in world.items():
        everything = {p for values in factor.levels.values() for p in values} & known
        for level, values in factor.levels.items():
            for parameter in sorted(everything - set(values)) if set(values) <= known else ():
                message = f"'{parameter}' is set by other levels of this factor; set it here too"
                yield Finding(path=f"dynamics.world.{name}.levels.{level}", message=message)


def _names(document: Document, dynamics: Dynamics) -> Iterator[Finding]:
    parameters = set(document.parameters)
    moving = parameters | indicators(dynamics) | READ_BY_MOVES
    for name in sorted(READ_BY_MOVES & parameters):
        message = f"in 'moves' the name '{name}' means time; give the parameter another one"
        yield Finding(path=f"parameters.{name}", message=message, name=name)
    for path, formula in dynamics_formulas(dynamics):
        legal = moving if ".moves." in path else parameters
        for name in sorted(formula.names - legal):
            message = f"unknown name '{name}'{suggest(name, legal)}"
            yield Finding(path=path, message=message, offset=formula.offset_of(name), name=name)


def _yearly(document: Document, dynamics: Dynamics) -> Iterator[Finding]:
    """Rates per year that are read as they are where a period has another length."""
    years = dynamics.period.years
    if years == 1:
        return
    for path, formula in dynamics_formulas(dynamics):
        if ".moves." not in path or "**" in formula.text or "exp" in formula.text:
            continue
        for name in sorted(formula.names & set(document.parameters)):
            if document.parameters[name].unit.startswith("per year"):
                message = (
                    f"'{name}' is a rate per year, and a period lasts {years:g} years: write "
                    f"1 - (1 - {name})**{years:g}"
                )
                yield Finding(path=path, message=message)


def _once(document: Document, dynamics: Dynamics) -> Iterator[Finding]:
    legal = once_paths(document)
    for name in dynamics.treaty.once:
        if name not in legal:
            message = f"once: '{name}' is not a payoff term of a principal{suggest(name, legal)}"
            yield Finding(path="dynamics.treaty.once", message=message)


def once_paths(document: Document) -> dict[str, str]:
    """The payoff terms of principals by ``actor.term``, with the path of each in the file."""
    found: dict[str, str] = {}
    for actor in document.principals:
        for term in document.payoffs.get(actor, {}):
            found[f"{actor}.{term}"] = f"payoffs.{actor}.{term}"
        for one in document.constraints():
            shifts = isinstance(one.constraint, AudienceCost) or one.constraint.shift() is not None
            if one.actor == actor and shifts:
                found.setdefault(f"{actor}.{one.name}", one.path)
    return found
