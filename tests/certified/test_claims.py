"""Certified rungs, equilibrium outcomes and stable states: no point contradicts a certain answer."""

from functools import partial

import numpy as np
import pytest
from sim._kernels.tolerance import RELATIVE
from sim.certified import frontier, polygons
from sim.certified.bounds.boxes import Boxes
from sim.certified.bounds.division import FEASIBLE, INFEASIBLE, KNIFE_EDGE, UNDECIDED
from sim.certified.games import game_payoffs, printed_comparisons
from sim.certified.games.game_batch import GameBatch
from sim.certified.games.game_payoffs import GamePayoffs
from sim.certified.regions.claims import claim_on, compiled
from sim.feasibility.ladder import climb
from sim.feasibility.prediction import predict
from sim.games.outcomes import outcomes_of
from sim.games.stages import stage_game
from sim.games.stages_conflict import conflict_of_stages
from sim.loading import loads
from sim.payoffs import compile_dispute
from sim.rules.backward_induction import backward_induction
from sim.rules.ladder import RUNGS
from sim.solutions.conflict._stable_states import SANCTIONS, stable_states

VARIED = ("p", "q")
WHOLE = Boxes(np.zeros((2, 1)), np.ones((2, 1)))
STRATEGIC = "strategic"
SEQUENTIAL = (
    "demand",
    "ultimatum",
    "offer_reply",
    "[[c.stance, a.offer], {reply: b}, ratify]",
    "[{offer: b}, {reply: a}, {implement: a, reneging: {a: 0.3 - 0.4*p, b: -0.2 - q}}]",
    "[{offer: a}, {reply: b}, ratify, {implement: b, reneging: {b: q - 0.5}}]",
    "[{offer: a}, {reply: b}, {ratify: {noise: 0.2 + 0.1*q}}]",
)
MASKS = {name: partial(stable_states, name) for name in SANCTIONS}


def random_game(seed, game, *, curved=False):
    """A small dispute with a game; coefficients on a coarse grid, so that payoffs often tie."""
    rng = np.random.default_rng(seed)

    def number():
        return f"({rng.choice([-1, -0.5, 0, 0.25, 0.5, 1])})"

    def linear(name):
        return f"({number()} + {number()}*p + {number()}*q)*{name}"

    def bent(name):
        forms = ["p*q", "p**2", "max(p, q)", "exp(p - q)", "abs(p - 0.5)", "where(p > q, 0.3, q)"]
        return f"{number()}*{rng.choice(forms)}*{name}"

    def terms(*names):
        rows = [linear(n) for n in names] + ([bent(n) for n in names] if curved else [])
        return "{" + ", ".join(f't{k}: "{row}"' for k, row in enumerate(rows)) + "}"

    return loads(f"""
parameters: {{p: {{value: 0.4, range: [0, 1]}}, q: {{value: 0.6, range: [0, 1]}}}}
issues:
  land: {{none: {{}}, some: {{x: 0.5}}, all: {{x: 1}}}}
  peace: {{no: {{}}, yes: {{signed: 1}}}}
outcomes: {{treaty: signed, interim: x > 0.5}}
rule_out: [x == 0.5 and not signed]
actors:
  a: {{role: principal}}
  b: {{role: principal}}
  c: {{role: third party, stances: {{calm: {{}}, noisy: {{loud: 1}}}}}}
  d: {{role: third party, stances: {{off: {{}}, on: {{busy: 1}}}}}}
payoffs:
  a: {terms("x", "signed", "loud*signed")}
  b: {terms("x", "signed", "busy")}
  c: {terms("loud", "x*loud", "busy*loud")}
  d: {terms("busy", "loud*busy")}
domestic:
  a: {{house: {{type: veto_player, utility: "{linear("x")} + {number()}*loud + 0.1"}}}}
  b: {{ban: {{type: veto_player, utility: "(p - 0.2)*(x == 1) + (x != 1)"}}}}
abroad:
  c: {{nod: {{type: consent, clause: x == 0.5, gain: "q - 0.1 + 0.2*loud"}}}}
game: {game}
""")


def random_boxes(rng, count):
    """Boxes of all sizes; half of them with corners on a grid where payoffs tie."""
    width = rng.choice([1.0, 0.5, 0.25, 0.05, 1e-3, 1e-7, 0.0], size=count)
    lo = rng.random((2, count)) * (1 - width)
    grid = np.round(lo * 8) / 8
    lo = np.minimum(np.where(rng.random(count) < 0.5, grid, lo), 1 - width)
    return Boxes(lo, lo + width)


def points_in(rng, boxes):
    """A point in each box, often at a corner or in the middle of a side."""
    share = rng.random(boxes.lo.shape)
    share = np.where(rng.random(share.shape) < 0.4, np.round(2 * share) / 2, share)
    return np.clip(boxes.lo + share * (boxes.hi - boxes.lo), boxes.lo, boxes.hi)


def reached(game, theta):
    """Agreements that equilibria end in and keep, and those they end in but renege upon."""
    outcomes = outcomes_of(game, game.dispute.at(theta))
    least, most = outcomes.leaves(game)
    found = backward_induction(least, game.stages, (), most=most)
    kept = np.zeros((len(game.dispute.space), theta.shape[1]), dtype=bool)
    broken = np.zeros(theta.shape[1], dtype=bool)
    for *leaf, k in np.argwhere(found.survivors & found.solved):
        in_force = outcomes.ratification[outcomes.leaf[tuple(leaf)], k] > 0
        agreement = int(game.leaf_agreement[tuple(leaf)]) if in_force else 0
        if in_force and game.leaf_reneged[tuple(leaf)]:
            broken[k] = True
        else:
            kept[agreement, k] = True
    return kept, broken


def truth(kept, broken, wanted):
    """In some and in every equilibrium, shape ``(points,)`` each."""
    some = kept[wanted].any(axis=0)
    return some, some & ~kept[~wanted].any(axis=0) & ~broken


def never_contradicts(verdict, true):
    assert not ((verdict == FEASIBLE) & ~true).any()
    assert not ((verdict == INFEASIBLE) & true).any()


def check_outcomes(scenario, seed, boxes, points, labels=None):
    """Claims on outcomes of one scenario, all or some, over random boxes; which share was decided."""
    rng = np.random.default_rng(seed)
    game = stage_game(compile_dispute(scenario, VARIED))
    some = random_boxes(rng, boxes)
    places = [points_in(rng, some) for _ in range(points)]
    found = [reached(game, theta) for theta in places]
    classes = scenario.document.classes
    wanted = {c: game.dispute.classes == k for k, c in enumerate(classes)}
    names = game.dispute.space.labels
    wanted |= {a: np.arange(len(names)) == k for k, a in enumerate(names) if a not in wanted}
    if labels is not None:
        wanted = {k: wanted[k] for k in rng.choice(list(wanted), labels, replace=False)}
    decided = 0
    for label, mask in wanted.items():
        for number, kind in enumerate(("predicted", "always")):
            claim = compiled(scenario, VARIED, claim_on(scenario, f"{kind}:{label}"), WHOLE)
            verdict = claim.answer(some, claim.scope(WHOLE)).verdict
            decided += int((verdict != UNDECIDED).sum())
            for kept, broken in found:
                never_contradicts(verdict, truth(kept, broken, mask)[number])
    return decided / (2 * len(wanted) * boxes)


def check_states(scenario, seed, boxes, points, states):
    """Stability of some states of one strategic scenario over random boxes."""
    rng = np.random.default_rng(seed)
    game = stage_game(compile_dispute(scenario, VARIED))
    some = random_boxes(rng, boxes)
    places = [points_in(rng, some) for _ in range(points)]
    conflicts = [conflict_of_stages(game, game.dispute.at(theta)) for theta in places]
    chosen = rng.choice(len(conflicts[0].states), states, replace=False)
    decided = 0
    for concept, mask in MASKS.items():
        stable = [mask(c.moves, c.ranks).all(axis=0) for c in conflicts]
        for state in chosen.tolist():
            claim = compiled(
                scenario,
                VARIED,
                claim_on(scenario, f"{concept}:{conflicts[0].states[state]}"),
                WHOLE,
            )
            verdict = claim.answer(some, claim.scope(WHOLE)).verdict
            decided += int((verdict != UNDECIDED).sum())
            for table in stable:
                never_contradicts(verdict, table[state])
    return decided / (len(MASKS) * states * boxes)


@pytest.mark.parametrize("curved", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_no_point_contradicts_a_certain_rung(random_dispute, seed, curved):
    scenario = random_dispute(seed, curved=curved)
    rng = np.random.default_rng(seed)
    some = random_boxes(rng, 60)
    dispute = compile_dispute(scenario, ("p0", "p1"))
    ladders = [climb(dispute.at(points_in(rng, some))) for _ in range(6)]
    for k, rung in enumerate(RUNGS):
        claim = compiled(scenario, ("p0", "p1"), claim_on(scenario, rung), WHOLE)
        verdict = claim.answer(some, claim.scope(WHOLE)).verdict
        for ladder in ladders:
            near = np.abs(ladder.binding_slack) <= 2 * RELATIVE
            never_contradicts(np.where(near, UNDECIDED, verdict), ladder.rung > k)


@pytest.mark.parametrize("curved", [False, True])
@pytest.mark.parametrize("game", [STRATEGIC, *SEQUENTIAL])
def test_no_point_contradicts_a_certain_outcome(game, curved):
    decided = [
        check_outcomes(random_game(seed, game, curved=curved), seed, 40, 4, labels=3)
        for seed in range(3)
    ]
    assert np.mean(decided) > 0.4


@pytest.mark.slow
@pytest.mark.parametrize("curved", [False, True])
@pytest.mark.parametrize("game", [STRATEGIC, *SEQUENTIAL])
@pytest.mark.parametrize("seed", range(200, 225))
def test_no_point_contradicts_a_certain_outcome_in_full(game, curved, seed):
    check_outcomes(random_game(seed, game, curved=curved), seed, 100, 60)


@pytest.mark.parametrize("curved", [False, True])
@pytest.mark.parametrize("seed", range(2))
def test_no_point_contradicts_a_certain_stability(seed, curved):
    scenario = random_game(seed, STRATEGIC, curved=curved)
    assert check_states(scenario, seed, 24, 2, 2) > 0.3


@pytest.mark.slow
@pytest.mark.parametrize("curved", [False, True])
@pytest.mark.parametrize("seed", range(200, 300))
def test_no_point_contradicts_a_certain_stability_in_full(seed, curved):
    check_states(random_game(seed, STRATEGIC, curved=curved), seed, 60, 10, 4)


def inside(polygon, points):
    """Which points lie in a convex polygon with corners counter-clockwise."""
    (x, y), (u, v) = polygon.corners, np.roll(polygon.corners, -1, axis=1)
    dx, dy = points[0] - x[:, None], points[1] - y[:, None]
    return ((u - x)[:, None] * dy - (v - y)[:, None] * dx >= -1e-9).all(axis=0)


@pytest.mark.parametrize("of", ["predicted:treaty", "predicted:none", "predicted:interim"])
@pytest.mark.parametrize("seed", range(3))
def test_union_of_polygons_is_where_pure_equilibria_have_the_outcome(seed, of):
    scenario = random_game(seed, "{protocol: strategic, requires: []}")
    game = stage_game(compile_dispute(scenario, VARIED))
    points = np.random.default_rng(seed).random((2, 300))
    kept, _ = reached(game, points)
    wanted = game.dispute.classes == scenario.document.classes.index(of.partition(":")[2])
    covered = np.zeros(points.shape[1], dtype=bool)
    for polygon in polygons(scenario, vary={"p": None, "q": None}, of=of):
        assert polygon.area > 0
        covered |= inside(polygon, points)
    assert (covered == kept[wanted].any(axis=0)).all()


@pytest.mark.parametrize("of", ["predicted:treaty", "always:none"])
@pytest.mark.parametrize("game", [STRATEGIC, "demand", "offer_reply"])
def test_no_point_contradicts_a_box_of_a_divided_claim(game, of):
    """Boxes that know what is settled around them, as a frontier makes them."""
    for seed in range(2):
        scenario = random_game(seed, game, curved=seed == 1)
        found = frontier(scenario, vary={"p": None, "q": None}, of=of, tolerance=0.02)
        assert sum(found.shares.values()) == pytest.approx(1, abs=1e-12)
        stage = stage_game(compile_dispute(scenario, VARIED))
        label = of.partition(":")[2]
        wanted = stage.dispute.classes == scenario.document.classes.index(label)
        rng = np.random.default_rng(seed)
        for _ in range(3):
            kept, broken = reached(stage, points_in(rng, Boxes(found.lo, found.hi)))
            some, every = truth(kept, broken, wanted)
            never_contradicts(found.verdict, some if of.startswith("predicted") else every)


def test_the_predicted_rung_is_the_prediction():
    scenario = random_game(3, "offer_reply")
    game = stage_game(compile_dispute(scenario, VARIED))
    rng = np.random.default_rng(3)
    some = random_boxes(rng, 60)
    claim = compiled(scenario, VARIED, claim_on(scenario, "predicted"), WHOLE)
    verdict = claim.answer(some, claim.scope(WHOLE)).verdict
    for _ in range(4):
        found = predict(game, game.dispute.at(points_in(rng, some)))
        never_contradicts(verdict, found.treaty)
    assert KNIFE_EDGE not in verdict


COMPILED = tuple(g for g in (STRATEGIC, *SEQUENTIAL) if "noise" not in g)


@pytest.mark.parametrize("game", COMPILED)
def test_compiled_comparisons_of_outcomes_are_those_of_numpy(game, monkeypatch):
    """Open ratification, reneging, the same outcome twice, and boxes that are points among them."""
    pytest.importorskip("llvmlite")
    rng = np.random.default_rng(4)
    payoffs = GamePayoffs(stage_game(compile_dispute(random_game(4, game), VARIED)))
    batch = GameBatch(payoffs, random_boxes(rng, 30))
    first, second = rng.integers(payoffs.outcomes, size=(2, 501))
    second[::9] = first[::9]
    box = rng.integers(30, size=501)
    for actor in payoffs.payoffs:
        monkeypatch.setattr(game_payoffs, "PAYS", np.inf)
        expected = batch.better(actor, first, second, box)
        monkeypatch.setattr(game_payoffs, "PAYS", 0)
        found = batch.better(actor, first, second, box)
        assert payoffs.printed(actor, 0) is not None
        assert (found.lo == expected.lo).all()
        assert (found.hi == expected.hi).all()
        assert not found.hi[::9].any()


@pytest.mark.parametrize("game", COMPILED[:4])
def test_no_point_contradicts_what_compiled_code_decides(game, monkeypatch):
    monkeypatch.setattr(game_payoffs, "PAYS", 0)
    assert check_outcomes(random_game(7, game), 7, 40, 4, labels=2) > 0.3


def test_a_compiler_that_fails_leaves_it_to_numpy(monkeypatch):
    monkeypatch.setattr(game_payoffs, "PAYS", 0)
    monkeypatch.setattr(printed_comparisons, "available", lambda: True)
    monkeypatch.setattr(printed_comparisons, "Function", None)
    payoffs = GamePayoffs(stage_game(compile_dispute(random_game(4, "demand"), VARIED)))
    with pytest.warns(RuntimeWarning, match="numpy computes"):
        assert payoffs.printed(next(iter(payoffs.payoffs)), 1) is None
