"""Every constraint type by hand, the order of constraints, and the directions that they declare."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.certified import frontier
from sim.constraints import (
    CONSTRAINTS,
    AudienceCost,
    Consent,
    Enforcement,
    LegalBan,
    PublicOpinion,
    Ratification,
    VetoPlayer,
)
from sim.errors import ScenarioError
from sim.feasibility import climb
from sim.loading import loads
from sim.payoffs import NotFiniteError, compile_dispute
from sim.testing import check_constraint
from sim.testing.constraints import dispute_with

INF = np.inf


def slack(constraint, **env):
    return float(constraint.slack(env))


@pytest.mark.parametrize(
    ("constraint", "env", "expected"),
    [
        (VetoPlayer(utility="x - 1"), {"x": 3}, 2),
        (VetoPlayer(utility="x - 1", scale=4), {"x": 3}, 0.5),
        (VetoPlayer(utility="x - 1"), {"x": 0.5}, -0.5),
        (PublicOpinion(support="1 - opposed", threshold=0.5), {"opposed": 0.77}, -0.27),
        (PublicOpinion(support="1 - opposed", threshold=0.5), {"opposed": 0.4}, 0.1),
        (PublicOpinion(support="s", threshold="t", scale=0.1), {"s": 0.6, "t": 0.55}, 0.5),
        (Consent(clause="c", gain="g"), {"c": 1, "g": -0.3}, -0.3),
        (Consent(clause="c", gain="g", scale=3), {"c": 1, "g": 0.6}, 0.2),
        (Consent(clause="c", gain="g"), {"c": 0, "g": -0.3}, INF),
        # delta*punishment - (1 - delta)*temptation
        (Enforcement(temptation=1, punishment=0.5, delta="d"), {"d": 0}, -1),
        (Enforcement(temptation=1, punishment=0.5, delta="d"), {"d": 1}, 0.5),
        (Enforcement(temptation=1, punishment=0.5, delta="d"), {"d": 2 / 3}, 0),
        (Enforcement(temptation=1, punishment=0.5, delta=0.8, scale=2), {}, 0.1),
        (Enforcement(temptation="b - a", punishment="b - a", delta="c + 1/4"), {"a": 1, "b": 3, "c": 0.5}, 1),
        (Enforcement(temptation=1, punishment=0, delta=0.5, clause="c"), {"c": 0}, INF),
        (LegalBan(bans="b"), {"b": 0}, INF),
        (LegalBan(bans="b"), {"b": 1}, -1),
        (LegalBan(bans="b", hard="h"), {"b": 1, "h": 0.2}, -0.2),
        (LegalBan(bans="b", hard=0, cost=5), {"b": 1}, INF),
        (LegalBan(bans="b", exception="e"), {"b": 1, "e": 1}, INF),
        (LegalBan(bans="b", exception="e"), {"b": 1, "e": 0}, -1),
    ],
)  # fmt: skip
def test_slacks(constraint, env, expected):
    assert slack(constraint, **env) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("constraint", "env", "expected"),
    [
        (AudienceCost(conceded="area", promised=0.1, rate=2), {"area": 0.5}, -0.8),
        (AudienceCost(conceded="area", promised=0.1, rate=2), {"area": 0.1}, 0),
        (AudienceCost(conceded="area", promised="p - 0.2", rate="1 + r"), {"area": 1, "p": 0.7, "r": 3}, -2),
        (AudienceCost(conceded="a - b", promised="c - d", rate=1), {"a": 5, "b": 1, "c": 3, "d": 2}, -3),
        (LegalBan(bans="b", cost=0.3), {"b": 1}, -0.3),
        (LegalBan(bans="b", cost=0.3), {"b": 0}, 0),
        (LegalBan(bans="b or c", exception="e", cost="x - y"), {"b": 0, "c": 1, "e": 0, "x": 3, "y": 1}, -2),
        (LegalBan(bans="b or c", exception="e", cost="x - y"), {"b": 0, "c": 1, "e": 1, "x": 3, "y": 1}, 0),
    ],
)  # fmt: skip
def test_payoff_shifts(constraint, env, expected):
    assert float(constraint.shift().evaluate(env)) == pytest.approx(expected, abs=1e-12)


# A house of 40, 35 and 25 seats; simple majority needs two blocs, two thirds need 40 with another.
HOUSE = {"left": 40, "right": 35, "centre": 25}


def house(quota, measure="pivotal", scale=1.0, seats=HOUSE):
    blocs = {name: {"seats": n, "utility": f"u_{name}"} for name, n in seats.items()}
    return Ratification(blocs=blocs, quota=quota, measure=measure, scale=scale)


@pytest.mark.parametrize(
    ("quota", "left", "right", "centre", "pivotal", "share"),
    [
        (0.5, 1.0, -1.0, 0.3, 0.3, 0.65 - 0.5),
        (0.5, -1.0, -0.2, 0.3, -0.2, 0.25 - 0.5),
        (0.6, 1.0, 0.5, -2.0, 0.5, 0.75 - 0.6),
        (0.65, -1.0, 0.5, 0.3, -1.0, 0.6 - 0.65),
        (0.65, 0.4, -0.5, 0.3, 0.3, 0.0),
        (2 / 3, 1.0, -0.5, 0.3, -0.5, 0.65 - 2 / 3),
        (1.0, 1.0, 0.5, 0.3, 0.3, 0.0),
        (1.0, 1.0, 0.5, -0.1, -0.1, 0.75 - 1),
        (0.25, -1.0, -0.5, 0.3, 0.3, 0.0),
    ],
)
def test_ratification(quota, left, right, centre, pivotal, share):
    env = {"u_left": left, "u_right": right, "u_centre": centre}
    assert slack(house(quota), **env) == pytest.approx(pivotal, abs=1e-12)
    assert slack(house(quota, scale=4), **env) == pytest.approx(pivotal / 4, abs=1e-12)
    assert slack(house(quota, measure="share"), **env) == pytest.approx(share, abs=1e-12)


def best_coalition(seats, utility, quota):
    """The pivotal utility by definition: over winning coalitions the best least favourable member."""
    best = -INF
    for size in range(1, len(seats) + 1):
        for members in itertools.combinations(range(len(seats)), size):
            if sum(seats[k] for k in members) >= quota * sum(seats):
                best = max(best, min(utility[k] for k in members))
    return best


@settings(max_examples=150, deadline=None)
@given(
    data=st.lists(st.tuples(st.integers(0, 5), st.integers(-3, 3)), min_size=1, max_size=9),
    quota=st.integers(1, 16),
    seen=st.booleans(),
)
def test_the_pivotal_bloc_is_that_of_the_best_winning_coalition(data, quota, seen):
    """Quotas in sixteenths, so that votes against the quota are compared exactly; ties abound.

    Beyond eight blocs votes are counted instead of listing who reaches the quota.
    """
    seats, utility = [s for s, _ in data], [float(u) for _, u in data]
    if not any(seats):
        return
    blocs = {f"b{k}": {"seats": f"{n} * one", "utility": f"u{k}"} for k, n in enumerate(seats)}
    body = Ratification(blocs=blocs, quota=quota / 16)
    one = np.ones((1, 1, 2)) if seen else 1.0
    env = {"one": one, **{f"u{k}": u for k, u in enumerate(utility)}}
    assert np.unique(body.slack(env)).tolist() == [best_coalition(seats, utility, quota / 16)]


@settings(max_examples=60, deadline=None)
@given(
    utility=st.lists(st.integers(-3, 3), min_size=3, max_size=3),
    quota=st.sampled_from([0.3, 0.5, 0.65, 2 / 3, 1.0]),
)
def test_both_measures_agree_on_who_ratifies(utility, quota):
    env = dict(zip(("u_left", "u_right", "u_centre"), utility, strict=True))
    assert (slack(house(quota), **env) >= 0) == (slack(house(quota, "share"), **env) >= -1e-12)


@pytest.mark.parametrize("measure", ["pivotal", "share"])
@pytest.mark.parametrize(
    ("quota", "seats"),
    [
        (0, HOUSE), (-0.1, HOUSE), (1.2, HOUSE),
        (0.5, {"left": 0, "right": 0}), (0.5, {"left": 3, "right": -1}),
    ],
)  # fmt: skip
def test_a_body_without_meaning_has_no_slack(measure, quota, seats):
    env = dict.fromkeys(("u_left", "u_right", "u_centre"), 1.0)
    assert np.isnan(slack(house(quota, measure, seats=seats), **env))


# --- every type: one definition, read everywhere ------------------------------------------------------------

SAMPLES = {
    "audience_cost": AudienceCost(conceded="a", promised="b", rate=1),
    "consent": Consent(clause="c > 0.5", gain="g - 0.2*size", scale=2),
    "enforcement": Enforcement(
        temptation="t*size", punishment="p - t", delta=0.75, clause="c > 0.5"
    ),
    "legal_ban": LegalBan(bans="size - 0.6 > b", exception="e > 0.5", hard="h"),
    "public_opinion": PublicOpinion(support="s - 0.3*size", threshold="t", scale=0.5),
    "ratification": house("0.2 + 0.5*q"),
    "veto_player": VetoPlayer(utility="u - size*v", scale=3),
}
MORE = {
    "counted": Ratification(
        quota="0.2 + 0.5*q",
        blocs={f"b{k}": {"seats": k + 1, "utility": f"u{k % 3} - {k}/9"} for k in range(9)},
    ),
    "share": house("0.2 + 0.5*q", "share"),
    "seats": house("0.2 + 0.5*q", seats={"left": "40 + s", "right": "35 - s", "centre": 25}),
}  # fmt: skip
ALL = SAMPLES | MORE


def test_every_type_has_a_sample():
    assert set(SAMPLES) == set(CONSTRAINTS)
    assert all(
        bool(c.alternatives()) == (c.slacks and name != "counted") for name, c in ALL.items()
    )


@pytest.mark.parametrize(
    "name",
    [
        n if n in SAMPLES and n != "ratification" else pytest.param(n, marks=pytest.mark.slow)
        for n in ALL
    ],
)
def test_every_type_keeps_the_contract(name):
    check_constraint(ALL[name], ranges={"s": (0.3, 1)} if name == "public_opinion" else None)


AFFINE = sorted(set(SAMPLES) - {"audience_cost", "ratification"})


@pytest.mark.parametrize("name", AFFINE)
def test_the_frontier_is_exact_where_a_constraint_is_affine(name):
    ranges = dict.fromkeys("bcdehptuv", (-1, 1)) | {"s": (0.3, 1)}
    own = {} if name in ("legal_ban", "public_opinion") else ranges
    scenario = dispute_with(ALL[name], own or {"s": (0.3, 1)}, {"c": 1.0})
    moved = [n for n in scenario.values if n not in ("c", "b", "e")]
    found = frontier(scenario, vary={moved[0]: None})
    assert found.affine
    assert all(c.exact for c in found.crossings)


# --- in a file ---------------------------------------------------------------------------------------------

FILE = """
parameters: {opposed: {value: 0.6, range: [0, 1]}, quota: {value: 0.5, range: [0.1, 1]}, stake: 0.2}
issues: {deal: {none: {}, trade: {economy: 1}, small: {signed: 1, area: 0.3}, large: {signed: 1, area: 1}}}
outcomes: {treaty: signed, interim: economy}
actors: {tokyo: {role: principal}, moscow: {role: principal}}
payoffs:
  tokyo: {land: area, trade: 0.1*economy}
  moscow: {land: -stake*area, peace: 0.3*signed}
"""
SECTIONS = {
    "duma": "{type: ratification, quota: quota, "
    "blocs: {a: {seats: 60, utility: 0.5 - area}, b: {seats: 40, utility: -1}}}",
    "poll": "{type: public_opinion, support: 1 - opposed*area, threshold: 0.5}",
    "voice": "{type: audience_cost, conceded: area, promised: 0.2, rate: 0.5}",
    "law": "{type: legal_ban, bans: area > 0.5, hard: 0, cost: 0.1}",
    "president": "{type: veto_player, utility: 0.6 - opposed, applies_to: [treaty, interim]}",
}  # fmt: skip


def with_constraints(order):
    lines = "".join(f"    {name}: {SECTIONS[name]}\n" for name in order)
    return loads(f"{FILE}domestic:\n  moscow:\n{lines}", origin="x.yaml")


@settings(max_examples=25, deadline=None)
@given(order=st.permutations(sorted(SECTIONS)))
def test_the_order_in_the_file_never_matters(order):
    theta = np.array([[0.0, 0.4, 0.6, 1.0]])
    found, wanted = (
        compile_dispute(with_constraints(names), ["opposed"]).at(theta)
        for names in (order, sorted(SECTIONS))
    )
    for actor in ("tokyo", "moscow"):
        assert found.payoff(actor) == pytest.approx(wanted.payoff(actor), abs=1e-12)
    slacks = {c.name: found.slack(c) for c in found.dispute.constraints}
    for c in wanted.dispute.constraints:
        assert np.array_equal(slacks[c.name], wanted.slack(c))
    assert climb(found).margin.tolist() == climb(wanted).margin.tolist()


def table(scenario, name):
    dispute = compile_dispute(scenario)
    (c,) = [c for c in dispute.constraints if c.name == name]
    value = np.broadcast_to(dispute.at(np.zeros((0, 1))).slack(c), (4, 1, 1))
    return value[:, 0, 0].tolist()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # agreements: none, trade, small, large; only treaties unless applies_to says otherwise
        ("duma", [INF, INF, 0.2, -0.5]),
        ("poll", [INF, INF, 1 - 0.18 - 0.5, 1 - 0.6 - 0.5]),
        ("president", [INF, 0.0, 0.0, 0.0]),
    ],
)
def test_a_constraint_applies_to_its_outcome_classes_only(name, expected):
    assert table(with_constraints([name]), name) == pytest.approx(expected, abs=1e-12)


def test_shifts_are_added_to_the_payoffs_of_their_actor():
    plain = compile_dispute(with_constraints(["poll"])).terms("moscow")
    terms = compile_dispute(with_constraints(["voice", "law"])).terms("moscow")
    assert {name: terms[name].tolist() for name in plain} == {
        n: v.tolist() for n, v in plain.items()
    }
    assert terms["voice"][:, 0] == pytest.approx([0, 0, -0.05, -0.4], abs=1e-12)
    assert terms["law"][:, 0] == pytest.approx([0, 0, 0, -0.1], abs=1e-12)


def test_an_actor_cannot_have_two_constraints_of_one_name():
    text = f"""{FILE}
domestic: {{moscow: {{same: {{type: veto_player, utility: 7}}}}}}
abroad: {{moscow: {{same: {{type: consent, clause: 1, gain: -9}}}}}}
"""
    with pytest.raises(
        ScenarioError, match=r"11:25: abroad.moscow.same: .* under 'domestic.moscow'"
    ):
        loads(text)
    with pytest.raises(ScenarioError, match=r"domestic.moscow.gain: 'gain' is what results call"):
        loads(text.replace("same", "gain"))


def test_a_quota_swept_beyond_its_meaning_is_an_error_at_its_place():
    dispute = compile_dispute(with_constraints(["duma"]), ["quota"])
    with pytest.raises(NotFiniteError) as caught:
        climb(dispute.at(np.array([[0.5, 1.5]])))
    assert str(caught.value) == (
        "x.yaml:11:11: domestic.moscow.duma: the quota must lie in (0, 1] and seats be at least 0, not all "
        "0: its slack is not a number at agreement 'small', quota=1.5"
    )
