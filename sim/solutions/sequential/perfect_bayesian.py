"""Perfect Bayesian equilibria of trees: strategies that are best given beliefs, and beliefs that fit them.

Definition. An *assessment* is a behaviour strategy profile with beliefs: at every information set a
probability of each of its nodes. It is a perfect Bayesian equilibrium when every actor's strategy is best
from every information set on, given its beliefs there, and beliefs follow from Bayes' rule. How far, is
the option ``beliefs``: ``no signalling`` (the default) also off the path, as far as actors cannot signal
what they do not know (after Fudenberg and Tirole 1991), which implies subgame perfection; ``weak`` on the
path only (Mas-Colell, Whinston and Green 1995), which does not. Both are defined in full in
:mod:`sim.solutions.sequential._rational_beliefs`. A sequential equilibrium
(:mod:`sim.solutions.sequential.sequential`) is one of these under either option.
"""

from __future__ import annotations

from sim.errors import UsageError
from sim.games.stages import StageGame
from sim.games.tree import Tree
from sim.results import Solution
from sim.solutions.options import Option
from sim.solutions.sequential._rational_beliefs import no_signalling_beliefs, weak_beliefs
from sim.solutions.sequential._tree_assessments import assessments_of
from sim.solutions.sequential._tree_forms import tree_with_recall

KINDS = ("no signalling", "weak")
OPTIONS = (
    Option(
        name="beliefs",
        kind="text",
        default="no signalling",
        meaning="How far Bayes' rule binds: 'no signalling', off the path too, or 'weak', on it only.",
    ),
)


def perfect_bayesian(game: StageGame | Tree, *, beliefs: str = "no signalling") -> Solution:
    """Perfect Bayesian equilibria of a tree, grouped by outcome, with beliefs.

    Parameters
    ----------
    game
        A tree in which every actor has perfect recall; a stage game is made one.
    beliefs
        ``no signalling`` or ``weak``.

    Returns
    -------
    Solution
        One member per outcome, with one equilibrium that has it, its ``behaviour`` and ``beliefs``, the
        number of ``equilibria`` found behind it and up to 39 ``others``.

    Raises
    ------
    NotDefinedError
        If an actor has no perfect recall.

    Notes
    -----
    Source: [fudenberg1991]_, [mwg1995]_.

    Examples
    --------
    >>> from sim.games.files.tree import tree_game
    >>> from sim.scenario.sections.tree import TreeSection
    >>> entry = tree_game(TreeSection(actors=("a", "b"), nodes={
    ...     "in?": {"player": "a", "actions": {"out": [0, 2], "one": "x", "two": "y"}},
    ...     "x": {"player": "b", "information": "i", "actions": {"fight": [-1, -1], "share": [3, 0]}},
    ...     "y": {"player": "b", "information": "i", "actions": {"fight": [-1, -1], "share": [2, 1]}}}))
    >>> [member.outcome for member in perfect_bayesian(entry).equilibria]
    ['one, share']
    """
    if beliefs not in KINDS:
        raise UsageError(f"perfect_bayesian.beliefs: '{beliefs}' is not {' or '.join(KINDS)}")
    tree = tree_with_recall(game, "perfect_bayesian")
    if beliefs == "weak":
        return assessments_of(tree, "perfect_bayesian", weak_beliefs, weak=True, beliefs=beliefs)
    return assessments_of(tree, "perfect_bayesian", no_signalling_beliefs, beliefs=beliefs)
