"""Solution concepts, one per file: each a plain function from a game to a :class:`sim.results.Solution`.

``CONCEPTS`` is the room's visible table: a new concept is one new file and one line in ``shipped.py``. A
concept named ``x`` of a form ``f`` is the function ``x`` in ``sim/solutions/f/x.py``; the module is
imported when it is asked for. A concept that takes options declares them in its module
(:mod:`sim.solutions.options`).
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from types import ModuleType

from sim.errors import UsageError, suggest
from sim.extensions import Table
from sim.results import Solution
from sim.solutions.concept import ASKED_OF, NO_BRIDGE, Concept, Form, admit
from sim.solutions.options import Option
from sim.solutions.shipped import SHIPPED

__all__ = [
    "CONCEPTS",
    "NO_BRIDGE",
    "SHIPPED",
    "Concept",
    "Form",
    "Option",
    "asked_of",
    "get",
    "module_of",
    "options_of",
]

CONCEPTS: Table[Concept] = Table("concepts", SHIPPED, admit)
"""What ships, and what installed packages add."""


def asked_of(name: str) -> str:
    """What a concept may be asked of, in words.

    Examples
    --------
    >>> asked_of("gmr")
    'conflict files; disputes whose moves are made at once'
    """
    module_of(name)
    return NO_BRIDGE.get(name) or ASKED_OF[CONCEPTS[name].form]


def get(name: str) -> Callable[..., Solution]:
    """The function of a concept.

    Raises
    ------
    UsageError
        If no concept has that name; the nearest names are suggested.

    Examples
    --------
    >>> get("pure_nash").__name__
    'pure_nash'
    >>> get("pure_nahs")
    Traceback (most recent call last):
    sim.errors.UsageError: unknown concept 'pure_nahs'; did you mean 'pure_nash'?
    """
    function: Callable[..., Solution] = getattr(module_of(name), name)
    return function


def module_of(name: str) -> ModuleType:
    """The module of a concept.

    Raises
    ------
    UsageError
        If no concept has that name.

    Examples
    --------
    >>> module_of("gmr").__name__
    'sim.solutions.conflict.gmr'
    """
    if name not in CONCEPTS:
        raise UsageError(f"unknown concept '{name}'{suggest(name, CONCEPTS)}")
    concept = CONCEPTS[name]
    return import_module(concept.module or f"{__name__}.{concept.form}.{name}")


def options_of(name: str) -> tuple[Option, ...]:
    """The options that a concept declares.

    Examples
    --------
    >>> [option.name for option in options_of("fictitious_play")]
    ['iterations', 'rng']
    """
    declared: tuple[Option, ...] = getattr(module_of(name), "OPTIONS", ())
    return declared
