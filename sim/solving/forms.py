"""A scenario seen as a game: the forms that it has, and how each is made.

A scenario can be seen in one or more game *forms*; a concept is defined on one form. ``BUILDERS``
is the visible table of how each form is made.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from sim.errors import NotDefinedError
from sim.feasibility.bridges.on_a_line import order_of
from sim.scenario import Document, Scenario

_FORMS_OF_SECTION = {"voting": ("coalitional",), "tree": ("sequential", "strategic")}


def forms_of(scenario: Scenario) -> tuple[str, ...]:
    """The game forms in which a scenario can be seen."""
    section = scenario.document.form
    if section != "dispute":
        return _FORMS_OF_SECTION.get(section, (section,))
    if scenario.document.private:
        return ("sequential",) if scenario.document.game is not None else ()
    bridges = bridges_of(scenario.document)
    if scenario.document.game is None:
        return bridges
    if scenario.document.game.rounds is not None:
        return ("sequential", *bridges)
    simultaneous = stage_game_of(scenario).simultaneous
    return ("sequential", *(("strategic", "conflict") if simultaneous else ()), *bridges)


def bridges_of(document: Document) -> tuple[str, ...]:
    """The classical forms in which a dispute can be seen, whatever its game."""
    line = ("spatial",) if order_of(document) is not None else ()
    return ("bargaining", *line, *(("coalitional",) if document.side_payments else ()))


def game_of(scenario: Scenario, form: str) -> Any:
    """The scenario as a game of a form.

    Raises
    ------
    NotDefinedError
        If it cannot be seen in that form.
    """
    if form not in forms_of(scenario):
        raise NotDefinedError(f"{scenario.origin} is not a {form} game")
    return BUILDERS[form](scenario)


@lru_cache(maxsize=2)
def stage_game_of(scenario: Scenario) -> Any:
    """A dispute as a game of stages, payoffs compiled; of the last scenarios it is kept."""
    from sim.games.stages import stage_game
    from sim.payoffs import compile_dispute

    return stage_game(compile_dispute(scenario))


def rounds_of_dispute(scenario: Scenario) -> Any:
    """A dispute as a game in rounds, payoffs compiled; ``None`` where it is played in stages."""
    from sim.games.in_time.rounds import round_game
    from sim.payoffs import compile_dispute

    game = scenario.document.game
    if game is None or game.rounds is None:
        return None
    return round_game(compile_dispute(scenario))


def _strategic(scenario: Scenario) -> Any:
    from sim.games.files.strategic import strategic_game
    from sim.games.strategic import StrategicGame

    section = scenario.document.strategic
    if section is not None:
        return strategic_game(section, scenario.values, title=scenario.title)
    if scenario.document.tree is not None:
        from sim.games.reduced_form import reduced_form

        return reduced_form(_tree(scenario))
    from sim.games.outcomes import outcomes_of

    game = stage_game_of(scenario)
    outcomes = outcomes_of(game, game.dispute.at(game.dispute.point()))
    actors = tuple(axis.actor for axis in game.axes)
    return StrategicGame(
        actors=actors,
        strategies=tuple(axis.labels for axis in game.axes),
        payoffs=np.stack([outcomes.payoffs[actor][outcomes.leaf] for actor in actors]),
        magnitudes=np.stack([outcomes.magnitudes[actor][outcomes.leaf] for actor in actors]),
        title=scenario.title,
    )


def _sequential(scenario: Scenario) -> Any:
    if scenario.document.private:
        from sim.games.private.typed_outcomes import TypedGame
        from sim.games.private.typed_tree import typed_tree

        (typed,) = TypedGame(scenario).at()
        return typed_tree(typed, title=scenario.title).tree
    if scenario.document.tree is not None:
        return _tree(scenario)
    return rounds_of_dispute(scenario) or stage_game_of(scenario)


def _tree(scenario: Scenario) -> Any:
    from sim.games.files.tree import tree_game

    assert scenario.document.tree is not None
    return tree_game(scenario.document.tree, scenario.values, title=scenario.title)


def _conflict(scenario: Scenario) -> Any:
    from sim.games.conflict import from_section

    section = scenario.document.conflict
    if section is not None:
        return from_section(section, scenario.values, title=scenario.title)
    from sim.games.stages_conflict import conflict_of_stages

    game = stage_game_of(scenario)
    return conflict_of_stages(game, game.dispute.at(game.dispute.point()))


def _coalitional(scenario: Scenario) -> Any:
    from sim.games.coalitional import game_from_section, voting_from_section

    document = scenario.document
    if document.form == "dispute":
        from sim.feasibility.bridges.side_payments import coalitions_of

        return coalitions_of(scenario)
    if document.voting is not None:
        return voting_from_section(document.voting, scenario.values, title=scenario.title)
    assert document.coalitional is not None
    return game_from_section(document.coalitional, scenario.values, title=scenario.title)


def _bargaining(scenario: Scenario) -> Any:
    section = scenario.document.bargaining
    if section is not None:
        from sim.games.files.bargaining import bargaining_problem

        return bargaining_problem(section, scenario.values, title=scenario.title)
    return _bargaining_of_dispute(scenario)


@lru_cache(maxsize=2)
def _bargaining_of_dispute(scenario: Scenario) -> Any:
    from sim.feasibility.bridges.bargaining import bargaining_of

    return bargaining_of(scenario)


def _spatial(scenario: Scenario) -> Any:
    from sim.games.spatial import spatial_game

    if scenario.document.form == "dispute":
        from sim.feasibility.bridges.on_a_line import line_of

        return line_of(scenario)
    assert scenario.document.spatial is not None
    if scenario.document.spatial.dimensions > 1:
        from sim.games.spatial_field import spatial_field

        return spatial_field(scenario.document.spatial, scenario.values, title=scenario.title)
    return spatial_game(scenario.document.spatial, scenario.values, title=scenario.title)


def _division(scenario: Scenario) -> Any:
    from sim.games.division import division_problem

    assert scenario.document.division is not None
    return division_problem(scenario.document.division, scenario.values, title=scenario.title)


def _stochastic(scenario: Scenario) -> Any:
    from sim.games.files.stochastic import stochastic_game

    assert scenario.document.stochastic is not None
    return stochastic_game(scenario.document.stochastic, scenario.values, title=scenario.title)


def _mechanism(scenario: Scenario) -> Any:
    from sim.games.files.mechanism import mechanism_problem

    assert scenario.document.mechanism is not None
    return mechanism_problem(scenario.document.mechanism, scenario.values, title=scenario.title)


def _screening(scenario: Scenario) -> Any:
    from sim.games.private.screening import screening_game

    section = scenario.document.screening
    assert section is not None
    return screening_game(_known(scenario, section), dict(scenario.values), title=scenario.title)


def _cheap_talk(scenario: Scenario) -> Any:
    from sim.games.private.cheap_talk import cheap_talk_game

    assert scenario.document.cheap_talk is not None
    return cheap_talk_game(scenario.document.cheap_talk, scenario.values)


def _costly_signal(scenario: Scenario) -> Any:
    from sim.games.private.costly_signal import costly_signal_game

    section = scenario.document.costly_signal
    assert section is not None
    return costly_signal_game(_known(scenario, section), dict(scenario.values))


def _known(scenario: Scenario, section: Any) -> Any:
    """A section with the parameter that one actor alone knows as its private number."""
    from sim.scenario.private.parameter_known_alone import known_alone

    law = known_alone(section, scenario.document.parameters, scenario.values)
    return section.model_copy(update={"private": law})


BUILDERS: dict[str, Callable[[Scenario], Any]] = {
    "bargaining": _bargaining,
    "cheap_talk": _cheap_talk,
    "coalitional": _coalitional,
    "conflict": _conflict,
    "costly_signal": _costly_signal,
    "division": _division,
    "mechanism": _mechanism,
    "screening": _screening,
    "stochastic": _stochastic,
    "sequential": _sequential,
    "spatial": _spatial,
    "strategic": _strategic,
}
