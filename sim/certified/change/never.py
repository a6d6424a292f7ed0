"""Why a treaty is never feasible in a box: a certificate that can be read.

Definition. Let ``g_i`` be the gains and slacks of a treaty. If weights ``y_i >= 0`` that add up to 1 exist
with ``sum_i y_i g_i(theta) <= -gap < 0`` for every ``theta`` of the box, no point makes all of them
non-negative: this is Farkas' lemma, and where payoffs are affine such weights exist whenever the region is
empty [farkas1902]_. They are the dual of ``max t`` subject to ``g_i(theta) >= t``. Where payoffs are not
affine, each ``g_i`` is replaced by a linear upper bound over the box, so a certificate that is found holds
all the same.

Where the game may commit third parties, the certificate is first sought under any stances at all, which cover
all commitments; one that holds only for stances that answer what is signed says so.

Array convention. Rows of the program are parts, columns levers (up, then down).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from sim._kernels.tolerance import RELATIVE, FloatArray
from sim.certified.bounds.boxes import Boxes, box_of, require_dispute
from sim.certified.bounds.rows import Rows
from sim.certified.change.change import UNLESS
from sim.certified.change.programs.demands import Demands
from sim.certified.change.programs.linear_program import Demand, Steps
from sim.certified.change.reasons import Terms, terms_of
from sim.certified.change.relaxed_stances import relaxed_stances
from sim.certified.ladder.parts import Parts, parts_of
from sim.errors import UsageError, suggest
from sim.games.stages import stage_game
from sim.payoffs import compile_dispute
from sim.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Never:
    """Whether a treaty is certified to be infeasible in all of a box, and why.

    Parameters
    ----------
    agreement
        The treaty.
    certified
        Whether the certificate covers every stance and every way to ratify.
    weights
        Of the gains and slacks (``actor.name``) that cannot be met together, adding up to 1.
    gap
        By how much their weighted sum falls short at least, in units of payoff spread.
    terms
        Per gain among the weights, the payoff terms that speak against the treaty and those for it.
    closest
        Where ``agreement`` is a position: the treaty that comes closest.
    answering
        Whether it is certified only for stances that answer what is signed, and not for what third parties
        may commit themselves to.
    """

    agreement: str
    certified: bool
    weights: Mapping[str, float]
    gap: float
    terms: Mapping[str, Terms] = field(default_factory=dict)
    closest: str = ""
    answering: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The certificate as plain data for JSON."""
        return {**asdict(self), "sentence": self.sentence()}

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Never:
        """A certificate that was stored."""
        own = {name: plain[name] for name in cls.__slots__}
        sides = {k: (tuple(t["against"]), tuple(t["favour"])) for k, t in plain["terms"].items()}
        terms = {k: Terms(against=no, favour=yes) for k, (no, yes) in sides.items()}
        return cls(**{**own, "terms": terms})

    def sentence(self) -> str:
        """The certificate in words."""
        if self.answering:
            return f"{replace(self, answering=False).sentence()[:-1]}; {UNLESS}."
        if not self.certified:
            return (
                f"Nothing rules out that '{self.agreement}' is feasible somewhere in these ranges."
            )
        names = [name for name, _ in sorted(self.weights.items(), key=lambda w: -w[1])]
        even = f" (even in '{self.closest}')" if self.closest else ""
        if not names:
            return f"'{self.agreement}' is never feasible in these ranges{even}."
        if len(names) == 1:
            actor, _, part = names[0].partition(".")
            what = f"acceptable to {actor}" if part == "gain" else "feasible"
            return (
                f"'{self.agreement}' is never {what} in these ranges{even}: {names[0]} falls short by at "
                f"least {self.gap:.3g} everywhere{self._why(names)}."
            )
        parts = [f"{name} ({self.weights[name]:.0%})" for name in names]
        return (
            f"'{self.agreement}' is never feasible in these ranges{even}: what helps "
            f"{' and '.join(names[:2])} cannot be had together; weighed as {', '.join(parts)}, they "
            f"fall short by at least {self.gap:.3g} everywhere{self._why(names)}."
        )

    def _why(self, names: Sequence[str]) -> str:
        """The terms behind the gains that fall short."""
        known = [(name.partition(".")[0], self.terms[name]) for name in names if name in self.terms]
        if len(names) == 1 and known:
            return f", since {known[0][1].sentence()}"
        return "".join(f"; for {actor}, {terms.sentence()}" for actor, terms in known)


@np.errstate(all="ignore")
def never(
    scenario: Scenario, agreement: str, *, vary: Mapping[str, Sequence[float] | None]
) -> Never:
    """The certificate that a treaty is feasible nowhere in a box, if there is one.

    Parameters
    ----------
    scenario
        A dispute.
    agreement
        The treaty's label, or a position that several treaties contain (``islands=four``).
    vary
        Per dotted path ``(lo, hi)``, or ``None`` for the range in the file.

    Raises
    ------
    UsageError
        If there is no such treaty, or a range is wrong.

    Notes
    -----
    Source: [farkas1902]_.

    Examples
    --------
    >>> from sim.loading import loads
    >>> s = loads('''
    ... parameters: {x: {value: 0, range: [0, 1]}}
    ... issues: {peace: {no: {}, yes: {signed: 1}}}
    ... outcomes: {treaty: signed}
    ... actors: {a: {role: principal}, b: {role: principal}}
    ... payoffs: {a: {gain: (x - 0.6)*signed}, b: {gain: (0.4 - x)*signed}}
    ... ''')
    >>> found = never(s, "yes", vary={"x": None})
    >>> found.certified, {name: round(w, 3) for name, w in found.weights.items()}
    (True, {'a.gain': 0.6, 'b.gain': 0.4})
    """
    require_dispute(scenario)
    whole = box_of(scenario, vary)
    parts = parts_of(compile_dispute(scenario, list(vary)))
    game = scenario.document.game
    if game is None or game.rounds is not None or parts.columns == 1:
        return _certified(parts, whole, agreement)
    parts = replace(parts, game=stage_game(parts.dispute))
    relaxed = relaxed_stances(parts, whole)
    found = None if relaxed is None else _certified(relaxed, whole, agreement, parts)
    if found is not None and found.certified:
        return found
    found = _certified(parts, whole, agreement)
    return replace(found, answering=found.certified)


def _certified(parts: Parts, whole: Boxes, agreement: str, original: Parts | None = None) -> Never:
    """The certificate under the stances that the parts allow; ``original`` has their profiles."""
    numbers = _treaties(parts, agreement)
    middle = whole.mid[:, 0]
    steps = Steps.inside(middle, whole.lo[:, 0], whole.hi[:, 0], np.ones(len(middle)))
    demands = Demands(parts, whole, steps, 0.0)
    best = Never(agreement=agreement, certified=True, weights={}, gap=np.inf)
    for number in numbers:
        label = parts.dispute.space.labels[number]
        found = _weakest(parts, demands, number, agreement, original or parts)
        if not found.certified:
            return found
        if found.gap < best.gap:
            best = replace(found, closest="" if label == agreement else label)
    return best


def _treaties(parts: Parts, agreement: str) -> list[int]:
    """The treaty of a label, or those that contain a position."""
    labels = parts.dispute.space.labels
    if agreement in labels:
        numbers = [labels.index(agreement)]
    else:
        numbers = [k for k, label in enumerate(labels) if agreement in label.split(", ")]
    if not numbers:
        positions = {part for label in labels for part in label.split(", ")}
        near = suggest(agreement, labels if "," in agreement else positions)
        raise UsageError(f"no agreement or position '{agreement}'{near}")
    treaties = [k for k in numbers if k in parts.treaties]
    if not treaties:
        raise UsageError(f"'{agreement}' is not a treaty")
    return treaties


def _weakest(parts: Parts, demands: Demands, number: int, agreement: str, original: Parts) -> Never:
    """The certificate with the smallest gap over all stances and ways; none if one is missing."""
    best = Never(agreement=agreement, certified=True, weights={}, gap=np.inf)
    where: tuple[int, int] | None = None
    for place in np.flatnonzero(parts.agreement[demands.cells] == number).tolist():
        for base in demands.bases.tolist():
            ways, every = demands.ways(place, base, hopeless=True)
            for way in ways:
                weights, gap = _certificate(way.demands, demands.steps)
                if gap <= 0 or not every:
                    return Never(agreement=agreement, certified=False, weights={}, gap=0.0)
                if gap < best.gap:
                    best = replace(best, weights=_named(way.demands, weights), gap=gap)
                    where = int(demands.cells[place]), base
    if where is None:
        return best
    cell, base = where
    terms = {}
    principals = parts.dispute.scenario.document.principals
    for actor, rows in zip(principals, parts.gains[base], strict=True):
        if f"{actor}.gain" in best.weights:
            against = _profile(original, rows)
            terms[f"{actor}.gain"] = terms_of(parts, actor, cell, against, demands.steps.start)
    return replace(best, terms=terms)


def _profile(parts: Parts, rows: Rows) -> int:
    """The stances at the status quo that some gains are measured against."""
    return next(s0 for s0, gains in parts.gains.items() if any(rows is g for g in gains))


def _named(demands: Sequence[Demand], weights: FloatArray) -> dict[str, float]:
    """Weights by name, those that count."""
    named: dict[str, float] = {}
    for demand, weight in zip(demands, weights, strict=True):
        named[demand.name] = named.get(demand.name, 0.0) + float(weight)
    return {name: w for name, w in named.items() if w > RELATIVE}


def _certificate(demands: Sequence[Demand], steps: Steps) -> tuple[FloatArray, float]:
    """Weights of the demands, and by how much their weighted sum falls short: proved, whatever the solver."""
    from scipy.optimize import linprog

    usable = [
        np.isfinite(d.value) & np.isfinite(d.rise).all() & np.isfinite(d.fall).all()
        for d in demands
    ]
    keep = np.flatnonzero(usable).tolist()
    weights = np.zeros(len(demands))
    if not len(keep):
        return weights, 0.0
    some = [demands[k] for k in keep]
    matrix = np.array([np.concatenate([d.rise, d.fall]) for d in some])
    value = np.array([d.value - d.level for d in some])
    limits = np.concatenate([steps.up, steps.down])
    bounds = [(0.0, limit) for limit in limits] + [(None, None)]
    found: Any = linprog(
        c=[0.0] * len(limits) + [-1.0],
        A_ub=np.hstack([-matrix, np.ones((len(some), 1))]),
        b_ub=value,
        bounds=bounds,
        method="highs",
    )
    if found.status != 0:
        return weights, 0.0
    prices = np.maximum(0.0, -np.asarray(found.ineqlin.marginals))
    prices /= max(float(prices.sum()), 1e-300)
    weights[keep] = prices
    most = float(prices @ value + np.maximum(prices @ matrix, 0.0) @ limits)
    return weights, -most
