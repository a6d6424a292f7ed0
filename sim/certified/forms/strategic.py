"""Claims on a strategic game by payoff tables: which profiles are pure equilibria, and how many there are.

Definition. A profile is a pure equilibrium where every deviation of one actor gains at most 0: one condition
per deviation, ``U_i(profile) - U_i(deviation) >= 0``. Mixtures: :mod:`sim.certified.forms.mixed`.

Array convention. Profiles are numbered in the order of the actors, the last one fastest.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from sim.certified.bounds.conditions import Amount, Collector
from sim.certified.forms.form_claim import FormClaim
from sim.certified.forms.logic import All, Count, Sign, Statement, negated
from sim.certified.forms.mixed import mixed_claim
from sim.claims import EVERY, SOME, Claim
from sim.errors import TooLargeError, UsageError, suggest
from sim.scenario import Scenario
from sim.scenario.sections.strategic import StrategicSection

MOST_DEVIATIONS = 20_000
"""Conditions that a claim on every profile may have."""

Profile = tuple[int, ...]


def strategic_claim(scenario: Scenario, varied: Sequence[str], claim: Claim) -> FormClaim:
    """A claim on the pure or mixed equilibria of a strategic game.

    Raises
    ------
    UsageError
        If the claim names no profile or number.
    TooLargeError
        If the game has too many deviations.
    """
    section = scenario.document.strategic
    assert section is not None
    made = Collector(varied, scenario.values)
    if claim.kind == "mixed":
        return mixed_claim(section, made, claim.subject)
    names: dict[int, str] = {}
    if claim.kind == SOME:
        statement: Statement = _stands(section, made, profile_of(section, claim.subject), names)
        return FormClaim(made.conditions(), statement, names=names)
    menus = list(section.actors.values())
    deviations = sum(len(menu) - 1 for menu in menus)
    profiles = list(product(*(range(len(menu)) for menu in menus)))
    if deviations * len(profiles) > MOST_DEVIATIONS:
        raise TooLargeError(
            f"the game has {deviations * len(profiles):,} deviations, the limit for '{claim.text}' is "
            f"{MOST_DEVIATIONS:,}; ask about one profile: {SOME}:PROFILE"
        )
    stand = {p: _stands(section, made, p, names) for p in profiles}
    if claim.kind == EVERY:
        wanted = profile_of(section, claim.subject)
        others = (negated(stand[p]) for p in profiles if p != wanted)
        statement = All((stand[wanted], *others))
    else:
        number = _count(claim.subject, len(profiles))
        statement = Count(number, number, tuple(stand.values()))
    return FormClaim(made.conditions(), statement, names=names)


def profile_of(section: StrategicSection, text: str) -> Profile:
    """The profile that a text names by its moves, with commas between, in the order of the actors.

    Examples
    --------
    >>> game = StrategicSection(actors={"a": ["x", "y"], "b": ["z"]}, payoffs=[[[1, 2]], [[3, 4]]])
    >>> profile_of(game, "y,z")
    (1, 0)
    """
    wanted = "".join(text.split())
    menus = list(section.actors.values())
    for profile in product(*(range(len(menu)) for menu in menus)):
        labels = (menu[k] for menu, k in zip(menus, profile, strict=True))
        if "".join(",".join(labels).split()) == wanted:
            return profile
    listed = [", ".join(labels) for labels in product(*menus)]
    near = suggest(text, listed)
    if "did you mean" not in near:
        quoted = "; ".join(f"'{name}'" for name in listed[:12])
        near = f"; legal: {quoted}" + ("; ..." if len(listed) > 12 else "")
    raise UsageError(f"no profile '{text}'{near}")


def payoff(section: StrategicSection, profile: Profile, actor: int) -> Amount:
    """An actor's payoff at a profile, as the file states it."""
    cell: object = section.payoffs
    for k in (*profile, actor):
        cell = cell[k]  # type: ignore[index]
    return cell  # type: ignore[return-value]


def _stands(
    section: StrategicSection, made: Collector, profile: Profile, names: dict[int, str]
) -> All:
    """The statement that a profile is a pure equilibrium."""
    signs = []
    for i, (actor, menu) in enumerate(section.actors.items()):
        for move in range(len(menu)):
            if move == profile[i]:
                continue
            other = (*profile[:i], move, *profile[i + 1 :])
            row = made.difference(payoff(section, profile, i), payoff(section, other, i))
            names.setdefault(row, f"{actor}: {menu[profile[i]]} to {menu[move]}")
            signs.append(Sign(row))
    return All(tuple(dict.fromkeys(signs)))


def _count(text: str, profiles: int) -> int:
    if not text.isdecimal() or int(text) > profiles:
        raise UsageError(f"equilibria:{text}: a number from 0 to {profiles} is needed")
    return int(text)
