"""What must hold between the parts of a scenario file: names exist, actors act, rules are in order.

Each check yields findings and never stops at the first, so that a file's errors are reported at
once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from math import isfinite

from sim.errors import suggest
from sim.expressions import Expression
from sim.scenario.classical_checks import check_classical
from sim.scenario.correlations import check_correlations
from sim.scenario.derived import circle_of
from sim.scenario.document import CLASSICAL, TREATY, Document
from sim.scenario.domain_checks import check_domains
from sim.scenario.dynamics_checks import check_dynamics
from sim.scenario.findings import Finding
from sim.scenario.game_checks import check_game
from sim.scenario.labelled import label_findings
from sim.scenario.names import Names, declared, is_identifier, names_of
from sim.scenario.private.checks import check_private
from sim.scenario.private.formulas import private_formulas
from sim.scenario.private.parameter_known_alone import check_known_alone
from sim.scenario.standing import Asked, standings


def check(document: Document) -> list[Finding]:
    """Everything that is wrong between the parts of a document, in the order of its sections."""
    correlated = check_correlations(document.correlations, document.parameters)
    always = [*correlated, *label_findings(document), *check_known_alone(document)]
    if document.form != "dispute":
        return [*_foreign_sections(document), *check_classical(document), *always]
    names = names_of(document)
    return [
        *_collisions(document),
        *_infinite(document),
        *_sections(document),
        *_expressions(document, names),
        *_cycles(document),
        *_roles(document),
        *check_game(document),
        *check_private(document),
        *check_domains(document),
        *_forbidden(document),
        *check_dynamics(document),
        *_references(document),
        *always,
    ]


def formulas(document: Document) -> Iterator[tuple[str, Expression, str]]:
    """Every expression with its path and its scope: ``agreement``, ``outcome`` or ``parameters``."""
    for name, expression in document.attributes.items():
        yield f"attributes.{name}", expression, "agreement"
    for name, expression in document.outcomes.items():
        yield f"outcomes.{name}", expression, "agreement"
    for k, expression in enumerate(document.rule_out):
        yield f"rule_out.{k}", expression, "agreement"
    for actor, terms in document.payoffs.items():
        for term, expression in terms.items():
            yield f"payoffs.{actor}.{term}", expression, "outcome"
    yield from _constraint_formulas(document)
    yield from _game_formulas(document)
    yield from private_formulas(document)
    if document.observed is not None and document.observed.agreement is not None:
        yield "observed.agreement", document.observed.agreement, "agreement"
    for k, test in enumerate(document.sign_tests):
        if test.among is not None:
            yield f"sign_tests.{k}.among", test.among, "agreement"
        if test.measure is not None:
            yield f"sign_tests.{k}.measure", test.measure, "outcome"


def _constraint_formulas(document: Document) -> Iterator[tuple[str, Expression, str]]:
    for one in document.constraints():
        for field, expression in one.constraint.formulas().items():
            yield f"{one.path}.{field}", expression, "outcome"


def _game_formulas(document: Document) -> Iterator[tuple[str, Expression, str]]:
    if document.game is None:
        return
    if document.game.noise is not None:
        yield "game.noise", document.game.noise, "parameters"
    for actor, expression in document.game.discount.items():
        yield f"game.discount.{actor}", expression, "parameters"
    for path, stage in document.game.placed():
        for move in stage:
            if move.menu is not None:
                yield f"{path}.menu", move.menu, "agreement"
            if move.noise is not None:
                yield f"{path}.ratify.noise", move.noise, "parameters"
            for actor, expression in move.reneging.items():
                yield f"{path}.reneging.{actor}", expression, "outcome"


def _foreign_sections(document: Document) -> Iterator[Finding]:
    given = [name for name in CLASSICAL if getattr(document, name) is not None]
    for name in given[1:]:
        yield Finding(
            path=name, message=f"a file describes one game; '{given[0]}' is there already"
        )
    for section in (
        "issues",
        "actors",
        "payoffs",
        "domestic",
        "abroad",
        "game",
        "prior",
        "dynamics",
    ):
        if getattr(document, section):
            yield Finding(
                path=section, message="belongs to a dispute; this file is a classical game"
            )


def _sections(document: Document) -> Iterator[Finding]:
    for section in ("issues", "actors", "payoffs"):
        if not getattr(document, section):
            message = f"a dispute needs '{section}'"
            yield Finding(path="", message=message, needs=section)


def _collisions(document: Document) -> Iterator[Finding]:
    kinds: dict[str, str] = {}
    for name, path, read in declared(document):
        kind = path.split(".")[0]
        if kinds.setdefault(name, kind) != kind:
            yield Finding(path=path, message=f"'{name}' is already declared under '{kinds[name]}'")
        if read and not is_identifier(name):
            message = f"'{name}' cannot be used as a name in expressions"
            plain = re.sub(r"[^A-Za-z0-9_.]+", "_", name).strip("_")
            hint = f"; write {plain}" if plain != name and is_identifier(plain) else ""
            yield Finding(path=path, message=message + hint)


def _infinite(document: Document) -> Iterator[Finding]:
    """Attribute values and bounds of sweeps that are not finite numbers."""
    values = {
        f"issues.{issue}.{position}.{name}": value
        for issue, options in document.issues.items()
        for position, given in options.items()
        for name, value in given.items()
    }
    values |= {
        f"actors.{actor}.stances.{stance}.{name}": value
        for actor, record in document.actors.items()
        for stance, given in record.stances.items()
        for name, value in given.items()
    }
    values |= {
        f"sweeps.{name}.vary.{path}.{k}": axis[k]
        for name, record in document.sweeps.items()
        for path, axis in record.vary.items()
        for k in (0, 1)
    }
    for path, value in values.items():
        if not isfinite(value):
            yield Finding(path=path, message=f"{value} is not a finite number")


def _expressions(document: Document, names: Names) -> Iterator[Finding]:
    legal = {
        "agreement": names.of_agreements,
        "outcome": names.all,
        "parameters": names.parameters,
    }
    for path, expression, scope in formulas(document):
        for name in sorted(expression.names - legal[scope]):
            message = f"unknown name '{name}'{suggest(name, legal[scope])}"
            if name in names.all:
                message = f"'{name}' cannot be used here: {_SCOPE_WORDS[scope]}"
            offset = expression.offset_of(name)
            yield Finding(path=path, message=message, offset=offset, name=name)


_SCOPE_WORDS = {
    "agreement": "only attributes of an agreement and parameters, since no stance is taken yet",
    "outcome": "",
    "parameters": "only parameters",
}


def _cycles(document: Document) -> Iterator[Finding]:
    circle = circle_of(document)
    if circle:
        yield Finding(
            path=f"attributes.{circle[0]}",
            message=f"derived attributes refer to one another in a circle: {', '.join(circle)}",
        )


def _roles(document: Document) -> Iterator[Finding]:
    actors = document.actors
    if actors and len(document.principals) < 2:
        yield Finding(
            path="actors",
            message="at least two principals are needed to sign something",
            needs="actors",
        )
    for name, actor in actors.items():
        if actor.role == "principal" and actor.stances:
            yield Finding(path=f"actors.{name}.stances", message="only a third party takes stances")
        if name not in document.payoffs and (actor.role == "principal" or actor.stances):
            message = f"'{name}' has no payoffs"
            yield Finding(path=f"actors.{name}", message=message, needs="payoffs", lacks=name)
    for section in ("payoffs", "domestic", "abroad"):
        for name in getattr(document, section):
            if name not in actors:
                message = f"unknown actor '{name}'{suggest(name, actors)}"
                yield Finding(path=f"{section}.{name}", message=message, needs="actors", name=name)


def _references(document: Document) -> Iterator[Finding]:
    for name, sweep in document.sweeps.items():
        for path in sweep.vary:
            if path not in document.parameters:
                yield _unknown_parameter(document, path, f"sweeps.{name}.vary.{path}")
        for field in ("x", "y"):
            path = getattr(sweep, field)
            if path is not None and path not in sweep.vary:
                message = f"'{path}' is not varied{suggest(path, sweep.vary)}"
                yield Finding(path=f"sweeps.{name}.{field}", message=message)
    yield from _sign_tests(document)
    yield from _applies_to(document)
    yield from _constraint_names(document)
    if document.observed is None:
        return
    if document.observed.outcome not in document.classes:
        near = suggest(document.observed.outcome, document.classes)
        message = f"unknown outcome class '{document.observed.outcome}'{near}"
        yield Finding(path="observed.outcome", message=message, needs="outcomes")
    named = document.observed.binding
    if named is not None and named not in document.actors:
        message = f"unknown actor '{named}'{suggest(named, document.actors)}"
        yield Finding(path="observed.binding", message=message, needs="actors", name=named)


def _unknown_parameter(document: Document, path: str, where: str) -> Finding:
    message = f"unknown parameter '{path}'{suggest(path, document.parameters)}"
    return Finding(path=where, message=message, needs="parameters", name=path)


def _sign_tests(document: Document) -> Iterator[Finding]:
    for k, test in enumerate(document.sign_tests):
        for field, name in (("predicted", test.predicted or TREATY), ("of", test.of)):
            if name not in {*document.classes, TREATY}:
                near = suggest(name, document.classes)
                message = f"unknown outcome class '{name}'{near}"
                yield Finding(path=f"sign_tests.{k}.{field}", message=message)
        for field, values in (("set", test.set), ("less_than", test.less_than or {})):
            for path in values:
                if path not in document.parameters:
                    yield _unknown_parameter(document, path, f"sign_tests.{k}.{field}.{path}")


def _forbidden(document: Document) -> Iterator[Finding]:
    """Sweeps and sign tests that give parameters values at which a constraint has no meaning."""
    here = {path: p.value for path, p in document.parameters.items()}
    asked: dict[str, Mapping[str, Asked]] = {
        f"sweeps.{name}.vary": {path: axis[:2] for path, axis in sweep.vary.items()}
        for name, sweep in document.sweeps.items()
    }
    for k, test in enumerate(document.sign_tests):
        asked |= {
            f"sign_tests.{k}.set": test.set,
            f"sign_tests.{k}.less_than": test.less_than or {},
        }
    for where, values in asked.items():
        known = {path: value for path, value in values.items() if path in document.parameters}
        for found in standings(document, here, known):
            if found.forbidden:
                yield Finding(path=f"{where}.{found.path}", message=found.forbidden)


def _constraint_names(document: Document) -> Iterator[Finding]:
    """Results name a constraint ``actor.constraint``, and an actor's gain ``actor.gain``."""
    for one in document.constraints():
        if one.name == "gain":
            yield Finding(path=one.path, message="'gain' is what results call an actor's own gain")
        if one.section == "abroad" and one.name in document.domestic.get(one.actor, {}):
            message = f"'{one.name}' is already declared under 'domestic.{one.actor}'"
            yield Finding(path=one.path, message=message)


def _applies_to(document: Document) -> Iterator[Finding]:
    for one in document.constraints():
        for wanted in set(one.constraint.applies_to) - {*document.classes, TREATY}:
            yield Finding(
                path=f"{one.path}.applies_to",
                message=f"unknown outcome class '{wanted}'{suggest(wanted, document.classes)}",
                needs="outcomes",
            )
