"""Known thresholds, completeness, bad input, and storage of certified frontiers."""

import numpy as np
import pytest
from sim.certified import frontier, open_frontier, store_frontier
from sim.errors import SimError, UsageError
from sim.feasibility.ladder import climb
from sim.loading import loads
from sim.payoffs import compile_dispute


def treaty(parameters, a="1", b="1", veto=None):
    """A dispute with one treaty, from the gains of its principals and of a veto player."""
    rows = ", ".join(
        f"{k}: {{value: {v}, range: [{lo}, {hi}]}}" for k, (v, lo, hi) in parameters.items()
    )
    home = (
        ""
        if veto is None
        else f'domestic: {{a: {{body: {{type: veto_player, utility: "{veto}"}}}}}}\n'
    )
    return loads(
        f"parameters: {{{rows}}}\n"
        "issues: {peace: {no: {}, yes: {signed: 1}}}\n"
        "outcomes: {treaty: signed}\n"
        "actors: {a: {role: principal}, b: {role: principal}}\n"
        f'payoffs: {{a: {{t: "({a})*signed"}}, b: {{t: "({b})*signed"}}}}\n{home}'
    )


def packages(parameters, a, b, shares, home=""):
    """A dispute over indivisible packages: each gives actor a a share x, from the gains of both."""
    rows = ", ".join(
        f"{k}: {{value: {v}, range: [{lo}, {hi}]}}" for k, (v, lo, hi) in parameters.items()
    )
    positions = ", ".join(f"p{k}: {{signed: 1, x: {x!r}}}" for k, x in enumerate(shares))
    return loads(
        f"parameters: {{{rows}}}\n"
        f"issues: {{land: {{none: {{}}, {positions}}}}}\n"
        "outcomes: {treaty: signed}\n"
        "actors: {a: {role: principal}, b: {role: principal}}\n"
        f'payoffs: {{a: {{t: "({a})*signed"}}, b: {{t: "({b})*signed"}}}}\n{home}'
    )


def houses(a, b):
    """Two bodies that must agree at home, by what each is left with."""
    return (
        f'domestic: {{a: {{house: {{type: veto_player, utility: "{a}"}}}}, '
        f'b: {{house: {{type: veto_player, utility: "{b}"}}}}}}\n'
    )


AREA = 5003  # km2 of the four disputed islands; two of them have 346, three 1,836
TENTHS = tuple(k / 10 for k in range(11))

KNOWN = {
    "the bargaining range by the odds of winning, for x = 0.6 [fearon1995]": (
        treaty({"p": (0.6, 0, 1)}, "0.6 - (p - 0.2)", "(1 - 0.6) - (1 - p - 0.1)"),
        "p",
        (0.5, 0.8),
        True,
    ),
    "indivisible islands: each package is worth fighting over outside x -+ 0.1 [fearon1995]": (
        packages(
            {"p": (0.5, 0, 1)},
            "x - (p - 0.1)",
            "(1 - x) - (1 - p - 0.1)",
            (0.0, 346 / AREA, 1836 / AREA, 0.5, 1.0),
        ),
        "p",
        (346 / AREA + 0.1, 1836 / AREA - 0.1, 0.6, 0.9),
        True,
    ),
    "two types, by the cost of the weak one: 1/2 = (c - 0.1)/(c + 0.1) (Powell 1999)": (
        treaty({"c": (0.4, 0.1, 0.5)}, veto="0.6 - (0.5*(0.5 + c) + 0.5*(0.5 - 0.1))"),
        "c",
        (0.3,),
        True,
    ),
    "preventive war, by its cost: 0.5*0.7 - 0.3 = c*0.25 [fearon1995]": (
        treaty({"c": (0.5, 0, 1)}, veto="c*(1 - 0.5)**2 - (0.5*0.7 - 0.3)"),
        "c",
        (0.2,),
        True,
    ),
    "win-sets of shares in tenths where b wants 0.35 [putnam1988]": (
        packages({"r": (0.5, 0, 1)}, "1", "1", TENTHS, houses("x - r", "1 - x - 0.35")),
        "r",
        (0.6,),
        True,
    ),
    "win-sets of which b's ends below three islands [putnam1988]": (
        packages(
            {"r": (0.05, 0, 1)},
            "1",
            "1",
            (0.0, 346 / AREA, 0.5, 1.0),
            houses("x - r", "0.1 - x"),
        ),
        "r",
        (346 / AREA,),
        True,
    ),
    "alternating offers: a house's need binds above the responder's 9/19 [rubinstein1982]": (
        treaty({"r": (0.5, 0, 1)}, veto="0.9/1.9 - r"),
        "r",
        (9 / 19,),
        True,
    ),
    "a high need at home leaves the other side 0.9*(1 - r): 0.36 at r = 0.6 [rubinstein1982]": (
        treaty({"r": (0.5, 0, 1)}, veto="0.9*(1 - max(r, 9/19)) - 0.36"),
        "r",
        (0.6,),
        False,
    ),
    "a low need has no effect: who wants 9/19 gets it up to r = 9/19 [rubinstein1982]": (
        treaty({"r": (0.2, 0, 1)}, veto="0.9*(1 - max(r, 9/19)) - (9/19 - 0.009)"),
        "r",
        (9 / 19 + 0.01,),
        False,
    ),
    "the outside option leaves the proposer 0.4 at 0.6 [binmore1986]": (
        treaty({"o": (0.5, 0, 1)}, veto="1 - max(0.9/1.9, o) - 0.4"),
        "o",
        (0.6,),
        False,
    ),
    "alternating offers with d1 = 0.8: the proposer has 10/13 at d2 = 0.6 [rubinstein1982]": (
        treaty({"d": (0.5, 0, 0.99)}, veto="(1 - d)/(1 - 0.8*d) - 10/13"),
        "d",
        (0.6,),
        False,
    ),
    "three rounds of offers: the first proposer has 1 - d(1 - d), 0.91 at d = 0.9 (Stahl 1972)": (
        treaty({"d": (0.95, 0, 1)}, veto="1 - d*(1 - d) - 0.91"),
        "d",
        (0.1, 0.9),
        False,
    ),
    "a legislature of three: the partner has d/3, 0.3 at d = 0.9 [baron1989]": (
        treaty({"d": (0.95, 0, 1)}, veto="d/3 - 0.3"),
        "d",
        (0.9,),
        True,
    ),
    "double auction: trade where v >= c + 1/4, here c = 0.3 (Chatterjee and Samuelson 1983)": (
        treaty({"v": (0.5, 0, 1)}, veto="(1/12 + 2*v/3) - (1/4 + 2*0.3/3)"),
        "v",
        (0.55,),
        True,
    ),
    "a setter's proposal against a voter at 0.3 and the status quo 0 [romer1978]": (
        treaty({"x": (0.5, 0.01, 1)}, veto="0.3 - abs(x - 0.3)"),
        "x",
        (0.6,),
        False,
    ),
    "the voter from whom on the setter's ideal 1 passes [romer1978]": (
        treaty({"v": (0.6, 0, 1)}, veto="v - abs(1 - v)"),
        "v",
        (0.5,),
        False,
    ),
    "the win-set of two veto players at 0.2 and 0.8 and the status quo 0.9 [tsebelis2002]": (
        treaty({"x": (0.8, 0, 1)}, "0.7 - abs(x - 0.2)", "0.1 - abs(x - 0.8)"),
        "x",
        (0.7, 0.9),
        False,
    ),
    "bargaining range of two states that could fight [fearon1995]": (
        treaty({"x": (0.5, 0, 1)}, "x - (0.5 - 0.2)", "(1 - x) - (1 - 0.5 - 0.1)"),
        "x",
        (0.3, 0.6),
        True,
    ),
    "the same with other odds [fearon1995]": (
        treaty({"x": (0.5, 0, 1)}, "x - (0.7 - 0.1)", "(1 - x) - (1 - 0.7 - 0.2)"),
        "x",
        (0.6, 0.9),
        True,
    ),
    "risk and return with two types: the safe demand is made from q = 0.6 (Powell 1999)": (
        treaty({"q": (0.5, 0, 1)}, veto="0.6 - ((1 - q)*0.9 + q*(0.5 - 0.1))"),
        "q",
        (0.6,),
        True,
    ),
    "preventive war, by the size of the shift [fearon1995]": (
        treaty({"p2": (0.5, 0, 1)}, veto="0.2*(1 - 0.5)**2 - (0.5*p2 - 0.3)"),
        "p2",
        (0.7,),
        True,
    ),
    "preventive war, by patience: d*0.6 - 0.3 = 0.5*(1 - d)**2 [fearon1995]": (
        treaty({"d": (0.5, 0, 1)}, veto="0.5*(1 - d)**2 - (d*0.6 - 0.3)"),
        "d",
        (1.6 - np.sqrt(0.96),),
        False,
    ),
    "alternating offers [rubinstein1982] where the responder's house wants 0.4": (
        treaty({"d": (0.5, 0, 1)}, veto="d/(1 + d) - 0.4"),
        "d",
        (2 / 3,),
        False,
    ),
}


@pytest.mark.parametrize("case", KNOWN)
def test_known_thresholds(case):
    scenario, path, thresholds, affine = KNOWN[case]
    found = frontier(scenario, vary={path: None})
    assert found.status == "complete"
    assert len(found.crossings) == len(thresholds)
    for crossing, value in zip(found.crossings, thresholds, strict=True):
        assert crossing.lo - 1e-15 <= value <= crossing.hi + 1e-15
        assert crossing.hi - crossing.lo <= 1e-9
        assert crossing.exact is affine
        assert crossing.at == pytest.approx(value, abs=1e-15 if affine else 1e-9)


def test_threshold_of_the_ladder_solved_by_hand(ladder):
    found = frontier(ladder, vary={"principle": None})
    (crossing,) = found.crossings
    assert crossing.exact
    assert crossing.at == pytest.approx(27 / 93, abs=1e-15)
    assert (crossing.before, crossing.after) == ("feasible", "infeasible")
    assert found.at({"principle": 0.6})["rung"] == "mutual gain"
    assert found.at({"principle": 0.25})["agreement"] == "two"
    assert found.at({"principle": 0.25})["binding"] == "tokyo.gain"


def test_win_sets_that_meet_in_one_package_are_a_knife_edge():
    """Two islands are the most that b's house bears: neither yes nor no below them [putnam1988]."""
    two = 346 / AREA
    home = houses("x - r", f"{two!r} - x")
    scenario = packages({"r": (0.05, 0.01, 1)}, "1", "1", (0.0, two, 0.5, 1.0), home)
    found = frontier(scenario, vary={"r": None})
    assert found.shares["feasible"] == 0
    assert found.shares["knife-edge"] == pytest.approx((two - 0.01) / 0.99, abs=1e-5)


def test_threshold_of_a_house_on_the_ladder(ladder):
    """At principle = 0.25 only 'two' is worth it to both, and it brings the house 0.07."""
    text = ladder.resolved.replace(
        "parameters:", "parameters:\n  need: {value: 0, range: [0, 1]}", 1
    )
    text += "\ndomestic: {tokyo: {diet: {type: veto_player, utility: area - need}}}\n"
    found = frontier(loads(text).with_values({"principle": 0.25}), vary={"need": None})
    (crossing,) = found.crossings
    assert crossing.exact
    assert crossing.at == pytest.approx(0.07, abs=1e-15)
    assert found.at({"need": 0.06})["binding"] == "tokyo.diet"
    assert found.at({"need": 0.08})["rung"] == "ratifiable at home"


def test_area_of_the_ladder_region(ladder):
    """The treaty 'two' needs 0.07 value + 0.2 >= 0.93 principle; 'bare' asks more."""
    found = frontier(ladder, vary={"principle": None, "value": None}, tolerance=1e-3)
    area = (0.07 * 1.0 + 0.2) / 0.93  # the mean over value in [0.5, 1.5] of the largest principle
    shares = found.shares
    assert shares["feasible"] <= area <= shares["feasible"] + shares["undecided"]
    assert shares["undecided"] <= 1e-3


@pytest.mark.parametrize(("count", "rate"), [(1, 0.0), (2, 1.0), (3, 2.0)])
def test_work_grows_with_the_dimension_of_the_boundary(ladder, count, rate):
    """The boundary has one dimension less than the box, so boxes grow like tolerance to the -(d - 1)."""
    vary = dict.fromkeys(["principle", "value", "holding"][:count])
    coarse, fine = (frontier(ladder, vary=vary, tolerance=t, unlabelled=1.0) for t in (0.08, 0.02))
    assert coarse.shares["undecided"] <= 0.08
    assert fine.shares["undecided"] <= 0.02
    assert fine.examined <= coarse.examined * 4**rate * 2 + 20


@pytest.mark.parametrize(("seed", "curved"), [(4, False), (9, True)])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_undecided_volume_falls_with_the_tolerance(random_dispute, count, seed, curved):
    """Halving the tolerance takes 2^(d - 1) times the boxes in d parameters, one round more in one."""
    scenario = random_dispute(seed, curved=curved)
    vary = dict.fromkeys(["p0", "p1", "p2"][:count])
    tolerances = np.array([0.2, 0.1, 0.05]) if count == 3 else 0.08 / 2.0 ** np.arange(4)
    found = [frontier(scenario, vary=vary, tolerance=t, unlabelled=1.0) for t in tolerances]
    undecided = np.array([f.shares["undecided"] for f in found])
    boxes = np.array([f.examined for f in found])
    assert (undecided <= tolerances).all()
    assert undecided[-1] > 0
    if count == 1:
        assert (np.diff(boxes) <= 2).all()
    else:
        rate = np.polyfit(np.log2(tolerances), np.log2(boxes), 1)[0]
        assert -rate <= count - 1 + 0.1


def test_agrees_with_a_grid(random_dispute):
    scenario = random_dispute(3, curved=True)
    found = frontier(scenario, vary={"p0": None, "p1": None}, tolerance=5e-3, unlabelled=1.0)
    rng = np.random.default_rng(0)
    theta = rng.random((2, 20_000))
    share = float((climb(compile_dispute(scenario, ["p0", "p1"]).at(theta)).margin >= 0).mean())
    error = 3 * np.sqrt(max(share * (1 - share), 1e-4) / theta.shape[1])
    assert found.shares["feasible"] - error <= share
    assert share <= found.shares["feasible"] + found.shares["undecided"] + error


def test_reached_limit_is_said(ladder):
    found = frontier(ladder, vary={"principle": None, "value": None}, tolerance=1e-4, limit=20)
    assert found.status == "limit reached"
    assert "raise the limit" in found.note
    assert found.shares["undecided"] > 1e-4
    assert sum(found.shares.values()) == pytest.approx(1, abs=1e-12)


def test_term_without_bounds_is_named():
    scenario = treaty({"x": (0.9, 0, 1)}, "0.1", "1/(x - 0.5)")
    found = frontier(scenario, vary={"x": None}, limit=2000)
    assert "payoffs.b.t" in found.note
    assert "x in [" in found.note
    assert found.at({"x": 0.75})["verdict"] == "feasible"
    assert found.at({"x": 0.25})["verdict"] == "infeasible"


def test_term_without_a_value_in_the_middle_of_a_box_is_named_and_the_boxes_are_given():
    """b gains 0.1/x: feasible above 0, not below, no value at 0, where a box is first looked at."""
    scenario = treaty({"x": (0.5, -1, 1), "y": (0.5, 0, 1)}, "0.5", "0.1/x")
    found = frontier(scenario, vary={"x": None})
    assert "payoffs.b.t" in found.note
    assert found.at({"x": 0.5})["verdict"] == "feasible"
    assert found.at({"x": -0.5})["verdict"] == "infeasible"
    assert not any(crossing.exact for crossing in found.crossings)
    wide = frontier(scenario, vary={"x": None, "y": None})
    assert wide.shares["feasible"] == pytest.approx(0.5, abs=2e-3)


def test_plateau_at_zero_is_a_knife_edge():
    """0.3 - 0.2 - 0.1 is 0 up to rounding; from x = 0.5 on the gain grows."""
    found = frontier(
        treaty({"x": (0.75, 0, 1)}, "0.3 - 0.2 - 0.1 + max(0, x - 0.5)"), vary={"x": None}
    )
    assert found.shares["knife-edge"] == pytest.approx(0.5, abs=1e-6)
    (crossing,) = found.crossings
    assert (crossing.before, crossing.after) == ("knife-edge", "feasible")
    assert crossing.at == pytest.approx(0.5, abs=1e-6)


def test_no_treaty_is_infeasible_everywhere():
    text = "issues: {p: {no: {}, yes: {s: 1}}}\nparameters: {x: {value: 0, range: [0, 1]}}\n"
    text += "outcomes: {interim: s}\nactors: {a: {role: principal}, b: {role: principal}}\n"
    text += "payoffs: {a: {t: x*s}, b: {t: s}}\n"
    found = frontier(loads(text), vary={"x": None})
    assert found.shares["infeasible"] == 1


@pytest.mark.parametrize(
    ("vary", "word"),
    [
        ({}, "nothing is varied"),
        ({"x": (1, 0)}, "lo < hi"),
        ({"x": (0, float("inf"))}, "finite"),
        ({"y": None}, "unknown parameter"),
        ({"free": None}, "no range"),
    ],
)
def test_bad_requests(vary, word):
    scenario = treaty({"x": (0.5, 0, 1)}, "x", "1")
    text = scenario.resolved.replace("parameters:", "parameters:\n  free: 0.5", 1)
    with pytest.raises(UsageError, match=word):
        frontier(loads(text) if "free" in vary else scenario, vary=vary)


def test_classical_games_are_refused():
    with pytest.raises(SimError, match="classical"):
        frontier(
            loads("strategic: {actors: {a: [x], b: [y]}, payoffs: [[[1, 2]]]}"), vary={"x": None}
        )


def test_stored_and_opened(ladder, tmp_path):
    found = frontier(ladder, vary={"principle": None, "value": None}, tolerance=0.02)
    again = open_frontier(store_frontier(found, tmp_path / "run"))
    for name in ("lo", "hi", "verdict", "rung", "agreement", "binding", "low", "high", "values"):
        assert np.array_equal(getattr(found, name), getattr(again, name)), name
    assert again.to_dict() == found.to_dict()
    assert again.provenance == found.provenance
    with pytest.raises(UsageError, match="exists already"):
        store_frontier(found, tmp_path / "run")


@pytest.mark.parametrize("seed", [4, 5])
def test_scale_of_payoffs_does_not_matter(random_dispute, seed):
    vary = {"p0": None, "p1": None}
    base = frontier(random_dispute(seed), vary=vary, unlabelled=1.0)
    for factor in ("1e9", "1e-9"):
        found = frontier(random_dispute(seed, factor=factor), vary=vary, unlabelled=1.0)
        assert found.shares == pytest.approx(base.shares, abs=2e-3)
