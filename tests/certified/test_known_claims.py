"""Thresholds and regions of equilibrium outcomes and stable states that are derived by hand."""

import numpy as np
import pytest
from sim import plots
from sim.certified import frontier, never, open_frontier, polygons, robust, store_frontier
from sim.certified.bounds.boxes import Boxes, box_of
from sim.certified.bounds.division import UNDECIDED
from sim.certified.regions.claims import claim_on, compiled
from sim.cli import run
from sim.errors import NotDefinedError, SimError, TooLargeError, UsageError
from sim.feasibility.evaluate import evaluate, prepare
from sim.loading import load, loads

ULTIMATUM = """
title: Two offers to a bank with a reservation value
parameters: {c: {value: 0.4, range: [0, 1]}}
issues: {deal: {none: {}, low: {signed: 1, share: 0.3}, high: {signed: 1, share: 0.6}}}
outcomes: {treaty: signed}
actors: {a: {role: principal}, b: {role: principal}}
payoffs: {a: {rest: (1 - share)*signed}, b: {share: (share - c)*signed}}
game: ultimatum
"""

COORDINATION = """
title: Both must name the treaty
parameters: {x: {value: 0.5, range: [0, 1]}, y: {value: 0.5, range: [0, 1]}}
issues: {peace: {no: {}, yes: {signed: 1}}}
outcomes: {treaty: signed}
actors: {a: {role: principal}, b: {role: principal}}
payoffs: {a: {gain: (0.3 - x)*signed}, b: {gain: (y - 0.6 + 0.1*x)*signed}}
game: strategic
"""

# Two third parties play a symmetric game that pays R = 3 to two who yield, T = 4 and S = 1 to one who holds
# out and one who yields, p to two who hold out; nobody wants the treaty, so the principals never move.
STAND_OFF = """
title: A stand-off of two third parties
parameters: {p: {value: 0, range: [0, 4]}}
issues: {peace: {no: {}, yes: {signed: 1}}}
outcomes: {treaty: signed}
actors:
  a: {role: principal}
  b: {role: principal}
  c: {role: third party, stances: {yield: {}, hold: {ch: 1}}}
  d: {role: third party, stances: {yield: {}, hold: {dh: 1}}}
payoffs:
  a: {no: -signed}
  b: {no: -signed}
  c: {play: 3*(1 - ch)*(1 - dh) + 4*ch*(1 - dh) + (1 - ch)*dh + p*ch*dh}
  d: {play: 3*(1 - ch)*(1 - dh) + 4*dh*(1 - ch) + (1 - dh)*ch + p*ch*dh}
game: strategic
"""

# One matches, the other mismatches and gets a bonus b for holding; a pure equilibrium exists from b = 1 on.
PENNIES = (
    STAND_OFF[: STAND_OFF.index("  c: {play")]
    + "  c: {play: ch*dh + (1 - ch)*(1 - dh)}\n"
    + "  d: {play: ch*(1 - dh) + (1 - ch)*dh + p*dh}\ngame: strategic\n"
)

RATIFIED = """
parameters: {x: {value: 0.2, range: [0, 1]}, s: {value: 0.4, range: [0.3, 0.5]}}
issues: {peace: {no: {}, yes: {signed: 1}}}
outcomes: {treaty: signed}
actors: {a: {role: principal}, b: {role: principal}}
payoffs: {a: {gain: signed}, b: {gain: (0.4 - x)*signed}}
domestic: {a: {house: {type: veto_player, utility: 0.25 - x}}}
game: [{offer: a}, {reply: b}, RATIFY]
"""

YIELD = "no, no, yield, yield"
KNOWN = [
    (ULTIMATUM, "c", "predicted:low", [("holds", 0.3, "fails")]),
    (ULTIMATUM, "c", "predicted:high", [("fails", 0.3, "holds"), ("holds", 0.6, "fails")]),
    (ULTIMATUM, "c", "always:treaty", [("holds", 0.6, "fails")]),
    (ULTIMATUM, "c", "predicted:none", [("fails", 0.6, "holds")]),
    (COORDINATION.replace("0.5, range: [0, 1]}}", "0.7, range: [0, 1]}}"), "x", "predicted:treaty",
     [("holds", 0.3, "fails")]),
    (STAND_OFF, "p", f"gmcr_nash:{YIELD}", []),
    (STAND_OFF, "p", f"gmr:{YIELD}", [("holds", 3, "fails")]),
    (STAND_OFF, "p", f"smr:{YIELD}", [("holds", 3, "fails")]),
    (STAND_OFF, "p", f"seq:{YIELD}", [("fails", 1, "holds"), ("holds", 3, "fails")]),
    (STAND_OFF, "p", "gmcr_nash:no, no, hold, hold", [("fails", 1, "holds")]),
    (PENNIES, "p", "predicted:none", [("fails", 1, "holds")]),
    (PENNIES, "p", "always:none", [("fails", 1, "holds")]),
    (RATIFIED.replace("RATIFY", "ratify"), "x", "predicted:yes", [("holds", 0.25, "fails")]),
    (RATIFIED.replace(", RATIFY", ""), "x", "predicted:yes", [("holds", 0.25, "fails")]),
    (
        RATIFIED.replace("[{offer: a}, {reply: b}, RATIFY]", "{protocol: ultimatum, requires: []}"),
        "x", "predicted:yes", [("holds", 0.4, "fails")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "path", "of", "flips"), KNOWN)
def test_thresholds_solved_by_hand(text, path, of, flips):
    found = frontier(loads(text), vary={path: None}, of=of)
    assert [(c.before, c.after) for c in found.crossings] == [(b, a) for b, _, a in flips]
    assert [c.at for c in found.crossings] == pytest.approx([at for _, at, _ in flips], abs=1e-12)
    for c in found.crossings:
        assert c.exact
        assert c.hi - c.lo <= 1e-9 * (found.high[0] - found.low[0])
    assert sum(found.shares.values()) == pytest.approx(1, abs=1e-12)
    assert found.shares["undecided"] < 1e-8


def test_a_chance_of_ratification_does_not_move_the_reply():
    """With noise the treaty may always fail at home, but b still accepts where it gains: up to 0.4."""
    scenario = loads(RATIFIED.replace("RATIFY", "{ratify: {noise: s}}"))
    (c,) = frontier(scenario, vary={"x": None}, of="predicted:yes").crossings
    assert (c.before, c.after) == ("holds", "fails")
    assert c.at == pytest.approx(0.4, abs=1e-6)
    both = frontier(scenario, vary={"x": None, "s": None}, of="predicted:yes")
    assert both.shares["holds"] == pytest.approx(0.4, abs=2e-3)


def test_polygon_of_an_equilibrium_solved_by_hand():
    """x <= 0.3 and y >= 0.6 - 0.1 x: the area is 0.4*0.3 + 0.1*0.3**2/2."""
    scenario, vary = loads(COORDINATION), {"x": None, "y": None}
    (region,) = polygons(scenario, vary=vary, of="predicted:treaty")
    assert region.area == pytest.approx(0.4 * 0.3 + 0.05 * 0.3**2, abs=1e-12)
    assert set(region.edges) == {"range of x", "range of y", "a: yes to no", "b: yes to no"}
    assert (region.agreement, region.stances) == ("yes", "yes, yes")
    found = frontier(scenario, vary=vary, of="predicted:treaty")
    assert {e.name for e in found.edges} == {"a: yes to no", "b: yes to no"}
    assert found.shares["holds"] <= region.area <= found.shares["holds"] + found.shares["undecided"]
    assert frontier(scenario, vary=vary, of="always:treaty").edges == ()


@pytest.mark.parametrize(
    ("text", "vary", "of"),
    [
        (COORDINATION, "xy", "always:treaty"),
        (COORDINATION, "xy", "gmr:yes, yes"),
        (RATIFIED.replace("RATIFY", "ratify"), "xs", "predicted:yes"),
        (COORDINATION.replace("0.1*x)", "0.1*x*y)"), "xy", "predicted:yes"),
    ],
)
def test_what_has_no_polygons(text, vary, of):
    with pytest.raises(UsageError, match="no polygons of"):
        polygons(loads(text), vary=dict.fromkeys(vary), of=of)


def test_polygon_of_a_rung():
    scenario = loads(
        COORDINATION + "domestic: {a: {house: {type: veto_player, utility: 0.1 - x}}}\n"
    )
    areas = [
        sum(p.area for p in polygons(scenario, vary={"x": None, "y": None}, of=of))
        for of in ("mutual gain", "ratifiable at home", "margin")
    ]
    by_hand = [0.4 * x + 0.05 * x**2 for x in (0.3, 0.1, 0.1)]
    assert areas == pytest.approx(by_hand, abs=1e-12)


def share_undecided(claim, pieces):
    ends = np.linspace(0, 1, pieces + 1)
    x, y = (k.ravel() for k in np.meshgrid(np.arange(pieces), np.arange(pieces)))
    boxes = Boxes(np.stack([ends[x], ends[y]]), np.stack([ends[x + 1], ends[y + 1]]))
    verdict = claim.answer(boxes, claim.scope(Boxes(np.zeros((2, 1)), np.ones((2, 1))))).verdict
    return float((verdict == UNDECIDED).mean())


@pytest.mark.parametrize(
    "of", ["predicted:treaty", "always:none", "gmr:yes, yes", "seq:yes, yes", "mutual gain"]
)
def test_bounds_get_sharp_as_boxes_shrink(of):
    """The open boxes are those that a line crosses: their share halves with the width of the boxes."""
    scenario = loads(COORDINATION)
    claim = compiled(
        scenario, ("x", "y"), claim_on(scenario, of), box_of(scenario, {"x": None, "y": None})
    )
    coarse, middle, fine = (share_undecided(claim, pieces) for pieces in (8, 32, 128))
    assert 0 < fine <= 0.3 * middle
    assert middle <= 0.3 * coarse + 0.02


def test_kuril_agrees_with_the_prediction_at_points():
    scenario = load("scenarios/kuril/2018.yaml")
    found = frontier(scenario, vary={"moscow.nationalism": (0.0, 1.0)}, of="predicted:treaty")
    assert found.shares["undecided"] < 1e-7
    points = np.random.default_rng(0).random((1, 200))
    treaty = evaluate(prepare(scenario, found.varied), points).prediction.treaty
    told = [found.at({"moscow.nationalism": float(x)})["verdict"] for x in points[0]]
    assert told == ["holds" if yes else "fails" for yes in treaty]


def test_a_claim_is_stored_and_opened_again(tmp_path):
    found = frontier(loads(COORDINATION), vary={"x": None, "y": None}, of="predicted:treaty")
    store_frontier(found, tmp_path / "run")
    again = open_frontier(tmp_path / "run")
    assert (again.of, again.shares, again.edges) == (found.of, found.shares, found.edges)
    assert again.at({"x": 0.1, "y": 0.9})["verdict"] == "holds"
    assert set(again.to_frame()["verdict"]) <= {"holds", "fails", "undecided"}
    ax = plots.frontier(again)
    assert "some equilibrium ends in 'treaty'" in ax.get_title()
    assert "feasible" not in ax.get_title()
    legend = [t.get_text() for t in ax.figure.legends[0].get_texts()] if ax.figure.legends else []
    legend = legend or [t.get_text() for t in ax.get_legend().get_texts()]
    assert "a treaty is feasible" not in legend


@pytest.mark.parametrize(
    ("text", "of", "error", "words"),
    [
        (COORDINATION, "margn", UsageError, "did you mean 'margin'"),
        (COORDINATION, "predicted:treety", UsageError, "did you mean 'treaty'"),
        (COORDINATION, "gmr:yes, yess", UsageError, "did you mean 'yes, yes'"),
        (COORDINATION, "foo:yes", UsageError, "legal for the form dispute: margin, mutual gain"),
        (ULTIMATUM, "gmr:none", NotDefinedError, "all moves at once"),
        (COORDINATION.replace("game: strategic", ""), "predicted:treaty", UsageError, "no 'game'"),
        (COORDINATION.replace("yes: {signed: 1}", ", ".join(
            f"y{k}: {{signed: 1}}" for k in range(80))), "gmr:no, no", TooLargeError, "the limit"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked(text, of, error, words):
    with pytest.raises(error) as caught:
        frontier(loads(text), vary={"x" if "x:" in text else "c": None}, of=of)
    assert isinstance(caught.value, SimError)
    assert words in str(caught.value)


def test_never_names_the_terms_and_takes_a_position(ladder):
    found = never(ladder, "four", vary={"holding": None, "principle": None})
    assert found.sentence() == (
        "'four' is never acceptable to moscow in these ranges: moscow.gain falls short by at least 0.35 "
        "everywhere, since all speaks against it and nothing for it."
    )
    base = load("scenarios/kuril/2018.yaml")
    found = never(base, "islands=four", vary={"tokyo.minimum": None, "moscow.nationalism": (0, 1)})
    assert found.certified
    assert found.closest.startswith("islands=four, peace=treaty")
    assert "strait" in found.terms["moscow.gain"].against
    assert "package" in found.terms["moscow.gain"].favour
    assert "never acceptable to moscow" in found.sentence()


def test_robust_claims():
    scenario = loads(COORDINATION)
    inside = robust(scenario, vary={"x": (0, 0.2), "y": (0.7, 1)}, of="predicted:treaty")
    assert inside.for_every
    assert inside.sentence() == (
        "For every value in these ranges some equilibrium ends in 'treaty': certified."
    )
    outside = robust(scenario, vary={"x": (0.4, 1), "y": (0, 1)}, of="predicted:treaty")
    assert outside.for_some is False
    mixed = robust(scenario, vary={"x": None, "y": None}, of="gmr:yes, yes")
    assert (mixed.for_every, mixed.for_some) == (False, True)
    assert mixed.feasible_at["x"] <= 0.3


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "game.yaml"
    path.write_text(COORDINATION, encoding="utf-8")
    return str(path)


def test_claims_on_the_command_line(file, capsys):
    assert run(["frontier", file, "--vary", "x", "--set", "y=0.7", "--of", "predicted:treaty"]) == 0
    out = capsys.readouterr().out
    assert "flips from holds to fails at 0.3 (exactly where payoffs tie; ties count as equal" in out
    assert "some equilibrium ends in 'treaty': certainly on 30.0000% of the box" in out
    assert "feasible" not in out
    assert run(["frontier", file, "--vary", "x", "--of", "predicted:treat"]) == 2
    assert "did you mean 'treaty'" in capsys.readouterr().err


def test_never_and_robust_on_the_command_line(file, tmp_path, capsys):
    assert run(["frontier", file, "--vary", "x=0.4:1", "--set", "y=0.9", "--never", "yes"]) == 0
    assert "'yes' is never acceptable to a in these ranges" in capsys.readouterr().out
    assert run(["frontier", file, "--vary", "x", "--vary", "y", "--robust"]) == 0
    assert "For some values in these ranges a treaty is feasible" in capsys.readouterr().out
    arguments = ["frontier", file, "--vary", "x", "--out", str(tmp_path / "run")]
    assert run([*arguments, "--robust"]) == 2
    assert run([*arguments, "--never", "yess"]) == 2
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("t, r, p", [(10, 9, 3), (5, 3, 1), (4, 3, 2)])
def test_repetition_keeps_a_treaty_from_the_discount_factor_of_the_prisoners_dilemma(t, r, p):
    """Grim trigger sustains cooperation from delta = (T - R)/(T - P) on [friedman1971]_."""
    keeps = f'{{keeps: {{type: enforcement, temptation: "{t} - {r}", punishment: "{r} - {p}", delta: d}}}}'
    text = f"""
parameters: {{d: {{value: 0.05, range: [0, 1]}}}}
issues: {{regime: {{defect: {{}}, cooperate: {{settled: 1}}}}}}
outcomes: {{treaty: settled}}
actors: {{a: {{role: principal}}, b: {{role: principal}}}}
payoffs: {{a: {{stage: {p} + {r - p}*settled}}, b: {{stage: {p} + {r - p}*settled}}}}
abroad: {{a: {keeps}, b: {keeps}}}
"""
    (flip,) = frontier(loads(text), vary={"d": None}).crossings
    assert (flip.before, flip.after) == ("infeasible", "feasible")
    assert flip.at == pytest.approx((t - r) / (t - p), abs=1e-12)
