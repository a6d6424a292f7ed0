"""The tree that a concept of trees is asked about: perfect recall is needed, a stage game is made a tree."""

from __future__ import annotations

from sim.errors import NotDefinedError
from sim.games.in_time.rounds import RoundGame
from sim.games.recall import forgetting
from sim.games.stages import StageGame
from sim.games.tree import Tree


def tree_with_recall(game: StageGame | RoundGame | Tree, concept: str) -> Tree:
    """A tree in which every actor remembers its own play.

    Raises
    ------
    NotDefinedError
        If one does not; the message says who forgets what. Rounds are no tree that could be written out.
    """
    if isinstance(game, RoundGame):
        raise NotDefinedError(f"{concept} is not defined of a game in rounds; subgame_perfect is")
    if isinstance(game, Tree):
        tree = game
    else:
        from sim.games.stages_tree import tree_of_stages

        tree = tree_of_stages(game)
    forgotten = forgetting(tree)
    if forgotten:
        raise NotDefinedError(f"{concept} needs perfect recall, and {forgotten[0].sentence}")
    return tree
