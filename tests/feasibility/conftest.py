"""Ladder and prediction of a dispute given by tables, read off their definitions in fractions, slowly."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest

LEVEL = {"home": 1, "abroad": 2, "enforcement": 3}
RUNGS = 4


class Slow:
    """A dispute at one value of ``push``, with a game given as stages of (kind, actor) moves."""

    def __init__(self, t, push=0, stages=None, requires=None, reneging=None):
        self.t, self.push, self.reneging = t, push, reneging or {}
        self.third = list(t.stances)
        self.stages = None if stages is None else self.with_missing_stances(stages)
        moves = [move for stage in self.stages or [] for move in stage]
        played = {"ratify": "home", "implement": "enforcement"}
        left = [r for r in LEVEL if r not in {played.get(kind) for kind, _ in moves}]
        self.requires = [r for r in left if requires is None or r in requires]
        if any(kind == "ratify" for kind, _ in moves):
            self.requires = ["home", *self.requires]
        self.unsolved = False
        self.reached = set()
        if self.stages is not None:
            self.reached = self.play(0, ())
            if self.unsolved:
                self.reached = set()

    def with_missing_stances(self, stages):
        named = {actor for stage in stages for kind, actor in stage if kind == "stance"}
        missing = [("stance", actor) for actor in self.third if actor not in named]
        at = next((k for k, stage in enumerate(stages) if stage[0][0] == "ratify"), len(stages))
        return [*stages[:at], *([missing] if missing else []), *stages[at:]]

    # payoffs, slacks, outcomes

    def u(self, actor, a, s):
        more = self.push * self.t.treaties[a] if actor == self.t.principals[0] else 0
        return Fraction(self.t.payoffs[actor][a, s] + more)

    def slacks(self, a, s, rungs):
        return [v[a, s] for (_, _, rung), v in self.t.constraints.items() if rung in rungs]

    def in_force(self, a, s):
        return all(slack >= 0 for slack in self.slacks(a, s, self.requires))

    def payoff(self, actor, outcome):
        a, s, reneged = outcome
        return self.u(actor, a, s) + (self.reneging.get(actor, 0) if reneged else 0)

    # the game

    def menu(self, kind, actor):
        if kind in ("offer", "demand"):
            return range(len(self.t.treaties))
        return range(self.t.stances[actor]) if kind == "stance" else range(2)

    def final(self, history):
        """Agreement in force, stances and whether it is reneged upon, from all choices made."""
        moves = [move for stage in self.stages for move in stage if move[0] != "ratify"]
        standing, offered, accepted, demands = 0, 0, True, []
        stance, reneged = {}, False
        for (kind, actor), choice in zip(moves, history, strict=True):
            if kind == "offer":
                standing = standing or (offered if accepted else 0)
                offered, accepted = choice, True
            elif kind == "reply":
                accepted = accepted and choice == 0
            elif kind == "demand":
                demands.append(choice)
            elif kind == "stance":
                stance[actor] = choice
            else:
                reneged = reneged or choice == 1
        standing = standing or (offered if accepted else 0)
        if demands:
            standing = demands[0] if len(set(demands)) == 1 else 0
        s = tuple(stance[actor] for actor in self.third)
        if not standing or not self.in_force(standing, s):
            return (0, s, False)
        return (standing, s, reneged)

    def play(self, number, history):
        """Outcomes of all subgame perfect equilibria in pure strategies after a history."""
        if number == len(self.stages):
            return {self.final(history)}
        movers = [move for move in self.stages[number] if move[0] != "ratify"]
        after = {
            choices: self.play(number + 1, (*history, *choices))
            for choices in itertools.product(*(self.menu(*move) for move in movers))
        }
        return self.equilibria(after, [actor for _, actor in movers], self.payoff)

    def equilibria(self, after, actors, payoff):
        """Outcomes that nobody leaves, deviations being answered by the worst continuation."""
        out = set()
        for choices, ends in after.items():
            rivals = [
                (actor, after[(*choices[:k], other, *choices[k + 1 :])])
                for k, actor in enumerate(actors)
                for other in {c[k] for c in after}
            ]
            out |= {
                end
                for end in ends
                if all(
                    min((payoff(actor, e) for e in rival), default=10**9) <= payoff(actor, end)
                    or not rival
                    for actor, rival in rivals
                )
            }
        if not out:
            self.unsolved = True
        return out

    @property
    def treaty(self):
        return {(a, s) for a, s, reneged in self.reached if self.t.treaties[a] and not reneged}

    # stances

    def regret(self, a, s, movers):
        worst = Fraction(0)
        for j, actor in enumerate(self.third):
            if actor in movers:
                others = [(*s[:j], k, *s[j + 1 :]) for k in range(self.t.stances[actor])]
                best = max(self.u(actor, a, other) for other in others)
                worst = max(worst, (best - self.u(actor, a, s)) / self.t.scale(actor))
        return worst

    def stable(self, a, movers=None, like=None):
        """Equilibria of the movers, the others as in ``like``; those of least regret where there is none."""
        movers = self.third if movers is None else movers
        fixed = [j for j, actor in enumerate(self.third) if actor not in movers]
        some = [s for s in self.t.profiles if all(s[j] == like[j] for j in fixed)]
        regrets = {s: self.regret(a, s, movers) for s in some}
        least = min(regrets.values())
        return [s for s in some if regrets[s] == least], least == 0

    def moves_at(self, kinds, actor=None):
        return [
            n
            for n, stage in enumerate(self.stages)
            for kind, who in stage
            if kind in kinds and actor in (None, who)
        ]

    def committed(self, principal=None):
        if principal is None:
            last = max(self.moves_at(("reply", "demand")), default=-1)
        else:
            last = min(self.moves_at(("offer", "reply", "demand"), principal), default=-1)
        return [j for j in self.third if self.moves_at(("stance",), j)[0] <= last]

    def answers(self, s, fixed):
        """Stances at the status quo when all but some answer in the order of the game."""
        stages = [
            [a for k, a in stage if k == "stance" and a not in fixed] for stage in self.stages
        ]
        stages = [stage for stage in stages if stage]
        payoff = lambda actor, end: self.u(actor, 0, end)  # noqa: E731

        def go(number, chosen):
            if number == len(stages):
                return {tuple(chosen[j] for j in self.third)}
            after = {
                choices: go(
                    number + 1, {**chosen, **dict(zip(stages[number], choices, strict=True))}
                )
                for choices in itertools.product(
                    *(range(self.t.stances[j]) for j in stages[number])
                )
            }
            return self.equilibria(after, stages[number], payoff)

        return go(0, {j: s[k] for k, j in enumerate(self.third) if j in fixed})

    # the ladder

    def parts(self, a, s, base):
        """Every gain and slack: (level, value) by name; ``base`` has status-quo stances per principal."""
        out = {
            f"{i}.gain": (0, (self.u(i, a, s) - self.u(i, 0, base[i])) / self.t.scale(i))
            for i in self.t.principals
        }
        for (actor, name, rung), table in self.t.constraints.items():
            out[f"{actor}.{name}"] = (LEVEL[rung], Fraction(table[a, s]))
        return out

    def static(self):
        treaties = [a for a, treaty in enumerate(self.t.treaties) if treaty]
        return [
            (a, s, dict.fromkeys(self.t.principals, s0))
            for s0 in self.stable(0)[0]
            for a in treaties
            for s in self.stable(a)[0]
        ]

    def supported(self):
        """Cells that the game's equilibria support beyond the stance equilibria."""
        early = self.committed()
        movers = [j for j in self.third if j not in early]
        treaties = [a for a, treaty in enumerate(self.t.treaties) if treaty]
        out = []
        if early:
            for s in {s for _, s, _ in self.reached}:
                out += [
                    (a, answer, dict.fromkeys(self.t.principals, s0))
                    for s0 in self.stable(0, movers, s)[0]
                    for a in treaties
                    for answer in self.stable(a, movers, s)[0]
                ]
        for a, s in self.treaty:
            base = {}
            for i in self.t.principals:
                answers = self.answers(s, self.committed(i)) or self.t.profiles
                base[i] = min(sorted(answers), key=lambda s0: self.u(i, 0, s0))
            out.append((a, s, base))
        return out

    def level(self, cell, rung):
        return min(v for k, v in self.parts(*cell).values() if k <= rung)

    def climb(self):
        """Tops of all rungs, the rung that fails, cells of the best value there, and whether it rests."""
        cells, more = self.static(), []
        if max(self.level(cell, RUNGS - 1) for cell in cells) < 0 and self.stages is not None:
            more = self.supported() if self.third else []
        tops = [max(self.level(cell, k) for cell in (*cells, *more)) for k in range(RUNGS)]
        rung = next((k for k, top in enumerate(tops) if top < 0), RUNGS)
        k = min(rung, RUNGS - 1)
        tied = [cell for cell in (*cells, *more) if self.level(cell, k) == tops[k]]
        key = lambda cell: sorted(v for level, v in self.parts(*cell).values() if level <= k)  # noqa: E731
        first = max(map(key, tied))
        best = [cell for cell in tied if key(cell) == first]
        return tops, rung, tied, best, cells

    def dominated(self, cell, others):
        """Whether another cell is at least as good for every principal and better for one."""
        mine = [self.parts(*cell)[f"{i}.gain"][1] for i in self.t.principals]
        for other in others:
            gains = [self.parts(*other)[f"{i}.gain"][1] for i in self.t.principals]
            if gains != mine and all(x >= y for x, y in zip(gains, mine, strict=True)):
                return True
        return False

    def in_every(self):
        worst = []
        for s0 in self.stable(0)[0]:
            base = dict.fromkeys(self.t.principals, s0)
            worst.append(
                max(
                    min(self.level((a, s, base), RUNGS - 1) for s in self.stable(a)[0])
                    for a, treaty in enumerate(self.t.treaties)
                    if treaty
                )
            )
        return min(worst)


@pytest.fixture(scope="session")
def slow_reading():
    """The class that reads ladder and prediction off their definitions."""
    return Slow
