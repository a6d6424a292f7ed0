"""The ladder of points at which nothing ties, as nodes; see :mod:`sim.feasibility.screening.screen`.

Array convention. Nodes range over agreements; what depends on stances is there once per profile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import reduce

import numpy as np

from sim._kernels.tolerance import AnyArray
from sim.engine.cells import Cells
from sim.engine.emit import AGREEMENT
from sim.feasibility.screening.screened_views import Values, View, beside, best, grouped
from sim.feasibility.screening.status_quos import (
    MOST_CELLS,
    at_status_quo,
    groups_of,
    most_at_once,
    status_quos,
)
from sim.payoffs import Dispute
from sim.payoffs.program import Program, unit_of
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
        self.ends: Cells | None = None
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
        self.views = self._views(stable)
        self.caps = self._caps()
        self.outputs["every"] = self.all_of("min", [self._every(view) for view in self.views])
        self.leave_beside(self._near(self.outputs["every"]))

    def _views(self, stable: Nodes) -> list[View]:
        """A view for every status quo that there may be; unsure where there are more."""
        graph, third = self.graph, self.document.third_parties
        possible = at_status_quo(graph, stable)
        rows = {a: at_status_quo(graph, self.payoffs[a]) for a in self.document.principals}
        groups, most = groups_of(rows, len(stable)), 1
        self.moved = len(set(groups)) > 1
        own = {a: at_status_quo(graph, self.payoffs[a]) for a in third}
        keeps = {a: at_status_quo(graph, self.stances([a])) for a in third}
        self.quos = most_at_once(self.dispute, [*self.profiles], own, keeps)
        if self.moved:
            most = most_at_once(self.dispute, groups, own, keeps)
            most = most if most * len(stable) <= MOST_CELLS else 1
        found, more = status_quos(graph, possible, rows, most, self.profiles)
        self.leave(more)
        self.outputs["base"] = found[0].profile
        return [
            View(
                [graph.apply("and", s, quo.present) for s in self.static],
                {a: [n] * len(stable) for a, n in quo.payoffs.items()},
                {a: [quo.profile] * len(stable) for a in quo.payoffs},
                quo.present,
            )
            for quo in found
        ]

    def values(self, views: Sequence[View]) -> Values:
        """The cells of some views, the views of a profile side by side."""
        by_view = [self._gains(view.quo) for view in views]
        parts = [beside([gains[k] for gains in by_view]) for k in range(len(by_view[0]))]
        return Values(
            parts,
            [self.all_of("min", at) for at in zip(*parts, strict=True)],
            beside([view.allowed for view in views]),
            [beside([cap] * len(views)) for cap in self.caps],
        )

    def _tops(self, values: Values) -> Nodes:
        """Per rung the best value of the cells that count."""
        found = (best(self.graph, values.lowest, cap, values.allowed) for cap in values.caps)
        return [self.over("most", nodes) for nodes in found]

    def _near(self, value: int) -> int:
        """Where a value is 0 as far as it is known."""
        return int(rules.near_zero(self.on, value, self.error))

    def decide(self, extra: Nodes | None = None, more: Sequence[View] = ()) -> None:
        """The rung that fails, and the candidates there.

        Where nothing else passes, ``extra`` cells of the first view count, and ``more`` views.
        """
        graph, views = self.graph, self.views
        if extra is not None or more:
            top = self._tops(self.values(self.views))[TOP]
            self.leave(self._near(top))
            fails = graph.apply("lt", top, graph.constant(0.0))
            views = self.views + [self._where(view, fails) for view in more]
        if extra is not None:
            pairs = zip(self.views[0].allowed, extra, strict=True)
            own = [graph.apply("or", a, graph.apply("and", x, fails)) for a, x in pairs]
            views = [replace(self.views[0], allowed=own), *views[1:]]
        if len(views) > 1:
            self._look_up(views)
        self._decide(self.values(views))

    def _where(self, view: View, where: int) -> View:
        """A view where something is so."""
        return replace(view, allowed=[self.graph.apply("and", n, where) for n in view.allowed])

    def _look_up(self, views: Sequence[View]) -> None:
        """What the best treaty is measured against, and whether it rests on commitments."""
        names, yes_no = self.document.principals, self.units
        against = {a: beside([view.against[a] for view in views]) for a in names}
        rests = beside([[yes_no[not view.rests]] * len(self.profiles) for view in views])
        self.at_best = {"base": against[names[0]], "rests": rests}
        self.at_best |= {f"against {a}": n for a, n in against.items() if n != against[names[0]]}

    def _decide(self, values: Values) -> None:
        graph, none = self.graph, self.graph.constant(-np.inf)
        pairs = zip(values.allowed, values.lowest, strict=True)
        mutual = [graph.apply("where", a, low, none) for a, low in pairs]
        tops = self._tops(values)
        self.leave(self._near(tops[TOP]))
        for top in dict.fromkeys(tops[:TOP]):
            self.leave_beside(self._near(top))
        rung = rules.first_failing(self.on, tops)
        self._candidates(values, mutual, tops, rung)
        self.outputs |= {"margin": tops[TOP], "rung": rung}
        self.allowed = values.allowed

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

    def _gains(self, quo: Mapping[str, Nodes]) -> list[Nodes]:
        """Per principal its gain under every profile."""
        graph, out = self.graph, []
        for actor in self.document.principals:
            scale = unit_of(graph, self.dispute, actor)
            pairs = zip(self.payoffs[actor], quo[actor], strict=True)
            shares = [
                (graph.apply("div", u, scale), graph.apply("div", q, scale)) for u, q in pairs
            ]
            out.append([graph.apply("sub", u, q) for u, q in shares])
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

    def _every(self, view: View) -> int:
        """The best treaty at its least favourable stances, infinite where there is no such view."""
        graph, high = self.graph, self.graph.constant(np.inf)
        values = self.values([view])
        lowest, cap = values.lowest, values.caps[TOP]
        if len(set(cap)) > 1:
            lowest = [graph.apply("min", x, c) for x, c in zip(lowest, cap, strict=True)]
        groups = grouped(graph, lowest, self.static)
        worst = self.all_of("min", [graph.apply("where", a, x, high) for x, a in groups.items()])
        if len(set(cap)) == 1:
            worst = graph.apply("min", worst, cap[0])
        some = self.all_of("or", self.static)
        found = self.over("most", [rules.least_favourable(self.on, worst, some)])
        return graph.apply("where", view.present, found, high)

    def _candidates(self, values: Values, mutual: Nodes, tops: Nodes, rung: int) -> None:
        """Cells near the top of the rung that decides, and how many treaties share it exactly."""
        graph, count = self.graph, len(mutual) // len(self.profiles)
        top = rules.at_rung(self.on, tops, rung)
        caps = [[at[k] for at in values.caps] for k in range(len(mutual))]
        cap = [rules.at_rung(self.on, own, rung) for own in caps]
        bar = rules.bar(self.on, top, self.error)
        found = best(graph, values.lowest, cap, values.allowed)
        some = self.all_of("or", [graph.apply("ge", x, bar) for x in found])
        levels = [graph.apply("min", x, c) for x, c in zip(mutual, cap, strict=True)]
        masks = tuple(graph.apply("ge", x, bar) for x in levels)
        slacks = [beside([nodes] * count) for _, nodes in self.slacks]
        rungs = (*(0 for _ in values.gains), *(k for k, _ in self.slacks))
        cells = tuple(zip(*values.gains, *slacks, strict=True))
        same = self.all_of("or", [graph.apply("eq", x, top) for x in found])
        bests = tuple(tuple(best(graph, values.lowest, c, values.allowed)) for c in values.caps)
        gains = len(values.gains)
        self.cells = Cells(some, masks, cells, rungs, rung, gains, bests, self.error, same)
        self.outputs["ties"] = graph.reduce("count", same, (AGREEMENT,))
