"""From a scenario and the name of a concept to a solution.

A scenario can be seen in one or more game *forms*; a concept is defined on one form. ``BUILDERS``
is the visible table of how each form is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from sim.errors import NotDefinedError
from sim.results import Equilibrium, Solution
from sim.scenario import Document, Scenario
from sim.solutions import CONCEPTS, get


def solve(scenario: Scenario, concepts: Sequence[str] = ()) -> tuple[Solution, ...]:
    """The solutions of a scenario under some concepts, the form's usual ones by default.

    Parameters
    ----------
    scenario
        A dispute or a classical game.
    concepts
        Names, as in ``sim list concepts``.

    Raises
    ------
    UsageError
        If a concept is unknown.
    NotDefinedError
        If a concept is not defined on the scenario's form; those that are get listed.

    Examples
    --------
    >>> import sim
    >>> game = sim.loads("strategic: {actors: {a: [x, y], b: [z]}, payoffs: [[[1, 2]], [[3, 0]]]}")
    >>> solve(game, ["pure_nash"])[0].equilibria[0].payoffs
    {'a': 3.0, 'b': 0.0}
    """
    return tuple(_solve_one(scenario, name) for name in concepts or default_concepts(scenario))


def default_concepts(scenario: Scenario) -> tuple[str, ...]:
    """What ``sim solve`` reports when no concept is named."""
    forms = forms_of(scenario)
    document = scenario.document
    if document.form != "dispute":
        return (*_DEFAULTS[document.form], *_if_given(document))
    return next((_BY_FORM[form] for form in ("strategic", "sequential") if form in forms), ())


_DEFAULTS: dict[str, tuple[str, ...]] = {
    "strategic": ("pure_nash", "mixed_nash"),
    "conflict": ("gmcr_nash", "gmr", "smr", "seq"),
    "bargaining": ("nash_bargaining", "kalai_smorodinsky", "egalitarian", "utilitarian"),
    "spatial": ("weighted_median", "weighted_mean"),
    "division": ("adjusted_winner",),
    "tree": ("subgame_perfect",),
    "coalitional": ("core", "shapley", "nucleolus", "banzhaf"),
    "voting": ("shapley", "banzhaf"),
}

_NEED_RULES = ("alternating_offers", "baron_ferejohn")

_BY_FORM = {"strategic": ("pure_nash",), "sequential": ("subgame_perfect",)}

_FORMS_OF_SECTION = {"voting": ("coalitional",), "tree": ("sequential", "strategic")}


def _if_given(document: Document) -> Iterator[str]:
    """Concepts that a section has the settings for."""
    if document.bargaining is not None and document.bargaining.offers is not None:
        yield "alternating_offers"
    if document.spatial is not None and document.spatial.status_quo is not None:
        if document.spatial.veto:
            yield from ("veto_winset", "veto_core")
        if document.spatial.setter is not None:
            yield "agenda_setter"


def forms_of(scenario: Scenario) -> tuple[str, ...]:
    """The game forms in which a scenario can be seen."""
    section = scenario.document.form
    if section != "dispute":
        return _FORMS_OF_SECTION.get(section, (section,))
    if scenario.document.game is None:
        return ("bargaining",)
    simultaneous = _stage_game(scenario).simultaneous
    return ("sequential", *(("strategic", "conflict") if simultaneous else ()), "bargaining")


def game_of(scenario: Scenario, form: str) -> Any:
    """The scenario as a game of a form.

    Raises
    ------
    NotDefinedError
        If it cannot be seen in that form.
    """
    if form not in forms_of(scenario):
        raise NotDefinedError(f"{scenario.origin} is no {form} game")
    return BUILDERS[form](scenario)


def _solve_one(scenario: Scenario, name: str) -> Solution:
    function = get(name)
    form, forms = CONCEPTS[name].form, forms_of(scenario)
    dispute = scenario.document.form == "dispute"
    if dispute and name in _NEED_RULES:
        raise NotDefinedError(
            f"{name} needs the rules of offers (discount factors, ...) of a 'bargaining' file; "
            f"{scenario.origin} is a dispute"
        )
    if form not in forms:
        hint = (
            "; 'game: strategic' makes all moves at once" if form == "strategic" and dispute else ""
        )
        raise NotDefinedError(
            f"{name} is defined on {form} games; {scenario.origin} can be seen as "
            f"{' or '.join(forms)}{hint}; defined on that: {', '.join(fitting_concepts(scenario))}"
        )
    solution = function(BUILDERS[form](scenario))
    if scenario.document.form == "dispute" and form == "strategic":
        return _with_outcomes(scenario, solution)
    return solution


def fitting_concepts(scenario: Scenario) -> tuple[str, ...]:
    """The concepts that are defined on some form of a scenario."""
    forms, dispute = forms_of(scenario), scenario.document.form == "dispute"
    return tuple(
        name
        for name, concept in CONCEPTS.items()
        if concept.form in forms and not (dispute and name in _NEED_RULES)
    )


def _stage_game(scenario: Scenario) -> Any:
    from sim.games.stages import stage_game
    from sim.payoffs import compile_dispute

    return stage_game(compile_dispute(scenario))


def _strategic(scenario: Scenario) -> Any:
    from sim.games.strategic import StrategicGame

    section = scenario.document.strategic
    if section is not None:
        return StrategicGame.from_tables(
            section.tables(),  # type: ignore[arg-type]
            actors=tuple(section.actors),
            strategies=tuple(section.actors.values()),
            title=scenario.title,
        )
    if scenario.document.tree is not None:
        from sim.games.reduced_form import reduced_form

        return reduced_form(_tree(scenario))
    from sim.games.outcomes import outcomes_of

    game = _stage_game(scenario)
    outcomes = outcomes_of(game, game.dispute.at(game.dispute.point()))
    actors = tuple(axis.actor for axis in game.axes)
    return StrategicGame(
        actors=actors,
        strategies=tuple(axis.labels for axis in game.axes),
        payoffs=np.stack([outcomes.payoffs[actor][outcomes.leaf] for actor in actors]),
        title=scenario.title,
    )


def _sequential(scenario: Scenario) -> Any:
    return _tree(scenario) if scenario.document.tree is not None else _stage_game(scenario)


def _tree(scenario: Scenario) -> Any:
    from sim.games.tree_file import tree_game

    assert scenario.document.tree is not None
    return tree_game(scenario.document.tree, scenario.values, title=scenario.title)


def _conflict(scenario: Scenario) -> Any:
    from sim.games.conflict import from_section

    section = scenario.document.conflict
    if section is not None:
        return from_section(section, title=scenario.title)
    from sim.games.stages_conflict import conflict_of_stages

    game = _stage_game(scenario)
    return conflict_of_stages(game, game.dispute.at(game.dispute.point()))


def _coalitional(scenario: Scenario) -> Any:
    from sim.games.coalitional import game_from_section, voting_from_section

    document = scenario.document
    if document.voting is not None:
        return voting_from_section(document.voting, title=scenario.title)
    assert document.coalitional is not None
    return game_from_section(document.coalitional, title=scenario.title)


def _bargaining(scenario: Scenario) -> Any:
    section = scenario.document.bargaining
    if section is not None:
        from sim.games.bargaining_file import bargaining_problem

        return bargaining_problem(section, scenario.values, title=scenario.title)
    from sim.feasibility.bargaining import bargaining_of

    return bargaining_of(scenario)


def _spatial(scenario: Scenario) -> Any:
    from sim.games.spatial import spatial_game

    assert scenario.document.spatial is not None
    return spatial_game(scenario.document.spatial, scenario.values, title=scenario.title)


def _division(scenario: Scenario) -> Any:
    from sim.games.division import division_problem

    assert scenario.document.division is not None
    return division_problem(scenario.document.division, scenario.values, title=scenario.title)


def _with_outcomes(scenario: Scenario, solution: Solution) -> Solution:
    """Every pure member of a dispute in strategic form with the agreement that it leads to."""
    game = _stage_game(scenario)
    members = tuple(replace(m, outcome=_outcome(game, m)) for m in solution.equilibria)
    return replace(solution, equilibria=members)


def _outcome(game: Any, member: Equilibrium) -> str | None:
    leaf = []
    for axis in game.axes:
        mix = member.strategies.get(axis.actor, {})
        if len(mix) != 1:
            return None
        leaf.append(axis.labels.index(next(iter(mix))))
    return str(game.dispute.space.label(int(game.leaf_agreement[tuple(leaf)])))


BUILDERS: dict[str, Callable[[Scenario], Any]] = {
    "bargaining": _bargaining,
    "coalitional": _coalitional,
    "conflict": _conflict,
    "division": _division,
    "sequential": _sequential,
    "spatial": _spatial,
    "strategic": _strategic,
}
