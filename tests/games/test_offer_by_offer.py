"""Games of several offers, solved offer by offer: what backward induction over all leaves reaches."""

import json

import numpy as np
import pytest
import sim
from sim.errors import TooLargeError
from sim.feasibility.evaluate import evaluate_all, prepare
from sim.games.in_time.offer_by_offer import reached_by_offers
from sim.games.leaves import is_offer_by_offer
from sim.games.outcomes import outcomes_of
from sim.games.stages import stage_game
from sim.payoffs import compile_dispute
from sim.rules.backward_induction import backward_induction


def drawn(rng):
    """A small dispute with two or three offers, full of ties."""
    names = ["x", "y", *(["z"] if rng.random() < 0.3 else [])]
    third, offers = rng.random() < 0.5, int(rng.integers(2, 4))

    def payoff(actor):
        one, two, three, four, five = rng.integers([-2, -2, -1, -1, -1], [3, 3, 2, 2, 2])
        text = f"{one}*(a > 0) + {two}*(a > 1) + {three}*b + {four}*p*a*b"
        if not third:
            return text
        return f"{text} + {five}*h*b" if actor != "w" else f"{four}*h + {five}*h*b + {three}*a"

    game = []
    for k in range(offers):
        rest = [name for name in names if name != names[k % len(names)]]
        replies = [{"reply": name} for name in rest]
        game += [{"offer": names[k % len(names)]}, *([replies] if rng.random() < 0.5 else replies)]
    game += ["ratify"] if rng.random() < 0.5 else []
    if rng.random() < 0.3:
        game.append({"implement": "x", "reneging": {"x": float(rng.integers(-1, 2))}})
    actors = {name: {"role": "principal"} for name in names}
    if third:
        actors["w"] = {"role": "third party", "stances": {"calm": {"h": 0}, "loud": {"h": 1}}}
    data = {
        "parameters": {"p": {"value": 1, "range": [0, 2]}},
        "issues": {
            "land": {f"v{k}": {"a": k} for k in range(3)},
            "peace": {"no": {}, "yes": {"b": 1}},
        },
        "outcomes": {"treaty": "b"},
        "actors": actors,
        "payoffs": {actor: {"all": payoff(actor)} for actor in actors},
        "game": game,
    }
    if rng.random() < 0.5:
        data["domestic"] = {"x": {"veto": {"type": "veto_player", "utility": "1.2 - a"}}}
    return sim.loads(json.dumps(data))


def by_all_leaves(game, outcomes):
    """What backward induction over all leaves at once reaches, and where it ends."""
    least, most = outcomes.leaves(game)
    found = backward_induction(least, game.stages, (), most=most)
    *leaf, point = np.nonzero(found.survivors)
    row, profile = outcomes.leaf[tuple(leaf)], game.leaf_profile[tuple(leaf)]
    present = np.zeros(outcomes.ratification.shape, dtype=bool)
    present[np.where(outcomes.ratification[row, point] == 0, profile, row), point] = True
    present[:, ~found.solved] = False
    return present, found.solved


def compared(rng):
    """Whether both ways reach the same, and how many points have several outcomes."""
    dispute = compile_dispute(drawn(rng), ("p",))
    game = stage_game(dispute)
    assert is_offer_by_offer(game.axes)
    outcomes = outcomes_of(game, dispute.many(np.linspace(0, 2, 8)[None]))
    present, solved = by_all_leaves(game, outcomes)
    other, also = reached_by_offers(game, outcomes)
    np.testing.assert_array_equal(solved, also)
    np.testing.assert_array_equal(present, other)
    return int((present.sum(axis=0) > 1).sum())


def test_random_disputes_reach_what_all_leaves_reach():
    rng = np.random.default_rng(5)
    assert sum(compared(rng) for _ in range(12)) > 10


@pytest.mark.slow
def test_hundreds_of_random_disputes_reach_what_all_leaves_reach():
    rng = np.random.default_rng(6)
    for _ in range(200):
        compared(rng)


OFFERS = "{offer: x}, {reply: y}, {offer: y}, {reply: x}, {offer: x}, {reply: y}"


AT_ONCE = "{offer: x}, [{reply: y}, {offer: y}], {reply: x}, {offer: x}, {reply: y}"


def large(game):
    """A hundred agreements; by hand, x offers the one of the treaties that y accepts which is best for x."""
    land = ", ".join(f"v{k}: {{a: {k}}}" for k in range(10))
    peace = ", ".join(f"w{k}: {{b: {k}}}" for k in range(10))
    return sim.loads(
        f"parameters: {{cost: {{value: 0.5, range: [0, 1]}}}}\n"
        f"issues: {{land: {{{land}}}, peace: {{{peace}}}}}\n"
        "outcomes: {treaty: b > 0}\nactors: {x: {role: principal}, y: {role: principal}}\n"
        "payoffs:\n  x: {all: 1.01*b - cost*a + 0.037*a*b - 0.3*(b > 0)}\n"
        "  y: {all: 0.3*a + 0.2*b - 0.11*a*b - 2.2*cost*(b > 0)}\n"
        f"game: [{game}]\n"
    )


def test_three_offers_over_a_hundred_agreements_are_solved():
    """Eight million leaves: engines and definitions say the same, and so does a loop over agreements.

    The last offer is an ultimatum of x; before it y can have at most what that leaves it, and x would rather
    wait than have less, so that the outcome of the ultimatum is that of the game.
    """
    scenario = large(OFFERS)
    problem, costs = prepare(scenario, ("cost",)), np.linspace(0.013, 0.987, 16)
    found = evaluate_all(problem, costs[None], engine="definitions")
    screened = evaluate_all(problem, costs[None], engine="numpy")
    a, b = np.divmod(np.arange(100), 10)
    assert found.prediction is not None
    assert screened.prediction is not None
    np.testing.assert_array_equal(found.prediction.agreement, screened.prediction.agreement)
    np.testing.assert_array_equal(found.rung, screened.rung)
    for k, cost in enumerate(costs):
        x = 1.01 * b - cost * a + 0.037 * a * b - 0.3 * (b > 0)
        y = 0.3 * a + 0.2 * b - 0.11 * a * b - 2.2 * cost * (b > 0)
        accepted = np.where(y >= 0, x, -np.inf)
        assert found.prediction.payoffs["x"][k] == pytest.approx(max(accepted.max(), 0.0))


def test_what_needs_every_leaf_says_so():
    game = stage_game(compile_dispute(large(OFFERS), ()))
    with pytest.raises(TooLargeError, match="8,000,000 leaves, the limit is 400,000"):
        _ = game.leaf_agreement
    with pytest.raises(TooLargeError, match="8,000,000 leaves"):
        stage_game(compile_dispute(large(AT_ONCE), ()))
