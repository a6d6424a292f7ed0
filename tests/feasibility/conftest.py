"""Ladder and prediction of a dispute given by tables, read off their definitions in fractions, slowly."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import inf

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
        self.scales = {actor: t.scale(actor) for actor in t.payoffs}
        self.values = {
            (actor, *cell): self.worth(actor, *cell) for actor in t.payoffs for cell in t.cells
        }
        self.known = {
            (key, *cell): t.slack(key, *cell, push) for key in t.constraints for cell in t.cells
        }
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
        return self.values[actor, a, s]

    def worth(self, actor, a, s):
        more = self.push * self.t.treaties[a] if actor == self.t.principals[0] else 0
        more += self.t.shift(actor, a, s, self.push)
        return Fraction(self.t.payoffs[actor][a, s]) + Fraction(more)

    def slacks(self, a, s, rungs):
        slacks = [
            self.t.slack(key, a, s, self.push) for key in self.t.constraints if key[2] in rungs
        ]
        return [slack for slack in slacks if slack is not None]

    def slack(self, key, a, s):
        return self.known[key, a, s]

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
                worst = max(worst, (best - self.u(actor, a, s)) / self.scales[actor])
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
            f"{i}.gain": (0, (self.u(i, a, s) - self.u(i, 0, base[i])) / self.scales[i])
            for i in self.t.principals
        }
        for actor, name, rung in self.t.constraints:
            slack = self.slack((actor, name, rung), a, s)
            if slack is not None:
                out[f"{actor}.{name}"] = (LEVEL[rung], slack)
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
        return self.climbed

    @cached_property
    def climbed(self):
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

    @cached_property
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


# constraints of every type: their texts, and what they mean


@dataclass(frozen=True)
class Number:
    """A field: a table of integers over agreements and stances, plus a multiple of push, over a unit."""

    table: dict
    step: int = 0
    unit: int = 1

    def at(self, cell, push):
        return (Fraction(self.table[cell]) + self.step * Fraction(push)) / self.unit

    def text(self, t):
        return f"'({t.expression(self.table)} + {self.step}*push) / {self.unit}'"


@dataclass(frozen=True)
class Written:
    """A constraint of a type: fields by name, plain numbers beside them, and the classes it applies to."""

    fields: dict
    plain: dict
    applies_to: tuple[str, ...]

    def text(self, t):
        parts = {"type": self.type, "applies_to": f"[{', '.join(self.applies_to)}]"}
        parts |= {name: field.text(t) for name, field in self.fields.items()}
        parts |= {name: str(value) for name, value in self.plain.items()}
        return "{" + ", ".join(f"{name}: {text}" for name, text in parts.items()) + "}"

    def slack(self, t, a, s, push):
        """Infinite where it does not apply; ``None`` where the type has none."""
        applies = t.outcome_class(a) in self.applies_to
        value = self.value(**{name: field.at((a, s), push) for name, field in self.fields.items()})
        return value if applies or value is None else inf

    def shift(self, t, a, s, push):
        values = {name: field.at((a, s), push) for name, field in self.fields.items()}
        return self.added(**values) if t.outcome_class(a) in self.applies_to else 0

    def added(self, **_):
        return 0

    @property
    def scale(self):
        return Fraction(self.plain["scale"])


class VetoPlayer(Written):
    type = "veto_player"

    def value(self, utility):
        return utility / self.scale


class PublicOpinion(Written):
    type = "public_opinion"

    def value(self, support, threshold):
        return (support - threshold) / self.scale


class LegalBan(Written):
    """Engaged where ``bans`` and no exception; free where not engaged, or where it only costs."""

    type = "legal_ban"

    def value(self, bans, exception, hard, cost):
        return -hard if bans and not exception and hard else inf

    def added(self, bans, exception, hard, cost):
        return -cost if bans and not exception else 0


class AudienceCost(Written):
    type = "audience_cost"

    def value(self, **_):
        return None

    def added(self, conceded, promised, rate):
        return -rate * (conceded - promised) if conceded > promised else 0


class Consent(Written):
    type = "consent"

    def value(self, clause, gain):
        return gain / self.scale if clause else inf


class Enforcement(Written):
    type = "enforcement"

    def value(self, clause, temptation, punishment, delta):
        if not clause:
            return inf
        return (delta * punishment - (1 - delta) * temptation) / self.scale


class Ratification(Written):
    """Blocs are fields named ``seats0``, ``utility0``, ...; the quota is a plain number, as a fraction."""

    type = "ratification"

    def text(self, t):
        own = {name: field.text(t) for name, field in self.fields.items()}
        blocs = ", ".join(
            f"b{k}: {{seats: {own[f'seats{k}']}, utility: {own[f'utility{k}']}}}"
            for k in range(len(own) // 2)
        )
        rest = Ratification({}, self.plain, self.applies_to)
        return Written.text(rest, t)[:-1] + f", blocs: {{{blocs}}}}}"

    def value(self, **fields):
        count = len(fields) // 2
        blocs = [(fields[f"utility{k}"], fields[f"seats{k}"]) for k in range(count)]
        everybody, quota = sum(seats for _, seats in blocs), Fraction(self.plain["quota"])
        if self.plain["measure"] == "share":
            return Fraction(sum(seats for u, seats in blocs if u >= 0), everybody) - quota
        votes = 0
        for utility, seats in sorted(blocs, reverse=True):
            votes += seats
            if votes >= quota * everybody:
                return utility / self.scale
        raise AssertionError("all votes together reach any quota")


RUNG_OF = {"consent": "abroad", "enforcement": "enforcement"}
CLASSES = (
    ("treaty",),
    ("treaty",),
    ("treaty", "interim"),
    ("interim",),
    ("treaty", "interim", "none"),
)


class Writer:
    """Random constraints over the cells of some tables; all their numbers are exact as doubles."""

    def __init__(self, t, seed):
        self.t, self.rng = t, random.Random(seed)

    def number(self, lo, hi, *, moves=False, unit=1):
        """A field that is one number, or a table; some move with push."""
        same = self.rng.random() < 0.3
        one = self.rng.randint(lo, hi)
        table = {cell: one if same else self.rng.randint(lo, hi) for cell in self.t.cells}
        return Number(table, self.rng.choice((0, 0, 1, -1)) if moves else 0, unit)

    def seats(self, most, share):
        """Seats of all blocs by cell; shares of them must be exact, so eight where shares are compared."""
        count = self.rng.choice((1, 2, 2, 3, 3, 9)) if most is None else most
        if not share:
            fixed = [self.rng.randint(0, 3) for _ in range(count - 1)] + [self.rng.randint(1, 3)]
            return [dict.fromkeys(self.t.cells, n) for n in fixed]
        cuts = {c: sorted(self.rng.randint(0, 8) for _ in range(count - 1)) for c in self.t.cells}
        if self.rng.random() < 0.7:
            cuts = dict.fromkeys(cuts, next(iter(cuts.values())))
        ends = {cell: [0, *at, 8] for cell, at in cuts.items()}
        return [{cell: at[k + 1] - at[k] for cell, at in ends.items()} for k in range(count)]

    def ratification(self):
        share = self.rng.random() < 0.5
        fields = {}
        for k, seats in enumerate(self.seats(None, share)):
            fields[f"seats{k}"] = Number(seats)
            fields[f"utility{k}"] = self.number(-2, 3, moves=True)
        quotas = ("1/4", "1/2", "3/4", "1") if share else ("1/3", "1/2", "2/3", "1")
        plain = {"quota": self.rng.choice(quotas), "measure": "share" if share else "pivotal"}
        return Ratification(fields, plain | self.scaled(), self.applies())

    def scaled(self):
        return {"scale": self.rng.choice((0.5, 1, 2))}

    def applies(self):
        return self.rng.choice(CLASSES)

    def written(self, kind):
        """A constraint of a type by its name."""
        n = self.number
        if kind == "ratification":
            return self.ratification()
        make, fields, scaled = {
            "veto_player": (VetoPlayer, lambda: {"utility": n(-1, 3, moves=True)}, True),
            "public_opinion": (
                PublicOpinion,
                lambda: {"support": n(3, 5, moves=True, unit=8), "threshold": n(0, 8, unit=8)},
                True,
            ),
            "legal_ban": (
                LegalBan,
                lambda: {
                    "bans": n(0, 1), "exception": n(0, 1), "hard": n(0, 1), "cost": n(0, 2)
                },
                False,
            ),
            "audience_cost": (
                AudienceCost,
                lambda: {
                    "conceded": n(-1, 2, moves=True), "promised": n(-1, 1), "rate": n(0, 2)
                },
                False,
            ),
            "consent": (
                Consent, lambda: {"clause": n(0, 1), "gain": n(-1, 3, moves=True)}, True
            ),
            "enforcement": (
                Enforcement,
                lambda: {
                    "clause": n(0, 1), "temptation": n(0, 2), "punishment": n(-1, 3, moves=True),
                    "delta": n(0, 4, unit=4),
                },
                True,
            ),
        }[kind]  # fmt: skip
        return make(fields(), self.scaled() if scaled else {}, self.applies())


TYPES = (
    "ratification", "veto_player", "legal_ban", "public_opinion", "audience_cost", "consent", "enforcement"
)  # fmt: skip


def with_every_type(t, seed, kinds):
    """The tables with constraints of some types, each of some actor's."""
    writer = Writer(t, seed)
    own, third = list(t.principals), list(t.stances)
    constraints = {}
    for k, kind in enumerate(kinds):
        actor = writer.rng.choice(third if kind == "consent" and third else own)
        key = (actor, f"{kind}{k}", RUNG_OF.get(kind, "home"))
        constraints[key] = writer.written(kind)
    return t.with_(constraints=constraints)


@pytest.fixture(scope="session")
def every_type():
    """The names of all constraint types, and what gives tables random constraints of some of them."""
    return TYPES, with_every_type


@pytest.fixture(scope="session")
def slow_reading():
    """The class that reads ladder and prediction off their definitions."""
    return Slow
