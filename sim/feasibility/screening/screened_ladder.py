"""The ladder of points at which nothing ties, as nodes; see :mod:`sim.feasibility.screening.screen`.

Array convention. Nodes range over agreements; what depends on stances is there once per profile.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np

from sim._kernels.tolerance import AnyArray
from sim.engine.choosing import Cells
from sim.engine.emit import AGREEMENT
from sim.payoffs import Dispute
from sim.payoffs.program import Program
from sim.rules import ladder as rules
from sim.rules import outcomes, stances
from sim.rules.arithmetic import Nodes as NodeRules
from sim.rules.arithmetic import NodeTables
from sim.rules.ladder import RUNG_OF, RUNGS, TOP

Nodes = list[int]
LARGEST = 1e60
"""Larger factors may overflow when they are multiplied: such points are left to the definitions."""


class ScreenedLadder:
    """The ladder where nothing ties."""

    def __init__(self, dispute: Dispute, program: Program) -> None:
        self.dispute, self.graph, self.on = dispute, program.graph, NodeRules(program.graph)
        self.document = dispute.scenario.document
        self.profiles = range(dispute.shape[1])
        self.payoffs = {a: self.wide(nodes) for a, nodes in program.payoffs.items()}
        self.slacks = [
            (RUNG_OF[c.rung], self.wide(program.slacks[c.path])) for c in dispute.constraints
        ]
        self.numbers = np.arange(dispute.shape[0])
        self.outputs: dict[str, int] = {}
        self.looked: dict[str, Nodes] = {}
        self.at_best: dict[str, Nodes] = {}
        self.treaty = self.along(dispute.treaties)
        self.predicted = self.graph.constant(np.array(False))
        self.units = self.graph.constant(1.0), self.graph.constant(0.0)
        self.unsure = self.unsure_beside = self.graph.constant(np.array(False))
        for c in dispute.constraints:
            applies = self.along(c.applies)
            for node in program.legal[c.path]:
                broken = self.graph.apply("and", applies, self.graph.apply("not", node))
                self.leave(self.graph.reduce("any", broken, (AGREEMENT,)))
        self.require_finite(program.checked)
        names = self.document.principals
        errors = (float(dispute.error(a).max()) / dispute.scales[a] for a in names)
        self.error = rules.known_to(errors)
        self.gap = 4 * len(names) * self.error

    def wide(self, nodes: Sequence[int]) -> Nodes:
        """One node per profile."""
        return [*nodes] if len(nodes) > 1 else [nodes[0]] * len(self.profiles)

    def along(self, table: AnyArray) -> int:
        """A constant per agreement."""
        return self.graph.constant(table, (AGREEMENT,))

    def spread_along(self, column: AnyArray) -> int:
        """A constant per agreement, or the same for all of them."""
        return self.along(np.broadcast_to(np.asarray(column).reshape(-1), self.numbers.shape))

    def all_of(self, op: str, nodes: Sequence[int]) -> int:
        """An operation over several nodes."""
        return reduce(lambda a, b: self.graph.apply(op, a, b), nodes)

    def over(self, op: str, nodes: Sequence[int]) -> int:
        """A reduction over agreements and over several nodes."""
        between = {"most": "max", "least": "min", "any": "or", "count": "add"}[op]
        return self.all_of(between, [self.graph.reduce(op, n, (AGREEMENT,)) for n in nodes])

    def leave(self, where: int) -> None:
        """Mark points as unsure."""
        self.unsure = self.graph.apply("or", self.unsure, where)

    def leave_beside(self, where: int) -> None:
        """Mark points as unsure of something beside the margin and what blocks."""
        self.unsure_beside = self.graph.apply("or", self.unsure_beside, where)

    def require_finite(self, nodes: Sequence[int]) -> None:
        """Leave points at which a value is not finite, or so large that its products may not be."""
        graph, largest = self.graph, self.graph.constant(LARGEST)
        small = [graph.apply("lt", graph.apply("abs", n), largest) for n in nodes]
        numbers = [n for n in small if not graph[n].axes]
        if numbers:
            self.leave(graph.apply("not", self.all_of("and", numbers)))
        for n in small:
            if graph[n].axes:
                self.leave(graph.reduce("any", graph.apply("not", n), (AGREEMENT,)))

    def bound(self, actor: str, sign: int) -> Nodes:
        """The least or the most that an actor's payoff may be, per profile."""
        error = self.dispute.error(actor)[..., 0]
        return [
            outcomes.end(self.on, u, self.along(error[:, s]), sign)
            for s, u in enumerate(self.payoffs[actor])
        ]

    def climb(self) -> None:
        """Treaties under the stance equilibria: how far they come, and what holds in every equilibrium."""
        graph = self.graph
        stable = self.stances(self.document.third_parties)
        wanted = self.along(self.dispute.treaties | (self.numbers == 0))
        none = graph.apply("not", self.all_of("or", stable))
        self.leave(graph.reduce("any", graph.apply("and", none, wanted), (AGREEMENT,)))
        self.static = [graph.apply("and", s, self.treaty) for s in stable]
        self.gains = self._gains(self._base(stable))
        self.caps = self._caps()
        self.lowest = [self.all_of("min", at) for at in zip(*self.gains, strict=True)]
        self.outputs["every"] = self._every(self.lowest, self.caps[TOP], self.static)
        self.leave_beside(self._near(self.outputs["every"]))

    def tops(self, allowed: Nodes) -> Nodes:
        """Per rung the best value of some cells."""
        return [self.over("most", self._best(self.lowest, cap, allowed)) for cap in self.caps]

    def _near(self, value: int) -> int:
        """Where a value is 0 as far as it is known."""
        return int(rules.near_zero(self.on, value, self.error))

    def decide(self, extra: Nodes | None = None) -> None:
        """The rung that fails, and the candidates there; ``extra`` cells count where nothing else passes."""
        graph, allowed = self.graph, self.static
        if extra is not None:
            top = self.tops(allowed)[TOP]
            self.leave(self._near(top))
            fails = graph.apply("lt", top, graph.constant(0.0))
            more = [graph.apply("and", x, fails) for x in extra]
            allowed = [graph.apply("or", a, x) for a, x in zip(allowed, more, strict=True)]
        self._decide(allowed)

    def _decide(self, allowed: Nodes) -> None:
        graph, gains, caps = self.graph, self.gains, self.caps
        none = graph.constant(-np.inf)
        lowest = self.lowest
        mutual = [
            graph.apply("where", a, low, none) for a, low in zip(allowed, lowest, strict=True)
        ]
        tops = self.tops(allowed)
        self.leave(self._near(tops[TOP]))
        for top in dict.fromkeys(tops[:TOP]):
            self.leave_beside(self._near(top))
        rung = rules.first_failing(self.on, tops)
        self._candidates(gains, (lowest, allowed, mutual), caps, tops, rung)
        self.outputs |= {"margin": tops[TOP], "rung": rung}

    def stances(self, movers: Sequence[str]) -> Nodes:
        """Per profile where it is an equilibrium among some third parties, the others being committed."""
        sizes = self.document.stance_counts
        yes = np.full(sizes, self.graph.constant(np.array(True)))
        parties = (
            (axis, self._cube(actor, -1), self._cube(actor, 1))
            for axis, actor in enumerate(self.document.third_parties)
            if actor in movers and not self._indifferent(actor)
        )
        return [int(n) for n in stances.stable(NodeTables(self.graph), yes, parties).reshape(-1)]

    def _cube(self, actor: str, sign: int) -> AnyArray:
        """The least or the most that a payoff may be, an axis per third party."""
        return np.array(self.bound(actor, sign)).reshape(self.document.stance_counts)

    def _indifferent(self, actor: str) -> bool:
        """Whether no stance changes anything for a third party."""
        if len(set(self.payoffs[actor])) > 1 or len(self.profiles) == 1:
            return False
        error = self.dispute.error(actor)
        return bool((error == error[:, :1]).all())

    def _base(self, stable: Nodes) -> dict[str, int]:
        """Payoffs of the status quo per principal; unsure where its stances matter and are not settled."""
        graph = self.graph
        possible = [graph.pick(s, AGREEMENT, 0) for s in stable]
        base, out = graph.constant(0.0), {}
        for s in reversed(self.profiles):
            base = graph.apply("where", possible[s], graph.constant(float(s)), base)
        moved = False
        for actor in self.document.principals:
            rows = [graph.pick(u, AGREEMENT, 0) for u in self.payoffs[actor]]
            moved |= len(set(rows)) > 1
            own = rows[-1]
            for s in reversed(self.profiles[:-1]):
                own = graph.apply("where", possible[s], rows[s], own)
            out[actor] = own
        if moved:
            counts = [graph.apply("where", p, *self.units) for p in possible]
            several = graph.apply("gt", self.all_of("add", counts), graph.constant(1.0))
            self.leave(several)
        self.moved, self.outputs["base"] = moved, base
        return out

    def _gains(self, base: dict[str, int]) -> list[Nodes]:
        """Per principal its gain under every profile."""
        graph, out = self.graph, []
        for actor in self.document.principals:
            scale = graph.constant(self.dispute.scales[actor])
            below = graph.apply("div", base[actor], scale)
            own = [graph.apply("div", u, scale) for u in self.payoffs[actor]]
            out.append([graph.apply("sub", u, below) for u in own])
        return out

    def _caps(self) -> list[Nodes]:
        """Per rung and profile the lowest slack up to it."""
        by_profile = [rules.levels(self.on, np.inf, (), self._slacks_at(s)) for s in self.profiles]
        return [[self.on.node(n) for n in at] for at in zip(*by_profile, strict=True)]

    def _slacks_at(self, s: int) -> dict[int, list[int]]:
        """Per rung its slacks under a profile."""
        return {
            rung: own
            for rung in range(1, len(RUNGS))
            if (own := [nodes[s] for k, nodes in self.slacks if k == rung])
        }

    def _best(self, lowest: Nodes, cap: Nodes, allowed: Nodes) -> Nodes:
        """The best cells of every agreement; a cap that is the same under all stances comes last."""
        graph, none = self.graph, self.graph.constant(-np.inf)
        if len(set(cap)) > 1:
            capped = [graph.apply("min", x, c) for x, c in zip(lowest, cap, strict=True)]
            pairs = zip(allowed, capped, strict=True)
            return [graph.apply("where", a, x, none) for a, x in pairs]
        groups = self._grouped(lowest, allowed)
        best = self.all_of("max", [graph.apply("where", a, x, none) for x, a in groups.items()])
        return [graph.apply("min", best, cap[0])]

    def _grouped(self, lowest: Nodes, allowed: Nodes) -> dict[int, int]:
        """Where each of some values counts, under one stance profile or another."""
        groups: dict[int, int] = {}
        for value, where in zip(lowest, allowed, strict=True):
            groups[value] = (
                self.graph.apply("or", groups[value], where) if value in groups else where
            )
        return groups

    def _every(self, lowest: Nodes, cap: Nodes, allowed: Nodes) -> int:
        """The best treaty at its least favourable stances."""
        graph = self.graph
        high = graph.constant(np.inf)
        if len(set(cap)) > 1:
            lowest = [graph.apply("min", x, c) for x, c in zip(lowest, cap, strict=True)]
        groups = self._grouped(lowest, allowed)
        worst = self.all_of("min", [graph.apply("where", a, x, high) for x, a in groups.items()])
        if len(set(cap)) == 1:
            worst = graph.apply("min", worst, cap[0])
        some = self.all_of("or", allowed)
        return self.over("most", [rules.least_favourable(self.on, worst, some)])

    def _candidates(
        self,
        gains: Sequence[Nodes],
        values: tuple[Nodes, Nodes, Nodes],
        caps: Sequence[Nodes],
        tops: Nodes,
        rung: int,
    ) -> None:
        """Cells near the top of the rung that decides, and how many treaties share it exactly."""
        graph = self.graph
        top = rules.at_rung(self.on, tops, rung)
        cap = [rules.at_rung(self.on, [at[s] for at in caps], rung) for s in self.profiles]
        bar = rules.bar(self.on, top, self.error)
        lowest, allowed, mutual = values
        best = self._best(lowest, cap, allowed)
        some = self.all_of("or", [graph.apply("ge", x, bar) for x in best])
        levels = [graph.apply("min", x, c) for x, c in zip(mutual, cap, strict=True)]
        masks = tuple(graph.apply("ge", x, bar) for x in levels)
        parts = [*gains, *(nodes for _, nodes in self.slacks)]
        rungs = (*(0 for _ in gains), *(k for k, _ in self.slacks))
        cells = tuple(tuple(nodes[s] for nodes in parts) for s in self.profiles)
        same = self.all_of("or", [graph.apply("eq", x, top) for x in best])
        bests = tuple(tuple(self._best(lowest, cap, allowed)) for cap in caps)
        self.cells = Cells(some, masks, cells, rungs, rung, len(gains), bests, self.error, same)
        self.outputs["ties"] = graph.reduce("count", same, (AGREEMENT,))
