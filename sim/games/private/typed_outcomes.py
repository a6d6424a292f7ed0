"""A stage game with types and messages: who knows what, and what everybody has at every outcome.

Definition. A *leaf* is one choice on every axis of the stage game, messages among them. What actor ``i`` has
there depends on the leaf's outcome (an agreement, a stance profile, whether it was reneged upon), on the
messages that were sent, which set parameters, and on the profile of types, which sets others.

Array convention. ``least`` and ``most``, up to what payoffs are known, have shape ``(actors, *moves, types)``
at one point; ``final`` is the outcome in force, ``(*moves, types)``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.errors import TooLargeError
from sim.games.outcomes import Outcomes, outcomes_of
from sim.games.stages import StageGame, stage_game
from sim.payoffs import compile_dispute
from sim.scenario.private.formulas import set_by_messages, set_by_types
from sim.scenario.private.profiles import Profile, profiles_of

if TYPE_CHECKING:
    from sim.scenario import Scenario

MOST_CELLS = 8_000_000
"""Leaves times profiles of types that are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TypedOutcomes:
    """What everybody has at every leaf, by type, at one point.

    Parameters
    ----------
    game
        The stages, with messages as axes.
    actors
        Whose payoffs they are.
    profiles
        The combinations of types that have a chance.
    least, most
        Payoffs, as far as they are known, shape ``(actors, *moves, types)``.
    final
        The outcome in force at every leaf, shape ``(*moves, types)``.
    in_force
        Probability that the leaf's agreement enters into force, of the same shape.
    allowed
        Per axis which options a type has, shape ``(options, types)``.
    own
        Per axis which type of its mover a profile is, shape ``(types,)``.
    """

    game: StageGame
    actors: tuple[str, ...]
    profiles: tuple[Profile, ...]
    least: FloatArray
    most: FloatArray
    final: IntArray
    in_force: FloatArray
    allowed: tuple[BoolArray, ...]
    own: tuple[IntArray, ...]


class TypedGame:
    """A dispute with types compiled once, for any number of points.

    Parameters
    ----------
    scenario
        A dispute with a game.
    varied
        Paths of the parameters that points will give values to.
    """

    def __init__(self, scenario: Scenario, varied: Sequence[str] = ()) -> None:
        document = scenario.document
        set_here = [*set_by_types(document), *set_by_messages(document)]
        self.scenario, self.varied = scenario, tuple(varied)
        self.paths = tuple(dict.fromkeys([*varied, *set_here]))
        self.dispute = compile_dispute(scenario, self.paths, private=True)
        self.game = stage_game(self.dispute)
        self.signals = [k for k, axis in enumerate(self.game.axes) if axis.kind == "signal"]
        self.messages = [*self._messages()]

    def _messages(self) -> Iterator[dict[str, object]]:
        """Per combination of messages the formulas that they set."""
        document = self.scenario.document
        assert document.game is not None
        menus = {
            move.actor: move.messages or {}
            for stage in document.game.stages
            for move in stage
            if move.kind == "signal"
        }
        own = [list(menus[self.game.axes[k].actor].values()) for k in self.signals]
        for chosen in product(*own):
            yield {path: formula for message in chosen for path, formula in message.set.items()}

    def at(self, points: Sequence[Mapping[str, float]] = ({},)) -> Iterator[TypedOutcomes]:
        """What everybody has at some points, computed together.

        Parameters
        ----------
        points
            Values of varied parameters, by path.
        """
        scenarios = [self.scenario.at(point) if point else self.scenario for point in points]
        profiles = [profiles_of(one) for one in scenarios]
        cells = self.game.leaf_agreement.size * max(map(len, profiles))
        if cells > MOST_CELLS:
            raise TooLargeError(
                f"leaves of the game times types are {cells:,}, the limit is {MOST_CELLS:,}; narrow the menu "
                "of an offer (menu: EXPRESSION)"
            )
        theta = self.columns(scenarios, profiles)
        outcomes = outcomes_of(self.game, self.dispute.at(theta))
        bounds = outcomes.filled(-1), outcomes.filled(1)
        start = 0
        for known in profiles:
            stop = start + len(self.messages) * len(known)
            yield self._one(outcomes, bounds, known, slice(start, stop))
            start = stop

    def columns(
        self, scenarios: Sequence[Scenario], profiles: Sequence[Sequence[Profile]]
    ) -> FloatArray:
        """Values by scenario, messages and profile, the last fastest, shape ``(paths, columns)``."""
        columns = [
            self._column(one, profile, sent)
            for one, known in zip(scenarios, profiles, strict=True)
            for sent in self.messages
            for profile in known
        ]
        return np.array(columns, dtype=np.float64).reshape(len(columns), len(self.paths)).T

    def _column(
        self, scenario: Scenario, profile: Profile, sent: Mapping[str, object]
    ) -> list[float]:
        values = scenario.values
        given = {path: float(formula.evaluate(values)) for path, formula in sent.items()}  # type: ignore[attr-defined]
        here = {**values, **profile.set, **given}
        return [here[path] for path in self.paths]

    def _one(
        self,
        outcomes: Outcomes,
        bounds: tuple[FloatArray, FloatArray],
        profiles: tuple[Profile, ...],
        columns: slice,
    ) -> TypedOutcomes:
        game, types = self.game, len(profiles)
        sent = np.zeros(game.shape, dtype=np.int64)
        for k in self.signals:
            shape = [-1 if j == k else 1 for j in range(len(game.shape))]
            sent = sent * len(game.axes[k].options) + np.arange(game.shape[k]).reshape(shape)
        row = outcomes.leaf

        def spread(table: FloatArray) -> FloatArray:
            parts = table[..., columns].reshape(*table.shape[:-1], len(self.messages), types)
            found: FloatArray = parts[..., row, sent, :]
            return found

        chance = spread(outcomes.ratification)
        rows = prod(game.dispute.shape)
        lost = np.where(chance > 0, row[..., None], row[..., None] % rows % game.dispute.shape[1])
        return TypedOutcomes(
            game=game,
            actors=outcomes.actors,
            profiles=profiles,
            least=spread(bounds[0]),
            most=spread(bounds[1]),
            final=lost,
            in_force=chance,
            allowed=tuple(self.allowed(k, profiles) for k in range(len(game.axes))),
            own=tuple(self._own(axis.actor, profiles) for axis in game.axes),
        )

    def allowed(self, axis: int, profiles: Sequence[Profile]) -> BoolArray:
        """Which options the mover of an axis has, by profile."""
        move, actor = self.game.axes[axis], self.game.axes[axis].actor
        out = np.ones((len(move.options), len(profiles)), dtype=np.bool_)
        if move.kind != "signal":
            return out
        document = self.scenario.document
        assert document.game is not None
        menus = (m for s in document.game.stages for m in s if m.kind == "signal")
        messages = next(m.messages or {} for m in menus if m.actor == actor)
        for o, message in enumerate(messages.values()):
            if message.by is not None:
                out[o] = [profile.types.get(actor) in message.by for profile in profiles]
        return out

    def _own(self, actor: str, profiles: Sequence[Profile]) -> IntArray:
        """Which type of an actor a profile is; 0 where it has none."""
        names = list(self.scenario.document.actors[actor].types)
        return np.array(
            [names.index(p.types[actor]) if actor in p.types else 0 for p in profiles],
            dtype=np.int64,
        )
