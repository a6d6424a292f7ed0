"""Both engines against the definitions: the same answers to the last bit, ties and all."""

from dataclasses import fields
from pathlib import Path
from shutil import copy
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sim.errors import UsageError
from sim.feasibility import engines, evaluate_all, prepare
from sim.feasibility.compiled import source_of
from sim.feasibility.engines import Chosen, engine_for
from sim.feasibility.evaluate import WORTH, evaluate, evaluate_answered
from sim.feasibility.on_card import CardScreen
from sim.feasibility.screening.printed import names_of
from sim.loading import load, loads
from sim.payoffs import NotFiniteError
from sim.scenario.structural import structural_parameters

pytest.importorskip("llvmlite")

GAMES = (
    "",
    "ultimatum",
    "offer_reply",
    "demand",
    "strategic",
    "[washington.stance, {offer: tokyo}, {reply: moscow}, beijing.stance, ratify]",
    "[{offer: tokyo}, {reply: moscow}, {offer: moscow}, {reply: tokyo}]",
    "[{offer: tokyo}, {reply: moscow}, {implement: moscow, reneging: {moscow: 1, tokyo: -3}}]",
    "[{offer: tokyo}, {reply: moscow}, {ratify: {noise: 1.5}}]",
    "[{offer: tokyo}, {reply: moscow}, {ratify: {noise: 1 + push**2}},"
    " {implement: moscow, reneging: {moscow: push**2 - economy, tokyo: -3}}]",
    "[{offer: tokyo}, [{reply: moscow}, washington.stance], ratify]",
    "[{offer: tokyo}, {reply: moscow}, washington.stance, {offer: moscow}, {reply: tokyo},"
    " beijing.stance, ratify]",
    "[washington.stance, {offer: tokyo}, {reply: moscow}, [{offer: moscow}, beijing.stance],"
    " {reply: tokyo}, {ratify: {noise: 1.5}}, {implement: moscow, reneging: {moscow: 1, tokyo: -3}}]",
    "[{offer: tokyo}, {reply: moscow}, {offer: moscow}, {reply: tokyo}, {offer: tokyo}, {reply: moscow}]",
    "[washington.stance, {demand: tokyo}, {demand: moscow}, beijing.stance]",
    "[[{demand: tokyo}, washington.stance, {demand: moscow}], beijing.stance, ratify]",
)
RUNGS = (
    (),
    ("home",),
    ("home", "abroad"),
    ("abroad", "enforcement"),
    ("home", "home", "enforcement"),
)
KURIL = Path(__file__).parents[2] / "scenarios" / "kuril" / "2018.yaml"


def arrays(record, prefix=""):
    """Every array of a record of records, by name."""
    for field in fields(record):
        value = getattr(record, field.name)
        if isinstance(value, np.ndarray):
            yield f"{prefix}{field.name}", value
        elif isinstance(value, dict):
            yield from ((f"{prefix}{field.name}.{key}", v) for key, v in value.items())
        elif hasattr(value, "__dataclass_fields__"):
            yield from arrays(value, f"{prefix}{field.name}.")


def assert_same(problem, theta, engines=("numpy", "compiled")):
    expected = dict(arrays(evaluate(problem, theta)))
    for engine in engines:
        found = dict(arrays(evaluate_all(problem, theta, engine=engine)))
        assert found.keys() == expected.keys()
        for name, value in expected.items():
            same = np.array_equal(found[name], value, equal_nan=value.dtype.kind == "f")
            assert same, (engine, name)


DRAWN = {
    "seed": st.integers(0, 10**6),
    "game": st.sampled_from(GAMES),
    "stances": st.sampled_from([(2,), (3,), (2, 2), (3, 2)]),
    "rungs": st.sampled_from(RUNGS),
}


@settings(max_examples=12, deadline=None)
@given(**DRAWN)
@example(seed=3, game="demand", stances=(2, 2), rungs=())
def test_the_same_on_tables_full_of_ties(tables, seed, game, stances, rungs):
    """Few integer values: ties everywhere, third parties and stages without a pure equilibrium."""
    same_on_tables(tables, seed, game, stances, rungs)


@pytest.mark.parametrize("game", [g for g in GAMES if g.count("offer") > 1 > g.count("beijing")])
def test_games_of_several_offers_are_decided_where_nothing_ties(tables, untied, game):
    theta, sure = np.linspace(-3, 3, 32)[None], []
    for seed in range(3):
        t = tables(seed, stances=(2,), agreements=6, game=game)
        problem = prepare(loads(untied(t, seed).text()), ["push"])
        assert_same(problem, theta, ("numpy",))
        sure.append(problem.backends.numpy.run(theta)[1].mean())
    assert np.mean(sure) > 0.8


STATUS_QUOS = {
    "to whom it is all the same": lambda actor, s, own: s if actor in PRINCIPALS else 0,
    "one of whom cares": lambda actor, s, own: (
        s if actor in PRINCIPALS else own * (actor == "beijing")
    ),
    "who each have a best stance": lambda actor, s, own: s if actor in PRINCIPALS else own,
    "who look at each other": lambda actor, s, own: s,
}
PRINCIPALS = ("tokyo", "moscow", "seoul")


@pytest.mark.parametrize("kind", STATUS_QUOS)
@pytest.mark.parametrize("game", ["", "ultimatum", "offer_reply", "demand", GAMES[4], GAMES[8]])
def test_third_parties_under_the_status_quo(tables, untied, kind, game):
    """Several stances of the status quo that matter to principals, and what is predicted there."""
    theta, sure = np.linspace(-3, 3, 32)[None], []
    for seed in range(2):
        t = tables(seed, principals=2 + (seed if not game else 0), stances=(2, 2), game=game)
        t = untied(t, seed, STATUS_QUOS[kind])
        problem = prepare(loads(t.text()), ["push"])
        assert_same(problem, theta, ("numpy",))
        sure.append(problem.backends.numpy.run(theta)[1].mean())
    assert max(sure) > 0.8


@pytest.mark.slow
@settings(max_examples=500, deadline=None)
@given(**DRAWN)
def test_the_same_on_many_tables_full_of_ties(tables, seed, game, stances, rungs):
    """The same on 500 disputes."""
    same_on_tables(tables, seed, game, stances, rungs)


def same_on_tables(tables, seed, game, stances, rungs):
    stances = (2, 2) if "beijing" in game else stances
    principals = 2 + (seed % 2 if not game else 0)
    t = tables(seed, principals=principals, stances=stances, rungs=rungs, game=game)
    problem = prepare(loads(t.text()), ["push"])
    pushes = np.concatenate([np.arange(-3, 4), np.linspace(-3, 3, 84)])
    assert_same(problem, pushes[None])


def test_the_same_where_third_parties_move_with_the_parameters(tables):
    """Stances that change from point to point, some without any pure equilibrium."""
    for seed in range(2):
        text = tables(seed, stances=(3, 2), rungs=("home", "abroad"), game="ultimatum").text()
        for actor, stance in (("washington", "s1"), ("beijing", "s0")):
            text = text.replace(
                f"  {actor}:\n    on_p0", f"  {actor}:\n    moved: push*{actor}.{stance}\n    on_p0"
            )
        problem = prepare(loads(text), ["push"])
        assert problem.dispute.payoffs["washington"].matrix[:, 1:].any()
        assert_same(problem, np.linspace(-3, 3, 135)[None])


def test_the_same_where_a_treaty_is_signed_under_several_stances():
    """c is as well off with either of two stances, under both of which the treaty comes about."""
    text = """
parameters: {x: {value: 1, range: [0.5, 2]}}
issues: {deal: {none: {}, all: {signed: 1}}}
outcomes: {treaty: signed}
actors:
  a: {role: principal}
  b: {role: principal}
  c: {role: third party, stances: {loud: {noise: 1}, calm: {}, mild: {}}}
payoffs: {a: {gain: x*signed}, b: {gain: x*signed}, c: {noise: -noise}}
game: [c.stance, {offer: a}, {reply: b}]
"""
    problem, theta = prepare(loads(text), ["x"]), np.linspace(0.5, 2, 16)[None]
    assert evaluate(problem, theta).prediction.treaty.all()
    assert_same(problem, theta)


def drawn(scenario, varied, points):
    """A scenario compiled for some parameters, and random points within their ranges."""
    ranges = np.array([scenario.range_of(path) for path in varied]).reshape(-1, 2)
    share = np.random.default_rng(0).random((len(varied), points))
    return prepare(scenario, varied), ranges[:, :1] + share * (ranges[:, 1:] - ranges[:, :1])


def swept(scenario):
    fixed = structural_parameters(scenario.document)
    return [
        path
        for path, p in scenario.document.parameters.items()
        if p.range and p.range[0] < p.range[1] and path not in fixed
    ]


DISPUTES = [
    path
    for path in sorted(KURIL.parents[1].glob("*/*.yaml"))
    if (document := load(path).document).form == "dispute" and not document.private
]
COMPILED = {"2018", "japan-russia-1875", "russia-china-2004", "russia-norway-2010"}


@pytest.mark.parametrize("path", DISPUTES, ids=lambda p: p.stem)
@pytest.mark.parametrize("count", [2, 1000])
def test_the_same_on_shipped_files(path, count):
    """Both engines; the compiled one on some, since compiling takes a second."""
    scenario = load(path)
    problem, theta = drawn(scenario, swept(scenario)[:count], 64)
    assert_same(problem, theta, ("numpy", "compiled") if path.stem in COMPILED else ("numpy",))


def kuril(points):
    """The large file with everything varied, and random points."""
    scenario = load(KURIL)
    return drawn(scenario, swept(scenario), points)


def test_the_large_file_is_decided_by_compiled_code():
    """Only points near a tie are left to the definitions."""
    problem, theta = kuril(300)
    values, sure = problem.backends.machine(wait=True).run(theta[:, :296])
    assert sure.mean() > 0.95
    assert not problem.backends.reason
    assert np.isfinite(values["margin"]).all()


GAMES_OF_KURIL = {
    "chance": "[{offer: tokyo}, {reply: moscow}, [washington.stance, beijing.stance],"
    " {ratify: {noise: 0.1}}]",
    "reneging": "[{offer: tokyo}, {reply: moscow}, [washington.stance, beijing.stance], ratify,"
    " {implement: moscow, reneging: {moscow: 0.1, tokyo: -1}}]",
    "two offers": "[{offer: tokyo}, {reply: moscow}, {offer: moscow}, {reply: tokyo},"
    " [washington.stance, beijing.stance], ratify]",
    "commitments": "[washington.stance, {offer: tokyo}, {reply: moscow}, beijing.stance, ratify]",
}


@pytest.mark.parametrize("kind", GAMES_OF_KURIL)
def test_games_of_every_kind_are_decided_by_the_engines(kind, tmp_path):
    """The large file with chance, reneging or an early stance: both engines, and hardly a point left."""
    for name in ("2018.yaml", "base.yaml"):
        copy(KURIL.with_name(name), tmp_path)
    (tmp_path / "game.yaml").write_text(f"extends: 2018.yaml\ngame: {GAMES_OF_KURIL[kind]}\n")
    scenario = load(tmp_path / "game.yaml")
    problem = prepare(scenario, ["moscow.nationalism", "tokyo.minimum"])
    theta = np.random.default_rng(0).random((2, 48))
    assert_same(problem, theta)
    assert problem.backends.machine(wait=True).run(theta)[1].mean() > 0.95


def test_points_without_an_answer_are_named_as_before():
    text = """
parameters: {x: {value: 1, range: [0, 2]}}
issues: {deal: {none: {}, all: {signed: 1}}}
outcomes: {treaty: signed}
actors: {a: {role: principal}, b: {role: principal}}
payoffs: {a: {gain: signed/x - 0.1}, b: {gain: signed}}
"""
    problem, theta = prepare(loads(text, origin="x.yaml"), ["x"]), np.array([[1.0, 0.0, 2.0]])
    words = set()
    for engine in ("numpy", "compiled"):
        with pytest.raises(NotFiniteError) as caught:
            evaluate_all(problem, theta, engine=engine)
        words.add(str(caught.value))
    with pytest.raises(NotFiniteError) as caught:
        evaluate(problem, theta)
    assert words == {str(caught.value)}


@pytest.mark.parametrize("term", ["log(x - signed/2)", "sqrt(x - signed)", "signed/(x - signed)"])
def test_terms_without_a_value_somewhere_are_named_by_every_engine(term):
    """Terms that are not sums of products, with values at some agreements and points only."""
    text = f"""
parameters: {{x: {{value: 1.6, range: [0, 2]}}}}
issues: {{deal: {{none: {{}}, all: {{signed: 1}}}}}}
outcomes: {{treaty: signed}}
actors: {{a: {{role: principal}}, b: {{role: principal}}}}
payoffs: {{a: {{gain: "{term}"}}, b: {{gain: signed}}}}
"""
    problem = prepare(loads(text), ["x"])
    assert_same(problem, np.array([[1.7, 1.6, 1.9]]))
    for engine in ("numpy", "compiled"):
        with pytest.raises(NotFiniteError, match=r"payoffs\.a\.gain"):
            evaluate_all(problem, np.array([[1.7, 0.5, 0.2, 1.0]]), engine=engine)


@pytest.mark.parametrize("stances", [20, pytest.param(120, marks=pytest.mark.slow)])
def test_the_same_with_many_stance_profiles(crowded, stances):
    """They are computed in loops."""
    problem, theta = prepare(loads(crowded(stances)), ["x"]), np.linspace(0, 1, 64)[None]
    assert_same(problem, theta)
    machine = problem.backends.machine(wait=True)
    found = machine.run(theta)
    assert len(machine.source.text) < 200_000
    assert found[1].mean() > 0.9
    assert len(np.unique(found[0]["cell"])) > 3


def printed_for_the_processor(screen, dispute):
    return source_of(screen, dispute.shape[0])


def printed_for_a_card(screen, dispute):
    return CardScreen(screen, dispute, SimpleNamespace(function=lambda kernel: kernel)).kernel


@pytest.mark.parametrize(
    "text", [printed_for_the_processor, pytest.param(printed_for_a_card, marks=pytest.mark.slow)]
)
def test_code_for_many_profiles_is_printed(crowded, text):
    """Chains of operations as long as there are profiles: no text is made by recursion along them."""
    problem = prepare(loads(crowded(200)), ["x"])
    screen = problem.backends.screen
    assert text(screen, problem.dispute).outputs == len(names_of(screen))


def test_points_without_an_answer_are_told_from_the_others_in_one_pass():
    """What fails is asked of the points alone at which the screen is unsure: x = 0, and a tie at x = 1."""
    text = """
parameters: {x: {value: 2, range: [0, 2]}}
issues: {deal: {none: {}, all: {signed: 1}}}
outcomes: {treaty: signed}
actors: {a: {role: principal}, b: {role: principal}}
payoffs: {a: {gain: signed*log(x)}, b: {gain: signed}}
"""
    problem = prepare(loads(text), ["x"])
    theta = np.array([[0.0, 0.5, 1.0, 1.5, 0.0, 2.0, 0.25]])
    expected = dict(arrays(evaluate(problem, theta[:, [1, 2, 3, 5, 6]])))
    for engine in ("numpy", "compiled", "definitions"):
        asked = []

        def failing(_, some, asked=asked):
            asked.extend(some[0])
            return {int(k): "no logarithm" for k in np.flatnonzero(some[0] == 0)}

        found, failed = evaluate_answered(problem, theta, failing, engine=engine)
        assert failed == {0: "no logarithm", 4: "no logarithm"}
        assert asked == ([*theta[0]] if engine == "definitions" else [0, 1, 0])
        for name, value in arrays(found):
            assert np.array_equal(value, expected[name]), name


def test_engine_by_the_size_of_the_work(tables):
    problem = prepare(loads(tables(0).text()), ["push"])
    assert engine_for("auto", problem, 1000) == Chosen("auto", "too few points to compile for")
    assert engine_for("auto", problem, WORTH).engine == "background"
    assert engine_for("compiled", problem, 1).engine == "compiled"
    assert engine_for("numpy", problem, WORTH).engine == "numpy"
    old = engine_for("fast", problem, 1)
    assert (old.engine, old.note) == ("compiled", "the engine 'fast' is called 'compiled' now")
    with pytest.raises(UsageError, match="did you mean 'compiled'"):
        engine_for("compield", problem, 1)


def test_what_cannot_be_compiled_is_said(tables):
    game = "[{offer: tokyo}, [{reply: moscow}, {offer: moscow}], {reply: tokyo}]"
    problem = prepare(loads(tables(0, stances=(2,), game=game).text()), ["push"])
    why = "an offer that is made at the same time as a reply to another"
    assert engine_for("auto", problem, WORTH) == Chosen("numpy", why)
    with pytest.raises(UsageError, match=f"cannot be used: {why}"):
        engine_for("compiled", problem, 1)


def test_what_to_do_without_the_extra(tables, monkeypatch):
    monkeypatch.setattr(engines, "available", lambda: False)
    problem = prepare(loads(tables(0).text()), ["push"])
    with pytest.raises(UsageError, match="treatysim\\[fast\\]"):
        engine_for("compiled", problem, 1)
    assert engine_for("auto", problem, WORTH).engine == "numpy"


def test_a_compiler_that_fails_costs_nothing_but_time(tables, monkeypatch):
    problem = prepare(loads(tables(0).text()), ["push"])
    theta = np.linspace(-3, 3, 32)[None]

    def fails(*_):
        raise OSError("no room")

    monkeypatch.setattr("sim.feasibility.compiled.Machine", fails)
    with pytest.warns(RuntimeWarning, match="so numpy computes: OSError: no room"):
        found = evaluate_all(problem, theta, engine="compiled")
    assert np.array_equal(found.ladder.margin, evaluate(problem, theta).ladder.margin)
