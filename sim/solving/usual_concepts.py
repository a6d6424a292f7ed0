"""Which concepts answer where none is named: those of a form, and those that a section has settings for."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario import Document, Scenario
from sim.solving.forms import forms_of

WITH_BELIEFS = ("perfect_bayesian", "sequential")
"""What is defined on a dispute with types: options that no belief makes best are left out of its tree."""


def default_concepts(scenario: Scenario) -> tuple[str, ...]:
    """What ``sim solve`` reports when no concept is named."""
    forms = forms_of(scenario)
    document = scenario.document
    if document.form != "dispute":
        usual = _usual(document)
    elif document.private:
        usual = WITH_BELIEFS[:1] if forms else ()
    else:
        usual = next((_BY_FORM[form] for form in ("strategic", "sequential") if form in forms), ())
    return tuple(dict.fromkeys([*usual, *document.options]))


_DEFAULTS: dict[str, tuple[str, ...]] = {
    "strategic": ("pure_nash", "mixed_nash"),
    "conflict": ("gmcr_nash", "gmr", "smr", "seq"),
    "bargaining": ("nash_bargaining", "kalai_smorodinsky", "egalitarian", "utilitarian"),
    "spatial": ("weighted_median", "weighted_mean"),
    "division": ("adjusted_winner",),
    "mechanism": ("arbitrator",),
    "screening": ("screening_offer",),
    "cheap_talk": ("partitions",),
    "costly_signal": ("cut_offs",),
    "stochastic": ("markov_perfect", "payoff_box"),
    "tree": ("subgame_perfect",),
    "coalitional": ("core", "shapley", "nucleolus", "banzhaf"),
    "voting": ("shapley", "banzhaf"),
}

_BY_FORM = {"strategic": ("pure_nash",), "sequential": ("subgame_perfect",)}


def _usual(document: Document) -> tuple[str, ...]:
    """The usual concepts of a classical form; a quota below unanimity has one of its own."""
    section = document.bargaining
    if section is not None and section.offers is not None:
        quota = section.offers.quota
        if quota is not None and quota < len(section.actors):
            return ("baron_ferejohn",)
    usual = _DEFAULTS[document.form]
    if document.mechanism is not None and document.mechanism.actions:
        usual = ("communication",)
    if document.spatial is not None and document.spatial.dimensions > 1:
        usual = ("condorcet_election",)
    given = _if_given(document)
    return (
        *usual,
        *(name for name in given if name != "veto_core" or usual[0] != "condorcet_election"),
    )


def _if_given(document: Document) -> Iterator[str]:
    """Concepts that a section has the settings for."""
    if document.bargaining is not None and document.bargaining.offers is not None:
        yield "alternating_offers"
    if document.spatial is not None and document.spatial.status_quo is not None:
        if document.spatial.veto:
            yield from ("veto_winset", "veto_core")
        if document.spatial.setter is not None:
            yield "agenda_setter"
    section = document.mechanism
    if section is not None and not (section.actions or section.transfers):
        yield "mediator"
    if document.tree is not None and document.tree.hides:
        yield "perfect_bayesian"
