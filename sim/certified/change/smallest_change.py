"""The smallest change of the world that makes a treaty feasible, or breaks one that is.

Definition. With levers ``k``, their ranges and costs ``c_k`` per unit (by default one for the whole width
of the range), the smallest change is

    min  sum_k c_k |d_k|   subject to   margin(theta0 + d) >= target,  theta0 + d within the ranges

Where payoffs are affine this is a linear program per treaty; otherwise linear programs are repeated and
a lower bound is proved by branch and bound. Whatever is found is evaluated by the ladder itself.

Array convention. Points have shape ``(varied,)``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim._kernels.tolerance import RELATIVE
from sim.certified.change.candidates import candidates, of_pairs
from sim.certified.change.change import Change
from sim.certified.change.cheapest_break import cheapest_break
from sim.certified.change.least_cost import CLOSE, least_cost
from sim.certified.change.levers import Levers, margin_at
from sim.certified.change.options import JUMP, option_of, per_agreement, sorted_options
from sim.certified.change.single_levers import alone, alone_breaking
from sim.certified.ladder.parts import Parts, parts_of
from sim.errors import UsageError
from sim.payoffs import compile_dispute, structural_parameters
from sim.scenario import Scenario

BOXES = 40


@np.errstate(all="ignore")
def smallest_change(
    scenario: Scenario,
    *,
    levers: Sequence[str] | None = None,
    costs: Mapping[str, float] | None = None,
    target: float = 0.0,
    breaking: bool | None = None,
    singles: bool = True,
    pairs: int = 0,
    limit: int = BOXES,
) -> Change:
    """The cheapest change of parameters that brings the margin to a target.

    Parameters
    ----------
    scenario
        A dispute.
    levers
        Paths of the parameters that may move, each within its range; by default all that have a
        range, but for those that decide which agreements exist or that only take fixed levels.
    costs, target
        Per path what one unit costs (1 for the whole width of the range); the margin to reach.
    breaking
        Whether the margin is to come down to it, not up; by default where it is above now.
    singles, pairs, limit
        Whether each lever is also tried alone; how many of those that count most are tried two by
        two; how many boxes the proof may look at (1 gives a bound at once).

    Raises
    ------
    UsageError
        If a lever is unknown, structural or has no range, or a cost is not positive or not a lever's.

    Examples
    --------
    >>> from sim.loading import loads
    >>> s = loads('''
    ... parameters: {cost: {value: 0.5, range: [0, 1]}, aid: {value: 0, range: [0, 0.1]}}
    ... issues: {peace: {no: {}, yes: {signed: 1}}}
    ... outcomes: {treaty: signed}
    ... actors: {a: {role: principal}, b: {role: principal}}
    ... payoffs: {a: {gain: (0.3 + aid - cost)*signed}, b: {gain: 0.1*signed}}
    ... ''')
    >>> found = smallest_change(s)
    >>> [(m.path, round(m.after, 9)) for m in found.moves], round(found.cost, 9), found.status
    ([('cost', 0.3)], 0.2, 'complete')
    """
    names = levers_of(scenario, levers)
    parts = parts_of(compile_dispute(scenario, names))
    space = levers_space(scenario, names, costs)
    before, treaty = margin_at(parts, space.origin)
    if breaking is None:
        breaking = before > target + RELATIVE
    if (before <= target) if breaking else (before >= target - RELATIVE):
        label = parts.dispute.space.label(treaty)
        return _none(target, before, breaking, cost=0.0, bound=0.0, agreement=label)
    extra = _apart(scenario, parts, names, space, target, breaking, singles=singles, pairs=pairs)
    extra |= {"priced": bool(costs)}
    turn = _break if breaking else _make
    return turn(scenario, parts, names, space, target, before, limit, extra)


def _apart(
    scenario: Scenario,
    parts: Parts,
    names: Sequence[str],
    space: Levers,
    target: float,
    breaking: bool,
    *,
    singles: bool,
    pairs: int,
) -> dict[str, Any]:
    """The cheapest changes of single levers and of pairs, where they are asked for."""
    extra: dict[str, Any] = {}
    if singles:
        search = alone_breaking if breaking else alone
        few = search(scenario, parts, names, space, target)
        extra["singles"] = tuple(sorted_options(scenario, parts, names, space, few))
    if pairs > 1:
        two = of_pairs(scenario, parts, names, space, target, breaking, most=pairs)
        both = sorted_options(scenario, parts, names, space, two)
        extra["pairs"] = tuple(option for option in both if len(option.moves) > 1)
    return extra


def _make(
    scenario: Scenario,
    parts: Parts,
    names: Sequence[str],
    space: Levers,
    target: float,
    before: float,
    limit: int,
    extra: Mapping[str, Any],
) -> Change:
    """The smallest change that brings the margin up to the target, with its proof."""
    some = candidates(scenario, parts, names, space, target)
    known = min(some, key=lambda c: c.cost, default=None)
    found = least_cost(parts, space, target, known, limit=limit)
    if found.candidate is None:
        return _none(target, before, False, cost=np.inf, bound=found.bound, agreement="", **extra)
    options = sorted_options(scenario, parts, names, space, [*some, found.candidate])
    best = options[0]
    proved = found.bound >= best.cost * (1 - 2 * CLOSE)
    return Change(
        breaking=False, target=target, before=before,
        moves=best.moves, cost=best.cost, margin=best.margin, agreement=best.agreement,
        bound=min(found.bound, best.cost), status="complete" if proved else "partial",
        note=_note(best.margin, target, None if proved else found.boxes),
        by_agreement=tuple(per_agreement(options)), **extra,
    )  # fmt: skip


def _none(
    target: float,
    before: float,
    breaking: bool,
    *,
    cost: float,
    bound: float,
    agreement: str,
    **extra: Any,
) -> Change:
    return Change(
        breaking=breaking, target=target, before=before, moves=(), cost=cost, margin=before,
        agreement=agreement, bound=bound, status="complete" if cost == bound else "partial", **extra,
    )  # fmt: skip


def _break(
    scenario: Scenario,
    parts: Parts,
    names: Sequence[str],
    space: Levers,
    target: float,
    before: float,
    limit: int,
    extra: Mapping[str, Any],
) -> Change:
    """The smallest change that brings the margin down to the target, with its proof."""
    found = cheapest_break(parts, space, target, limit=limit)
    if found.candidate is None and found.bound < np.inf:
        single = alone_breaking(scenario, parts, names, space, target)
        known = min(single, key=lambda c: c.cost, default=None)
        found = cheapest_break(parts, space, target, limit=limit, known=known)
    if found.candidate is None:
        return _none(target, before, True, cost=np.inf, bound=found.bound, agreement="", **extra)
    best = option_of(scenario, parts, names, space, found.candidate)
    proved = found.bound >= best.cost * (1 - 2 * CLOSE)
    return Change(
        breaking=True, target=target, before=before,
        moves=best.moves, cost=best.cost, margin=best.margin, agreement=best.agreement,
        bound=min(found.bound, best.cost), status="complete" if proved else "partial",
        note=_note(best.margin, target, None if proved else found.boxes),
        **extra,
    )  # fmt: skip


def _note(margin: float, target: float, boxes: int | None) -> str:
    """Whether the margin jumps over the target, and what to do where the bound leaves a gap."""
    words = []
    if abs(margin - target) > JUMP:
        words.append(f"the margin jumps over {target:g} there, to {margin:+.4g}")
    if boxes is not None:
        looked = "1 box was" if boxes == 1 else f"{boxes:,} boxes were"
        words.append(f"{looked} looked at; a higher limit narrows the gap to what is proved")
    return "; ".join(words)


def levers_of(scenario: Scenario, levers: Sequence[str] | None) -> list[str]:
    """The levers that were asked for, or all that can move: checked."""
    document = scenario.document
    if document.form != "dispute":
        raise UsageError(f"{scenario.origin}: a classical game has no treaty ladder")
    fixed = structural_parameters(document)
    if levers is None:
        return [
            path
            for path, p in document.parameters.items()
            if p.range is not None
            and p.range[0] < p.range[1]
            and p.levels is None
            and path not in fixed
        ]
    for path in levers:
        if levers.count(path) > 1:
            raise UsageError(f"{path} is named twice among the levers")
        ends = scenario.range_of(path)
        if ends is None or ends[0] >= ends[1]:
            raise UsageError(f"{path} has no range in the file, so it cannot be a lever")
    return list(levers)


def levers_space(
    scenario: Scenario, names: Sequence[str], costs: Mapping[str, float] | None
) -> Levers:
    """Present values, ranges and costs of the levers."""
    for path in costs or {}:
        scenario.require(path)
        if path not in names:
            raise UsageError(f"{path} has a cost but is not among the levers")
    origin = np.array([scenario.values[path] for path in names])
    ends = np.array([scenario.range_of(path) for path in names], dtype=np.float64).reshape(-1, 2)
    lo, hi = np.minimum(ends[:, 0], origin), np.maximum(ends[:, 1], origin)
    unit = 1.0 / (ends[:, 1] - ends[:, 0])
    price = np.array([(costs or {}).get(path, u) for path, u in zip(names, unit, strict=True)])
    if not (np.isfinite(price) & (price > 0)).all():
        raise UsageError("costs must be positive numbers")
    return Levers(origin, lo, hi, price)
