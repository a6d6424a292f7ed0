"""The prediction of points at which nothing ties, as nodes; see :mod:`sim.feasibility.screening.screen`.

Definition. Backward induction over the moves of a game, proposal by proposal from the last one
(:mod:`sim.feasibility.screening.proposals`), the agreements that are proposed left to the nodes' axis and all
other moves written out; payoffs are compared as far as they are known. What follows a proposal that does not
stand is one leaf before it: that is right where everybody who moves before has the same at all that follows.

Array convention. Arrays of nodes have an axis per move, of length 1 for the agreement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import AnyArray
from sim.engine.emit import AGREEMENT
from sim.feasibility.screening.proposals import proposals_of
from sim.feasibility.screening.screened_ends import ends_of, leave_several, may_be_several
from sim.feasibility.screening.screened_ladder import Nodes, ScreenedLadder
from sim.feasibility.screening.screened_outcomes import ScreenedOutcomes
from sim.games.stages import StageGame
from sim.rules import outcomes as rules
from sim.rules.arithmetic import NodeTables
from sim.rules.induction import survivors

Worth = Mapping[tuple[str, int], AnyArray]
"""The least or the most of an actor at what follows, by the choices before it."""


@dataclass(frozen=True, slots=True, eq=False)
class End:
    """A leaf: where it is reached, and what it comes to.

    Parameters
    ----------
    node
        Where it is reached.
    profile, stands, broken
        The stances, whether the agreement stands, and whether it is reneged upon.
    last
        Whether the status quo follows where nothing is proposed; another proposal does otherwise.
    """

    node: int
    profile: int
    stands: bool
    broken: bool
    last: bool


class ScreenedGame:
    """The game's equilibria, payoffs compared as far as they are known."""

    def __init__(self, ladder: ScreenedLadder, game: StageGame) -> None:
        self.ladder, self.game, self.graph = ladder, game, ladder.graph
        self.outcomes = ScreenedOutcomes(ladder, game)
        self.proposals = proposals_of(game)
        self.reached: Nodes = []
        self.played: Nodes = []

    def solve(self) -> None:
        """Backward induction, and which outcomes survive it."""
        found: list[AnyArray] = []
        follows: Worth = {}
        for number in reversed(range(len(self.proposals))):
            found.insert(0, self._induction(number, follows))
            if number:
                follows = self._worth_of(number, found[0], follows)
        self._outcomes(list(self._ends(found)))

    def _induction(self, number: int, follows: Worth) -> AnyArray:
        """The leaves of a proposal that survive, once it is made."""
        proposal = self.proposals[number]
        offered = self.ladder.along(proposal.offered)

        def ends(axis: int) -> tuple[AnyArray, AnyArray]:
            actor = self.game.axes[proposal.moves[axis]].actor
            least, most = (self._leaves(number, actor, sign, follows) for sign in (-1, 1))
            return least, most

        def settle(some: AnyArray) -> None:
            self._require_some(some, offered)

        tables = NodeTables(self.graph, proposal.along, AGREEMENT, offered)
        alive, moves = np.full(proposal.shape, offered), len(proposal.shape)
        return np.asarray(
            survivors(tables, proposal.stages, ends, alive, moves=moves, settle=settle)
        )

    def _leaves(self, number: int, actor: str, sign: int, follows: Worth) -> AnyArray:
        """The least or the most that an actor may have at every leaf of a proposal.

        Who moves only once the next proposal is made has all alike at what follows.
        """
        proposal, graph = self.proposals[number], self.graph
        out = np.empty(proposal.shape, dtype=np.int64)
        own, columns = self.outcomes.payoffs(actor, sign), len(self.ladder.profiles)
        quo, nothing = self.outcomes.status_quo(actor, sign), graph.constant(0.0)
        for at in np.ndindex(proposal.shape):
            s = int(proposal.profile[at])
            node = own[s + columns * int(proposal.broken[at])]
            if number == len(self.proposals) - 1:
                out[at] = node if proposal.stands[at] else quo[s]
                continue
            worth = follows.get((actor, sign))
            later = nothing if worth is None else int(worth[self._next(number, at)])
            signed = self.outcomes.signed
            out[at] = graph.apply("where", signed, node, later) if proposal.stands[at] else later
        return out

    def _next(self, number: int, place: Sequence[int]) -> tuple[int, ...]:
        """The choices before the next proposal at a place of a proposal's table."""
        return self.proposals[number].at(place, self.proposals[number + 1].before)

    def _worth_of(self, number: int, alive: AnyArray, follows: Worth) -> Worth:
        """What a proposal is worth to those who move before it, unsure where that is not one number."""
        proposal, axes = self.proposals[number], self.game.axes
        tables = NodeTables(
            self.graph, proposal.along, AGREEMENT, self.ladder.along(proposal.offered)
        )
        own = tuple(range(len(proposal.before), len(proposal.shape)))
        shape = proposal.shape[: len(proposal.before)]
        out: dict[tuple[str, int], AnyArray] = {}
        for actor in dict.fromkeys(a.actor for a in axes if a.stage < proposal.start):
            for sign in (-1, 1):
                leaves = self._leaves(number, actor, sign, follows)
                low = tables.over("least", tables.held(leaves, alive), own)
                high = tables.over("most", tables.apply("where", alive, leaves, -np.inf), own)
                for node in sorted(set(tables.apply("eq", low, high).ravel().tolist())):
                    self.ladder.leave(self.graph.apply("not", int(node)))
                out[actor, sign] = low.reshape(shape)
        return out

    def _ends(self, found: Sequence[AnyArray]) -> Iterable[End]:
        """Where each leaf is reached, proposal by proposal; those of the next one only where that follows."""
        graph, no = self.graph, self.graph.constant(np.array(False))
        open_: dict[tuple[int, ...], int] = {}
        for number, (proposal, alive) in enumerate(zip(self.proposals, found, strict=True)):
            last = number == len(found) - 1
            follows: dict[tuple[int, ...], int] = {}
            for at in np.ndindex(proposal.shape):
                node, stands = int(alive[at]), bool(proposal.stands[at])
                if number:
                    made = open_.get(proposal.at(at, proposal.before), no)
                    node = graph.apply("and", made, node)
                profile, broken = int(proposal.profile[at]), bool(proposal.broken[at])
                if stands or last:
                    yield End(node, profile, stands, broken, last)
                if not last:
                    on = graph.pick(node, AGREEMENT, 0)
                    on = on if stands else self.ladder.over("any", [node])
                    place = self._next(number, at)
                    follows[place] = graph.apply("or", follows.get(place, no), on)
            open_ = follows

    @property
    def paths(self) -> Nodes:
        """Per profile the treaties that an equilibrium brings into force and keeps."""
        pairs = ((self.graph.apply("and", n, self.ladder.treaty)) for n in self.reached)
        return [*pairs]

    def _require_some(self, some: AnyArray, offered: int) -> None:
        """Leave points at which a simultaneous stage has no pure equilibrium somewhere."""
        graph = self.graph
        for node in sorted(set(some.ravel().tolist())):
            none = graph.apply("not", int(node))
            if graph[int(node)].axes:
                none = graph.apply("and", none, offered)
            self.ladder.leave(graph.reduce("any", none, (AGREEMENT,)))

    def _outcomes(self, ends: Sequence[End]) -> None:
        """First and last outcome in the order of kinds, how many there are, and whether a treaty is kept."""
        ladder, graph = self.ladder, self.graph
        firsts, lasts, counts = list[int](), list[int](), list[Nodes]()
        quos, inside = Nodes(), Nodes()
        played = [graph.constant(np.array(False))] * len(ladder.profiles)
        for broken in self.outcomes.kinds:
            found = [self._of_profile(ends, s, broken) for s in ladder.profiles]
            forces, mine = zip(*found, strict=True)
            played = [
                graph.apply("or", known, ladder.over("any", [n]))
                for known, n in zip(played, forces, strict=True)
            ]
            inside += forces
            quos = [ladder.all_of("or", at) for at in zip(*filter(None, (quos, mine)), strict=True)]
            first, last, count = self._of_kind(forces, broken)
            firsts.append(first)
            lasts.append(last)
            counts.append(count)
        self.reached = inside[: len(ladder.profiles)]
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
        self._represent(inside, quos, [n for pair in zip(*counts, strict=True) for n in pair])
        ladder.looked = {f"payoff {a}": self._worth(a) for a in ladder.payoffs}
        ladder.looked["chance"] = self.outcomes.chances()

    def _represent(self, inside: Nodes, quos: Nodes, counts: Nodes) -> None:
        """Which outcome stands for all of the best kind."""
        ladder = self.ladder
        if not may_be_several(ladder, self.game):
            leave_several(ladder, counts, len(self.outcomes.kinds))
            return
        worth = [self._worth(actor) for actor in ladder.document.principals]
        starts = [self._order(k) for k in self.outcomes.kinds for _ in ladder.profiles]
        ladder.ends = ends_of(ladder, inside, quos, worth, starts)

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

    def _of_profile(self, ends: Sequence[End], s: int, broken: int) -> tuple[int, int]:
        """Under a profile: which agreements are reached in force, and whether the status quo is reached."""
        ladder, graph, force = self.ladder, self.graph, self.outcomes.forces[s]
        mine = [end for end in ends if end.profile == s]
        others = dict.fromkeys(end.node for end in mine if not end.stands)
        accepted = [end for end in mine if end.stands and end.broken == bool(broken)]
        nodes = [*dict.fromkeys(end.node for end in accepted)] or [graph.constant(np.array(False))]
        node = ladder.all_of("or", nodes)
        signed = self.outcomes.signed
        void = graph.apply("and", graph.apply("not", force), signed)
        made, kept = graph[node], node
        if made.op == "where" and made.args[0] == force and not graph[made.args[2]].axes:
            kept = made.args[1]
            fails = graph.apply("and", graph.reduce("any", void, (AGREEMENT,)), made.args[2])
        else:
            fails = graph.reduce("any", graph.apply("and", node, void), (AGREEMENT,))
        inside = graph.apply("and", graph.apply("and", kept, force), signed)
        nothing = [end.node for end in accepted if end.last]
        quo = [
            fails,
            *([graph.pick(ladder.all_of("or", nothing), AGREEMENT, 0)] if nothing else ()),
            *(ladder.over("any", [n]) for n in others),
        ]
        return inside, ladder.all_of("or", quo)
