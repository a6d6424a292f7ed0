"""Sequential equilibria of trees.

Definition. An assessment (strategies with beliefs) is a sequential equilibrium when every actor's strategy
is best from every information set on, given its beliefs there, and it is consistent: the limit of
completely mixed strategies with the beliefs that Bayes' rule gives them (Kreps and Wilson 1982). Both are
decided exactly (:mod:`sim.solutions.sequential._consistent_beliefs`); every member carries beliefs that
prove it.
"""

from __future__ import annotations

from sim.games.stages import StageGame
from sim.games.tree import Tree
from sim.results import Solution
from sim.solutions.sequential._consistent_beliefs import consistent_beliefs
from sim.solutions.sequential._tree_assessments import assessments_of
from sim.solutions.sequential._tree_forms import tree_with_recall


def sequential(game: StageGame | Tree) -> Solution:
    """Sequential equilibria of a tree, grouped by outcome, with beliefs.

    Parameters
    ----------
    game
        A tree in which every actor has perfect recall; a stage game is made one.

    Returns
    -------
    Solution
        As :func:`sim.solutions.sequential.perfect_bayesian.perfect_bayesian`, whose members these are among.

    Raises
    ------
    NotDefinedError
        If an actor has no perfect recall.

    Notes
    -----
    Source: [kreps1982]_, [kohlberg1997]_.

    Examples
    --------
    >>> from sim.games.files.tree import tree_game
    >>> from sim.scenario.sections.tree import TreeSection
    >>> entry = tree_game(TreeSection(actors=("a", "b"), nodes={
    ...     "in?": {"player": "a", "actions": {"out": [0, 2], "one": "x", "two": "y"}},
    ...     "x": {"player": "b", "information": "i", "actions": {"fight": [-1, -1], "share": [3, 0]}},
    ...     "y": {"player": "b", "information": "i", "actions": {"fight": [-1, -1], "share": [2, 1]}}}))
    >>> [member.outcome for member in sequential(entry).equilibria]
    ['one, share']
    """
    tree = tree_with_recall(game, "sequential")
    return assessments_of(tree, "sequential", consistent_beliefs)
