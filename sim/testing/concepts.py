"""The contract of a solution concept.

Definition. A concept is a function from a game of its form to a frozen ``Solution`` that carries its name;
every keyword of it is a declared option (but for one that is ``None`` unless a program says otherwise); the
same game gives the same answer; members name the game's actors, their mixes are probabilities and their
certificate (regret) is not negative; a game that it cannot solve is refused in a sentence, never with another
error; and the answer is plain data for JSON.
"""

from __future__ import annotations

import inspect
import json
import math
from collections.abc import Iterable
from typing import Any

from sim.errors import SimError
from sim.results import Member, Solution
from sim.scenario import Scenario
from sim.solutions import CONCEPTS, get, module_of, options_of
from sim.solving import BUILDERS
from sim.testing.contract import ContractError, holds
from sim.testing.random_games import random_game

SUM = 1e-9
"""How far the probabilities of a mix may be from 1 in all."""


def check_concept(
    name: str, *, games: Iterable[Scenario] | None = None, count: int = 12, seed: int = 0
) -> None:
    """Check that a concept keeps the contract of its room.

    Parameters
    ----------
    name
        As in ``sim list concepts``, treatysim's own or an installed package's.
    games
        Games to solve; small random ones of its form by default.
    count, seed
        How many random ones, and which.

    Raises
    ------
    ContractError
        At the first thing that is wrong.

    Examples
    --------
    >>> check_concept("pure_nash", count=3)
    """
    _declared(name)
    form = CONCEPTS[name].form
    chosen = [random_game(form, seed + k) for k in range(count)] if games is None else [*games]
    solved = [found for found in (_solved(name, game) for game in chosen) if found is not None]
    holds(solved, f"{name} solved none of {len(chosen)} games")


def _declared(name: str) -> None:
    """What can be seen without a game: the record, the function, its options, its source."""
    concept, function, module = CONCEPTS[name], get(name), module_of(name)
    holds(inspect.isfunction(function), f"{name} is not a function")
    holds(function.__name__ == name, f"the function of {name} is called {function.__name__}")
    holds(concept.form in BUILDERS, f"{name}: there is no game form '{concept.form}'")
    holds(concept.guarantee, f"{name} does not say what its result guarantees")
    text = f"{inspect.getdoc(module) or ''}\n{inspect.getdoc(function) or ''}"
    holds(inspect.getdoc(function), f"{name} has no docstring")
    holds(
        concept.reference and concept.reference in text,
        f"{name} does not cite its source in its docstring",
    )
    keywords = [*inspect.signature(function).parameters.values()][1:]
    holds(
        all(p.kind is p.KEYWORD_ONLY and p.default is not p.empty for p in keywords),
        f"{name}: what follows the game must be keywords with defaults",
    )
    declared = {option.name for option in options_of(name)}
    told = {p.name for p in keywords if p.default is not None}
    holds(
        told <= declared <= {p.name for p in keywords},
        f"{name}: its keywords are {sorted(p.name for p in keywords)}, its OPTIONS {sorted(declared)}",
    )


def _solved(name: str, scenario: Scenario) -> Solution | None:
    """The checked solution of one game; ``None`` where the concept refuses it."""
    game = BUILDERS[CONCEPTS[name].form](scenario)
    function, where = get(name), f"{name} on {scenario.origin}"
    try:
        found, again = function(game), function(game)
    except SimError as error:
        holds(str(error), f"{where} refuses without a sentence")
        return None
    holds(type(found) is Solution, f"{where} returns a {type(found).__name__}, not a Solution")
    holds(found.concept == name, f"{where} calls its solution {found.concept}")
    holds(found.members or found.note, f"{where} finds nothing and does not say what that means")
    holds(_plain(found) == _plain(again), f"{where} gives two answers to one question")
    kinds = all(isinstance(member, Member) for member in found.members)
    holds(kinds, f"{where} has a member that is not one of sim.results")
    for member in found.to_dict()["equilibria"]:
        _check_member(member, game, where)
    return found


def _plain(found: Solution) -> str:
    try:
        return json.dumps(found.to_dict(), sort_keys=True)
    except (TypeError, ValueError) as error:
        raise ContractError(f"{found.concept}: its solution is not plain data: {error}") from None


def _check_member(member: dict[str, Any], game: Any, where: str) -> None:
    who: Any = getattr(game, "actors", None) or getattr(game, "players", ())
    actors = set(who)
    payoffs = member.get("payoffs") or {}
    if actors:
        holds(set(payoffs) <= actors, f"{where} gives a payoff to somebody who is not in the game")
    holds(
        all(math.isfinite(x) for x in payoffs.values()),
        f"{where} gives a payoff that is not finite",
    )
    holds((member.get("regret") or 0) >= 0, f"{where} gives a negative regret")
    for actor, mix in (member.get("strategies") or {}).items():
        holds(all(p >= 0 for p in mix.values()), f"{where} gives {actor} a negative probability")
        total = math.fsum(mix.values())
        holds(abs(total - 1) <= SUM, f"{where} gives {actor} probabilities of {total:g} in all")
