"""Preference statements rank states: by hand, against Python's own logic, and what is wrong said in place.

Sources. ELMIRA: the rankings of Hipel, Fang, Kilgour & Haight (1993), which the statements must imply.
SMALL: worked by hand from the definition (Fang, Hipel, Kilgour & Peng 2003).
"""

from itertools import product
from random import Random

import numpy as np
import pytest
import sim
from sim.errors import ScenarioError
from sim.scenario.sections.conflict import ConflictSection
from sim.scenario.sections.preference_statements import truth

PUBLISHED = {
    "moe": [7, 3, 4, 8, 5, 1, 2, 6, 9],
    "uniroyal": [1, 4, 8, 5, 9, 3, 7, 2, 6],
    "local": [7, 3, 5, 1, 8, 6, 4, 2, 9],
}


def test_the_statements_of_elmira_imply_the_published_rankings() -> None:
    section = sim.load("classics/elmira").document.conflict
    assert set(section.statements) == {"moe", "local"}
    for actor, ranking in PUBLISHED.items():
        assert [[s] if isinstance(s, str) else s for s in section.ranking(actor)] == [
            [str(s)] for s in ranking
        ]


def section(**statements):
    """Two actors, three options: a can arm or talk, b can arm; patterns are a.arm, talk, b.arm."""
    return ConflictSection(
        options={"a": ["arm", "talk"], "b": ["arm"]},
        infeasible=["YY-"],
        statements={"a": ["talk"], "b": ["talk"], **statements},
    )


@pytest.mark.parametrize(
    ("statements", "ranking"),
    [
        (["talk"], [["NYN", "NYY"], ["NNN", "YNN", "NNY", "YNY"]]),
        # b.arm false first; among those talk; among the rest being armed oneself.
        (
            ["not b.arm", "talk", "a.arm"],
            [["NYN"], ["YNN"], ["NNN"], ["NYY"], ["YNY"], ["NNY"]],
        ),
        # true unless b arms and a does not: all but NNY and NYY
        (["a.arm if b.arm"], [["NNN", "YNN", "NYN", "YNY"], ["NNY", "NYY"]]),
        (["a.arm iff b.arm", "talk"], [["NYN"], ["NNN", "YNY"], ["NYY"], ["YNN", "NNY"]]),
        # "not" binds before "and", "and" before "or"
        (["not talk and b.arm or a.arm"], [["YNN", "NNY", "YNY"], ["NNN", "NYN", "NYY"]]),
        (["not (talk and b.arm)"], [["NNN", "YNN", "NYN", "NNY", "YNY"], ["NYY"]]),
        (["Talk or talk"], None),
        (["'talk' AND not \"b.arm\""], [["NYN"], ["NNN", "YNN", "NNY", "YNY", "NYY"]]),
    ],
)
def test_by_hand(statements, ranking) -> None:
    if ranking is None:
        with pytest.raises(ValueError, match="'Talk' is not an option; did you mean 'talk'"):
            section(a=statements)
        return
    assert section(a=statements).ranking("a") == ranking


def test_statements_give_what_their_ranking_gives() -> None:
    head = "conflict: {options: {row: [C], column: [C]}, preferences: {column: [YN, YY, NN, NY]}, "
    # To be met by cooperation first, then not to cooperate: NY, YY, NN, YN.
    said = sim.loads(head + "statements: {row: [column.C, not row.C]}}")
    listed = sim.loads(head.replace("{column: [", "{row: [NY, YY, NN, YN], column: [")[:-2] + "}")
    for concept in ("gmcr_nash", "seq", "simultaneous"):
        one, two = (sim.solve(s, concept)[0].to_dict() for s in (said, listed))
        assert one == two


def formula(rng: Random, depth: int) -> tuple[str, str]:
    """A random statement, and the same for Python."""
    kind = rng.randrange(6) if depth else 0
    if kind == 0:
        name = rng.choice(["x", "y", "z now"])
        return name, name[0]
    left, right = formula(rng, depth - 1), formula(rng, depth - 1)
    if kind == 1:
        return f"not ({left[0]})", f"(not ({left[1]}))"
    word = ["and", "or", "if", "iff"][kind - 2]
    python = {"if": "({0}) or not ({1})", "iff": "bool({0}) == bool({1})"}
    mine = python.get(word, f"({{0}}) {word} ({{1}})").format(left[1], right[1])
    return f"({left[0]}) {word} ({right[0]})", f"({mine})"


@pytest.mark.parametrize("seed", range(40))
def test_truth_is_that_of_python(seed: int) -> None:
    statement, python = formula(Random(seed), 4)
    found = truth(statement, ["x", "y", "z now"].index, np.arange(8))
    values = [
        dict(zip("xyz", bits[::-1], strict=True)) for bits in product([False, True], repeat=3)
    ]
    assert found.tolist() == [bool(eval(python, {}, value)) for value in values]


@pytest.mark.parametrize("seed", range(10))
def test_the_first_difference_decides(seed: int) -> None:
    """Every pair of states, compared statement by statement."""
    rng = Random(seed)
    statements = [formula(rng, 2)[0].replace("z now", "z") for _ in range(rng.randint(1, 4))]
    conflict = ConflictSection(
        options={"a": ["x", "y"], "b": ["z"]}, statements={"a": statements, "b": ["z"]}
    )
    level = {s: k for k, group in enumerate(conflict.ranking("a")) for s in group}
    held = {
        s: [truth(t, ["x", "y", "z"].index, np.array([code]))[0] for t in statements]
        for code, s in enumerate(conflict.state_patterns)
    }
    for one, two in product(held, repeat=2):
        differ = [bool(p) for p, q in zip(held[one], held[two], strict=True) if p != q]
        assert (level[one] < level[two]) == (differ[:1] == [True])


FILE = """
conflict:
  options: {us: [press], them: [press, yield]}
  statements: {us: [%s], them: [yield]}
"""


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("yeild", "us: 'yeild' is not an option; did you mean 'yield'?"),
        ("press", "us: several actors have an option 'press'; write actor.press"),
        ("yield and", "us: 'yield and' is no statement: an option is missing at its end"),
        ("or yield", "us: 'or yield' is no statement: an option is missing before 'or'"),
        ("(yield", "us: '(yield' is no statement: a parenthesis is not closed"),
        ("yield) or yield", "us: 'yield) or yield' is no statement: ')' is not expected here"),
        ("not 'yield", "us: 'not 'yield' is no statement: a quotation mark is not closed"),
        ("yield if yield if yield", "'if' is not expected here"),
        ("not " * 40 + "yield", "more than 30 levels inside one another"),
        ("", "'us' has no statement"),
    ],
)
def test_what_is_wrong_is_said_once(statement: str, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        sim.loads(FILE % (f'"{statement}"' if statement else ""))
    assert str(caught.value).startswith("<text>:4:15: conflict.statements: ")
    assert str(caught.value).endswith(message)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "statements: {a: [x], b: [x]}, preferences: {a: [NN, YN, NY, YY]}",
            "'a' has a ranking and statements",
        ),
        ("statements: {a: [x], b: [x], c: [x]}", "'c' is not an actor"),
        ("statements: {a: [x]}", "the ranking of 'b' is missing"),
        (
            "payoffs: {a: {NN: 0, YN: 1, NY: 2, YY: 3}}, statements: {a: [x], b: [x]}",
            "'a' has statements and payoffs",
        ),
        (
            "states: {s: N-, t: Y-}, statements: {a: [x], b: ['y']}",
            "true in some combinations of options that state 's'",
        ),
    ],
)
def test_what_does_not_go_together(text: str, message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        sim.loads(f"conflict: {{options: {{a: [x], b: ['y']}}, {text}}}")


def test_listed_states_have_no_options_to_speak_of() -> None:
    text = "conflict: {states: [s, t], moves: {a: {s: [t]}}, statements: {a: [x]}}"
    with pytest.raises(ScenarioError, match="statements need states that are made of options"):
        sim.loads(text)
