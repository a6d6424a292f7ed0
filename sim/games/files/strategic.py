"""From the ``strategic`` section of a file to a game in strategic form.

Definition. Payoffs are exact where all of them are rational at the parameters' values; otherwise they
are evaluated in double precision. A batch of parameter values gives a batch of games in floats.

Array convention. ``payoffs`` has shape ``(actors, *moves, batch)``.
"""

from __future__ import annotations

from collections.abc import Mapping

from numpy.typing import ArrayLike

from sim.games.strategic import StrategicGame
from sim.scenario.sections.strategic import StrategicSection


def strategic_game(
    section: StrategicSection, values: Mapping[str, float] | None = None, *, title: str = ""
) -> StrategicGame:
    """The game that a section describes at some values of the parameters.

    Examples
    --------
    >>> section = StrategicSection(actors={"a": ["x"], "b": ["y"]}, payoffs=[[["1/cost", 0]]])
    >>> strategic_game(section, {"cost": 3}).exact[0, 0, 0]
    Fraction(1, 3)
    """
    known = values or {}
    if not section.rational(known):
        return strategic_games(section, known, title=title)
    return StrategicGame.from_tables(
        section.tables(known),  # type: ignore[arg-type]
        actors=tuple(section.actors),
        strategies=tuple(section.actors.values()),
        title=title,
    )


def strategic_games(
    section: StrategicSection, values: Mapping[str, ArrayLike], *, title: str = ""
) -> StrategicGame:
    """A batch of games, one for each of the values that the parameters have.

    Examples
    --------
    >>> import numpy as np
    >>> section = StrategicSection(actors={"a": ["x"], "b": ["y"]}, payoffs=[[["cost", 0]]])
    >>> strategic_games(section, {"cost": np.array([1.0, 2.0])}).payoffs[0, 0, 0]
    array([1., 2.])
    """
    return StrategicGame(
        actors=tuple(section.actors),
        strategies=tuple(section.actors.values()),
        payoffs=section.batch(values),
        title=title,
    )
