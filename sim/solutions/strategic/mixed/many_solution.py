"""The solution of a game of more than two actors: what the survey of supports found, and how far it goes.

Array convention. Payoffs of one game in whole numbers, shape ``(actors, *moves)``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim._kernels.logit_map import relative_regret
from sim._kernels.tolerance import AnyArray, FloatArray, IntArray
from sim.games.strategic import StrategicGame
from sim.results import Solution, Status
from sim.solutions.strategic.mixed.dominance import restrict
from sim.solutions.strategic.mixed.limit_point import limit_point
from sim.solutions.strategic.mixed.many_actors import CERTIFIED, FoundProfile, Survey, survey
from sim.solutions.strategic.mixed.members import counted, embedded, float_member


def many_actor_solution(
    game: StrategicGame, whole: AnyArray, menus: tuple[IntArray, ...], parameters: dict[str, Any]
) -> Solution:
    """All isolated equilibria of a game in which more than two actors have a choice on ``menus``."""
    table = _in_spreads(restrict(whole, menus))
    found = survey(table, parameters["cell_limit"])
    if not found.finished and not found.members:
        found.members.extend(limit_point(table))
    kept = [member for member in found.members if _holds(table, member)]
    found.singular += len(found.members) - len(kept)
    found.members = kept
    found.members.sort(key=lambda m: tuple(np.concatenate(m.profile).round(9)), reverse=True)
    status, note = _verdict(found, parameters["cell_limit"], table.shape[1:])
    return Solution(
        concept="mixed_nash",
        members=tuple(
            float_member(
                game,
                embedded(game, menus, range(len(menus)), member.profile),
                {"regular": member.regular, "representative": member.singular},
            )
            for member in found.members
        ),
        status=status,
        exhaustive=status == "complete",
        parameters=parameters,
        note=note,
    )


def _holds(table: FloatArray, member: FoundProfile) -> bool:
    """Whether regret is small beside what is at stake among the strategies played, and not only overall."""
    mixes = [mix[:, None] for mix in member.profile]
    return float(relative_regret(table[..., None], mixes)[0]) <= CERTIFIED


def _in_spreads(whole: AnyArray) -> FloatArray:
    """Payoffs less each actor's smallest, in units of its spread, rounded once."""
    out = np.empty(whole.shape)
    for actor, own in enumerate(whole):
        numbers = own.ravel().tolist()
        low = min(numbers)
        spread = max(numbers) - low or 1
        out[actor] = np.reshape([(number - low) / spread for number in numbers], own.shape)
    return out


def _verdict(found: Survey, cell_limit: int, shape: tuple[int, ...]) -> tuple[Status, str]:
    number = len(found.members)
    odd = sum(not member.regular for member in found.members)
    note = counted(number, "equilibrium", "equilibria")
    if not found.finished:
        return "limit reached", (
            f"{note} found, perhaps not all: the search of the {' by '.join(map(str, shape))} game "
            f"stopped after {cell_limit} cells; raise cell_limit, merge strategies, or ask for "
            "pure_nash or quantal_response"
        )
    if found.singular:
        return "partial", (
            f"{note} found: a positive-dimensional component or a degenerate equilibrium was met "
            f"in {counted(found.singular, 'support', 'supports')}; of these, points are given"
        )
    if odd == 0 and number % 2 == 0:
        return "partial", f"{note} found, all regular: an even number, so at least one is missing"
    return "complete", f"{note}, {f'{odd} of them not regular' if odd else 'all regular'}"
