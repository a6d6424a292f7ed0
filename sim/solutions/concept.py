"""What the table of concepts says of each, and what one of an installed package must bring.

A package names a module as entry point: the function has the name of the entry point, and beside it stand
the record ``CONCEPT`` and, if it takes any, its ``OPTIONS``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from inspect import isfunction, signature
from types import ModuleType
from typing import Any, Literal, get_args

from sim.extensions import must

Form = Literal[
    "strategic",
    "sequential",
    "bargaining",
    "conflict",
    "coalitional",
    "spatial",
    "division",
    "mechanism",
    "screening",
    "cheap_talk",
    "costly_signal",
    "stochastic",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """What ``sim list concepts`` shows of a concept.

    Parameters
    ----------
    form
        The game form it is defined on.
    batched
        Whether ``sim sweep FILE --concept NAME`` takes it: many games at once, or one after another where
        one is quick.
    guarantee
        What the result promises, in a few words.
    reference
        Key in ``sim/references.bib``; of an installed package's concept, the source in full.
    module
        Where its function is, for a concept of an installed package.
    """

    form: Form
    batched: bool
    guarantee: str
    reference: str
    module: str = ""


ASKED_OF: dict[Form, str] = {
    "strategic": "strategic and tree files; disputes whose moves are made at once",
    "sequential": "tree files; disputes with a game",
    "bargaining": "bargaining files; disputes",
    "conflict": "conflict files; disputes whose moves are made at once",
    "coalitional": "coalitional and voting files; disputes with side_payments; bodies in explain",
    "spatial": "spatial files; disputes over one issue with ordered positions",
    "mechanism": "mechanism files; no bridge from a dispute",
    "screening": "screening files; no bridge from a dispute",
    "cheap_talk": "cheap_talk files; no bridge from a dispute",
    "costly_signal": "costly_signal files; no bridge from a dispute",
    "stochastic": "stochastic files, and repeated games among them; no bridge from a dispute",
    "division": "division files; no bridge from a dispute, where no points are given",
}
"""What the concepts of a form may be asked of, in words."""

NO_BRIDGE: dict[str, str] = {
    "alternating_offers": "bargaining files with offers; no bridge from a dispute: no discount factors",
    "baron_ferejohn": "bargaining files with offers; no bridge from a dispute: all have to sign",
}
"""Concepts of a form that disputes have which cannot be asked of a dispute, and why."""


def admit(name: str, loaded: Any) -> Concept:
    """A concept that an installed package adds: a module with its function and its record.

    Raises
    ------
    UsageError
        If the module does not have them, or they do not fit one another.
    """
    must(isinstance(loaded, ModuleType), "the entry point must name a module, without ':'")
    function: Any = getattr(loaded, name, None)
    record = getattr(loaded, "CONCEPT", None)
    must(isfunction(function), f"its module has no function '{name}'")
    must(isinstance(record, Concept), "its module has no record CONCEPT (sim.solutions.Concept)")
    assert isinstance(record, Concept)
    must(
        record.form in get_args(Form),
        f"it is of the form '{record.form}'; legal: {', '.join(get_args(Form))}",
    )
    keywords = [*signature(function).parameters.values()][1:]
    declared = {option.name for option in getattr(loaded, "OPTIONS", ())}
    told = {p.name for p in keywords if p.default is not None}
    legal = told <= declared <= {p.name for p in keywords}
    must(legal, "the keywords of its function are not the names of its OPTIONS")
    return replace(record, module=loaded.__name__)
