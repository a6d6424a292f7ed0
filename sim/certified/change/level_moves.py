"""The smallest change where some levers take only levels: every combination of levels, cheapest first.

Definition. Moving levers with levels costs what the way from the present value to the level costs. At every
combination of levels the other levers pose a problem of their own; the smallest change is the cheapest sum of
both. Combinations are taken by what their levels cost, so that none that costs as much as the best change
known need be looked at. No order of the levels is used but for their costs: a level in the middle may do what
neither end does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from heapq import heappop, heappush

import numpy as np

from sim.certified.change.change import Change
from sim.certified.change.least_cost import CLOSE
from sim.certified.change.levers import margin_at
from sim.certified.change.moves import Move, Option
from sim.certified.change.options import described, per_agreement
from sim.certified.change.over_ranges import nothing, over_ranges
from sim.certified.change.problem import ChangeProblem, problem_of
from sim.certified.change.reach import Reach, levers_space
from sim.scenario import Scenario

COMBINATIONS = 256
"""How many combinations of levels are looked at."""


def over_levels(
    problem: ChangeProblem,
    reach: Reach,
    prices: Mapping[str, float],
    before: float,
    *,
    singles: bool,
    pairs: int,
    limit: int,
) -> Change:
    """The cheapest change where some levers have levels.

    Parameters
    ----------
    problem
        The levers that move over ranges, with the levels where they are.
    reach, prices
        What may move, and what a unit of it costs.
    before
        The margin now, on the wrong side of the target.
    singles, pairs, limit
        As for :func:`sim.certified.smallest_change`.
    """
    search = _Search(problem, reach, prices, before, limit)
    here = over_ranges(problem, before, singles=singles, pairs=pairs, limit=limit)
    search.take(here, ())
    search.run()
    found = search.best(here)
    if singles:
        options = [*here.singles, *search.alone()]
        found = replace(found, singles=tuple(sorted(options, key=lambda o: o.cost)))
    if pairs > 1:
        two = [o for o in search.options if len(o.moves) == 2]
        found = replace(found, pairs=tuple(sorted([*here.pairs, *two], key=lambda o: o.cost)))
    return found


@dataclass(frozen=True, slots=True)
class _Levels:
    """A combination of levels: its moves and what they cost."""

    moves: tuple[Move, ...]
    cost: float


class _Search:
    """Combinations of levels, cheapest first, and what was found at each."""

    def __init__(
        self,
        problem: ChangeProblem,
        reach: Reach,
        prices: Mapping[str, float],
        before: float,
        limit: int,
    ) -> None:
        self.problem, self.reach, self.prices = problem, reach, prices
        self.before, self.limit = before, limit
        self.options: list[Option] = []
        self.bound, self.answering = np.inf, np.inf
        self.notes = dict[tuple[Move, ...], str]()

    @property
    def budget(self) -> float:
        """What the best change known costs."""
        return min((option.cost for option in self.options), default=np.inf)

    def run(self) -> None:
        """Look at combinations until the next costs more than the best change, or too many were."""
        for done, some in enumerate(self._combinations()):
            if some.cost > self.budget * (1 + CLOSE):
                break
            if done >= COMBINATIONS:
                self.bound = min(self.bound, some.cost)
                self.answering = min(self.answering, some.cost)
                break
            self._look(some)

    def _combinations(self) -> Iterator[_Levels]:
        """All combinations but the present one, cheapest first."""
        per: list[list[tuple[Move, ...]]] = [self._moves(path) for path in self.reach.levels]
        heap: list[tuple[float, tuple[int, ...]]] = [(0.0, (0,) * len(per))]
        seen = {heap[0][1]}
        while heap:
            cost, index = heappop(heap)
            moves = tuple(move for k, some in zip(index, per, strict=True) for move in some[k])
            if moves:
                yield _Levels(moves, cost)
            for k in range(len(per)):
                after = (*index[:k], index[k] + 1, *index[k + 1 :])
                if after[k] < len(per[k]) and after not in seen:
                    seen.add(after)
                    total = sum(m.cost for j, p in zip(after, per, strict=True) for m in p[j])
                    heappush(heap, (total, after))

    def _moves(self, path: str) -> list[tuple[Move, ...]]:
        """No move, and the move to every other level, cheapest first."""
        scenario = self.problem.scenario
        here = scenario.values[path]
        moves = [
            Move(
                path=path,
                before=here,
                after=level,
                cost=abs(level - here) * self.prices[path],
                levels=self.reach.levels[path],
                **described(scenario, path),
            )
            for level in self.reach.levels[path]
            if level != here
        ]
        return [(), *((m,) for m in sorted(moves, key=lambda m: m.cost))]

    def _at(self, moves: tuple[Move, ...]) -> ChangeProblem:
        """The problem of the other levers at a combination of levels."""
        scenario: Scenario = self.problem.scenario.with_values({m.path: m.after for m in moves})
        space = levers_space(scenario, self.reach.scales, self.prices)
        there = problem_of(scenario, space, self.reach.scales)
        return replace(there, target=self.problem.target, breaking=self.problem.breaking)

    def _look(self, some: _Levels) -> None:
        there = self._at(some.moves)
        margin, treaty = margin_at(there.parts, there.levers.origin)
        if there.reached(margin):
            label = there.parts.dispute.space.label(treaty)
            found = nothing(there, margin, cost=0.0, bound=0.0, agreement=label)
        else:
            found = over_ranges(there, margin, singles=False, pairs=0, limit=self.limit)
        self.take(found, some.moves)

    def take(self, found: Change, moves: tuple[Move, ...]) -> None:
        """Keep what was found at a combination of levels."""
        spent = sum(m.cost for m in moves)
        self.bound = min(self.bound, spent + found.bound)
        least = found.bound if found.answering is None else found.answering
        self.answering = min(self.answering, spent + least)
        reached = found.found or found.cost == 0.0
        options: list[Change | Option] = [found, *found.by_agreement]
        for option in options if reached else ():
            whole = Option(
                moves=(*moves, *option.moves),
                cost=spent + option.cost,
                margin=option.margin,
                agreement=option.agreement,
            )
            self.options.append(whole)
            self.notes[whole.moves] = found.note

    def alone(self) -> list[Option]:
        """For every lever with levels, each level that does it alone."""
        known: dict[tuple[Move, ...], Option] = {
            o.moves: o for o in self.options if len(o.moves) == 1 and o.moves[0].levels
        }
        for path in self.reach.levels:
            for moves in self._moves(path)[1:]:
                if moves not in known:
                    there = self._at(moves)
                    margin, treaty = margin_at(there.parts, there.levers.origin)
                    if there.reached(margin):
                        label = there.parts.dispute.space.label(treaty)
                        known[moves] = Option(
                            moves=moves, cost=moves[0].cost, margin=margin, agreement=label
                        )
        return list(known.values())

    def best(self, here: Change) -> Change:
        """The cheapest change over all combinations, with the bound that is proved."""
        if not self.options:
            found = nothing(self.problem, self.before, cost=np.inf, bound=self.bound)
            return replace(found, note=here.note, answering=self._answering())
        options = sorted(self.options, key=lambda o: o.cost)
        best = options[0]
        proved = self.bound >= best.cost * (1 - 2 * CLOSE)
        return replace(
            here,
            moves=best.moves,
            cost=best.cost,
            margin=best.margin,
            agreement=best.agreement,
            bound=min(self.bound, best.cost),
            answering=self._answering(),
            status="complete" if proved else "partial",
            note=self._note(best),
            by_agreement=() if here.breaking else tuple(per_agreement(options)),
        )

    def _answering(self) -> float | None:
        return self.answering if self.answering > self.bound else None

    def _note(self, best: Option) -> str:
        """What was said of the change, and other levels that do it at the same cost."""
        same = [
            ", ".join(f"{m.path}={m.after:g}" for m in o.moves)
            for o in self.options
            if o.moves != best.moves
            and o.cost <= best.cost * (1 + CLOSE)
            and all(m.levels for m in o.moves)
        ]
        tied = f"at the same cost {' or '.join(dict.fromkeys(same))} does it" if same else ""
        jump = "" if all(m.levels for m in best.moves) else self.notes[best.moves]
        return "; ".join(word for word in (jump, tied) if word)
