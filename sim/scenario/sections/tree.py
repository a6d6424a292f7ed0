"""The ``tree`` section of a file: a game in extensive form, with chance and what actors can tell apart.

Example, an entrant and an incumbent::

    tree:
      actors: [entrant, incumbent]
      outcomes:                          # payoffs in the order of the actors
        stays out: [0, 2]
        war: [-1, 1 - cost]
      nodes:                             # the game starts at the first
        entry:
          player: entrant
          actions: {out: stays out, in: reply}
        reply:
          player: incumbent
          actions: {fight: war, share: [1, 1]}

An action leads to another node, to an outcome by name, or to payoffs. Nodes of one player with the
same ``information`` cannot be told apart by that player and offer the same actions; without that
line a node stands alone. Chance moves by probabilities that add up to 1::

        weather:
          chance: {fair: 2/3, foul: 1/3}
          actions: {fair: entry, foul: [0, 0]}

A payoff or a probability is a number, a fraction ``1/3`` (both exact) or an expression in the
file's parameters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from sim.errors import suggest
from sim.expressions import Expression
from sim.scenario.amounts import Amount, read_amount

Payoffs = tuple[Amount, ...]


def _target(value: Any) -> Any:
    """The name of a node or outcome, or payoffs."""
    if isinstance(value, list | tuple):
        return tuple(read_amount(item) for item in value)
    if not isinstance(value, str):
        raise PydanticCustomError(
            "target", "the name of a node or outcome, or a list of payoffs, is needed here"
        )
    return value


Target = Annotated[
    Any,
    BeforeValidator(_target),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array"}]}),
]


class TreeNode(BaseModel):
    """A place in the tree where one player, or chance, moves.

    Parameters
    ----------
    player
        Who moves; absent at chance.
    chance
        Probability of each action; absent at a player's node.
    information
        Name of the information set; the node's own by default.
    actions
        Per action the node, outcome or payoffs that it leads to.
    """

    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True)

    player: str | None = None
    chance: Mapping[str, Amount] | None = None
    information: str | None = None
    actions: Mapping[str, Target] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_mover(self) -> TreeNode:
        if (self.player is None) == (self.chance is None):
            raise _error("", "a node needs either 'player' or 'chance'")
        if self.chance is not None and set(self.chance) != set(self.actions):
            raise _error("chance", "every action needs a probability, and nothing else has one")
        if self.chance is not None and self.information is not None:
            raise _error("information", "chance has no information")
        return self


class TreeSection(BaseModel):
    """Actors, outcomes by name, and nodes from the first on.

    Parameters
    ----------
    actors
        In the order in which payoffs are written.
    outcomes
        Ends of the game by name, with their payoffs.
    nodes
        By name; the game starts at the first.

    Examples
    --------
    >>> section = TreeSection(actors=("a", "b"), nodes={
    ...     "start": {"player": "a", "actions": {"left": [1, "1/3"], "right": "reply"}},
    ...     "reply": {"player": "b", "actions": {"yes": [2, 0.1], "no": [0, 0]}}})
    >>> section.nodes["reply"].actions["yes"]
    (Fraction(2, 1), Fraction(1, 10))
    """

    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True)

    actors: tuple[str, ...] = Field(min_length=1)
    outcomes: Mapping[str, Payoffs] = {}
    nodes: Mapping[str, TreeNode] = {}

    @property
    def start(self) -> str:
        """The node at which the game starts; the only outcome where nobody moves."""
        return next(iter(self.nodes or self.outcomes))

    @property
    def hides(self) -> bool:
        """Whether some player cannot tell some of its nodes apart."""
        own = [(n.player, n.information or name) for name, n in self.nodes.items() if n.player]
        return len(set(own)) < len(own)

    @model_validator(mode="after")
    def _whole(self) -> TreeSection:
        if len(set(self.actors)) != len(self.actors):
            raise _error("actors", "an actor is named twice")
        if not self.nodes and len(self.outcomes) != 1:
            raise _error("nodes", "a node is needed, or exactly one outcome where nobody moves")
        for name in self.outcomes:
            if name in self.nodes:
                raise _error(f"outcomes.{name}", "a node has the same name")
        for where, payoffs in self._payoffs():
            if len(payoffs) != len(self.actors):
                raise _error(where, f"{len(self.actors)} payoffs are needed, one per actor")
        if self.nodes:
            self._check_players()
            self._check_paths()
        return self

    def numbers(self) -> Iterator[tuple[str, Expression]]:
        """Every expression of the section by its path below ``tree``; exact numbers are left out."""
        amounts = [*self._payoffs()]
        amounts += [
            (f"nodes.{name}.chance", tuple(node.chance.values()))
            for name, node in self.nodes.items()
            if node.chance is not None
        ]
        for path, values in amounts:
            yield from ((path, value) for value in values if isinstance(value, Expression))

    def _payoffs(self) -> Iterator[tuple[str, Payoffs]]:
        for name, payoffs in self.outcomes.items():
            yield f"outcomes.{name}", payoffs
        for name, node in self.nodes.items():
            for action, target in node.actions.items():
                if not isinstance(target, str):
                    yield f"nodes.{name}.actions.{action}", target

    def _check_players(self) -> None:
        menus: dict[tuple[str, str], tuple[str, tuple[str, ...]]] = {}
        for name, node in self.nodes.items():
            if node.player is None:
                continue
            if node.player not in self.actors:
                near = suggest(node.player, self.actors)
                raise _error(f"nodes.{name}.player", f"unknown actor '{node.player}'{near}")
            key = (node.player, node.information or name)
            other, actions = menus.setdefault(key, (name, tuple(node.actions)))
            if actions != tuple(node.actions):
                raise _error(
                    f"nodes.{name}.actions",
                    f"'{other}' has the same information, so the same actions are needed: "
                    f"{', '.join(actions)}",
                )

    def _check_paths(self) -> None:
        """Every node but the first is reached in exactly one way, from the first."""
        reached = {self.start: "the start"}
        for name, node in self.nodes.items():
            for action, target in node.actions.items():
                if not isinstance(target, str) or target in self.outcomes:
                    continue
                where = f"nodes.{name}.actions.{action}"
                if target not in self.nodes:
                    near = suggest(target, [*self.nodes, *self.outcomes])
                    raise _error(where, f"no node or outcome '{target}'{near}")
                if target in reached:
                    raise _error(where, f"'{target}' is reached already: {reached[target]}")
                reached[target] = f"{name}, {action}"
        self._check_reached(reached)

    def _check_reached(self, reached: Mapping[str, str]) -> None:
        for name in self.nodes:
            if name not in reached:
                raise _error(f"nodes.{name}", "no action leads to this node")
        stack, seen = [self.start], 0
        while stack:
            seen += 1
            targets = self.nodes[stack.pop()].actions.values()
            stack += [t for t in targets if isinstance(t, str) and t in self.nodes]
        if seen != len(self.nodes):
            raise _error(
                "nodes", "some nodes lead to one another in a circle, apart from the start"
            )


def _error(path: str, message: str) -> PydanticCustomError:
    text = f"{path}: {message}" if path else message
    return PydanticCustomError("tree", "{text}", {"text": text})
