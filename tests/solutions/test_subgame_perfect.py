"""Subgame perfection: against full strategy profiles on small trees, and against play by hand on files."""

import itertools
import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.feasibility import predict
from sim.games.stages import stage_game
from sim.loading import loads
from sim.payoffs import compile_dispute
from sim.rules.backward_induction import backward_induction
from sim.solutions.sequential.subgame_perfect import subgame_perfect

# --- by full strategy profiles ---------------------------------------------------------------------------

TREES = [
    # axis lengths, stages, who moves on each axis
    ((2, 3), [[0], [1]], (0, 1)),
    ((3, 2), [[0], [1]], (0, 1)),
    ((3, 3), [[0, 1]], (0, 1)),
    ((2, 2, 2), [[0], [1], [2]], (0, 1, 2)),
    ((2, 2, 2), [[0], [1], [2]], (0, 1, 0)),
    ((2, 2, 2), [[0, 1], [2]], (0, 1, 2)),
    ((2, 2, 2), [[0, 1], [2]], (0, 1, 1)),
    ((2, 2, 2), [[0], [1, 2]], (0, 1, 2)),
    ((2, 2, 2), [[0], [1, 2]], (0, 0, 1)),
    ((2, 2, 2), [[0, 1, 2]], (0, 1, 2)),
    ((3, 2, 2), [[0], [1], [2]], (0, 1, 2)),
]


class Tree:
    """A game of fixed menus with perfect recall of all earlier stages, solved from the definitions."""

    def __init__(self, sizes, stages, movers, payoffs):
        self.sizes, self.stages, self.movers, self.payoffs = sizes, stages, movers, payoffs
        self.stage_of = {axis: stage for stage in stages for axis in stage}
        self.nodes = [
            (axis, history)
            for axis in range(len(sizes))
            for history in itertools.product(*(range(n) for n in sizes[: self.stage_of[axis][0]]))
        ]

    def leaf(self, strategies, history=()):
        """Where the strategies lead from a history."""
        while len(history) < len(self.sizes):
            stage = self.stage_of[len(history)]
            history += tuple(strategies[axis, history] for axis in stage)
        return history

    def subgames(self):
        for stage in self.stages:
            yield from itertools.product(*(range(n) for n in self.sizes[: stage[0]]))

    def deviations(self, player, root):
        """Every strategy of one player in the subgame that starts at ``root``."""
        nodes = [
            (axis, h)
            for axis, h in self.nodes
            if self.movers[axis] == player and len(h) >= len(root) and h[: len(root)] == root
        ]
        for choice in itertools.product(*(range(self.sizes[axis]) for axis, _ in nodes)):
            yield dict(zip(nodes, choice, strict=True))

    def is_subgame_perfect(self, strategies):
        for root in self.subgames():
            stays = self.leaf(strategies, root)
            for player in set(self.movers):
                for change in self.deviations(player, root):
                    moved = self.leaf({**strategies, **change}, root)
                    if self.payoffs[player][moved] > self.payoffs[player][stays]:
                        return False
        return True

    def outcomes(self):
        """The leaves of all subgame perfect strategy profiles."""
        found = set()
        for choice in itertools.product(*(range(self.sizes[axis]) for axis, _ in self.nodes)):
            strategies = dict(zip(self.nodes, choice, strict=True))
            leaf = self.leaf(strategies)
            if leaf not in found and self.is_subgame_perfect(strategies):
                found.add(leaf)
        return found


def survivors(tree, factor=1.0):
    tables = [tree.payoffs[player][..., None] * factor for player in tree.movers]
    scales = [float(np.ptp(t)) or 1.0 for t in tables]
    result = backward_induction(tables, tree.stages, scales, certificate=True)
    return {tuple(map(int, leaf)) for leaf in np.argwhere(result.survivors[..., 0])}, result


def random_tree(shape, seed, values):
    sizes, stages, movers = shape
    rng = np.random.default_rng(seed)
    payoffs = rng.integers(0, values, (max(movers) + 1, *sizes)).astype(float)
    return Tree(sizes, stages, movers, payoffs)


@pytest.mark.parametrize("shape", TREES, ids=str)
@pytest.mark.parametrize("seed", range(6))
def test_outcomes_are_those_of_subgame_perfect_strategy_profiles(shape, seed):
    tree = random_tree(shape, seed, values=2 + seed % 3)
    found, result = survivors(tree)
    expected = tree.outcomes()
    assert found == expected
    assert bool(result.solved[0]) == bool(expected)
    assert all(result.regret[(*leaf, 0)] == 0 for leaf in expected)


@pytest.mark.parametrize("factor", [1e-9, 1e9])
def test_rescaling_payoffs_changes_no_outcome(factor):
    for seed, shape in enumerate(TREES):
        tree = random_tree(shape, seed, values=3)
        assert survivors(tree, factor)[0] == survivors(tree)[0]


def test_a_batch_is_as_many_single_games():
    shape = TREES[5]
    trees = [random_tree(shape, seed, values=3) for seed in range(40)]
    tables = [np.stack([t.payoffs[p] for t in trees], axis=-1) for p in shape[2]]
    result = backward_induction(tables, shape[1], [2.0] * 3)
    for k, tree in enumerate(trees):
        single, one = survivors(tree)
        assert {tuple(map(int, x)) for x in np.argwhere(result.survivors[..., k])} == single
        assert result.solved[k] == one.solved[0]


# --- by play, on scenario files --------------------------------------------------------------------------

OFFER = [[("offer", "tokyo")], [("reply", "moscow")]]
THIRD = [[("stance", "washington"), ("stance", "beijing")]]
GAMES = {
    "[{offer: tokyo}, {reply: moscow}]": [*OFFER, *THIRD],
    "ultimatum": [*OFFER, *THIRD],
    "{protocol: ultimatum, proposer: moscow}": [
        [("offer", "moscow")], [("reply", "tokyo")], *THIRD,
    ],
    "offer_reply": [*THIRD, *OFFER, [("ratify", "")]],
    "demand": [[("demand", "tokyo"), ("demand", "moscow")], *THIRD],
    "strategic": [[("demand", "tokyo"), ("demand", "moscow"), *THIRD[0]]],
    "[washington.stance, {offer: tokyo}, {reply: moscow}, ratify]": [
        [("stance", "washington")], *OFFER, [("stance", "beijing")], [("ratify", "")],
    ],
    "[{offer: tokyo}, {reply: moscow}, {offer: moscow}, {reply: tokyo}]": [
        *OFFER, [("offer", "moscow")], [("reply", "tokyo")], *THIRD,
    ],
    "[{offer: tokyo}, {reply: moscow}, {implement: moscow, reneging: {moscow: 1, tokyo: -3}}]": [
        *OFFER, [("implement", "moscow")], *THIRD,
    ],
    "[[washington.stance, tokyo.offer], {reply: moscow}, beijing.stance, ratify]": [
        [("stance", "washington"), ("offer", "tokyo")], [("reply", "moscow")],
        [("stance", "beijing")], [("ratify", "")],
    ],
    "[{offer: tokyo}, {reply: moscow}, {ratify: {noise: 1.5}}]": [
        *OFFER, *THIRD, [("ratify", 1.5)],
    ],
}  # fmt: skip
RENEGING = {"moscow": 1, "tokyo": -3}


def phi(x):
    return (1 + math.erf(x / math.sqrt(2))) / 2


class Play:
    """A game played move by move from its tables."""

    def __init__(self, t, stages):
        stages = [[m for m in s if m[0] != "stance" or m[1] in t.stances] for s in stages]
        self.t, self.stages = t, [s for s in stages if s]

    def menu(self, move):
        kind, actor = move
        if kind in ("offer", "demand"):
            return range(len(self.t.treaties))
        return range(self.t.stances[actor] if kind == "stance" else 1 if kind == "ratify" else 2)

    def outcome(self, history):
        """Agreement, stances, whether reneged upon and the chance of ratification."""
        moves = [move for stage in self.stages for move in stage]
        signed = offered = 0
        stances, demands, chance, reneged = {}, [], 1.0, False
        for (kind, actor), choice in zip(moves, history, strict=True):
            if kind == "offer":
                offered = choice
            elif kind == "reply" and choice == 0 and not signed:
                signed = offered
            elif kind == "demand":
                demands.append(choice)
            elif kind == "stance":
                stances[actor] = choice
            elif kind == "implement":
                reneged = choice == 1
        if demands and len(set(demands)) == 1:
            signed = demands[0]
        profile = tuple(stances[j] for j in self.t.stances)
        noise = next((actor for kind, actor in moves if kind == "ratify"), None)
        lowest = {
            wanted: min(
                (
                    c[signed, profile]
                    for (*_, rung), c in self.t.constraints.items()
                    if rung == wanted
                ),
                default=math.inf,
            )
            for wanted in ("home", "abroad")
        }
        chance = phi(lowest["home"] / noise) if noise else float(lowest["home"] >= 0)
        chance *= lowest["abroad"] >= 0
        return signed, profile, reneged and signed > 0, chance

    def payoff(self, actor, history):
        a, s, reneged, chance = self.outcome(history)
        table = self.t.payoffs[actor]
        done = table[a, s] + (RENEGING.get(actor, 0) if reneged else 0)
        return chance * done + (1 - chance) * table[0, s]

    def solve(self, history=(), number=0):
        """Every history that a subgame perfect play from here may end in."""
        if number == len(self.stages):
            return [history]
        stage = self.stages[number]
        menus = [self.menu(move) for move in stage]
        after = {c: self.solve((*history, *c), number + 1) for c in itertools.product(*menus)}
        if not all(after.values()):
            return []
        return [
            end
            for c, ends in after.items()
            for end in ends
            if self.stays(stage, menus, after, c, end)
        ]

    def stays(self, stage, menus, after, c, end):
        for k, (kind, actor) in enumerate(stage):
            here = self.payoff(actor, end) if kind != "ratify" else 0
            for other in menus[k] if kind != "ratify" else ():
                ends = after[(*c[:k], other, *c[k + 1 :])]
                if min(self.payoff(actor, e) for e in ends) > here + 1e-9:
                    return False
        return True

    def final(self, history):
        """The outcome as the program words it: an agreement that surely fails is the status quo."""
        a, s, reneged, chance = self.outcome(history)
        return (0, s, False) if chance == 0 else (a, s, reneged)


def final_of(t, member):
    stances = dict(part.split("=") for part in member.extra["stances"].split(", ") if part)
    profile = tuple(int(stances[j][1:]) for j in t.stances)
    return int(member.outcome[1:]), profile, bool(member.extra.get("reneged", False))


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10**6), stances=st.sampled_from([(), (2,), (2, 2)]))
@pytest.mark.parametrize("game", GAMES)
def test_outcomes_of_files_are_those_of_play(tables, game, seed, stances):
    named = sum(actor in game for actor in ("washington", "beijing"))
    stances = stances if len(stances) >= named else (2, 2)
    t = tables(seed, stances=stances, agreements=3, rungs=("home", "abroad"), game=game)
    play = Play(t, GAMES[game])
    ends = play.solve()
    solved = stage_game(compile_dispute(loads(t.text())))
    solution = subgame_perfect(solved)
    if not ends:
        assert solution.status == "partial"
        assert not solution.exhaustive
        return
    assert {final_of(t, m) for m in solution.equilibria} == {play.final(e) for e in ends}
    assert (solution.status, solution.exhaustive) == ("complete", True)
    for member in solution.equilibria:
        same = [e for e in ends if play.final(e) == final_of(t, member)]
        assert member.extra["paths"] == len(same)
        assert 0 <= member.regret <= 1e-9
        wanted = [{actor: play.payoff(actor, e) for actor in t.payoffs} for e in same]
        assert any(member.payoffs == pytest.approx(one, abs=1e-12) for one in wanted)
    check_prediction(t, solved, play, ends)


def check_prediction(t, game, play, ends):
    """What sweeps report agrees with the full solution."""
    found = predict(game, game.dispute.at(game.dispute.point()))
    finals = {play.final(e) for e in ends}
    classes = {("treaty" if t.treaties[a] else "interim" if a else "none") for a, _, _ in finals}
    kept = {a for a, _, reneged in finals if not reneged and t.treaties[a]}
    assert found.count[0] == len(finals)
    assert found.in_every[0] == (len(classes) == 1)
    assert bool(found.treaty[0]) == bool(kept)
    here = (int(found.agreement[0]), t.profiles[int(found.profile[0])], bool(found.reneged[0]))
    assert here in finals
    same = [{a: play.payoff(a, e) for a in t.payoffs} for e in ends if play.final(e) == here]
    got = {actor: float(value[0]) for actor, value in found.payoffs.items()}
    assert any(got == pytest.approx(one, abs=1e-12) for one in same)


def test_moves_on_the_path_are_reported_with_their_labels(blank_tables):
    """Tokyo gains most from p2, Moscow from p1; Moscow accepts either: Tokyo gets p2."""
    t = blank_tables(
        ("tokyo", "moscow"), {}, (False, True, True),
        {
            "tokyo": {(0, ()): 0, (1, ()): 1, (2, ()): 2},
            "moscow": {(0, ()): 0, (1, ()): 2, (2, ()): 1},
        },
        game="ultimatum",
    )  # fmt: skip
    (member,) = subgame_perfect(stage_game(compile_dispute(loads(t.text())))).equilibria
    assert member.strategies == {"tokyo": {"p2": 1.0}, "moscow": {"accept": 1.0}}
    assert member.payoffs == {"tokyo": 2.0, "moscow": 1.0}
    assert member.extra["outcome_class"] == "treaty"


def test_multiplicity_is_reported_and_not_broken(blank_tables):
    """Moscow is indifferent about p1, so both outcomes are subgame perfect."""
    t = blank_tables(
        ("tokyo", "moscow"), {}, (False, True),
        {"tokyo": {(0, ()): 0, (1, ()): 1}, "moscow": {(0, ()): 0, (1, ()): 0}},
        game="ultimatum",
    )  # fmt: skip
    game = stage_game(compile_dispute(loads(t.text())))
    solution = subgame_perfect(game)
    assert {m.outcome for m in solution.equilibria} == {"p0", "p1"}
    assert "2 equilibrium outcomes" in solution.note
    found = predict(game, game.dispute.at(game.dispute.point()))
    assert (int(found.count[0]), bool(found.in_every[0]), bool(found.treaty[0])) == (2, False, True)


# --- stages without a pure equilibrium -------------------------------------------------------------------

MATCH = {(j, k): 1 if j == k else -1 for j in range(2) for k in range(2)}


def pennies(blank_tables, worth):
    """Once p1 is signed Washington wants to match Beijing and Beijing to differ; Tokyo gets ``worth``."""
    profiles = list(MATCH)
    flat = {(0, s): 0 for s in profiles}
    return blank_tables(
        ("tokyo", "moscow"), {"washington": 2, "beijing": 2}, (False, True),
        {
            "tokyo": {**flat, **{(1, s): worth[s] for s in profiles}},
            "moscow": {**flat, **{(1, s): 1 for s in profiles}},
            "washington": {**flat, **{(1, s): v for s, v in MATCH.items()}},
            "beijing": {**flat, **{(1, s): -v for s, v in MATCH.items()}},
        },
        game="[{offer: tokyo}, {reply: moscow}, [washington.stance, beijing.stance]]",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("worth", "outcome", "tokyo"),
    [
        # Tokyo's expectation over the four equally likely profiles is (4 + 0 + 0 + 0) / 4 - 0 = 1
        ({(0, 0): 4, (0, 1): 0, (1, 0): 0, (1, 1): 0}, "p1", 1.0),
        # ... and (1 - 2 - 2 + 1) / 4 = -0.5: Tokyo offers nothing
        ({(0, 0): 1, (0, 1): -2, (1, 0): -2, (1, 1): 1}, "p0", 0.0),
    ],
)
def test_two_movers_without_pure_equilibrium_are_solved_mixed(blank_tables, worth, outcome, tokyo):
    game = stage_game(compile_dispute(loads(pennies(blank_tables, worth).text())))
    solution = subgame_perfect(game)
    (member,) = solution.equilibria
    assert (solution.status, solution.exhaustive) == ("partial", False)
    assert "mixed" in solution.note
    assert member.outcome == outcome
    assert member.payoffs["tokyo"] == pytest.approx(tokyo)
    assert member.payoffs["washington"] == pytest.approx(0)
    assert 0 <= member.regret <= 1e-9
    assert member.extra["outcome_chances"] == {outcome: pytest.approx(1.0)}
    found = predict(game, game.dispute.at(game.dispute.point()))
    assert (int(found.agreement[0]), int(found.count[0])) == (-1, 0)


def test_a_first_stage_in_mixed_strategies_shows_its_probabilities(blank_tables):
    """Pennies with unequal stakes: each mixes so that the other is indifferent.

    Washington gets 3 at (0, 0), 1 at (1, 1), 0 elsewhere; Beijing the negative. With q the chance
    that Beijing plays s0, 3q = 1 - q, so q = 1/4; the same for Washington. Value 3/4.
    """
    worth = {(0, 0): 3, (0, 1): 0, (1, 0): 0, (1, 1): 1}
    cells = {(a, s): v for a in range(2) for s, v in worth.items()}
    zero = dict.fromkeys(cells, 0)
    t = blank_tables(
        ("tokyo", "moscow"), {"washington": 2, "beijing": 2}, (False, True),
        {"tokyo": zero, "moscow": zero, "washington": cells, "beijing": {c: -v for c, v in cells.items()}},
        game="[[washington.stance, beijing.stance], {offer: tokyo}, {reply: moscow}]",
    )  # fmt: skip
    (member,) = subgame_perfect(stage_game(compile_dispute(loads(t.text())))).equilibria
    assert member.strategies["washington"] == pytest.approx({"s0": 0.25, "s1": 0.75})
    assert member.strategies["beijing"] == pytest.approx({"s0": 0.25, "s1": 0.75})
    assert member.payoffs["washington"] == pytest.approx(0.75)


def test_three_movers_without_pure_equilibrium_are_reported_unsolved():
    """Each of three wants to differ from the next in a circle of stances: washington, beijing, seoul."""
    wants = "({0}.s0 * {1}.s0 + {0}.s1 * {1}.s1) * {2}"
    text = """
issues: {deal: {p0: {}, p1: {signed: 1}}}
outcomes: {treaty: signed}
actors:
  tokyo: {role: principal}
  moscow: {role: principal}
  washington: {role: third party, stances: {s0: {}, s1: {}}}
  beijing: {role: third party, stances: {s0: {}, s1: {}}}
  seoul: {role: third party, stances: {s0: {}, s1: {}}}
payoffs:
  tokyo: {x: signed}
  moscow: {x: signed}
""" + "".join(
        f"  {one}: {{x: {wants.format(one, other, sign)}}}\n"
        for one, other, sign in [
            ("washington", "beijing", 1), ("beijing", "seoul", 1), ("seoul", "washington", -1)
        ]
    )  # fmt: skip
    solution = subgame_perfect(stage_game(compile_dispute(loads(text + "game: ultimatum\n"))))
    assert solution.equilibria == ()
    assert (solution.status, solution.exhaustive) == ("partial", False)
    assert "no pure equilibrium" in solution.note
    for actor in ("washington", "beijing", "seoul"):
        assert actor in solution.note


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_mixed_play_is_a_fixed_point_of_one_stage_deviations(seed):
    """A random 3x3 game between third parties after the deal: nobody gains by another stance."""
    rng = random.Random(seed)
    tables = [{(j, k): rng.randint(-3, 3) for j in range(3) for k in range(3)} for _ in range(2)]
    terms = [
        " + ".join(f"{v} * washington.s{j} * beijing.s{k}" for (j, k), v in table.items())
        for table in tables
    ]
    text = f"""
issues: {{deal: {{p0: {{}}, p1: {{signed: 1}}}}}}
outcomes: {{treaty: signed}}
actors:
  tokyo: {{role: principal}}
  moscow: {{role: principal}}
  washington: {{role: third party, stances: {{s0: {{}}, s1: {{}}, s2: {{}}}}}}
  beijing: {{role: third party, stances: {{s0: {{}}, s1: {{}}, s2: {{}}}}}}
payoffs:
  tokyo: {{x: signed}}
  moscow: {{x: signed}}
  washington: {{x: {terms[0]}}}
  beijing: {{x: {terms[1]}}}
game: [[washington.stance, beijing.stance], tokyo.offer, moscow.reply]
"""
    solution = subgame_perfect(stage_game(compile_dispute(loads(text))))
    pure = [
        (j, k) for j in range(3) for k in range(3)
        if all(tables[0][j, k] >= tables[0][i, k] for i in range(3))
        and all(tables[1][j, k] >= tables[1][j, i] for i in range(3))
    ]  # fmt: skip
    if pure:
        profiles = {m.extra["stances"] for m in solution.equilibria}
        assert profiles == {f"washington=s{j}, beijing=s{k}" for j, k in pure}
        return
    (member,) = solution.equilibria
    x = [member.strategies["washington"].get(f"s{j}", 0) for j in range(3)]
    y = [member.strategies["beijing"].get(f"s{k}", 0) for k in range(3)]
    assert sum(x) == pytest.approx(1)
    assert sum(y) == pytest.approx(1)
    for table, rows in ((tables[0], True), (tables[1], False)):
        value = sum(x[j] * y[k] * table[j, k] for j in range(3) for k in range(3))
        options = [
            sum((y[k] if rows else x[k]) * table[(i, k) if rows else (k, i)] for k in range(3))
            for i in range(3)
        ]
        assert max(options) <= value + 1e-9
