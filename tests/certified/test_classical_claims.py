"""Claims on classical games over ranges: thresholds by hand, and brute force in plain Python."""

from fractions import Fraction
from itertools import chain, combinations, permutations, product

import numpy as np
import pytest
from sim import plots
from sim.certified import frontier, open_frontier, polygons, robust, store_frontier
from sim.certified.bounds.boxes import Boxes, box_of
from sim.certified.bounds.division import FEASIBLE, INFEASIBLE, UNDECIDED
from sim.certified.forms.balanced import balanced_collections
from sim.certified.regions.claims import claim_on, compiled
from sim.cli import run
from sim.errors import NotDefinedError, TooLargeError, UsageError
from sim.games.conflict import from_section
from sim.loading import loads
from sim.solutions.conflict._stable_states import SANCTIONS, stable_states

# Who stands against a stand gets -cost or, by yielding, -1: both stand where cost <= 1.
CHICKEN = """
title: Chicken with a cost of war
parameters: {war: {cost: {value: 10, range: [0.5, 20], unit: payoff}}}
strategic:
  actors: {a: [yield, stand], b: [yield, stand]}
  payoffs: [[[0, 0], [-1, 1]], [[1, -1], [-war.cost, -war.cost]]]
"""
# Hunting alone pays 0, a hare 1, the stag s each: hunting together is an equilibrium from s = 1 on.
STAG = """
parameters: {s: {value: 2, range: [0, 4]}, h: {value: 1, range: [0, 2]}}
strategic:
  actors: {a: [stag, hare], b: [stag, hare]}
  payoffs: [[[s, s], [0, h]], [[h, 0], [h, h]]]
"""
# Rock, paper, scissors in which a win pays w: the full mix is the only equilibrium for every w > 0.
ROCK = """
parameters: {w: {value: 1, range: [0.25, 3]}}
strategic:
  actors: {a: [rock, paper, scissors], b: [rock, paper, scissors]}
  payoffs:
    - [[0, 0], [-1, w], [w, -1]]
    - [[w, -1], [0, 0], [-1, w]]
    - [[-1, w], [w, -1], [0, 0]]
"""
# A dilemma in which arming alone pays 4 - c and mutual restraint 3: restraint is Nash stable from c = 1 on;
# before that the other's answer (arm, to its own good) deters it.
ARMS = """
parameters: {c: {value: 0, range: [0, 4]}}
conflict:
  options: {row: [arm], column: [arm]}
  payoffs:
    row: {NN: 3, YN: 4 - c, NY: 0, YY: 1}
    column: {NN: 3, YN: 0, NY: 4 - c, YY: 1}
"""
# With pairs worth p, 50 and 20 the core is not empty from g = (p + 70) / 2 on where p is at least 30, and
# from max(p, 50) on.
SHARES = """
parameters: {g: {value: 100, range: [0, 120]}, p: {value: 40, range: [0, 100]}}
coalitional:
  players: [a, b, c]
  values: {a: 0, b: 0, c: 0, "a, b": p, "a, c": 50, "b, c": 20, "a, b, c": g}
"""
COUNCIL = """
parameters: {q: {value: 12, range: [1, 17]}, w: {value: 4, range: [0, 8]}}
voting:
  weights: {germany: 4, france: 4, italy: 4, belgium: 2, netherlands: 2, luxembourg: 1}
  quota: q
"""
LINE = """
parameters: {m: {value: 0.4, range: [0, 1]}, q: {value: 0.9, range: [0, 1]}}
spatial:
  actors: {a: {position: 0.2}, b: {position: m}, c: {position: 0.8}}
  status_quo: q
"""
TALKS = """
parameters: {t: {value: 1, range: [0, 8]}}
bargaining:
  actors: [bill, jack]
  disagreement: {bill: 0, jack: 1}
  agreements: {a: {bill: 4, jack: t}, b: {bill: 1, jack: 5}, c: {bill: 2, jack: 4}}
"""


@pytest.mark.parametrize(
    ("text", "path", "of", "turns"),
    [
        (CHICKEN, "war.cost", "predicted:stand, stand", [("holds", 1, "fails")]),
        (CHICKEN, "war.cost", "always:stand,stand", [("holds", 1, "fails")]),
        (CHICKEN, "war.cost", "equilibria:2", [("fails", 1, "holds")]),
        (CHICKEN, "war.cost", "mixed:yield+stand, stand+yield", [("fails", 1, "holds")]),
        (CHICKEN, "war.cost", "mixed:stand,yield", [("fails", 1, "holds")]),
        (STAG, "s", "predicted:stag, stag", [("fails", 1, "holds")]),
        (STAG, "h", "predicted:stag, stag", []),
        (ROCK, "w", "mixed:rock+paper+scissors, rock+paper+scissors", []),
        (ARMS, "c", "gmcr_nash:NN", [("fails", 1, "holds")]),
        (ARMS, "c", "seq:NN", []),
        (ARMS, "c", "gmcr_nash:YN", []),
        (SHARES, "g", "core", [("fails", 55, "holds")]),
        (SHARES, "p", "core", []),
        # with p = 40 the Shapley value is a: g/3 + 25/3, b: g/3 - 20/3, c: g/3 - 5/3; a and c together
        # have 2 g/3 + 20/3, which is 50 at g = 65; the other pairs are content before that
        (SHARES, "g", "core:shapley", [("fails", 65, "holds")]),
        (COUNCIL, "q", "wins:france, germany, italy", [("holds", 12, "fails")]),
        (COUNCIL, "q", "veto:germany", [("fails", 13, "holds")]),
        (LINE, "m", "passes:0.5", [("holds", 0.7, "fails")]),
        (LINE, "q", "core", []),
        (LINE, "m", "weighted_median:b", [("fails", 0.2, "holds"), ("holds", 0.8, "fails")]),
        (TALKS, "t", "rational:a", [("fails", 1, "holds")]),
        (TALKS, "t", "utilitarian:a", [("fails", 2, "holds")]),
        (TALKS, "t", "nash_bargaining:a", [("fails", 2.5, "holds")]),
        (TALKS, "t", "egalitarian:a", [("fails", 3, "holds")]),
    ],
)
def test_thresholds_by_hand(text, path, of, turns):
    found = frontier(loads(text), vary={path: None}, of=of)
    assert [(c.before, c.after) for c in found.crossings] == [(a, b) for a, _, b in turns]
    assert [c.at for c in found.crossings] == pytest.approx(
        [float(x) for _, x, _ in turns], rel=1e-15
    )
    assert all(c.exact for c in found.crossings)
    assert found.shares["undecided"] < 1e-8


def test_a_status_quo_at_the_only_point_of_the_core_is_found_as_a_point():
    """With ideal points 0.2, 0.4, 0.8 and a majority the core is the median alone: no stretch of q."""
    found = frontier(loads(LINE), vary={"q": None}, of="core")
    assert found.shares["fails"] == pytest.approx(1, abs=1e-8)
    assert robust(loads(LINE), vary={"q": (0.3, 0.5)}, of="core").for_every is False
    veto = LINE + "  veto: [a, b]\n"
    turns = frontier(loads(veto), vary={"q": None}, of="core").crossings
    assert [c.at for c in turns] == pytest.approx([0.2, 0.4], rel=1e-15)


def test_regions_of_two_parameters_are_exact():
    """The core of the shares: g >= 50, g >= p and 2 g >= p + 70: above three lines."""
    scenario, vary = loads(SHARES), {"g": None, "p": None}
    found = frontier(scenario, vary=vary, of="core")
    by_hand = 120 * 100 - (50 * 30 + (50 + 70) / 2 * 40 + (70 + 100) / 2 * 30)
    assert sum(p.area for p in polygons(scenario, vary=vary, of="core")) == pytest.approx(by_hand)
    assert found.shares["holds"] == pytest.approx(by_hand / 12_000, abs=1e-3)
    lines = {(e.name, tuple(np.round(e.start, 9)), tuple(np.round(e.end, 9))) for e in found.edges}
    assert lines == {
        ("{a, b} + {c}", (100.0, 100.0), (70.0, 70.0)),
        ("{a, b} + {a, c} + {b, c}", (70.0, 70.0), (50.0, 30.0)),
        ("{b} + {a, c}", (50.0, 30.0), (50.0, 0.0)),
    }


def brute_pure(payoffs):
    """Number of pure equilibria of a table of pairs, by definition."""
    rows, columns = len(payoffs), len(payoffs[0])
    return sum(
        all(payoffs[r][c][0] >= payoffs[k][c][0] for k in range(rows))
        and all(payoffs[r][c][1] >= payoffs[r][k][1] for k in range(columns))
        for r, c in product(range(rows), range(columns))
    )


@pytest.mark.parametrize("seed", range(4))
def test_counts_of_equilibria_agree_with_brute_force(seed):
    """Random 3x3 games with payoffs ``a + b p``: at every certain point the count is the true one."""
    rng = np.random.default_rng(seed)
    base, slope = rng.integers(-3, 4, (2, 3, 3, 2))
    cells = [
        [[f"{base[r, c, i]} + {slope[r, c, i]}*p" for i in (0, 1)] for c in range(3)]
        for r in range(3)
    ]
    table = ", ".join(str(row).replace("'", "") for row in cells)
    text = "parameters: {p: {value: 0, range: [-1, 1]}}\nstrategic:\n  actors: {a: [x, y, z], b: [u, v, w]}"
    text += f"\n  payoffs: [{table}]\n"
    scenario = loads(text)
    found = {n: frontier(scenario, vary={"p": None}, of=f"equilibria:{n}") for n in range(4)}
    for p in map(Fraction, rng.uniform(-1, 1, 40)):
        exact = [
            [[int(base[r, c, i]) + int(slope[r, c, i]) * p for i in (0, 1)] for c in range(3)]
            for r in range(3)
        ]
        count = brute_pure(exact)
        for n, one in found.items():
            word = one.at({"p": float(p)})["verdict"]
            assert word in ("undecided", "holds" if n == count else "fails")


def brute_power(weights, quota):
    """The Shapley-Shubik indices of a body, by all orders."""
    pivots = dict.fromkeys(weights, 0)
    orders = list(permutations(weights))
    for order in orders:
        total = 0
        for name in order:
            total += weights[name]
            if total >= quota:
                pivots[name] += 1
                break
    return {name: Fraction(count, len(orders)) for name, count in pivots.items()}


@pytest.mark.parametrize("bound", [">=1/6", ">1/6", "<=1/6", "<0.2"])
def test_power_agrees_with_all_orders(bound):
    """Every whole quota of the council: power of belgium by all 720 orders, between the quotas constant."""
    weights = {
        "germany": 4,
        "france": 4,
        "italy": 4,
        "belgium": 2,
        "netherlands": 2,
        "luxembourg": 1,
    }
    found = frontier(loads(COUNCIL), vary={"q": None}, of=f"shapley:belgium{bound}")
    sign, value = (bound[:2], bound[2:]) if bound[1] == "=" else (bound[0], bound[1:])
    tests = {
        ">=": lambda x, y: x >= y,
        ">": lambda x, y: x > y,
        "<=": lambda x, y: x <= y,
        "<": lambda x, y: x < y,
    }
    for quota in range(2, 18):
        power = brute_power(weights, quota)["belgium"]
        expected = "holds" if tests[sign](power, Fraction(value)) else "fails"
        assert found.at({"q": quota - 0.5})["verdict"] == expected


def test_minimal_balanced_collections_are_all_found():
    """Numbers from Peleg (1965): 5, 41 and 1,291 besides the grand coalition alone."""
    assert [len(balanced_collections(n)) for n in (3, 4)] == [5, 41]
    for weights in balanced_collections(4):
        assert all(sum(y for s, y in weights.items() if s >> i & 1) == 1 for i in range(4))


@pytest.mark.parametrize("seed", range(3))
def test_an_empty_core_agrees_with_a_linear_program(seed):
    """Random games of four players: the least total that satisfies all coalitions, by scipy."""
    from scipy.optimize import linprog

    rng = np.random.default_rng(seed)
    names = "abcd"
    every = list(chain.from_iterable(combinations(range(4), k) for k in range(1, 5)))
    base, slope = rng.integers(0, 9, (2, len(every)))
    values = ", ".join(
        f'"{", ".join(names[i] for i in s)}": {base[k]} + {slope[k]}*p' for k, s in enumerate(every)
    )
    text = "parameters: {p: {value: 1, range: [0, 3]}}\n"
    text += f"coalitional: {{players: [a, b, c, d], values: {{{values}}}}}\n"
    found = frontier(loads(text), vary={"p": None}, of="core")
    rows = np.array([[-1.0 if i in s else 0.0 for i in range(4)] for s in every])
    for p in rng.uniform(0, 3, 25):
        worth = base + slope * p
        least = linprog(np.ones(4), A_ub=rows, b_ub=-worth, bounds=[(None, None)] * 4).fun
        if abs(least - worth[-1]) > 1e-6:
            expected = "holds" if least <= worth[-1] else "fails"
            assert found.at({"p": float(p)})["verdict"] in ("undecided", expected)


def test_what_is_not_affine_is_bounded():
    """Both stand where the square of a root of the cost is at most 1; the threshold is enclosed."""
    text = CHICKEN.replace("-war.cost, -war.cost", "-sqrt(war.cost), -war.cost**2 / war.cost")
    found = frontier(loads(text), vary={"war.cost": None}, of="predicted:stand, stand")
    (turn,) = found.crossings
    assert turn.lo <= 1 <= turn.hi
    assert not found.affine
    assert found.shares["undecided"] < 1e-6


@pytest.mark.parametrize(
    ("text", "vary", "of", "error", "words"),
    [
        (CHICKEN, "war.cost", None, UsageError, "no treaty ladder; say what is to be decided"),
        (CHICKEN, "war.cost", "core", UsageError, "legal for the form strategic: predicted:PROFILE"),
        (CHICKEN, "war.cost", "predicted:stand, sand", UsageError, "did you mean 'stand, stand'"),
        (CHICKEN, "war.cost", "equilibria:9", UsageError, "a number from 0 to 4"),
        (CHICKEN, "war.cost", "mixed:yield", UsageError, "the moves of 2 actors"),
        (CHICKEN, "war.cost", "mixed:yield+stand, yield", NotDefinedError, "as many moves"),
        (CHICKEN, "war.cost", "predicted", UsageError, "needs a label: predicted:PROFILE"),
        (ARMS, "c", "gmr:XX", UsageError, "unknown state 'XX'"),
        (SHARES, "g", "core:a=1,b=2", UsageError, "a number for 'c' is missing"),
        (COUNCIL, "q", "shapley:germany", UsageError, "written shapley:VOTER>=NUMBER"),
        (COUNCIL, "q", "shapley:germany>=half", UsageError, "a number is needed"),
        (COUNCIL, "q", "wins:germany, spain", UsageError, "no voter 'spain'"),
        (COUNCIL.replace("17]", "19]"), "q", "veto:italy", UsageError, "may be more than all votes"),
        (LINE.replace("  status_quo: q", ""), "m", "core", UsageError, "needs a status quo"),
        (TALKS, "t", "utilitarian:d", UsageError, "no agreement 'd'"),
        (TALKS + "  mode: lottery\n", "t", "utilitarian:a", NotDefinedError, "without chances"),
    ],
)  # fmt: skip
def test_what_a_form_does_not_know_is_refused(text, vary, of, error, words):
    with pytest.raises(error) as caught:
        frontier(loads(text), vary={vary: None}, of=of)
    assert words in str(caught.value)


def test_forms_without_claims_and_games_too_large_are_refused():
    division = "parameters: {c: {value: 1, range: [0, 1]}}\n"
    division += "division: {actors: [a, b], items: {x: {a: c, b: c}}}"
    with pytest.raises(NotDefinedError, match="forms with claims: dispute, strategic"):
        frontier(loads(division), vary={"c": None}, of="core")
    players = ", ".join("abcdef")
    text = "parameters: {g: {value: 1, range: [0, 2]}}\n"
    text += f"coalitional: {{players: [{players}], unlisted: 0, values: {{'{players}': g}}}}"
    with pytest.raises(TooLargeError, match="at most 5 players"):
        frontier(loads(text), vary={"g": None}, of="core")
    whole = frontier(loads(text), vary={"g": None}, of="core:a=1,b=0,c=0,d=0,e=0,f=0")
    assert whole.shares["fails"] == pytest.approx(1, abs=1e-8)


@pytest.mark.parametrize("paths", [["war.cost"], ["war.cost=0:3", "prize"]])
def test_the_command_draws_and_stores(tmp_path, capsys, paths):
    text = (
        CHICKEN.replace("[-1, 1]", "[-1, prize]")
        .replace("[1, -1]", "[prize, -1]")
        .replace("parameters: {", "parameters: {prize: {value: 1, range: [-3, 3], unit: utils}, ")
    )
    (tmp_path / "chicken.yaml").write_text(text)
    asked = [x for path in paths for x in ("--vary", path)]
    args = ["frontier", str(tmp_path / "chicken.yaml"), *asked, "--of", "equilibria:2"]
    assert run([*args, "--out", str(tmp_path / "out")]) == 0
    assert "the number of pure equilibria is 2" in capsys.readouterr().out
    again = open_frontier(tmp_path / "out")
    assert again.claim.form == "strategic"
    ax = plots.frontier(again)
    assert ax.get_xlabel() == "war.cost (payoff)"
    if len(paths) == 2:
        assert ax.get_ylabel() == "prize (utils)"
        assert "a: yield to stand" in {t.get_text() for t in ax.texts}


def test_a_classical_frontier_is_stored_and_opened_again(tmp_path):
    found = frontier(loads(STAG), vary={"s": None, "h": None}, of="predicted:stag, stag")
    store_frontier(found, tmp_path / "run")
    again = open_frontier(tmp_path / "run")
    assert (again.of, again.sentence, again.shares) == (found.of, found.sentence, found.shares)
    assert found.shares["holds"] == pytest.approx(6 / 8, abs=1e-3)  # s >= h in [0, 4] x [0, 2]


@pytest.mark.parametrize("seed", range(3))
def test_no_point_contradicts_a_certain_stability(seed):
    """Random conflicts of three actors, payoffs ``a + b p + c q``: the point-wise concepts at points."""
    rng = np.random.default_rng(seed)
    states = ["".join(letters) for letters in product("NY", repeat=3)]
    numbers = rng.integers(-3, 4, (3, len(states), 3))
    worth = {
        actor: {
            s: f"{a} + {b}*p + {c}*q" for s, (a, b, c) in zip(states, rows.tolist(), strict=True)
        }
        for actor, rows in zip("abc", numbers, strict=True)
    }
    ranges = "{p: {value: 0, range: [-1, 1]}, q: {value: 0, range: [-1, 1]}}"
    options = "{a: [x], b: [y], c: [z]}"
    payoffs = str(worth).replace("'", "")
    scenario = loads(
        f"parameters: {ranges}\nconflict: {{options: {options}, payoffs: {payoffs}}}\n"
    )
    points = rng.uniform(-1, 1, (2, 40))
    conflict = from_section(scenario.document.conflict, {"p": points[0], "q": points[1]})
    boxes = Boxes(points, points)
    whole = box_of(scenario, {"p": None, "q": None})
    for concept in SANCTIONS:
        stable = stable_states(concept, conflict.moves, conflict.ranks).all(axis=0)
        for k, state in enumerate(conflict.states):
            claim = compiled(scenario, ("p", "q"), claim_on(scenario, f"{concept}:{state}"), whole)
            verdict = claim.answer(boxes, claim.scope(whole)).verdict
            known = verdict != UNDECIDED
            assert known.mean() > 0.9
            assert ((verdict == FEASIBLE) == stable[k])[known].all()
            found = claim.answer(whole, None).verdict[0]
            assert found != FEASIBLE or stable[k].all()
            assert found != INFEASIBLE or not stable[k].any()


def test_ties_at_levels_and_at_the_ends_of_a_range_are_decided_in_fractions():
    """At style 1 both moves pay 1; at a cost of 0.3 a stand pays what yielding does."""
    levels = """
parameters: {style: {value: 0, levels: [0, 1, 2]}}
strategic: {actors: {a: [x, y], b: [z]}, payoffs: [[[style, 0]], [[1, 0]]]}
"""
    found = frontier(loads(levels), vary={"style": None}, of="predicted:x, z")
    assert [x.verdict for x in found.at_levels] == ["fails", "holds", "holds"]
    cheap = CHICKEN.replace("-1, 1", "-0.3, 1").replace("1, -1", "1, -0.3")
    stand = {"of": "predicted:stand, stand"}
    assert robust(loads(cheap), vary={"war.cost": (0.1, 0.3)}, **stand).for_every
    assert robust(loads(cheap), vary={"war.cost": (0.3, 0.4)}, **stand).for_every is False
