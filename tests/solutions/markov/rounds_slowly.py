"""Rounds solved by a walk through the tree, in plain Python and in fractions, and small disputes to solve.

Every node returns the set of outcomes that some subgame perfect equilibrium from there reaches. After a move
an outcome is kept when its mover has at least what every other move secures: the worst of what follows there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

Outcome = tuple[int, tuple[int, ...], int, tuple[Fraction, ...]]
"""Agreement in force (0: none), stances in the end, round signed in (-1: none), values of principals."""


@dataclass
class Small:
    """A small dispute: tables of whole numbers."""

    principals: list[str]
    third: list[str]
    payoffs: list[list[int]]  # by principal and agreement
    friction: list[int]  # what every opposing third party costs each principal, signed or not
    slack: list[int]  # of the first principal's house, by agreement
    strict: int  # what every opposing third party takes off that slack
    mood: list[
        tuple[int, int]
    ]  # by third party: what opposing brings it when something is signed, when not
    rounds: list[str]  # who offers
    discount: list[Fraction]
    menu: int = 99  # only agreements up to this one may be offered by the first principal
    unsolved: bool = field(default=False)

    def text(self) -> dict[str, Any]:
        """The dispute as a scenario."""
        positions = {
            f"p{a}": {"signed": int(a > 0), "number": a, "slack": self.slack[a]}
            | {f"u_{p}": self.payoffs[i][a] for i, p in enumerate(self.principals)}
            for a in range(len(self.slack))
        }
        actors: dict[str, Any] = {p: {"role": "principal"} for p in self.principals}
        payoffs: dict[str, Any] = {}
        opposed = "+".join(f"opposed_{t}" for t in self.third) or "0"
        for i, p in enumerate(self.principals):
            payoffs[p] = {"own": f"u_{p} - {self.friction[i]}*({opposed})"}
        for t, (yes, no) in zip(self.third, self.mood, strict=True):
            stances = {"quiet": {}, "oppose": {f"opposed_{t}": 1}}
            actors[t] = {"role": "third party", "stances": stances}
            payoffs[t] = {"own": f"opposed_{t}*where(signed > 0, {yes}, {no})"}
        stages: list[Any] = []
        for proposer in self.rounds:
            offer: dict[str, Any] = {"offer": proposer}
            if proposer == self.principals[0] and self.menu < 99:
                offer["menu"] = f"number <= {self.menu}"
            stages += [offer, *({"reply": p} for p in self.principals if p != proposer)]
        return {
            "issues": {"deal": positions},
            "outcomes": {"treaty": "signed > 0"},
            "actors": actors,
            "payoffs": payoffs,
            "domestic": {
                self.principals[0]: {
                    "house": {
                        "type": "veto_player",
                        "utility": f"slack - {self.strict}*({opposed})",
                    }
                }
            },
            "game": {
                "rounds": stages,
                "discount": dict(zip(self.principals, map(float, self.discount), strict=True)),
            },
        }

    # --- the definition -----------------------------------------------------------------------------------

    def now(self, agreement: int, stances: tuple[int, ...]) -> tuple[Fraction, ...]:
        """What principals have of an agreement under stances."""
        cost = sum(stances)
        return tuple(
            Fraction(self.payoffs[i][agreement] - self.friction[i] * cost)
            for i in range(len(self.principals))
        )

    def in_force(self, agreement: int, stances: tuple[int, ...]) -> bool:
        """Whether a signed agreement is ratified."""
        return agreement > 0 and self.slack[agreement] - self.strict * sum(stances) >= 0

    def play(self, number: int = 0) -> set[Outcome]:
        """What equilibria of the rounds from ``number`` on reach."""
        later = self.play(number + 1) if number + 1 < len(self.rounds) else None
        proposer = self.principals.index(self.rounds[number])
        menu = [a for a in range(len(self.slack)) if proposer or a <= self.menu]
        children = [self.reply(number, offer, 0, True, later) for offer in menu]
        return self.choose(proposer, children)

    def reply(
        self, number: int, offer: int, place: int, yes: bool, later: set[Outcome] | None
    ) -> set[Outcome]:
        """What follows an offer when the first few have replied."""
        others = [p for p in self.principals if p != self.rounds[number]]
        if place == len(others):
            return self.stances(number, offer if yes else 0, later)
        accepted = self.reply(number, offer, place + 1, yes, later)
        refused = self.reply(number, offer, place + 1, False, later)
        return self.choose(self.principals.index(others[place]), [accepted, refused])

    @staticmethod
    def choose(mover: int, children: list[set[Outcome]]) -> set[Outcome]:
        """What is left when a principal chooses among moves."""
        secured = max(min(o[3][mover] for o in child) for child in children)
        return {o for child in children for o in child if o[3][mover] >= secured}

    def stances(self, number: int, agreement: int, later: set[Outcome] | None) -> set[Outcome]:
        """What follows when third parties, who look at this round alone, answer at once."""

        def pays(k: int, profile: tuple[int, ...]) -> int:
            signed = self.in_force(agreement, profile)
            return profile[k] * self.mood[k][0 if signed else 1]

        stable = [
            profile
            for profile in product((0, 1), repeat=len(self.third))
            if all(
                pays(k, profile) >= pays(k, (*profile[:k], 1 - profile[k], *profile[k + 1 :]))
                for k in range(len(self.third))
            )
        ]
        if not stable:
            self.unsolved = True
            stable = [(0,) * len(self.third)]
        return {o for profile in stable for o in self.end(number, agreement, profile, later)}

    def end(
        self, number: int, agreement: int, profile: tuple[int, ...], later: set[Outcome] | None
    ) -> set[Outcome]:
        """A signature, or a round of the status quo and what comes after."""
        if self.in_force(agreement, profile):
            return {(agreement, profile, number, self.now(agreement, profile))}
        quo = self.now(0, profile)
        if later is None:
            return {(0, profile, -1, quo)}
        return {
            (
                a,
                s,
                t,
                tuple(
                    (1 - d) * q + d * v for d, q, v in zip(self.discount, quo, value, strict=True)
                ),
            )
            for a, s, t, value in later
        }


def random_small(seed: int) -> Small:
    """A small dispute full of ties: two or three principals, none to two third parties, up to four rounds."""
    rng = Random(seed)
    principals = ["ann", "bob", "eve"][: 2 + (seed % 4 == 3)]
    third = ["xia", "yan"][: rng.choice([0, 0, 1, 1, 2])]
    count = rng.randint(2, 5)
    wide = rng.choice([1, 2, 4])
    table = [[0] + [rng.randint(-wide, wide) for _ in range(count - 1)] for _ in principals]
    return Small(
        principals=principals,
        third=third,
        payoffs=table,
        friction=[rng.choice([0, 0, 1]) for _ in principals],
        slack=[0] + [rng.choice([-1, 0, 1, 1]) for _ in range(count - 1)],
        strict=rng.choice([0, 1, 2]),
        mood=[(rng.randint(-1, 1), rng.randint(-1, 1)) for _ in third],
        rounds=[rng.choice(principals) for _ in range(rng.randint(1, 4))],
        discount=[Fraction(rng.choice([1, 2, 3, 4]), 4) for _ in principals],
        menu=rng.choice([99, 99, 99, 1, 2]),
    )
