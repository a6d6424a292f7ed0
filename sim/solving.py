"""From a scenario and the name of a concept to a solution.

A scenario can be seen in one or more game *forms*; a concept is defined on one form. ``BUILDERS``
is the visible table of how each form is made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from sim.errors import NotDefinedError
from sim.results import Equilibrium, Solution
from sim.scenario import Scenario
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
    if scenario.document.form == "dispute":
        if scenario.document.game is None:
            return ()
        return ("pure_nash",) if "strategic" in forms_of(scenario) else ("subgame_perfect",)
    return _DEFAULTS[scenario.document.form]


_DEFAULTS: dict[str, tuple[str, ...]] = {
    "strategic": ("pure_nash", "mixed_nash"),
    "conflict": ("gmcr_nash", "gmr", "smr", "seq"),
    "coalitional": ("core", "shapley", "nucleolus", "banzhaf"),
    "voting": ("shapley", "banzhaf"),
}

_FORM_OF_SECTION = {"voting": "coalitional"}


def forms_of(scenario: Scenario) -> tuple[str, ...]:
    """The game forms in which a scenario can be seen."""
    section = scenario.document.form
    if section != "dispute":
        return (_FORM_OF_SECTION.get(section, section),)
    if scenario.document.game is None:
        return ()
    return ("sequential", "strategic") if _stage_game(scenario).simultaneous else ("sequential",)


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
    if form not in forms:
        fitting = [n for n, concept in CONCEPTS.items() if concept.form in forms]
        there = f"a {' or '.join(forms)} game" if forms else "a dispute without a 'game'"
        use = f"; defined on it: {', '.join(fitting)}" if fitting else ""
        raise NotDefinedError(
            f"{name} is defined on {form} games; {scenario.origin} is {there}{use}"
        )
    solution = function(BUILDERS[form](scenario))
    if scenario.document.form == "dispute" and form == "strategic":
        return _with_outcomes(scenario, solution)
    return solution


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


def _conflict(scenario: Scenario) -> Any:
    from sim.games.conflict import from_section

    section = scenario.document.conflict
    assert section is not None
    return from_section(section, title=scenario.title)


def _coalitional(scenario: Scenario) -> Any:
    from sim.games.coalitional import game_from_section, voting_from_section

    document = scenario.document
    if document.voting is not None:
        return voting_from_section(document.voting, title=scenario.title)
    assert document.coalitional is not None
    return game_from_section(document.coalitional, title=scenario.title)


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
    "coalitional": _coalitional,
    "conflict": _conflict,
    "sequential": _stage_game,
    "strategic": _strategic,
}
