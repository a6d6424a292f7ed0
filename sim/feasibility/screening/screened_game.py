"""The prediction of points at which nothing ties, as nodes; see :mod:`sim.feasibility.screening.screen`.

Definition. Backward induction over the moves of a game, the agreements that are offered left to the nodes'
axis and all other moves written out; payoffs are compared as far as they are known.

Array convention. Arrays of nodes have an axis per move, of length 1 for the offer.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np

from sim._kernels.tolerance import RELATIVE, AnyArray
from sim.engine.emit import AGREEMENT
from sim.feasibility.levels import RUNG_OF
from sim.feasibility.screening.screened_ladder import Nodes, ScreenedLadder
from sim.games.stages import StageGame


class ScreenedGame:
    """The game's equilibria, payoffs compared as far as they are known."""

    def __init__(self, ladder: ScreenedLadder, game: StageGame) -> None:
        self.ladder, self.game, self.graph = ladder, game, ladder.graph
        (self.offer,) = (k for k, a in enumerate(game.axes) if a.kind in ("offer", "demand"))
        self.shape = tuple(1 if k == self.offer else n for k, n in enumerate(game.shape))
        offered = np.zeros(ladder.dispute.shape[0], dtype=np.bool_)
        offered[game.axes[self.offer].options] = True
        self.offered = ladder.along(offered)
        signed = np.moveaxis(game.leaf_agreement, self.offer, -1).max(axis=-1) > 0
        self.signed = np.asarray(signed).reshape(self.shape)
        profile = np.moveaxis(game.leaf_profile, self.offer, -1)[..., 0]
        self.profile = profile.reshape(self.shape)
        self.met = self._in_force()

    def _in_force(self) -> Nodes:
        """Whether each agreement meets what the game enforces, per profile."""
        ladder, graph = self.ladder, self.graph
        rungs = [RUNG_OF[r] for r in self.game.enforced]
        mine = [nodes for k, nodes in ladder.slacks if k in rungs]
        if not mine:
            return [graph.constant(np.array(True))] * len(ladder.profiles)
        lowest = [ladder.all_of("min", at) for at in zip(*mine, strict=True)]
        return [graph.apply("ge", low, graph.constant(-RELATIVE)) for low in lowest]

    def _leaves(self, actor: str, sign: int) -> AnyArray:
        """The least or the most that an actor may have at every leaf, the offer's axis left to the nodes."""
        graph, out = self.graph, np.empty(self.shape, dtype=np.int64)
        own = self.ladder.bound(actor, sign)
        quo = [graph.pick(u, AGREEMENT, 0) for u in own]
        for at in np.ndindex(self.shape):
            s = int(self.profile[at])
            out[at] = (
                graph.apply("where", self.met[s], own[s], quo[s]) if self.signed[at] else quo[s]
            )
        return out

    def solve(self) -> None:
        """Backward induction, and which outcomes survive it."""
        game = self.game
        alive = np.full(self.shape, self.offered)
        for stage in reversed(game.stages):
            keep = alive.copy()
            later = tuple(range(stage[-1] + 1, len(self.shape)))
            for axis in stage:
                actor = game.axes[axis].actor
                low, high = self._leaves(actor, -1), self._leaves(actor, 1)
                secure = self._secure(low, alive if later else None, axis, later)
                keep = self._each("and", keep, self._each("ge", high, secure))
            if len(stage) > 1:
                self._require_some(keep, tuple(range(stage[0], len(self.shape))))
            alive = keep
        self._outcomes(alive)

    def _each(self, op: str, *arrays: AnyArray) -> AnyArray:
        """An elementwise operation on arrays of nodes."""
        return np.asarray(
            np.frompyfunc(lambda *n: self.graph.apply(op, *map(int, n)), len(arrays), 1)(*arrays),
            dtype=np.int64,
        )

    def _over(self, op: str, nodes: AnyArray, axes: Sequence[int]) -> AnyArray:
        """A reduction over axes of moves, the offer's included; lengths of 1 stay."""
        between = {"most": "max", "least": "min", "any": "or"}[op]
        if self.offer in axes:
            one = np.frompyfunc(lambda n: self.graph.reduce(op, int(n), (AGREEMENT,)), 1, 1)
            nodes = np.asarray(one(nodes), dtype=np.int64)
        for axis in axes:
            parts = [nodes.take([k], axis=axis) for k in range(nodes.shape[axis])]
            nodes = reduce(lambda a, b: self._each(between, a, b), parts)
        return nodes

    def _secure(
        self, low: AnyArray, alive: AnyArray | None, axis: int, later: tuple[int, ...]
    ) -> AnyArray:
        graph = self.graph
        worst = low
        if alive is not None:
            high = np.full(self.shape, graph.constant(np.inf))
            worst = self._over("least", self._each("where", alive, low, high), later)
        if axis == self.offer:
            none = np.full(worst.shape, graph.constant(-np.inf))
            worst = self._each("where", np.full(worst.shape, self.offered), worst, none)
        return self._over("most", worst, (axis,))

    def _require_some(self, keep: AnyArray, inner: tuple[int, ...]) -> None:
        """Leave points at which a simultaneous stage has no pure equilibrium somewhere."""
        graph, some = self.graph, self._over("any", keep, inner)
        for node in np.unique(some):
            none = graph.apply("not", int(node))
            if self.offer not in inner:
                none = graph.apply("and", none, self.offered)
            self.ladder.leave(graph.reduce("any", none, (AGREEMENT,)))

    def _outcomes(self, alive: AnyArray) -> None:
        """First and last outcome in the order of classes, how many there are, and whether a treaty is."""
        ladder, graph, dispute = self.ladder, self.graph, self.ladder.dispute
        rows, columns = dispute.shape
        zero, none, high = (graph.constant(x) for x in (0.0, -np.inf, np.inf))
        forces, quos = zip(*(self._of_profile(alive, s) for s in ladder.profiles), strict=True)
        numbers = [graph.apply("where", force, *ladder.units) for force in forces]
        number = ladder.all_of("add", numbers)
        weighed = [graph.apply("mul", graph.constant(float(s)), n) for s, n in enumerate(numbers)]
        # with several profiles this is no profile, and the point is left; it must stay among its class
        profile = graph.apply("min", ladder.all_of("add", weighed), graph.constant(columns - 1.0))
        reached = graph.apply("gt", number, zero)
        order = (dispute.classes * rows + np.arange(rows)) * float(columns)
        place = ladder.along(order)
        inside = graph.apply("where", reached, graph.apply("add", place, profile), high)
        first = [graph.reduce("least", inside, (AGREEMENT,))]
        first += [
            graph.apply("where", q, graph.constant(order[0] + s), high) for s, q in enumerate(quos)
        ]
        last = [graph.reduce("most", graph.apply("where", reached, place, none), (AGREEMENT,))]
        last.append(graph.apply("where", ladder.all_of("or", quos), graph.constant(order[0]), none))
        counts = self._by_class(number, quos)
        treaties = [
            graph.apply("gt", count, zero)
            for k, count in enumerate(counts)
            if k in dispute.classes[dispute.treaties]
        ]
        ladder.outputs |= {
            "first": ladder.all_of("min", first),
            "last": ladder.all_of("max", last),
            "count": ladder.all_of("add", counts),
        }
        ladder.predicted = ladder.all_of("or", treaties)
        ladder.outputs["treaty"] = graph.apply("where", ladder.predicted, *ladder.units)
        self._one_representative(ladder.outputs["first"], counts)

    def _of_profile(self, alive: AnyArray, s: int) -> tuple[int, int]:
        """Under a profile: which agreements are reached in force, and whether the status quo is reached."""
        ladder, graph = self.ladder, self.graph
        here = [int(n) for n in alive[(self.profile == s) & self.signed]]
        others = [int(n) for n in alive[(self.profile == s) & ~self.signed]]
        accepted = ladder.all_of("or", here) if here else graph.constant(np.array(False))
        signed = ladder.along(np.arange(ladder.dispute.shape[0]) > 0)
        broken = graph.apply("and", graph.apply("not", self.met[s]), signed)
        node, kept = graph[accepted], accepted
        if node.op == "where" and node.args[0] == self.met[s] and not graph[node.args[2]].axes:
            kept = node.args[1]
            fails = graph.apply("and", graph.reduce("any", broken, (AGREEMENT,)), node.args[2])
        else:
            fails = graph.reduce("any", graph.apply("and", accepted, broken), (AGREEMENT,))
        force = graph.apply("and", graph.apply("and", kept, self.met[s]), signed)
        quo = [
            fails,
            graph.pick(accepted, AGREEMENT, 0),
            *(ladder.over("any", [n]) for n in others),
        ]
        return force, ladder.all_of("or", quo)

    def _by_class(self, number: int, quos: Sequence[int]) -> Nodes:
        """How many outcomes of every class are reached."""
        ladder, graph, classes = self.ladder, self.graph, self.ladder.dispute.classes
        zero, out = graph.constant(0.0), []
        for k in range(len(ladder.document.classes)):
            mine = graph.apply("where", ladder.along(classes == k), number, zero)
            parts = [graph.reduce("total", mine, (AGREEMENT,))]
            if classes[0] == k:
                parts += [graph.apply("where", quo, *ladder.units) for quo in quos]
            out.append(ladder.all_of("add", parts))
        return out

    def _one_representative(self, first: int, counts: Nodes) -> None:
        """Leave points at which several outcomes of the best class are reached."""
        ladder, graph = self.ladder, self.graph
        cells = float(ladder.dispute.shape[0] * ladder.dispute.shape[1])
        for k, count in enumerate(counts):
            low, high = graph.constant(k * cells), graph.constant((k + 1) * cells)
            mine = graph.apply("and", graph.apply("ge", first, low), graph.apply("lt", first, high))
            several = graph.apply("gt", count, graph.constant(1.0))
            ladder.leave(graph.apply("and", mine, several))
