"""Subgame perfect equilibria of stage games, all of them, with every tie kept.

Definition. A strategy profile is subgame perfect when it is a Nash equilibrium of every subgame
(Selten 1975). In a stage game with pure play the set of equilibrium *leaves* follows by backward
induction on sets: let ``M`` mark the leaves that survive the later stages. At a stage with movers
``i`` on axes ``k_i``, an actor that deviates can be held to the worst surviving continuation of
its deviation, so a leaf ``t`` survives the stage exactly when for every mover

    U_i(t) >= max over choices on k_i of  min { U_i(t') : t' in M after that choice }

with the other movers' choices at the same stage as in ``t``. One mover is ordinary backward
induction; all moves in one stage is pure Nash. Where a simultaneous stage has no pure equilibrium
it is solved in mixed strategies for two movers. Trees with perfect information and chance are
solved by the same induction on sets of plays; in other trees subgame perfection is not computed,
and the Nash equilibria of the reduced strategic form are given instead, saying so.

Array convention. Leaf payoffs have shape ``(*moves, batch)``, one axis per move, the batch axis
last.
"""

from __future__ import annotations

import numpy as np

from sim.games.exact import in_fractions
from sim.games.in_time.rounds import RoundGame
from sim.games.outcomes import Outcomes, outcomes_of
from sim.games.recall import forgetting
from sim.games.stages import StageGame
from sim.games.tree import Tree
from sim.results import Solution, StrategyProfile
from sim.rules.backward_induction import Induction, backward_induction


def subgame_perfect(game: StageGame | RoundGame | Tree) -> Solution:
    """All subgame perfect equilibrium outcomes of a scenario's game or of a tree, in pure strategies.

    Parameters
    ----------
    game
        A stage game at the scenario's current values, a game in rounds, or a tree.

    Returns
    -------
    Solution
        Stage game: one member per equilibrium outcome, with the moves on its path; paths that differ
        only in moves that lead to the same outcome are counted in ``extra['paths']``. Rounds: the same with
        the round of the signature and what the delay costs; without a last round the stationary equilibria,
        which are all where the box of all subgame perfect values is a point. Tree with
        perfect information: one member per equilibrium play, with an equilibrium that supports it in
        ``extra['plan']``. Other trees: status ``partial``.

    Notes
    -----
    Source: [selten1975]_.

    Examples
    --------
    >>> import sim
    >>> nodes = (
    ...     "entry: {player: entrant, actions: {out: [0, 2], in: reply}}, "
    ...     "reply: {player: incumbent, actions: {fight: [-1, -1], share: [1, 1]}}"
    ... )
    >>> entry = sim.loads("tree: {actors: [entrant, incumbent], nodes: {" + nodes + "}}")
    >>> sim.solve(entry)[0].equilibria[0].strategies
    {'entrant': {'in': 1.0}, 'incumbent': {'share': 1.0}}
    """
    if isinstance(game, RoundGame):
        from sim.solutions.sequential._in_rounds import solution_in_rounds

        return solution_in_rounds(game)
    return _of_tree(game) if isinstance(game, Tree) else _of_stages(game)


def _of_tree(tree: Tree) -> Solution:
    forgotten = forgetting(tree)
    if forgotten:
        from sim.solutions.sequential._absent_minded import best_behaviour

        return best_behaviour(in_fractions(tree), forgotten)
    if tree.perfect_information and tree.sets:
        from sim.solutions.sequential._tree_induction import tree_equilibria

        return tree_equilibria(tree)
    from sim.solutions.sequential._tree_subgames import subgame_perfect_of_tree

    return subgame_perfect_of_tree(tree)


def _of_stages(game: StageGame) -> Solution:
    outcomes = outcomes_of(game, game.dispute.at(game.dispute.point()))
    least, most = outcomes.leaves(game)
    result = backward_induction(least, game.stages, (), most=most, certificate=True)
    if not result.solved[0]:
        from sim.solutions.sequential._mixed_stages import mixed_path

        return mixed_path(game, outcomes)
    members = _members(game, outcomes, result)
    note = "" if len(members) == 1 else f"{len(members)} equilibrium outcomes; ties are kept"
    return Solution(concept="subgame_perfect", members=members, exhaustive=True, note=note)


def _members(game: StageGame, outcomes: Outcomes, result: Induction) -> tuple[StrategyProfile, ...]:
    groups: dict[tuple[int, int, int], list[tuple[int, ...]]] = {}
    for leaf in map(tuple, np.argwhere(result.survivors[..., 0])):
        groups.setdefault(final_outcome(game, outcomes, leaf), []).append(leaf)
    return tuple(_member(game, outcomes, result, key, paths) for key, paths in groups.items())


def final_outcome(
    game: StageGame, outcomes: Outcomes, leaf: tuple[int, ...], point: int = 0
) -> tuple[int, int, int]:
    """Agreement in force, stance profile and reneging at a leaf; a certain failure is the status quo."""
    row = int(outcomes.leaf[leaf])
    agreement = int(game.leaf_agreement[leaf])
    if outcomes.ratification[row, point] == 0:
        return 0, int(game.leaf_profile[leaf]), 0
    return agreement, int(game.leaf_profile[leaf]), int(game.leaf_reneged[leaf])


def _member(
    game: StageGame,
    outcomes: Outcomes,
    result: Induction,
    key: tuple[int, int, int],
    paths: list[tuple[int, ...]],
) -> StrategyProfile:
    leaf = paths[0]
    row = outcomes.leaf[leaf]
    space, document = game.dispute.space, game.dispute.scenario.document
    chance = float(outcomes.ratification[row, 0])
    extra = {
        "outcome_class": document.classes[int(game.dispute.classes[key[0]])],
        "stances": game.dispute.profile_label(key[1]),
        "paths": len(paths),
        **({"reneged": True} if key[2] else {}),
        **({"ratified_with_probability": chance} if game.noise is not None and key[0] else {}),
    }
    return StrategyProfile(
        strategies=path_strategies(game, leaf),
        payoffs={actor: float(value[row, 0]) for actor, value in outcomes.payoffs.items()},
        regret=float(result.regret[(*leaf, 0)]),
        outcome=space.label(key[0]),
        extra=extra,
    )


def path_strategies(game: StageGame, leaf: tuple[int, ...]) -> dict[str, dict[str, float]]:
    """The moves on the path to a leaf by actor; an actor that moves twice has both in its label."""
    words: dict[str, list[str]] = {}
    for axis, choice in zip(game.axes, leaf, strict=True):
        words.setdefault(axis.actor, []).append(axis.labels[choice])
    return {actor: {"; ".join(parts): 1.0} for actor, parts in words.items()}
