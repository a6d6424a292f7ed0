"""Payoffs and slacks of a dispute as one graph of operations, for computing many points.

Definition. As in :mod:`sim.payoffs.dispute`. Terms are sums of products of parameter-only factors and
tables (:mod:`sim.engine.forms`), those of an actor are added before they are spread over stances, and what
actors and constraints share is computed once. Numbers differ from those of single terms by rounding only.

Array convention. Nodes range over the axes ``agreement`` and ``profile``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from sim.constraints import Alternative
from sim.engine.emit import AGREEMENT, PROFILE, Emitter
from sim.engine.forms import Form, Forms
from sim.engine.graph import Graph
from sim.expressions import Expression
from sim.payoffs.quantities import Frame, Term
from sim.payoffs.slacks import Asked
from sim.scenario.derived import derived_order

if TYPE_CHECKING:
    from sim.payoffs.dispute import Dispute


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """The nodes of a dispute's payoffs and slacks, per stance profile or with an axis for them.

    Parameters
    ----------
    graph
        Where they are.
    payoffs
        Per actor.
    slacks
        Per path of a constraint, ``+inf`` where it does not apply; absent where votes are counted directly.
    legal
        Per path of a constraint, what must be true for its slack to mean anything.
    checked
        What must be finite for payoffs and slacks to be: factors of parameters alone, and terms that are no
        sums of products.
    """

    graph: Graph
    payoffs: Mapping[str, Sequence[int]]
    slacks: Mapping[str, Sequence[int]]
    legal: Mapping[str, Sequence[int]]
    checked: Sequence[int]


def program_of(
    frame: Frame,
    terms_of: Mapping[str, Sequence[Term]],
    asked: Sequence[Asked],
    shape: tuple[int, int],
    *,
    spread: bool = True,
) -> Program:
    """The program of a dispute.

    Parameters
    ----------
    frame
        Names and values.
    terms_of, asked
        Payoff terms by actor, and the constraints that have a slack.
    shape
        Number of agreements and of stance profiles.
    spread
        Whether stance profiles are an axis; otherwise every node is there once per profile.
    """
    derived = {name: frame.document.attributes[name] for name in derived_order(frame.document)}
    graph = Graph({AGREEMENT: shape[0], PROFILE: shape[1]})
    with np.errstate(all="ignore"):
        forms = Forms(graph, frame.varied, frame.fixed, derived)
        emitter = Emitter(forms, 0 if spread else shape[1])
        maker = _Maker(emitter)
        payoffs = {actor: maker.payoff(terms) for actor, terms in terms_of.items()}
        written = [a for a in asked if a.direct is None]
        slacks = {a.path: maker.slack(a) for a in written}
        legal = {a.path: maker.legal(a) for a in written}
    return Program(graph, payoffs, slacks, legal, tuple(emitter.checked))


def unit_of(graph: Graph, dispute: Dispute, actor: str) -> int:
    """The node of an actor's unit ``K_i``."""
    row = dispute.scale_rows.get(actor)
    return graph.constant(dispute.scales[actor]) if row is None else graph.theta(row)


class _Maker:
    """Nodes of payoffs and slacks."""

    def __init__(self, emitter: Emitter) -> None:
        self.emitter, self.forms, self.graph = emitter, emitter.forms, emitter.graph

    def payoff(self, terms: Sequence[Term]) -> list[int]:
        """The sum of an actor's terms."""
        parts = [part for term in terms for part in self._masked(term).parts.items()]
        return self.emitter.nodes(self.forms.sum(parts))

    def _masked(self, term: Term) -> Form:
        form = self.forms.of(term.expression)
        if term.mask is None:
            return form
        keep = term.mask[..., 0] != 0
        return self.forms.sum((k, np.where(keep, t, 0.0)) for k, t in form.parts.items())

    def slack(self, asked: Asked) -> list[int]:
        """The best alternative where the constraint applies."""
        found = [self._alternative(a) for a in asked.alternatives]
        applies = self.graph.constant(asked.applies, (AGREEMENT,))
        none = self.graph.constant(np.inf)
        best = [reduce(self._max, at) for at in _by_profile(found)]
        return [self.graph.apply("where", applies, node, none) for node in best]

    def _alternative(self, alternative: Alternative) -> list[int]:
        graph = self.graph
        members = [self._expression(e) for e in alternative.members]
        conditions = [self._expression(e) for e in alternative.conditions]
        width = max(map(len, [[0], *members, *conditions]))
        low = [graph.constant(np.inf)] * width
        for member in members:
            low = [graph.apply("min", a, b) for a, b in zip(low, _wide(member, width), strict=True)]
        zero, none = graph.constant(0.0), graph.constant(-np.inf)
        for condition in conditions:
            holds = [graph.apply("ge", c, zero) for c in _wide(condition, width)]
            low = [graph.apply("where", c, a, none) for c, a in zip(holds, low, strict=True)]
        return low

    def _expression(self, expression: Expression) -> list[int]:
        return self.emitter.nodes(self.forms.of(expression))

    def _max(self, a: int, b: int) -> int:
        return self.graph.apply("max", a, b)

    def legal(self, asked: Asked) -> list[int]:
        """Whether the fields of a constraint mean something."""
        zero = self.graph.constant(0.0)
        parts = [("gt", self._expression(e)) for e in asked.legal.positive]
        parts += [("ge", self._expression(e)) for e in asked.legal.not_negative]
        nodes = [[self.graph.apply(op, n, zero) for n in part] for op, part in parts]
        yes = self.graph.constant(np.array(True))
        return [
            reduce(lambda a, b: self.graph.apply("and", a, b), at, yes) for at in _by_profile(nodes)
        ]


def _wide(nodes: Sequence[int], width: int) -> Sequence[int]:
    return nodes if len(nodes) == width else [nodes[0]] * width


def _by_profile(nodes: Sequence[Sequence[int]]) -> list[list[int]]:
    """Nodes of several quantities, profile by profile."""
    width = max(map(len, [[0], *nodes]))
    columns = [_wide(part, width) for part in nodes]
    return [[column[k] for column in columns] for k in range(width)]
