"""Perfect Bayesian and sequential equilibria: published trees."""

from __future__ import annotations

from fractions import Fraction

import pytest
from sim.errors import NotDefinedError, TooLargeError, UsageError
from sim.games.behaviour import values
from sim.games.files.tree import tree_game
from sim.scenario.sections.tree import TreeSection
from sim.solutions.sequential._beliefs_off_path import setting_of
from sim.solutions.sequential._consistent_beliefs import consistent_beliefs
from sim.solutions.sequential._rational_beliefs import no_signalling_beliefs, weak_beliefs
from sim.solutions.sequential.perfect_bayesian import perfect_bayesian
from sim.solutions.sequential.sequential import sequential
from sim.solutions.sequential.subgame_perfect import subgame_perfect


def tree_of(actors, nodes):
    return tree_game(TreeSection(actors=actors, nodes=nodes))


# Selten (1975): the horse. 3 answers without knowing who deviated.
HORSE = {
    "one": {"player": "1", "actions": {"C": "two", "D": "x"}},
    "two": {"player": "2", "actions": {"c": [1, 1, 1], "d": "y"}},
    "x": {"player": "3", "information": "h", "actions": {"L": [3, 3, 2], "R": [0, 0, 0]}},
    "y": {"player": "3", "information": "h", "actions": {"L": [4, 4, 0], "R": [0, 0, 1]}},
}


def test_only_one_outcome_of_the_horse_is_sequential():
    tree = tree_of(("1", "2", "3"), HORSE)
    (member,) = sequential(tree).equilibria
    assert member.outcome == "C, c"
    low, high = member.extra["ranges"]["3"]["h"]["R"]
    assert (low, high) == (pytest.approx(0.75, abs=1e-12), 1.0)
    outcomes = {m.outcome for m in subgame_perfect(tree).equilibria}
    assert outcomes == {"C, c", "D, L"}


@pytest.mark.parametrize(("right", "holds"), [("3/4", True), ("1", True), ("74/100", False)])
def test_how_often_the_horse_must_turn_right(right, holds):
    tree = tree_of(("1", "2", "3"), HORSE)
    p = Fraction(right)
    behaviour = ((Fraction(1), Fraction(0)), (Fraction(1), Fraction(0)), (1 - p, p))
    assert (consistent_beliefs(setting_of(tree, behaviour)) is not None) == holds


def beer(surly="9/10", wimp="1/10"):
    """Cho and Kreps (1987), beer and quiche: breakfast as liked 1, no duel 2; duel only a wimp."""
    nodes = {
        "type": {
            "chance": {"surly": surly, "wimp": wimp},
            "actions": {"surly": "surly", "wimp": "wimp"},
        },
        "surly": {"player": "sender", "actions": {"beer": "sb", "quiche": "sq"}},
        "wimp": {"player": "sender", "actions": {"beer": "wb", "quiche": "wq"}},
    }
    for who, what, likes in (
        ("s", "beer", 1),
        ("s", "quiche", 0),
        ("w", "beer", 0),
        ("w", "quiche", 1),
    ):
        right = 1 if who == "w" else 0
        nodes[who + what[0]] = {
            "player": "receiver",
            "information": what,
            "actions": {"duel": [likes, right], "retreat": [likes + 2, 1 - right]},
        }
    return tree_of(("sender", "receiver"), nodes)


@pytest.mark.parametrize("concept", [perfect_bayesian, sequential])
def test_beer_and_quiche_has_two_pooling_outcomes_and_one_is_intuitive(concept):
    solution = concept(beer())
    assert solution.exhaustive
    marks = {}
    for member in solution.equilibria:
        plan = member.extra["behaviour"]["sender"]
        (drink,) = {next(iter(mix)) for mix in plan.values()}
        marks[drink] = member.extra["marks"]
        assert member.extra["beliefs"][drink] == pytest.approx(
            {"s" + drink[0]: 0.9, "w" + drink[0]: 0.1}
        )
    assert marks == {"beer": ["intuitive", "divine"], "quiche": []}


def test_with_few_surly_types_beer_and_quiche_is_mixed():
    # surly 1/10: duel after quiche; the wimp drinks beer 1 time in 9, so that beer leaves one half
    (member,) = perfect_bayesian(beer("1/10", "9/10")).equilibria
    told = member.extra["behaviour"]
    assert told["sender"]["surly"] == {"beer": 1.0}
    assert told["sender"]["wimp"]["beer"] == pytest.approx(1 / 9, abs=1e-12)
    assert told["receiver"]["beer"]["duel"] == pytest.approx(1 / 2, abs=1e-12)


@pytest.mark.parametrize(("cost", "separates"), [("29/100", False), ("31/100", True)])
def test_the_least_cost_that_separates_is_what_being_believed_is_worth(cost, separates):
    # Spence (1973), Fearon (1997): the weak type gains 3/10 when it is believed to be hard
    nodes = {
        "type": {
            "chance": {"hard": "1/2", "soft": "1/2"},
            "actions": {"hard": "hard", "soft": "soft"},
        },
    }
    for who, worth in (("hard", Fraction(6, 10)), ("soft", Fraction(3, 10))):
        nodes[who] = {"player": "s", "actions": {"quiet": f"{who} quiet", "vow": f"{who} vow"}}
        for word, paid in (("quiet", Fraction(0)), ("vow", Fraction(cost))):
            believed = 1 if who == "hard" else 0
            nodes[f"{who} {word}"] = {
                "player": "r",
                "information": word,
                "actions": {
                    "yield": [str(worth - paid), str(Fraction(believed))],
                    "stand": [str(-paid), "1/2"],
                },
            }
    found = [
        {who: next(iter(mix)) for who, mix in m.extra["behaviour"]["s"].items() if len(mix) == 1}
        for m in perfect_bayesian(tree_of(("s", "r"), nodes)).equilibria
    ]
    assert ({"hard": "vow", "soft": "quiet"} in found) == separates


# Mas-Colell, Whinston and Green (1995), Example 9.C.4: entry in two ways that cannot be told apart;
# out, deterred by a fight, is Nash but needs beliefs under which fighting is best, and there are none.
TWO_WAYS = {
    "in?": {"player": "e", "actions": {"out": [0, 2], "one": "x", "two": "y"}},
    "x": {"player": "i", "information": "i", "actions": {"fight": [-1, -1], "share": [3, 0]}},
    "y": {"player": "i", "information": "i", "actions": {"fight": [-1, -1], "share": [2, 1]}},
}


@pytest.mark.parametrize("beliefs", ["no signalling", "weak"])
def test_a_fight_that_no_belief_supports_deters_nobody(beliefs):
    tree = tree_of(("e", "i"), TWO_WAYS)
    assert {m.outcome for m in subgame_perfect(tree).equilibria} >= {"out", "one, share"}
    (member,) = perfect_bayesian(tree, beliefs=beliefs).equilibria
    assert member.outcome == "one, share"


# Mas-Colell, Whinston and Green (1995), Example 9.C.5: a weak equilibrium that is not subgame perfect.
NOT_PERFECT = {
    "in?": {"player": "e", "actions": {"out": [0, 2], "in": "after"}},
    "after": {"player": "e", "actions": {"fight": "x", "accommodate": "y"}},
    "x": {
        "player": "i",
        "information": "i",
        "actions": {"fight": [-3, -1], "accommodate": [1, -2]},
    },
    "y": {"player": "i", "information": "i", "actions": {"fight": [-2, -1], "accommodate": [3, 1]}},
}


def test_weak_beliefs_may_contradict_a_proper_subgame():
    tree = tree_of(("e", "i"), NOT_PERFECT)
    weak = perfect_bayesian(tree, beliefs="weak")
    assert {m.outcome for m in weak.equilibria} == {"out", "in, accommodate, accommodate"}
    (member,) = perfect_bayesian(tree).equilibria
    assert member.outcome == "in, accommodate, accommodate"
    out = ((Fraction(1), Fraction(0)), (Fraction(0), Fraction(1)), (Fraction(1), Fraction(0)))
    setting = setting_of(tree, out)
    assert weak_beliefs(setting) is not None
    assert no_signalling_beliefs(setting) is None
    assert consistent_beliefs(setting) is None


def test_two_observers_of_one_deviation_share_their_beliefs():
    """No trembles of ``a`` let ``b`` and ``c`` believe different things: PBE here, but not sequential."""
    nodes = {"a": {"player": "a", "actions": {"stay": [2, 0, 0], "x": "bx", "y": "by"}}}
    for one in "xy":
        nodes[f"b{one}"] = {
            "player": "b",
            "information": "b",
            "actions": {"l": f"c{one}l", "r": f"c{one}r"},
        }
        for two in "lr":
            pays = {
                m: [
                    3 * (two == "r") + 3 * (m == "r") - 2,
                    int((two == "l") == (one == "x")),
                    int((m == "l") == (one == "y")),
                ]
                for m in "lr"
            }
            nodes[f"c{one}{two}"] = {"player": "c", "information": "c", "actions": pays}
    tree = tree_of(("a", "b", "c"), nodes)
    stay = (Fraction(1), Fraction(0), Fraction(0))
    left = (Fraction(1), Fraction(0))
    setting = setting_of(tree, (stay, left, left))
    # b's l is best when x is at least as likely as y, c's l when y is: one half each makes it sequential
    assert consistent_beliefs(setting)[1] == (Fraction(1, 2), Fraction(1, 2))
    tilted = {
        **nodes,
        **{
            f"c{one}{two}": {
                "player": "c",
                "information": "c",
                "actions": {
                    m: [pays[0], pays[1], pays[2] * (2 if m == "r" else 1)]
                    for m, pays in nodes[f"c{one}{two}"]["actions"].items()
                },
            }
            for one in "xy"
            for two in "lr"
        },
    }
    setting = setting_of(tree_of(("a", "b", "c"), tilted), (stay, left, left))
    # now c needs y twice as likely as x, b needs x at least as likely: no common belief
    assert weak_beliefs(setting) is not None
    assert no_signalling_beliefs(setting) is None
    assert consistent_beliefs(setting) is None


def chain_store(periods, prior=Fraction(1, 10), b=Fraction(1, 2), a=2):
    """Kreps and Wilson (1982): a monopolist that may like to fight meets entrants one after another."""
    nodes, rows = {}, {}

    def add(kind, history):
        left = periods - len(history)
        if left == 0:
            weak = sum({"o": a, "f": -1, "s": 0}[h] for h in history)
            tough = sum({"o": a, "f": 0, "s": -1}[h] for h in history)
            entrants = [str({"o": Fraction(0), "f": b - 1, "s": b}[h]) for h in history]
            return [tough if kind == "t" else weak, *entrants]
        name = f"{kind}{history}"
        place = f"e{history}"
        nodes[name] = {
            "player": f"e{len(history) + 1}",
            "information": place,
            "actions": {"out": None, "in": name + "?"},
        }
        nodes[name + "?"] = {"player": "m", "actions": {"fight": None, "share": None}}
        nodes[name]["actions"]["out"] = add(kind, history + "o")
        nodes[name + "?"]["actions"]["fight"] = add(kind, history + "f")
        nodes[name + "?"]["actions"]["share"] = add(kind, history + "s")
        p = belief(history)
        rows[place] = entry(p, left)
        rows[name + "?"] = (Fraction(1), Fraction(0)) if kind == "t" else reply(p, left)
        return name

    def reply(p, left):
        """How often the weak monopolist fights with ``left`` periods to go."""
        if left == 1 or p == 0:
            return Fraction(0), Fraction(1)
        if p >= b ** (left - 1):
            return Fraction(1), Fraction(0)
        fights = (1 - b ** (left - 1)) * p / ((1 - p) * b ** (left - 1))
        return fights, 1 - fights

    def entry(p, left):
        if p == b**left:
            return Fraction(1, a), 1 - Fraction(1, a)
        return (Fraction(1), Fraction(0)) if p > b**left else (Fraction(0), Fraction(1))

    def belief(history):
        p = prior
        for k, h in enumerate(history):
            left = periods - k
            if h == "s":
                p = Fraction(0)
            elif h == "f" and p > 0:
                p = max(b ** (left - 1), p) if left > 1 else Fraction(1)
        return p

    start = {"t": add("t", ""), "w": add("w", "")}
    chances = {"t": str(prior), "w": str(1 - prior)}
    actors = ("m", *(f"e{k + 1}" for k in range(periods)))
    tree = tree_of(actors, {"type": {"chance": chances, "actions": start}, **nodes})
    return tree, tuple(rows[s.name] for s in tree.sets)


@pytest.mark.parametrize("periods", [1, 2, 3, 4])
def test_reputation_deters_from_four_periods_on(periods):
    """Prior 1/10, b 1/2: the first entrant stays out when b to the number of periods is below 1/10."""
    tree, behaviour = chain_store(periods)
    beliefs = consistent_beliefs(setting_of(tree, behaviour))
    assert beliefs is not None
    assert (behaviour[0][0] == 1) == (periods >= 4)
    if periods < 4:
        first = tuple(1 - p for p in behaviour[0])
        assert consistent_beliefs(setting_of(tree, (first, *behaviour[1:]))) is None


def test_the_chain_store_with_one_entrant_is_solved():
    tree, behaviour = chain_store(1)
    (member,) = sequential(tree).equilibria
    payoffs = values(tree, behaviour)[0]
    assert list(member.payoffs.values()) == [float(u) for u in payoffs]


def test_a_wrong_kind_of_beliefs_and_a_forgetful_actor_are_refused():
    with pytest.raises(UsageError, match="is not no signalling or weak"):
        perfect_bayesian(beer(), beliefs="strong")
    driver = {
        "first": {"player": "a", "information": "road", "actions": {"exit": [0], "on": "second"}},
        "second": {"player": "a", "information": "road", "actions": {"exit": [4], "on": [1]}},
    }
    for concept in (perfect_bayesian, sequential):
        with pytest.raises(NotDefinedError, match="actor 'a' has no perfect recall"):
            concept(tree_of(("a",), driver))


def test_a_tree_too_large_is_refused_with_its_size_and_the_limit():
    nodes = {
        f"n{k}": {"player": "ab"[k % 2], "actions": {"stop": [k, 0], "go": f"n{k + 1}"}}
        for k in range(1_000)
    }
    nodes["n1000"] = {"player": "a", "actions": {"stop": [0, 0]}}
    with pytest.raises(
        TooLargeError, match=r"2,002 nodes and ends; sequential examines up to 1,500"
    ):
        sequential(tree_of(("a", "b"), nodes))
