"""Solution concepts, one per file: each a plain function from a game to a :class:`sim.results.Solution`.

``CONCEPTS`` is the room's visible table: a new concept is one new file and one line here. A
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

SHIPPED: dict[str, Concept] = {
    "mixed_nash": Concept(
        form="strategic",
        batched=True,
        guarantee="two actors: all extreme equilibria, exact; more: all isolated ones, or says not",
        reference="avis2010",
    ),
    "pure_nash": Concept(
        form="strategic", batched=True, guarantee="all pure equilibria", reference="nash1951"
    ),
    "subgame_perfect": Concept(
        form="sequential",
        batched=True,
        guarantee="perfect information, disputes: all outcomes of pure play; other trees: all, or says not",
        reference="selten1975",
    ),
    "perfect_bayesian": Concept(
        form="sequential",
        batched=False,
        guarantee="beliefs proved; all outcomes, or says not",
        reference="fudenberg1991",
    ),
    "sequential": Concept(
        form="sequential",
        batched=False,
        guarantee="consistent beliefs proved; all outcomes, or says not",
        reference="kreps1982",
    ),
    "agent_quantal_response": Concept(
        form="sequential",
        batched=False,
        guarantee="the logit equilibrium on the principal branch; limit proved sequential, or says not",
        reference="mckelvey1998",
    ),
    "quantal_response": Concept(
        form="strategic",
        batched=True,
        guarantee="the logit equilibrium on the principal branch, or the branch's limit",
        reference="mckelvey1995",
    ),
    "correlated": Concept(
        form="strategic",
        batched=False,
        guarantee="extreme welfare and actors' best over the polytope",
        reference="aumann1974",
    ),
    "coarse_correlated": Concept(
        form="strategic",
        batched=False,
        guarantee="extreme welfare and actors' best over the polytope",
        reference="moulin1978",
    ),
    "rationalizable": Concept(
        form="strategic",
        batched=False,
        guarantee="all survivors of strict dominance by mixes, certified",
        reference="pearce1984",
    ),
    "fictitious_play": Concept(
        form="strategic",
        batched=False,
        guarantee="none: a dynamic, with the regret of where it ends",
        reference="brown1951",
    ),
    "replicator": Concept(
        form="strategic",
        batched=False,
        guarantee="none: a dynamic, with the regret of where it ends",
        reference="taylor1978",
    ),
    "gmcr_nash": Concept(
        form="conflict", batched=True, guarantee="all Nash stable states", reference="nash1951"
    ),
    "gmr": Concept(
        form="conflict", batched=True, guarantee="all GMR stable states", reference="howard1971"
    ),
    "seq": Concept(
        form="conflict", batched=True, guarantee="all SEQ stable states", reference="fraser1984"
    ),
    "smr": Concept(
        form="conflict", batched=True, guarantee="all SMR stable states", reference="howard1971"
    ),
    "nash_bargaining": Concept(
        form="bargaining",
        batched=True,
        guarantee="all maximisers; certified over lotteries",
        reference="nash1950",
    ),
    "kalai_smorodinsky": Concept(
        form="bargaining",
        batched=True,
        guarantee="all max-min agreements; unique over lotteries",
        reference="kalai1975",
    ),
    "egalitarian": Concept(
        form="bargaining",
        batched=True,
        guarantee="all max-min agreements; unique over lotteries",
        reference="kalai1977proportional",
    ),
    "utilitarian": Concept(
        form="bargaining",
        batched=True,
        guarantee="all maximisers; extreme points of a continuum",
        reference="harsanyi1955",
    ),
    "banzhaf": Concept(
        form="coalitional",
        batched=True,
        guarantee="exact; any number of voters",
        reference="banzhaf1965",
    ),
    "core": Concept(
        form="coalitional",
        batched=True,
        guarantee="emptiness proven, exact bounds; all extreme points up to 5 players",
        reference="shapley1967",
    ),
    "nucleolus": Concept(
        form="coalitional",
        batched=True,
        guarantee="exact, up to 12 players",
        reference="schmeidler1969",
    ),
    "shapley": Concept(
        form="coalitional",
        batched=True,
        guarantee="exact; any number of voters",
        reference="shapley1953",
    ),
    "alternating_offers": Concept(
        form="bargaining",
        batched=True,
        guarantee="two actors: all pure stationary equilibria, unique on a concave frontier",
        reference="rubinstein1982",
    ),
    "baron_ferejohn": Concept(
        form="bargaining",
        batched=True,
        guarantee="the symmetric stationary equilibrium",
        reference="baron1989",
    ),
    "adjusted_winner": Concept(
        form="division",
        batched=True,
        guarantee="efficient, equitable, envy-free",
        reference="brams1996",
    ),
    "arbitrator": Concept(
        form="mechanism",
        batched=True,
        guarantee="the best and the worst that any enforced mechanism can do",
        reference="myerson1983",
    ),
    "mediator": Concept(
        form="mechanism",
        batched=True,
        guarantee="the best and the worst that any mediator can do, among the outcomes of the file",
        reference="horner2015",
    ),
    "communication": Concept(
        form="mechanism",
        batched=True,
        guarantee="extreme welfare and actors' best over all communication equilibria",
        reference="forges1986",
    ),
    "agenda_setter": Concept(
        form="spatial",
        batched=True,
        guarantee="the point that the setter gets passed",
        reference="romer1978",
    ),
    "condorcet_election": Concept(
        form="spatial",
        batched=True,
        guarantee="the chance of every position, exact",
        reference="wise2015",
    ),
    "veto_core": Concept(
        form="spatial", batched=True, guarantee="the whole interval", reference="tsebelis2002"
    ),
    "veto_winset": Concept(
        form="spatial", batched=True, guarantee="the whole interval", reference="tsebelis2002"
    ),
    "qrule_core": Concept(
        form="spatial", batched=True, guarantee="the whole interval", reference="black1948"
    ),
    "weighted_median": Concept(
        form="spatial",
        batched=True,
        guarantee="the whole interval of medians",
        reference="black1948",
    ),
    "weighted_mean": Concept(
        form="spatial", batched=True, guarantee="one point", reference="bdm1994"
    ),
}


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
