"""What a game supports beyond the stance equilibria, as nodes; see :mod:`sim.feasibility.commitments`.

Definition. Two kinds of cells count where no treaty passes under the stance equilibria: treaties under
commitments that an equilibrium plays, the others answering them, and treaties on the path of an equilibrium
that brings them into force. Where the principals' status quo is the same under all stances, gains do not
depend on what they are measured against, and such cells are added to those of the stance equilibria; else
they are views of their own.

Array convention. One node per stance profile.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import AnyArray
from sim.engine.emit import AGREEMENT
from sim.feasibility.screening.screened_game import ScreenedGame
from sim.feasibility.screening.screened_ladder import Nodes, ScreenedLadder
from sim.feasibility.screening.screened_views import View
from sim.feasibility.screening.status_quos import MOST_CELLS, at_status_quo, status_quos
from sim.feasibility.stances import profiles_by
from sim.games.stages import StageGame
from sim.payoffs.program import unit_of
from sim.rules.arithmetic import NodeTables
from sim.rules.induction import survivors


@dataclass(frozen=True, slots=True, eq=False)
class Support:
    """The cells that count beside those of the stance equilibria: some of the first view, and other views."""

    cells: Nodes | None = None
    views: tuple[View, ...] = ()


def supported(ladder: ScreenedLadder, screened: ScreenedGame, game: StageGame) -> Support:
    """What counts beside the stance equilibria; nothing where the screen does not say.

    Where nobody is committed, ratification is certain and outcomes are hardly ever several there is hardly
    anything: it pays to leave it.
    """
    late = game.noise is None and not game.fixed_for() and ladder.ends is None
    if late or len(ladder.profiles) == 1:
        return Support()
    if ladder.moved or not _same_errors(ladder):
        return _in_views(ladder, screened, game)
    graph, paths = ladder.graph, screened.paths
    no, zero = graph.constant(np.array(False)), graph.constant(0.0)
    committed, base = [no] * len(paths), [ladder.outputs["base"]] * len(paths)
    if early := game.fixed_for():
        view = _committed(ladder, screened, early)
        committed, base = view.allowed, next(iter(view.against.values()))
    units = ladder.units
    at_best: dict[str, Nodes] = {"base": [], "rests": [], "lost": []}
    for s, static in enumerate(ladder.static):
        own = graph.apply("where", static, ladder.outputs["base"], base[s])
        at_best["base"].append(own)
        at_best["rests"].append(graph.apply("where", static, *reversed(units)))
        known = graph.apply("or", static, committed[s])
        at_best["lost"].append(graph.apply("where", known, zero, units[0]))
    ladder.at_best = at_best
    return Support([graph.apply("or", c, p) for c, p in zip(committed, paths, strict=True)])


def _same_errors(ladder: ScreenedLadder) -> bool:
    """Whether the status quo is known as well under all stances."""
    errors = (ladder.dispute.error(a)[0] for a in ladder.document.principals)
    return all(bool((error == error[:1]).all()) for error in errors)


def _in_views(ladder: ScreenedLadder, screened: ScreenedGame, game: StageGame) -> Support:
    """The same as views; nothing where the cells would be too many."""
    early = game.fixed_for()
    count = len(ladder.views) + (2 if early else 1)
    if count * len(ladder.profiles) > MOST_CELLS:
        return Support()
    views = (_committed(ladder, screened, early),) if early else ()
    return Support(views=(*views, _on_paths(ladder, screened, game)))


def _committed(ladder: ScreenedLadder, screened: ScreenedGame, early: list[int]) -> View:
    """Treaties under commitments that are played, against the status quo that meets the same ones."""
    graph, document = ladder.graph, ladder.document
    stable = ladder.stances([a for k, a in enumerate(document.third_parties) if k not in early])
    wanted = ladder.along(ladder.dispute.treaties | (ladder.numbers == 0))
    rows = {a: at_status_quo(graph, ladder.payoffs[a]) for a in document.principals}
    cells = list(stable)
    quo = {a: list(nodes) for a, nodes in rows.items()}
    against = {a: list(stable) for a in rows}
    for own in profiles_by(ladder.dispute, early):
        group = [int(s) for s in own]
        played = ladder.all_of("or", [screened.played[s] for s in group])
        none = graph.apply("not", ladder.all_of("or", [stable[s] for s in group]))
        lost = graph.reduce("any", graph.apply("and", none, wanted), (AGREEMENT,))
        possible = at_status_quo(graph, [stable[s] for s in group])
        mine = {a: [nodes[s] for s in group] for a, nodes in rows.items()}
        (found,), more = status_quos(graph, possible, mine, 1, group)
        ladder.leave(graph.apply("and", graph.apply("or", lost, more), played))
        for s in group:
            cells[s] = graph.apply("and", stable[s], graph.apply("and", played, ladder.treaty))
            for actor in rows:
                quo[actor][s], against[actor][s] = found.payoffs[actor], found.profile
    return View(cells, quo, against, graph.constant(np.array(True)), rests=True)


def _on_paths(ladder: ScreenedLadder, screened: ScreenedGame, game: StageGame) -> View:
    """Treaties in force and kept in equilibrium, against what no would bring each principal."""
    quo, against = dict[str, Nodes](), dict[str, Nodes]()
    any_path = [ladder.over("any", [n]) for n in screened.paths]
    for actor in ladder.document.principals:
        found = _refusals(ladder, game, actor, any_path)
        quo[actor] = [worth for worth, _ in found]
        against[actor] = [profile for _, profile in found]
    yes = ladder.graph.constant(np.array(True))
    return View(screened.paths, quo, against, yes, rests=True)


def _refusals(
    ladder: ScreenedLadder, game: StageGame, principal: str, any_path: Nodes
) -> list[tuple[int, int]]:
    """Per profile on a path what a principal that says no has at the worst, and under which stances."""
    graph, fixed = ladder.graph, game.fixed_for(principal)
    answers = _answers(ladder, game, fixed)
    worth = at_status_quo(graph, ladder.payoffs[principal])
    out: list[tuple[int, int]] = [(worth[0], graph.constant(0.0))] * len(answers)
    for own in profiles_by(ladder.dispute, fixed) if fixed else [np.array(ladder.profiles)]:
        group = [int(s) for s in own]
        value, profile = graph.constant(np.inf), graph.constant(0.0)
        for s in group:
            less = graph.apply("and", answers[s], graph.apply("lt", worth[s], value))
            value = graph.apply("where", less, worth[s], value)
            profile = graph.apply("where", less, graph.constant(float(s)), profile)
        unit = unit_of(graph, ladder.dispute, principal)
        gap = graph.apply("mul", graph.constant(ladder.gap), unit)
        near = graph.apply("add", value, gap)
        close = graph.apply("not", ladder.all_of("or", [answers[s] for s in group]))
        for s in group:
            other = graph.apply("and", answers[s], graph.apply("gt", worth[s], value))
            close = graph.apply(
                "or", close, graph.apply("and", other, graph.apply("le", worth[s], near))
            )
        here = ladder.all_of("or", [any_path[s] for s in group])
        ladder.leave(graph.apply("and", close, here))
        for s in group:
            out[s] = value, profile
    return out


def _answers(ladder: ScreenedLadder, game: StageGame, fixed: list[int]) -> Nodes:
    """Per profile whether it follows at the status quo when the others answer in the order of the game."""
    graph, third = ladder.graph, ladder.document.third_parties
    sizes = ladder.document.stance_counts
    stage = {third.index(actor): n for kind, actor, n in game.moves if kind == "stance"}
    movers = sorted((k for k in range(len(third)) if k not in fixed), key=lambda k: stage[k])
    order = [*fixed, *movers]
    stages = [
        [order.index(k) for k in movers if stage[k] == n]
        for n in sorted({stage[k] for k in movers})
    ]

    def ends(axis: int) -> tuple[AnyArray, AnyArray]:
        least, most = (_cube(ladder, third[order[axis]], sign, order) for sign in (-1, 1))
        return least, most

    def settle(some: AnyArray) -> None:
        """An answer that is none is found where it is asked for."""

    shape = tuple(sizes[k] for k in order)
    alive = np.full(shape, graph.constant(np.array(True)))
    tables = NodeTables(graph)
    found = survivors(tables, stages, ends, alive, moves=len(order), settle=settle)
    back = [int(k) for k in np.argsort(order)]
    return [int(n) for n in np.broadcast_to(found, shape).transpose(back).reshape(-1)]


def _cube(ladder: ScreenedLadder, actor: str, sign: int, order: list[int]) -> AnyArray:
    """The least or the most that a third party has at the status quo, an axis per third party in an order."""
    nodes = at_status_quo(ladder.graph, ladder.bound(actor, sign))
    return np.reshape(nodes, ladder.document.stance_counts).transpose(order)
