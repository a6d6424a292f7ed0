"""Ladder and prediction of points at which nothing ties, as one graph that is compiled.

Definition. As in :mod:`sim.feasibility.ladder` and :mod:`sim.feasibility.prediction`, which say what an
answer is. Here the same is written for points at which no value that decides is near 0 or near another one:
the third parties have pure stance equilibria and one at the status quo that matters, no top is within what is
known of 0, candidates of the best treaty are told apart by more than is known or are exactly equal, and one
outcome stands for the prediction. Every other point is marked *unsure* and is left to the definitions; so are
those at which the game may support what stance equilibria alone do not.

Array convention. Nodes range over agreements; what depends on stances is there once per profile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from sim._kernels.tolerance import RELATIVE, AnyArray
from sim.engine.choosing import MOST_PARTS, Cells
from sim.engine.emit import AGREEMENT
from sim.engine.graph import Graph
from sim.feasibility.levels import RUNG_OF, RUNGS, TOP
from sim.games.stages import StageGame
from sim.payoffs import Dispute
from sim.payoffs.program import Program, program_of

MOST_PROFILES = 16
MOST_BRANCHES = 128

Nodes = list[int]


@dataclass(frozen=True, slots=True, eq=False)
class Screen:
    """The nodes of a screened point.

    Parameters
    ----------
    graph
        Where they are.
    outputs
        By name: ``margin``, ``every``, ``rung``, ``base``, ``ties``, ``unsure``; with a game ``first`` and
        ``last`` (the outcomes that come first and last in the order of their classes), ``count``, ``treaty``.
    cells, gap
        Candidates for the best treaty, and what tells them apart.
    payoffs
        Per actor, profile by profile.
    factors
        Numbers of parameters alone that must be finite.
    """

    graph: Graph
    outputs: dict[str, int]
    cells: Cells
    gap: float
    payoffs: dict[str, Nodes]
    factors: tuple[int, ...]


def why_not(dispute: Dispute, game: StageGame | None) -> str:
    """Why a dispute cannot be screened; empty where it can be."""
    profiles = dispute.shape[1]
    parts = len(dispute.scenario.document.principals) + len(dispute.constraints)
    if not dispute.treaties.any():
        return "no agreement is a treaty"
    if profiles > MOST_PROFILES:
        return f"{profiles} stance profiles, more than {MOST_PROFILES}"
    if parts > MOST_PARTS:
        return f"{parts} gains and slacks, more than {MOST_PARTS}"
    if counted := [c.label for c in dispute.constraints if c.asked.direct is not None]:
        return f"{counted[0]} has too many blocs to write out who ratifies"
    return "" if game is None else _why_no_game(dispute, game)


def _why_no_game(dispute: Dispute, game: StageGame) -> str:
    offers = [k for k, axis in enumerate(game.axes) if axis.kind in ("offer", "demand")]
    if game.noise is not None:
        return "ratification by chance"
    if game.reneging:
        return "agreements may be reneged upon"
    if len(offers) != 1:
        return "several offers or demands"
    branches = int(np.prod([len(a.options) for k, a in enumerate(game.axes) if k != offers[0]]))
    if branches > MOST_BRANCHES:
        return f"{branches} answers to an offer, more than {MOST_BRANCHES}"
    if any(c.applies[0] for c in dispute.constraints if c.rung in game.enforced):
        return "a condition that the game enforces applies to the status quo"
    return ""


def screen_of(dispute: Dispute, game: StageGame | None) -> Screen:
    """The screen of a dispute for which :func:`why_not` has no reason."""
    program = program_of(
        dispute.frame, dispute.terms_of, dispute.asked, dispute.shape, spread=False
    )
    ladder = _Ladder(dispute, program)
    ladder.climb()
    if game is not None:
        _Game(ladder, game).solve()
        _leave_supported(ladder, game)
    outputs = ladder.outputs | {"unsure": ladder.graph.apply("where", ladder.unsure, *ladder.units)}
    return Screen(
        ladder.graph, outputs, ladder.cells, ladder.gap, ladder.payoffs, tuple(program.factors)
    )


class _Ladder:
    """The ladder where nothing ties."""

    def __init__(self, dispute: Dispute, program: Program) -> None:
        self.dispute, self.graph = dispute, program.graph
        self.document = dispute.scenario.document
        self.profiles = range(dispute.shape[1])
        self.payoffs = {a: self.wide(nodes) for a, nodes in program.payoffs.items()}
        self.slacks = [
            (RUNG_OF[c.rung], self.wide(program.slacks[c.path])) for c in dispute.constraints
        ]
        self.outputs: dict[str, int] = {}
        self.predicted = self.graph.constant(np.array(False))
        self.units = self.graph.constant(1.0), self.graph.constant(0.0)
        self.unsure = self.graph.constant(np.array(False))
        for c in dispute.constraints:
            applies = self.along(c.applies)
            for node in program.legal[c.path]:
                broken = self.graph.apply("and", applies, self.graph.apply("not", node))
                self.leave(self.graph.reduce("any", broken, (AGREEMENT,)))
        errors = [
            float(dispute.error(a).max()) / dispute.scales[a] for a in self.document.principals
        ]
        self.error = max(RELATIVE, 2 * max(errors))
        self.gap = 4 * len(errors) * self.error

    def wide(self, nodes: Sequence[int]) -> Nodes:
        """One node per profile."""
        return [*nodes] if len(nodes) > 1 else [nodes[0]] * len(self.profiles)

    def along(self, table: AnyArray) -> int:
        """A constant per agreement."""
        return self.graph.constant(table, (AGREEMENT,))

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

    def bound(self, actor: str, sign: int) -> Nodes:
        """The least or the most that an actor's payoff may be, per profile."""
        error = self.dispute.error(actor)[..., 0]
        op = "sub" if sign < 0 else "add"
        return [
            self.graph.apply(op, u, self.along(error[:, s]))
            for s, u in enumerate(self.payoffs[actor])
        ]

    def climb(self) -> None:
        """Tops, the rung that fails, the candidates there, and what holds in every equilibrium."""
        graph = self.graph
        stable = self._stances()
        treaty = self.along(self.dispute.treaties)
        allowed = [graph.apply("and", s, treaty) for s in stable]
        gains = self._gains(self._base(stable))
        caps = self._caps()
        none = graph.constant(-np.inf)
        lowest = [self.all_of("min", at) for at in zip(*gains, strict=True)]
        mutual = [
            graph.apply("where", a, low, none) for a, low in zip(allowed, lowest, strict=True)
        ]
        tops = [self.over("most", self._best(lowest, cap, allowed)) for cap in caps]
        every = self._every(lowest, caps[TOP], allowed)
        for top in dict.fromkeys([*tops, every]):
            size = graph.apply("abs", top)
            self.leave(graph.apply("le", size, graph.constant(self.error)))
        rung, zero = graph.constant(float(len(RUNGS))), graph.constant(0.0)
        for k in reversed(range(len(RUNGS))):
            rung = graph.apply(
                "where", graph.apply("lt", tops[k], zero), graph.constant(float(k)), rung
            )
        self._candidates(gains, (lowest, allowed, mutual), caps, tops, rung)
        self.outputs |= {"margin": tops[TOP], "every": every, "rung": rung}

    def _stances(self) -> Nodes:
        """Stance equilibria per profile; where there is none a point is unsure."""
        graph, third = self.graph, self.document.third_parties
        sizes = [len(self.document.actors[name].stances) for name in third]
        stable = [graph.constant(np.array(True))] * len(self.profiles)
        for axis, actor in enumerate(third):
            if len(set(self.payoffs[actor])) == 1 and len(self.profiles) > 1:
                error = self.dispute.error(actor)
                if (error == error[:, :1]).all():
                    continue
            cube = np.array(self.bound(actor, -1)).reshape(sizes)
            own = [cube.take([k], axis=axis).reshape(-1) for k in range(sizes[axis])]
            tops = [self.all_of("max", at) for at in zip(*own, strict=True)]
            best = np.array(tops).reshape([1 if k == axis else n for k, n in enumerate(sizes)])
            best = np.broadcast_to(best, sizes).reshape(-1)
            most = self.bound(actor, 1)
            stable = [
                graph.apply("and", known, graph.apply("le", int(b), high))
                for known, b, high in zip(stable, best, most, strict=True)
            ]
        wanted = self.dispute.treaties.copy()
        wanted[0] = True
        none = graph.apply("not", self.all_of("or", stable))
        self.leave(self.over("any", [graph.apply("and", none, self.along(wanted))]))
        return stable

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
        self.outputs["base"] = base
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
        caps = [self.wide([self.graph.constant(np.inf)])]
        for rung in range(1, len(RUNGS)):
            mine = [caps[-1], *(nodes for k, nodes in self.slacks if k == rung)]
            caps.append([self.all_of("min", at) for at in zip(*mine, strict=True)])
        return caps

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
        high, none = graph.constant(np.inf), graph.constant(-np.inf)
        if len(set(cap)) > 1:
            lowest = [graph.apply("min", x, c) for x, c in zip(lowest, cap, strict=True)]
        groups = self._grouped(lowest, allowed)
        worst = self.all_of("min", [graph.apply("where", a, x, high) for x, a in groups.items()])
        if len(set(cap)) == 1:
            worst = graph.apply("min", worst, cap[0])
        some = self.all_of("or", allowed)
        return self.over("most", [graph.apply("where", some, worst, none)])

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
        fails = [graph.apply("le", rung, graph.constant(float(k))) for k in range(TOP)]

        def chosen(values: Sequence[int]) -> int:
            out = values[TOP]
            for k in reversed(range(TOP)):
                out = graph.apply("where", fails[k], values[k], out)
            return out

        top = chosen(tops)
        cap = [chosen([caps[k][s] for k in range(len(RUNGS))]) for s in self.profiles]
        size = graph.apply("max", graph.constant(1.0), graph.apply("abs", top))
        bar = graph.apply("sub", top, graph.apply("mul", graph.constant(2 * self.error), size))
        lowest, allowed, mutual = values
        best = self._best(lowest, cap, allowed)
        some = self.all_of("or", [graph.apply("ge", x, bar) for x in best])
        levels = [graph.apply("min", x, c) for x, c in zip(mutual, cap, strict=True)]
        masks = tuple(graph.apply("ge", x, bar) for x in levels)
        parts = [*gains, *(nodes for _, nodes in self.slacks)]
        rungs = (*(0 for _ in gains), *(k for k, _ in self.slacks))
        cells = tuple(tuple(nodes[s] for nodes in parts) for s in self.profiles)
        self.cells = Cells(some, masks, cells, rungs, rung, len(gains))
        same = self.all_of("or", [graph.apply("eq", x, top) for x in best])
        self.outputs["ties"] = graph.reduce("count", same, (AGREEMENT,))


class _Game:
    """The game's equilibria, payoffs compared as far as they are known."""

    def __init__(self, ladder: _Ladder, game: StageGame) -> None:
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
        reached = graph.apply("gt", number, zero)
        order = (dispute.classes * rows + np.arange(rows)) * float(columns)
        place = ladder.along(order)
        inside = graph.apply(
            "where", reached, graph.apply("add", place, ladder.all_of("add", weighed)), high
        )
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


def _leave_supported(ladder: _Ladder, game: StageGame) -> None:
    """Leave points without a treaty at which the game may support what stance equilibria do not."""
    graph = ladder.graph
    if len(ladder.profiles) == 1:
        return
    fails = graph.apply("lt", ladder.outputs["margin"], graph.constant(0.0))
    ladder.leave(fails if game.fixed_for() else graph.apply("and", fails, ladder.predicted))
