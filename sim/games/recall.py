"""What actors remember of their own play: perfect recall, what is forgotten, absence of mind.

Definition. An actor has *perfect recall* when all nodes of each of its information sets come after the
same own choices, made at the same own information sets (Kuhn 1953). It is *absent-minded* where play can
pass through one of its information sets twice, so that it does not know whether it was there before
(Piccione and Rubinstein 1997).
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.games.tree import Tree, own_moves


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgetting:
    """An information set at which an actor has forgotten something of its own play.

    Parameters
    ----------
    actor, place
        Names of the actor and of the information set.
    nodes
        Two nodes of it that have different pasts.
    absent_minded
        Whether the second comes after the first.
    what
        What is forgotten, in words.
    """

    actor: str
    place: str
    nodes: tuple[str, str]
    absent_minded: bool
    what: str

    @property
    def sentence(self) -> str:
        """One sentence with actor, place and nodes."""
        first, second = self.nodes
        return (
            f"actor '{self.actor}' has no perfect recall: at '{self.place}' it cannot tell node "
            f"'{first}' from node '{second}', so it has forgotten {self.what}"
        )


def forgetting(tree: Tree) -> tuple[Forgetting, ...]:
    """What is forgotten, one record per information set; none: every actor has perfect recall.

    Examples
    --------
    >>> from sim.games.files.tree import tree_game
    >>> from sim.scenario.sections.tree import TreeSection
    >>> driver = tree_game(TreeSection(actors=("a",), nodes={
    ...     "first": {"player": "a", "information": "road", "actions": {"exit": [0], "on": "second"}},
    ...     "second": {"player": "a", "information": "road", "actions": {"exit": [4], "on": [1]}}}))
    >>> print(forgetting(driver)[0].sentence)
    actor 'a' has no perfect recall: at 'road' it cannot tell node 'first' from node 'second', so it \
has forgotten that it was there before
    """
    last = own_moves(tree)
    out = []
    for s in tree.forgetful():
        first = s.nodes[0]
        second = next(k for k in s.nodes if last[k][s.actor] != last[first][s.actor])
        absent = _lies_below(tree, first, second)
        before, after = last[first][s.actor], last[second][s.actor]
        out.append(
            Forgetting(
                actor=tree.actors[s.actor],
                place=s.name,
                nodes=(_name(tree, first), _name(tree, second)),
                absent_minded=absent,
                what="that it was there before" if absent else _what(tree, before, after),
            )
        )
    return tuple(out)


def _lies_below(tree: Tree, above: int, below: int) -> bool:
    """Whether play can come from one node to another."""
    waiting = [above]
    while waiting:
        k = waiting.pop()
        if k == below:
            return True
        waiting += [child for child in tree.nodes[k].children if child <= below]
    return False


def _name(tree: Tree, number: int) -> str:
    return tree.nodes[number].name or f"node {number + 1}"


def _what(tree: Tree, before: int, after: int) -> str:
    """The difference between two last own choices, each a number or -1 where there is none."""
    choices = [(s.name, action) for s in tree.sets for action in s.actions]
    if before < 0 or after < 0:
        return f"whether it has moved at '{choices[max(before, after)][0]}'"
    (place, one), (other_place, other) = choices[before], choices[after]
    if place == other_place:
        return f"whether it chose '{one}' or '{other}' at '{place}'"
    return f"whether it was at '{place}' or at '{other_place}' before"
