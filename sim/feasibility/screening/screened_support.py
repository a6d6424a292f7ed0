"""What a game supports beyond the stance equilibria, as nodes; see :mod:`sim.feasibility.commitments`.

Definition. Two kinds of cells count where no treaty passes under the stance equilibria: treaties under
commitments that an equilibrium plays, the others answering them, and treaties on the path of an equilibrium
that brings them into force. Here this is written for disputes in which the principals' status quo is the same
under all stances, so that gains do not depend on what they are measured against; others are left.

Array convention. One node per stance profile.
"""

from __future__ import annotations

import numpy as np

from sim.engine.emit import AGREEMENT
from sim.feasibility.screening.screened_game import ScreenedGame
from sim.feasibility.screening.screened_ladder import Nodes, ScreenedLadder
from sim.feasibility.stances import profiles_by
from sim.games.stages import StageGame


def supported(ladder: ScreenedLadder, screened: ScreenedGame, game: StageGame) -> Nodes | None:
    """The cells that count beside those of the stance equilibria; ``None`` where the screen does not say.

    Where nobody is committed and ratification is certain there are hardly any: it pays to leave them.
    """
    late = game.noise is None and not game.fixed_for()
    if late or len(ladder.profiles) == 1 or ladder.moved or not _same_errors(ladder):
        return None
    graph, paths = ladder.graph, screened.paths
    no, zero = graph.constant(np.array(False)), graph.constant(0.0)
    committed, base = [no] * len(paths), [ladder.outputs["base"]] * len(paths)
    early = game.fixed_for()
    if early:
        committed, base = _committed(ladder, screened, early)
    units = ladder.units
    at_best: dict[str, Nodes] = {"base": [], "rests": [], "lost": []}
    for s, static in enumerate(ladder.static):
        own = graph.apply("where", static, ladder.outputs["base"], base[s])
        at_best["base"].append(own)
        at_best["rests"].append(graph.apply("where", static, *reversed(units)))
        known = graph.apply("or", static, committed[s])
        at_best["lost"].append(graph.apply("where", known, zero, units[0]))
    ladder.at_best = at_best
    return [graph.apply("or", c, p) for c, p in zip(committed, paths, strict=True)]


def _same_errors(ladder: ScreenedLadder) -> bool:
    """Whether the status quo is known as well under all stances."""
    errors = (ladder.dispute.error(a)[0] for a in ladder.document.principals)
    return all(bool((error == error[:1]).all()) for error in errors)


def _committed(
    ladder: ScreenedLadder, screened: ScreenedGame, early: list[int]
) -> tuple[Nodes, Nodes]:
    """Treaties under commitments that are played, and the stances of the status quo that they meet."""
    graph, third = ladder.graph, ladder.document.third_parties
    stable = ladder.stances([a for k, a in enumerate(third) if k not in early])
    wanted = ladder.along(ladder.dispute.treaties | (ladder.numbers == 0))
    cells, base = list(stable), list(stable)
    for own in profiles_by(ladder.dispute, early):
        group = [int(s) for s in own]
        played = ladder.all_of("or", [screened.played[s] for s in group])
        none = graph.apply("not", ladder.all_of("or", [stable[s] for s in group]))
        lost = graph.reduce("any", graph.apply("and", none, wanted), (AGREEMENT,))
        ladder.leave(graph.apply("and", lost, played))
        first = graph.constant(0.0)
        for s in reversed(group):
            here = graph.pick(stable[s], AGREEMENT, 0)
            first = graph.apply("where", here, graph.constant(float(s)), first)
        for s in group:
            counts = graph.apply("and", stable[s], graph.apply("and", played, ladder.treaty))
            cells[s], base[s] = counts, first
    return cells, base
