"""Payoffs and slacks as arrays: against plain evaluation, their units, and what is not finite."""

import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.errors import ScenarioError, UsageError
from sim.loading import loads
from sim.payoffs import NotFiniteError, compile_dispute
from sim.scenario.structural import structural_parameters

PARAMETERS = ("a", "b", "c", "d")
ATTRIBUTES = ("signed", "size", "hostile", "derived")


def random_expression(rng, depth=3):
    """A text and a plain Python function of the same meaning, from the parts of the language."""
    kind = rng.choice(
        ["number", "name", "name", "name"] if depth == 0 else ["sum", "product", "call", "choice"]
    )
    if kind == "number":
        value = rng.choice([-2, -0.5, 0, 1, 3])
        return f"({value})", lambda env: value
    if kind == "name":
        name = rng.choice(PARAMETERS + ATTRIBUTES)
        return name, lambda env: env[name]
    (left, f), (right, g) = random_expression(rng, depth - 1), random_expression(rng, depth - 1)
    if kind == "sum":
        return f"({left} - {right})", lambda env: f(env) - g(env)
    if kind == "product":
        return f"({left} * {right})", lambda env: f(env) * g(env)
    if kind == "choice":
        return f"where({left} > 1, {right}, 2)", lambda env: g(env) if f(env) > 1 else 2
    word, call = rng.choice([("abs", abs), ("exp", math.exp)])
    return (
        f"{word}(clip({left}, -3, 3)) * {right}",
        lambda env: call(min(3, max(-3, f(env)))) * g(env),
    )


DEALS = {"none": (0, 0), "small": (1, 0.25), "large": (1, 1)}
STANCES = {"support": 0, "oppose": 1}


def random_dispute(seed):
    rng = random.Random(seed)
    terms = {(actor, k): random_expression(rng) for actor in ("tokyo", "moscow") for k in range(3)}
    terms |= {("washington", 0): random_expression(rng, 2)}
    derived, value_of_derived = random_expression(rng, 1)
    while "derived" in derived or "hostile" in derived:
        derived, value_of_derived = random_expression(rng, 1)
    slack = random_expression(rng)
    lines = ["parameters: {a: 1, b: 0.5, c: -1, d: 2}", "issues:", "  deal:"]
    lines += [f"    {name}: {{signed: {x}, size: {y}}}" for name, (x, y) in DEALS.items()]
    lines += [f"attributes: {{derived: '{derived}'}}", "outcomes: {treaty: signed}", "actors:"]
    lines += ["  tokyo: {role: principal}", "  moscow: {role: principal}"]
    lines += [
        "  washington: {role: third party, stances: {support: {}, oppose: {hostile: 1}}}",
        "payoffs:",
    ]
    for actor in ("tokyo", "moscow", "washington"):
        lines.append(f"  {actor}:")
        lines += [f"    t{k}: '{text}'" for (who, k), (text, _) in terms.items() if who == actor]
    lines.append(f"domestic: {{moscow: {{duma: {{type: veto_player, utility: '{slack[0]}'}}}}}}")
    return "\n".join(lines), terms, value_of_derived, slack[1]


@settings(max_examples=80, deadline=None)
@given(seed=st.integers(0, 10**6), varied=st.permutations(PARAMETERS), count=st.integers(0, 4))
def test_payoffs_and_slacks_are_those_of_plain_evaluation(seed, varied, count):
    text, terms, derived, slack = random_dispute(seed)
    varied, fixed = varied[:count], {"a": 1, "b": 0.5, "c": -1, "d": 2}
    points = np.random.default_rng(seed).integers(-3, 4, (count, 3)) / 2
    dispute = compile_dispute(loads(text), varied)
    batch = dispute.at(points)
    shape = (3, 2, 3)
    payoffs = {actor: np.broadcast_to(batch.payoff(actor), shape) for actor in dispute.payoffs}
    (constraint,) = dispute.constraints
    slacks = np.broadcast_to(batch.slack(constraint), shape)
    for k in range(3):
        for row, (signed, size) in enumerate(DEALS.values()):
            for column, hostile in enumerate(STANCES.values()):
                env = {**fixed, **dict(zip(varied, points[:, k], strict=True))}
                env |= {"signed": signed, "size": size, "hostile": hostile}
                env["derived"] = derived(env)
                for actor, value in payoffs.items():
                    wanted = math.fsum(f(env) for (who, _), (_, f) in terms.items() if who == actor)
                    scale = max(1, abs(wanted))
                    assert abs(value[row, column, k] - wanted) <= 1e-9 * scale * 100, (actor, env)
                wanted = slack(env) if signed else math.inf
                assert slacks[row, column, k] == pytest.approx(wanted, rel=1e-9, abs=1e-9)


FILE = """
parameters: {rate: {value: 2, range: [0, 4]}, mood: {value: 1, range: [-1, 1]}, limit: 1, weight: 3}
issues: {deal: {none: {}, small: {signed: 1, size: 0.25}, large: {signed: 1, size: 1}}}
outcomes: {treaty: signed}
actors:
  tokyo: {role: principal}
  moscow: {role: principal}
  washington: {role: third party, stances: {support: {}, oppose: {hostile: 1}}}
payoffs:
  tokyo: {land: rate*size, split: mood*size}
  moscow: {land: -size, risk: RISK}
  washington: {bases: hostile - size}
"""


def dispute(risk="0", varied=(), settings=None, extra="", text=FILE):
    scenario = loads(text.replace("RISK", risk) + extra, origin="x.yaml")
    return compile_dispute(scenario.with_values(settings or {}), varied)


def test_affine_payoffs_need_no_evaluation_and_others_do():
    assert dispute(varied=["rate", "mood"]).affine
    assert not dispute("mood**2 * size", varied=["rate", "mood"]).affine
    assert dispute("mood**2 * size", varied=["rate"]).affine


def test_units_are_fixed_at_the_files_own_values():
    assert dispute().scales == {"tokyo": 3.0, "moscow": 1.0, "washington": 2.0}
    assert dispute(settings={"rate": 100}).scales["tokyo"] == 3.0
    assert dispute(varied=["rate"]).scales["tokyo"] == 3.0


def test_an_actor_that_is_indifferent_everywhere_has_unit_1():
    assert dispute("size").scales["moscow"] == 1.0


@pytest.mark.parametrize("factor", ["1e-9", "1e9"])
def test_units_follow_the_payoffs(factor):
    text = FILE.replace("rate*size, split: mood*size", f"{factor}*(rate + mood)*size")
    assert dispute(text=text).scales["tokyo"] == pytest.approx(3 * float(factor), rel=1e-12)


# --- values that are not finite ----------------------------------------------------------------------------

AT = "x.yaml:11:31: payoffs.moscow.risk: "


@pytest.mark.parametrize(
    ("risk", "varied", "points", "message"),
    [
        # at one point of the sweep only, and the first such point is named
        ("size/mood", ["mood"], [[-1, 0, 1]], "'size/mood' is not a number at agreement 'none', mood=0"),
        ("log(mood)*signed", ["mood"], [[1, -1]], "'log(mood)*signed' is not a number at"),
        ("sqrt(mood - 0.5)", ["rate", "mood"], [[1, 2], [1, 0]], "is not a number at mood=0, rate=2"),
        ("exp(999*(mood - 1))", ["mood"], [[1, 2]], "'exp(999*(mood - 1))' is infinite at mood=2"),
        # for one agreement, whatever the point
        ("1/(size - 0.25)", ["rate"], [[1, 2]], "is not a number at agreement 'small'"),
        # under one stance
        ("log(0.5 - hostile)", ["rate"], [[1, 2]], "is not a number at washington=oppose"),
        ("log(0.5 - hostile)/mood", ["mood"], [[1, 2]], "is not a number at washington=oppose"),
        ("rate/mood*size", ["rate", "mood"], [[1, 2], [1, 0]], "at agreement 'none', rate=2, mood=0"),
    ],
)  # fmt: skip
def test_a_term_without_finite_value_is_named_with_its_place_and_point(
    risk, varied, points, message
):
    with pytest.raises(NotFiniteError) as caught:
        dispute(risk, varied).at(np.array(points, dtype=float)).payoff("moscow")
    assert str(caught.value).startswith(AT)
    assert message in str(caught.value)


def test_the_files_own_values_must_be_finite_even_where_others_are_set():
    with pytest.raises(
        NotFiniteError,
        match=r"not a number at agreement 'none', mood=1 \(at the file's own values\)",
    ):
        dispute("size/(mood - 1)", settings={"mood": 0.5})


def test_a_sum_that_overflows_is_an_error():
    with pytest.raises(
        NotFiniteError,
        match=r"payoffs.tokyo: the sum of its terms is infinite at agreement 'large', rate=1e\+308, ",
    ):
        dispute(varied=["rate", "mood"], text=FILE.replace("rate*size", "5*rate*size")).at(
            np.array([[1e308], [1.7e308]])
        ).payoff("tokyo")


def test_payoffs_too_far_apart_for_numbers_are_refused():
    with pytest.raises(
        UsageError,
        match=r"x.yaml:11:11: payoffs.moscow: the payoffs spread from -1.7e\+308 to 1.7e\+308",
    ):
        text = FILE.replace("land: -size", "land: '1.7*where(size < 1, 1, -1)*scale'")
        dispute(text=text.replace("limit: 1,", "scale: 1.0e+308, limit: 1,"))


def test_a_shift_counts_only_where_its_constraint_applies():
    """1/size has no value at the status quo, where no treaty is signed and no audience is disappointed."""
    extra = "domestic: {moscow: {voice: {type: audience_cost, conceded: 1/size, promised: 0, rate: 1}}}\n"
    terms = dispute(extra=extra).terms("moscow")
    assert terms["voice"][:, 0].tolist() == [0, -4, -1]


@pytest.mark.parametrize(
    "constraint",
    [
        "type: legal_ban, cost: 2, bans: '" + "(" * 40 + "size" + ")" * 40 + "'",
        "type: audience_cost, conceded: 284*size, rate: 1, promised: '" + "size + " * 282 + "0'",
        "type: audience_cost, conceded: 2*size, rate: 1, promised: '" + "0*size + " * 200 + "0'",
    ],
)
def test_expressions_may_be_long_together(constraint):
    """The limits of the language are for what a file says, not for what a constraint makes of it."""
    terms = dispute(extra=f"domestic: {{moscow: {{rule: {{{constraint}}}}}}}\n").terms("moscow")
    assert terms["rule"][:, 0] == pytest.approx([0, -2 if "legal" in constraint else -0.5, -2])


# --- what a sweep cannot vary ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("extra", "path"),
    [
        ("rule_out: [size > limit]", "limit"),
        ("attributes: {far: size - limit}\nrule_out: [far > 0]", "limit"),
        ("game: [{offer: tokyo, menu: size < weight}, moscow.reply]", "weight"),
    ],
)
def test_parameters_that_decide_which_agreements_exist_cannot_be_varied(extra, path):
    scenario = loads(FILE.replace("RISK", "0") + extra, origin="x.yaml")
    assert structural_parameters(scenario.document) == {path}
    with pytest.raises(UsageError, match=f"{path}: decides which agreements exist"):
        compile_dispute(scenario, [path])
    assert len(compile_dispute(scenario.with_values({path: 0.5})).space) >= 2


def test_a_parameter_of_an_outcome_rule_cannot_be_varied_either():
    text = FILE.replace("treaty: signed", "treaty: signed and size < limit")
    assert structural_parameters(loads(text.replace("RISK", "0")).document) == {"limit"}


def test_an_unknown_parameter_is_suggested():
    with pytest.raises(UsageError, match=r"unknown parameter 'moood'; did you mean 'mood'\?"):
        dispute(varied=["moood"])


def test_too_many_stances_are_refused():
    third = "".join(
        f"  w{k}: {{role: third party, stances: {{a: {{}}, b: {{}}}}}}\n" for k in range(13)
    )
    text = FILE.replace("payoffs:", third + "payoffs:")
    text += "".join(f"  w{k}: {{x: 0}}\n" for k in range(13))
    with pytest.raises(
        ScenarioError, match=r"^x\.yaml:\d+:\d+: actors: the stances combine to more than 4,096"
    ):
        dispute(text=text)
