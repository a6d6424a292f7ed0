"""The prediction of points at which nothing ties, as nodes; see :mod:`sim.feasibility.screening.screen`.

Definition. Backward induction over the moves of a game, the agreements that are offered left to the nodes'
axis and all other moves written out; payoffs are compared as far as they are known.

Array convention. Arrays of nodes have an axis per move, of length 1 for the offer.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim._kernels.tolerance import AnyArray
from sim.engine.emit import AGREEMENT
from sim.feasibility.screening.screened_ladder import Nodes, ScreenedLadder
from sim.feasibility.screening.screened_outcomes import ScreenedOutcomes
from sim.games.stages import StageGame
from sim.rules import outcomes as rules
from sim.rules.arithmetic import NodeTables
from sim.rules.induction import survivors


class ScreenedGame:
    """The game's equilibria, payoffs compared as far as they are known."""

    def __init__(self, ladder: ScreenedLadder, game: StageGame) -> None:
        self.ladder, self.game, self.graph = ladder, game, ladder.graph
        self.outcomes = ScreenedOutcomes(ladder, game)
        (self.offer,) = (k for k, a in enumerate(game.axes) if a.kind in ("offer", "demand"))
        self.shape = tuple(1 if k == self.offer else n for k, n in enumerate(game.shape))
        offered = np.zeros(ladder.dispute.shape[0], dtype=np.bool_)
        offered[game.axes[self.offer].options] = True
        self.offered = ladder.along(offered)
        self.signed = self._branches(game.leaf_agreement > 0)
        self.broken = self._branches(game.leaf_reneged)
        profile = np.moveaxis(game.leaf_profile, self.offer, -1)[..., 0]
        self.profile = profile.reshape(self.shape)
        self.reached: Nodes = []
        self.played: Nodes = []

    def _branches(self, leaves: AnyArray) -> AnyArray:
        """Where something is so for some offer."""
        return np.asarray(np.moveaxis(leaves, self.offer, -1).any(axis=-1)).reshape(self.shape)

    def _leaves(self, actor: str, sign: int) -> AnyArray:
        """The least or the most that an actor may have at every leaf, the offer's axis left to the nodes."""
        out = np.empty(self.shape, dtype=np.int64)
        own, columns = self.outcomes.payoffs(actor, sign), len(self.ladder.profiles)
        quo = self.outcomes.status_quo(actor, sign)
        for at in np.ndindex(self.shape):
            s = int(self.profile[at])
            node = own[s + columns * int(self.broken[at])]
            out[at] = node if self.signed[at] else quo[s]
        return out

    def solve(self) -> None:
        """Backward induction, and which outcomes survive it."""
        game = self.game
        tables = NodeTables(self.graph, self.offer, AGREEMENT, self.offered)

        def ends(axis: int) -> tuple[AnyArray, AnyArray]:
            actor = game.axes[axis].actor
            return self._leaves(actor, -1), self._leaves(actor, 1)

        alive = np.full(self.shape, self.offered)
        moves = len(self.shape)
        self._outcomes(
            survivors(tables, game.stages, ends, alive, moves=moves, settle=self._require_some)
        )

    @property
    def paths(self) -> Nodes:
        """Per profile the treaties that an equilibrium brings into force and keeps."""
        pairs = ((self.graph.apply("and", n, self.ladder.treaty)) for n in self.reached)
        return [*pairs]

    def _require_some(self, some: AnyArray) -> None:
        """Leave points at which a simultaneous stage has no pure equilibrium somewhere."""
        graph = self.graph
        for node in sorted(set(some.ravel().tolist())):
            none = graph.apply("not", int(node))
            if graph[int(node)].axes:
                none = graph.apply("and", none, self.offered)
            self.ladder.leave(graph.reduce("any", none, (AGREEMENT,)))

    def _outcomes(self, alive: AnyArray) -> None:
        """First and last outcome in the order of kinds, how many there are, and whether a treaty is kept."""
        ladder, graph = self.ladder, self.graph
        firsts, lasts, counts = list[int](), list[int](), list[Nodes]()
        quos: Nodes = []
        played = [graph.constant(np.array(False))] * len(ladder.profiles)
        for broken in self.outcomes.kinds:
            found = [self._of_profile(alive, s, broken) for s in ladder.profiles]
            forces, mine = zip(*found, strict=True)
            played = [
                graph.apply("or", known, ladder.over("any", [n]))
                for known, n in zip(played, forces, strict=True)
            ]
            self.reached = self.reached or [*forces]
            quos = [ladder.all_of("or", at) for at in zip(*filter(None, (quos, mine)), strict=True)]
            first, last, count = self._of_kind(forces, broken)
            firsts.append(first)
            lasts.append(last)
            counts.append(count)
        self.played = [graph.apply("or", p, q) for p, q in zip(played, quos, strict=True)]
        self._add_status_quo(quos, firsts, lasts, counts)
        zero, treaties = graph.constant(0.0), {*ladder.dispute.classes[ladder.dispute.treaties]}
        kept = [graph.apply("gt", n, zero) for k, n in enumerate(counts[0]) if k in treaties]
        ladder.predicted = ladder.all_of("or", kept)
        ladder.outputs |= {
            "first": ladder.all_of("min", firsts),
            "last": ladder.all_of("max", lasts),
            "count": ladder.all_of("add", [n for count in counts for n in count]),
            "treaty": graph.apply("where", ladder.predicted, *ladder.units),
        }
        by_rank = [n for pair in zip(*counts, strict=True) for n in pair]
        self._one_representative(ladder.outputs["first"], by_rank)
        ladder.looked = {f"payoff {a}": self._worth(a) for a in ladder.payoffs}
        ladder.looked["chance"] = self.outcomes.chances()

    def _worth(self, actor: str) -> Nodes:
        """An actor's payoffs of outcomes that are reached."""
        plain = self.game.noise is None and not self.game.reneging
        return self.ladder.payoffs[actor] if plain else self.outcomes.payoffs(actor, 0)

    @property
    def _variants(self) -> int:
        return len(self.ladder.profiles) * len(self.outcomes.kinds)

    def _order(self, broken: int) -> AnyArray:
        """Where each agreement begins in the order of kinds, agreements and variants."""
        rows = self.ladder.dispute.shape[0]
        rank = rules.rank(self.ladder.dispute.classes, broken)
        return np.asarray((rank * rows + np.arange(rows)) * float(self._variants))

    def _of_kind(self, forces: Sequence[int], broken: int) -> tuple[int, int, Nodes]:
        """Of what is kept or reneged upon, in force: first, last, and how many of every class."""
        ladder, graph, columns = self.ladder, self.graph, len(self.ladder.profiles)
        none, high = graph.constant(-np.inf), graph.constant(np.inf)
        numbers = [graph.apply("where", force, *ladder.units) for force in forces]
        number = ladder.all_of("add", numbers)
        variant = graph.constant(0.0)
        for s in reversed(ladder.profiles):
            own = graph.constant(float(s + broken * columns))
            variant = graph.apply("where", forces[s], own, variant)
        reached = graph.apply("gt", number, graph.constant(0.0))
        place = ladder.along(self._order(broken))
        inside = graph.apply("add", place, variant)
        first = graph.reduce("least", graph.apply("where", reached, inside, high), (AGREEMENT,))
        last = graph.reduce("most", graph.apply("where", reached, place, none), (AGREEMENT,))
        counts, zero = [], graph.constant(0.0)
        for k in range(len(ladder.document.classes)):
            mine = graph.apply("where", ladder.along(ladder.dispute.classes == k), number, zero)
            counts.append(graph.reduce("total", mine, (AGREEMENT,)))
        return first, last, counts

    def _add_status_quo(
        self, quos: Nodes, firsts: Nodes, lasts: Nodes, counts: Sequence[Nodes]
    ) -> None:
        """The status quo under every profile under which it is reached."""
        ladder, graph = self.ladder, self.graph
        none, high = graph.constant(-np.inf), graph.constant(np.inf)
        start, own = self._order(0)[0], int(ladder.dispute.classes[0])
        firsts += [
            graph.apply("where", q, graph.constant(start + s), high) for s, q in enumerate(quos)
        ]
        some = ladder.all_of("or", quos)
        lasts.append(graph.apply("where", some, graph.constant(start), none))
        parts = [graph.apply("where", quo, *ladder.units) for quo in quos]
        counts[0][own] = ladder.all_of("add", [counts[0][own], *parts])

    def _of_profile(self, alive: AnyArray, s: int, broken: int) -> tuple[int, int]:
        """Under a profile: which agreements are reached in force, and whether the status quo is reached."""
        ladder, graph, force = self.ladder, self.graph, self.outcomes.forces[s]
        here = (self.profile == s) & self.signed & (self.broken == bool(broken))
        others = [int(n) for n in alive[(self.profile == s) & ~self.signed]]
        accepted = [int(n) for n in alive[here]] or [graph.constant(np.array(False))]
        node = ladder.all_of("or", accepted)
        signed = self.outcomes.signed
        void = graph.apply("and", graph.apply("not", force), signed)
        made, kept = graph[node], node
        if made.op == "where" and made.args[0] == force and not graph[made.args[2]].axes:
            kept = made.args[1]
            fails = graph.apply("and", graph.reduce("any", void, (AGREEMENT,)), made.args[2])
        else:
            fails = graph.reduce("any", graph.apply("and", node, void), (AGREEMENT,))
        inside = graph.apply("and", graph.apply("and", kept, force), signed)
        quo = [
            fails,
            graph.pick(node, AGREEMENT, 0),
            *(ladder.over("any", [n]) for n in others),
        ]
        return inside, ladder.all_of("or", quo)

    def _one_representative(self, first: int, counts: Nodes) -> None:
        """Leave points at which several outcomes of the best kind are reached."""
        ladder, graph = self.ladder, self.graph
        kinds, rows = len(self.outcomes.kinds), ladder.dispute.shape[0]
        cells = float(rows * self._variants)
        for k, count in enumerate(counts):
            rank = k if kinds == 2 else 2 * k
            low, high = graph.constant(rank * cells), graph.constant((rank + 1) * cells)
            mine = graph.apply("and", graph.apply("ge", first, low), graph.apply("lt", first, high))
            several = graph.apply("gt", count, graph.constant(1.0))
            ladder.leave_beside(graph.apply("and", mine, several))
