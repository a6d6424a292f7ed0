"""Small random games of every form, as texts of scenario files: few integer values, so that ties abound."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from random import Random
from typing import Any

from sim.loading import loads
from sim.scenario import Scenario


def random_game(form: str, seed: int) -> Scenario:
    """A game of a form; the same for the same seed.

    Examples
    --------
    >>> random_game("coalitional", 1).document.form
    'coalitional'
    """
    data = _MAKERS[form](Random(f"{form} {seed}"), seed)
    return loads(json.dumps(data), origin=f"{form} game {seed}")


def _strategic(rng: Random, kind: int) -> dict[str, Any]:
    """Two or three actors, the shape in turn."""
    sizes = ((2, 2), (2, 3), (2, 2, 2), (3, 3))[kind % 4]

    def table(rest: tuple[int, ...]) -> list[Any]:
        if not rest:
            return [rng.randint(-2, 3) for _ in sizes]
        return [table(rest[1:]) for _ in range(rest[0])]

    actors = {f"actor {i}": [f"s{k}" for k in range(size)] for i, size in enumerate(sizes)}
    return {"strategic": {"actors": actors, "payoffs": table(sizes)}}


def _sequential(rng: Random, kind: int) -> dict[str, Any]:
    """One actor moves, then the other, which sees the move or does not."""
    hidden = kind % 2 == 1
    outcomes = {
        f"{a}{b}": [rng.randint(-2, 3), rng.randint(-2, 3)] for a in "lr" for b in ("up", "down")
    }
    nodes: dict[str, Any] = {
        "start": {"player": "first", "actions": {"left": "after l", "right": "after r"}}
    }
    for a in "lr":
        node = {"player": "second", "actions": {b: f"{a}{b}" for b in ("up", "down")}}
        nodes[f"after {a}"] = node | ({"information": "unseen"} if hidden else {})
    return {"tree": {"actors": ["first", "second"], "outcomes": outcomes, "nodes": nodes}}


def _bargaining(rng: Random, kind: int) -> dict[str, Any]:
    """A concave frontier of two actors with rules of offers; every third one a division by majority."""
    if kind % 3 == 2:
        return _majority(rng)
    x, y = rng.choice([(0.75, 0.75), (0.5, 0.8), (0.8, 0.5), (0.5, 0.5)])
    actors = ["one", "two"]
    return {
        "bargaining": {
            "actors": actors,
            "disagreement": {"one": 0, "two": rng.choice([0, 0.125])},
            "frontier": [[0, 1], [x, y], [1, 0]],
            "mode": "lottery",
            "offers": {"discount": rng.choice([0.5, 0.9]), "first": rng.choice(actors)},
        }
    }


def _majority(rng: Random) -> dict[str, Any]:
    actors = ["one", "two", "three"]
    surplus = rng.randint(1, 4)
    return {
        "bargaining": {
            "actors": actors,
            "disagreement": dict.fromkeys(actors, 0),
            "frontier": [[surplus if own == actor else 0 for own in actors] for actor in actors],
            "mode": "transferable",
            "offers": {"discount": rng.choice([0.5, 0.75, 0.9]), "quota": 2},
        }
    }


def _conflict(rng: Random, kind: int) -> dict[str, Any]:
    states = ["".join(letters) for letters in itertools.product("NY", repeat=3)]
    orders = {actor: rng.sample(states, len(states)) for actor in ("one", "two")}
    return {
        "conflict": {
            "options": {"one": ["press"], "two": ["yield", "arm"]},
            "states": {state: state for state in states},
            "preferences": orders,
        }
    }


def _coalitional(rng: Random, kind: int) -> dict[str, Any]:
    players = ["a", "b", "c"]
    values = {", ".join(pair): rng.randint(0, 3) for pair in itertools.combinations(players, 2)}
    values["a, b, c"] = rng.randint(2, 6)
    return {"coalitional": {"players": players, "unlisted": 0, "values": values}}


def _spatial(rng: Random, kind: int) -> dict[str, Any]:
    names = ["a", "b", "c", "d", "e"]
    actors = {
        name: {
            "position": rng.randint(0, 10),
            "capability": rng.randint(1, 3),
            "salience": rng.choice([0.5, 1]),
        }
        for name in names
    }
    return {
        "spatial": {
            "dimension": "years",
            "scale": [0, 10],
            "actors": actors,
            "status_quo": rng.randint(0, 10),
            "veto": rng.sample(names, 2),
            "setter": rng.choice(names),
            "quota": 3,
        }
    }


def _division(rng: Random, kind: int) -> dict[str, Any]:
    def points() -> list[int]:
        cuts = sorted(rng.sample(range(5, 96, 5), 3))
        return [b - a for a, b in zip([0, *cuts], [*cuts, 100], strict=True)]

    pairs = zip(points(), points(), strict=True)
    items = {f"item {k}": {"one": a, "two": b} for k, (a, b) in enumerate(pairs)}
    return {"division": {"actors": ["one", "two"], "items": items}}


def _mechanism(rng: Random, kind: int) -> dict[str, Any]:
    """Two actors with two types each: every other one plays a game after a mediator has spoken."""
    chances = [rng.choice(["1/2", "1/4"]) for _ in "ab"]
    actors = {
        who: {
            "types": {
                "soft": {"chance": p, "cost": rng.randint(1, 2)},
                "hard": {"chance": f"1 - {p}", "cost": 0},
            }
        }
        for who, p in zip(("one", "two"), chances, strict=True)
    }
    names = [f"{a}, {b}" for a in "lr" for b in "lr"] if kind % 2 else ["war", "peace", "split"]
    outcomes = {
        name: {who: f"{rng.randint(-2, 2)} - {who}.cost*{rng.randint(0, 1)}" for who in actors}
        for name in names
    }
    played = {"actions": {who: ["l", "r"] for who in actors}} if kind % 2 else {}
    return {"mechanism": {"actors": actors, "outcomes": outcomes, **played}}


def _screening(rng: Random, kind: int) -> dict[str, Any]:
    top = rng.choice([0.25, 0.5, 1])
    return {
        "screening": {
            "proposer": "one",
            "responder": "two",
            "offer": {"x": {"from": 0, "to": 1}},
            "private": {"c": {"from": 0, "to": top}},
            "answers": {
                "yes": {"one": "x", "two": "1 - x"},
                "no": {"one": rng.choice([0, 0.25]), "two": f"{rng.choice([0.25, 0.5])} - c"},
            },
        }
    }


def _cheap_talk(rng: Random, kind: int) -> dict[str, Any]:
    bias = rng.choice([0.3, 0.1, -0.05, 0.01])
    state = {"from": 0, "to": rng.choice([1, 2])}
    return {"cheap_talk": {"sender": "one", "receiver": "two", "state": state, "bias": bias}}


def _costly_signal(rng: Random, kind: int) -> dict[str, Any]:
    cost = rng.choice([0.1, 0.25, 0.5])
    return {
        "costly_signal": {
            "sender": "one",
            "receiver": "two",
            "private": {"w": {"from": -1, "to": rng.choice([0.5, 1])}},
            "messages": {
                "silent": {"stay": {"one": 0, "two": 1}},
                "vow": {
                    "yield": {"one": 1, "two": 0},
                    "resist, fight": {"one": "w", "two": rng.choice([-0.25, -0.5])},
                    "resist, back down": {"one": -cost, "two": 1},
                },
            },
        }
    }


def _stochastic(rng: Random, kind: int) -> dict[str, Any]:
    """Two actors with two actions each; every other game is a repeated dilemma, the rest have two states."""
    names = ["calm", "tense"] if kind % 2 else ["always"]
    states = {}
    for name in names:
        outcomes = {}
        for a in "lr":
            for b in "lr":
                pay = {"one": rng.randint(-3, 3), "two": rng.randint(-3, 3)}
                if len(names) == 1:
                    pay = {
                        "one": 2 - 2 * (b == "r") + (a == "r"),
                        "two": 2 - 2 * (a == "r") + (b == "r"),
                    }
                chance = rng.choice([0.25, 0.5])
                then = {names[0]: chance, names[1]: 1 - chance} if len(names) > 1 else {}
                outcomes[f"{a}, {b}"] = {"payoffs": pay, "then": then}
        states[name] = {"actions": {"one": ["l", "r"], "two": ["l", "r"]}, "outcomes": outcomes}
    discount = rng.choice([0.3, 0.6, 0.9])
    return {"stochastic": {"actors": ["one", "two"], "discount": discount, "states": states}}


_MAKERS: dict[str, Callable[[Random, int], dict[str, Any]]] = {
    "strategic": _strategic,
    "sequential": _sequential,
    "bargaining": _bargaining,
    "conflict": _conflict,
    "coalitional": _coalitional,
    "spatial": _spatial,
    "division": _division,
    "mechanism": _mechanism,
    "screening": _screening,
    "cheap_talk": _cheap_talk,
    "costly_signal": _costly_signal,
    "stochastic": _stochastic,
}
