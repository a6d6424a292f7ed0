"""Agent quantal response equilibria of trees: noisy choices, information set by information set.

Definition. Every information set is played by an agent of its actor that chooses with probabilities
proportional to ``exp(lam * payoff)``, the payoff of an action being what the actor expects after it given
that play is there, beliefs by Bayes' rule (McKelvey and Palfrey 1998). The concept is the equilibrium on
the branch that starts at uniform play, at a precision ``lam``; or the limit of the branch, which is a
sequential equilibrium. In the limit the probabilities found are taken to simple fractions, and where
consistent beliefs exist for these, that is the proof.

Array convention. As :mod:`sim._kernels.agent_logit`.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from sim._kernels.agent_logit import LogitTree, conditional, trace
from sim._kernels.tolerance import FloatArray
from sim.errors import TooLargeError, UsageError
from sim.games.behaviour import Behaviour, memory_of, regret_in
from sim.games.exact import in_fractions
from sim.games.stages import StageGame
from sim.games.tree import END, Tree
from sim.results import Solution, StrategyProfile
from sim.solutions.options import Option
from sim.solutions.sequential._beliefs_off_path import setting_of
from sim.solutions.sequential._consistent_beliefs import consistent_beliefs
from sim.solutions.sequential._rational_beliefs import Beliefs, Undecided
from sim.solutions.sequential._tree_forms import tree_with_recall
from sim.solutions.sequential._tree_outcomes import EndNames, belief_words, member_of

OPTIONS = (
    Option(
        name="precision",
        kind="number",
        low=0.0,
        unit="1/payoff",
        meaning="How precisely agents respond; the limit, a sequential equilibrium, without it.",
    ),
)
MOST_ACTIONS = 400
"""Actions at all information sets up to which the branch is followed."""
LIMIT_ACTIONS = 80
"""Actions up to which the limit of the branch is proved."""
FARTHEST = (1e3, 1e4, 1e5)
"""Precisions, in units of the largest spread, at which the limit is looked for."""
DENOMINATORS = (12, 100, 1_000, 100_000)
"""Largest denominators of the simple fractions that a probability in the limit may be, tried in turn."""
GONE = 0.02
"""Distance of a probability from a simple fraction beyond which it is not taken for it."""


def agent_quantal_response(game: StageGame | Tree, *, precision: float | None = None) -> Solution:
    """The agent logit equilibrium on the principal branch of a tree, or the limit of that branch.

    Parameters
    ----------
    game
        A tree in which every actor has perfect recall; a stage game is made one.
    precision
        In units of 1/payoff, not negative; ``None`` asks for the limit.

    Returns
    -------
    Solution
        One member. At a precision, ``extra`` holds the ``lambda`` reached and the ``residual`` of the
        definition there; ``limit reached`` if the work limit came first. In the limit, where it is proved
        to be a sequential equilibrium, its ``beliefs``; otherwise the last point of the branch.

    Raises
    ------
    NotDefinedError
        If an actor has no perfect recall.
    TooLargeError
        Beyond ``MOST_ACTIONS`` actions at all information sets.

    Notes
    -----
    Source: [mckelvey1998]_, [turocy2005]_.

    Examples
    --------
    >>> from sim.games.files.tree import tree_game
    >>> from sim.scenario.sections.tree import TreeSection
    >>> one = tree_game(TreeSection(actors=("a",), nodes={
    ...     "n": {"player": "a", "actions": {"l": [0], "r": [2]}}}))
    >>> round(agent_quantal_response(one, precision=0.5).equilibria[0].strategies["a"]["r"], 4)
    0.7311
    >>> agent_quantal_response(one).equilibria[0].strategies
    {'a': {'r': 1.0}}
    """
    if precision is not None and not precision >= 0:
        raise UsageError("the precision must be a number of at least 0, in units of 1/payoff")
    tree = in_fractions(_few(tree_with_recall(game, "agent_quantal_response")))
    arrays, unit = logit_tree(tree)
    parameters = {"precision": precision}
    if precision is None:
        return _limit(tree, arrays, parameters)
    branch = trace(arrays, precision * unit)
    behaviour = _behaviour(tree, np.exp(branch.logs))
    extra: dict[str, object] = {
        "lambda": branch.precision / unit,
        "residual": _residual(arrays, branch.logs, branch.precision),
    }
    note = "" if branch.arrived else "the walk along the branch stopped before that precision"
    return Solution(
        concept="agent_quantal_response",
        members=(_member(tree, behaviour, extra),),
        status="complete" if branch.arrived else "limit reached",
        parameters=parameters,
        note=note,
    )


def _few(tree: Tree) -> Tree:
    """The tree, unless it has more actions than the branch is followed with."""
    size = sum(len(s.actions) for s in tree.sets)
    if size > MOST_ACTIONS:
        raise TooLargeError(
            f"the tree has {size:,} actions at its information sets, the limit is {MOST_ACTIONS:,}"
        )
    return tree


def logit_tree(tree: Tree) -> tuple[LogitTree, float]:
    """The tree in arrays, payoffs in units of the largest spread, and that spread."""
    tree = _few(tree)
    payoffs = np.array([[float(u) for u in tree.nodes[k].amounts] for k in tree.ends])
    unit = float((payoffs.max(axis=0) - payoffs.min(axis=0)).max()) or 1.0
    low = payoffs.min(axis=0)
    amounts = [
        ((np.array(list(map(float, n.amounts))) - low) / unit).tolist()
        if n.mover == END
        else list(map(float, n.amounts))
        for n in tree.nodes
    ]
    members, first = [], 0
    for s in tree.sets:
        members.append((s.actor, first, len(s.actions), s.nodes))
        first += len(s.actions)
    arrays = LogitTree(
        movers=[n.mover for n in tree.nodes],
        sets=[n.information for n in tree.nodes],
        children=[n.children for n in tree.nodes],
        amounts=amounts,
        members=members,
    )
    return arrays, unit


def _behaviour(tree: Tree, chances: FloatArray) -> Behaviour:
    out, first = [], 0
    for s in tree.sets:
        own = [Fraction(float(p)) for p in chances[first : first + len(s.actions)]]
        out.append(tuple(p / sum(own) for p in own))
        first += len(s.actions)
    return tuple(out)


def _residual(arrays: LogitTree, logs: FloatArray, lam: float) -> float:
    gains = conditional(arrays, logs[:, None])[:, 0]
    worst = 0.0
    for _, first, count, _ in arrays.members:
        rows = slice(first, first + count)
        weight = np.exp(lam * (gains[rows] - gains[rows].max()))
        worst = max(worst, float(np.abs(weight / weight.sum() - np.exp(logs[rows])).max()))
    return worst


def _member(tree: Tree, behaviour: Behaviour, extra: dict[str, object]) -> StrategyProfile:
    regret = regret_in(tree, behaviour) if tree.sets else Fraction(0)
    return member_of(tree, behaviour, regret=regret, labels=EndNames(tree), extra=extra)


def _limit(tree: Tree, arrays: LogitTree, parameters: dict[str, float | None]) -> Solution:
    behaviour, beliefs = limit_of(tree, arrays)
    if beliefs is not None:
        extra: dict[str, object] = {"beliefs": belief_words(tree, beliefs)}
        note = "the limit of the branch, proved to be a sequential equilibrium"
    else:
        extra = {}
        note = "the last point on the way to the limit, in floating point"
    return Solution(
        concept="agent_quantal_response",
        members=(_member(tree, behaviour, extra),),
        status="complete" if beliefs is not None else "partial",
        parameters=parameters,
        note=note,
    )


def limit_of(tree: Tree, arrays: LogitTree) -> tuple[Behaviour, Beliefs | None]:
    """The limit of the branch at simple fractions with beliefs that prove it, or its last point."""
    if not tree.sets:
        return (), {}
    memory = memory_of(tree)
    chances = np.exp(trace(arrays, 0.0).logs)
    for far in FARTHEST:
        half, whole = trace(arrays, far / 2), trace(arrays, far)
        if not (half.arrived and whole.arrived):
            break
        chances = np.exp(whole.logs)
        ahead = np.clip(2 * chances - np.exp(half.logs), 0.0, None)
        for denominator in DENOMINATORS:
            near = _snapped(tree, ahead, denominator)
            if near is None:
                continue
            try:
                beliefs = consistent_beliefs(setting_of(tree, near, memory))
            except Undecided:
                beliefs = None
            if beliefs is not None:
                return near, beliefs
    return _behaviour(tree, chances), None


def proved_limit(tree: Tree) -> tuple[Behaviour, Beliefs] | None:
    """The limit with beliefs that prove it, of trees up to ``LIMIT_ACTIONS`` actions."""
    if not 0 < sum(len(s.actions) for s in tree.sets) <= LIMIT_ACTIONS:
        return None
    behaviour, beliefs = limit_of(tree, logit_tree(tree)[0])
    return None if beliefs is None else (behaviour, beliefs)


def _snapped(tree: Tree, chances: FloatArray, denominator: int) -> Behaviour | None:
    """Probabilities at the nearest fractions; none where one lies too far from all."""
    out, first = [], 0
    for s in tree.sets:
        own = [Fraction(float(p)) for p in chances[first : first + len(s.actions)]]
        near = [p.limit_denominator(denominator) for p in own]
        off = max(abs(p - q) for p, q in zip(own, near, strict=True))
        if off > GONE or not sum(near):
            return None
        out.append(tuple(p / sum(near) for p in near))
        first += len(s.actions)
    return tuple(out)
