"""What every outcome of a game is worth, as nodes; see :mod:`sim.games.outcomes` for what that means.

Definition. An outcome is an agreement under a stance profile, kept or reneged upon. It is in force with a
*chance*: 1 or 0 where ratification is certain. Its payoff is the agreement's in that case and the status
quo's otherwise; where it is reneged upon, what that adds counts as often.

Array convention. Nodes range over agreements. *Variants* are the stance profiles of what is kept, then those
of what is reneged upon where the game lets somebody renege.
"""

from __future__ import annotations

from sim.engine.emit import AGREEMENT
from sim.engine.operations import EXPRESSION, NORMAL
from sim.engine.written import Written
from sim.feasibility.screening.screened_ladder import LARGEST, Nodes, ScreenedLadder
from sim.games.stages import StageGame
from sim.rules import outcomes as rules
from sim.rules.ladder import RUNG_OF
from sim.scenario.derived import derived_order


class ScreenedOutcomes:
    """Chances and payoffs of a game's outcomes."""

    def __init__(self, ladder: ScreenedLadder, game: StageGame) -> None:
        self.ladder, self.game, self.graph, self.on = ladder, game, ladder.graph, ladder.on
        frame = ladder.dispute.frame
        derived = {name: frame.document.attributes[name] for name in derived_order(frame.document)}
        self.written = [
            Written(self.graph, frame.varied, frame.fixed, derived, s) for s in ladder.profiles
        ]
        self.signed = ladder.along(ladder.numbers > 0)
        self.met = self._met([RUNG_OF[rung] for rung in game.enforced])
        self.chance = self.met if game.noise is None else self._chance()
        self.forces = [self.in_force(s) for s in ladder.profiles]
        self.change = {actor: self._change(actor) for actor in game.reneging}

    @property
    def kinds(self) -> range:
        """0 for what is kept, 1 for what is reneged upon."""
        return range(2 if self.game.reneging else 1)

    def _lowest(self, rungs: list[int]) -> Nodes:
        """The lowest slack of some rungs, per profile."""
        mine = [nodes for k, nodes in self.ladder.slacks if k in rungs]
        none = [self.graph.constant(float("inf"))] * len(self.ladder.profiles)
        return [self.ladder.all_of("min", at) for at in zip(none, *mine, strict=True)]

    def _met(self, rungs: list[int]) -> Nodes:
        """Whether each agreement meets what the game enforces, per profile."""
        return [rules.met(self.on, low) for low in self._lowest(rungs)]

    def _chance(self) -> Nodes:
        """The chance that each agreement is ratified and in force, per profile."""
        graph, ladder, noise = self.graph, self.ladder, self.game.noise
        assert noise is not None
        out, zero = [], graph.constant(0.0)
        for low, met, written in zip(self._lowest([1]), self.met, self.written, strict=True):
            sigma = written.of(noise)
            fine = graph.apply("gt", sigma, zero)
            fine = graph.apply("and", fine, graph.apply("lt", sigma, graph.constant(LARGEST)))
            ladder.leave(graph.reduce("any", graph.apply("not", fine), (AGREEMENT,)))
            share = graph.apply(EXPRESSION + NORMAL, graph.apply("div", low, sigma))
            out.append(graph.apply("mul", share, graph.apply("where", met, *ladder.units)))
        return out

    def in_force(self, s: int) -> int:
        """Whether an agreement may be in force under a profile."""
        if self.game.noise is None:
            return self.met[s]
        force: int = rules.in_force(self.on, self.chance[s])
        return force

    def _change(self, actor: str) -> Nodes:
        """What reneging adds to an actor's payoff, per profile; it must be finite."""
        nodes = [written.of(self.game.reneging[actor]) for written in self.written]
        self.ladder.require_finite(nodes)
        return nodes

    def status_quo(self, actor: str, sign: int) -> Nodes:
        """What an actor has where nothing is signed, per profile."""
        own = self.kept(actor, sign) if self.game.noise is not None else self._own(actor, sign)
        return [self.graph.pick(u, AGREEMENT, 0) for u in own]

    def _own(self, actor: str, sign: int) -> Nodes:
        """An actor's payoffs, or the least or the most that they may be, per profile."""
        return self.ladder.bound(actor, sign) if sign else self.ladder.payoffs[actor]

    def kept(self, actor: str, sign: int) -> Nodes:
        """An actor's payoffs of what is kept, or the least or the most that they may be, per profile."""
        own, certain = self._own(actor, sign), self.game.noise is None
        quo = [self.graph.pick(u, AGREEMENT, 0) for u in own]
        rule = rules.certain if certain else rules.expected
        states = self.met if certain else self.chance
        return [rule(self.on, *at) for at in zip(states, own, quo, strict=True)]

    def payoffs(self, actor: str, sign: int) -> Nodes:
        """An actor's payoffs of every variant."""
        kept = self.kept(actor, sign)
        return kept + self._reneged(actor, sign, kept) if self.game.reneging else kept

    def _reneged(self, actor: str, sign: int, kept: Nodes) -> Nodes:
        """The same of what is reneged upon; nobody reneges upon the status quo."""
        graph, out = self.graph, []
        for s in self.ladder.profiles:
            if actor not in self.game.reneging:
                out.append(kept[s])
                continue
            change = self.change[actor][s]
            if sign:
                error = self.game.reneging_error[actor]
                column = error[:, min(s, error.shape[1] - 1), 0] if error.ndim == 3 else error
                table = self.ladder.spread_along(column)
                change = rules.end(self.on, change, table, sign)
            broken = rules.reneged(self.on, kept[s], change, self._number(s))
            out.append(graph.apply("where", self.signed, broken, kept[s]))
        return out

    def _number(self, s: int) -> int:
        """The chance under a profile as a number."""
        if self.game.noise is not None:
            return self.chance[s]
        return self.graph.apply("where", self.met[s], *self.ladder.units)

    def chances(self) -> Nodes:
        """The chance of every variant to be in force, as numbers."""
        return [self._number(s) for s in self.ladder.profiles] * len(self.kinds)
