"""Conflicts from files: states and moves from options, and what is wrong said in place."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from ruamel.yaml import YAML
from sim._kernels.graph_model import joint_moves
from sim.errors import UsageError
from sim.games._states_from_options import derive_moves
from sim.games.conflict import Conflict, coalition_improvements, from_section
from sim.scenario.sections.conflict import ConflictSection
from sim.solutions import get

CLASSICS = Path(__file__).parents[2] / "scenarios" / "classics"


def read(name: str) -> Conflict:
    data = YAML(typ="safe", pure=True).load((CLASSICS / name).read_text(encoding="utf-8"))
    return from_section(ConflictSection.model_validate(data["conflict"]), title=data["title"])


@pytest.mark.parametrize(
    ("name", "concept", "stable"),
    [
        ("cuban-missile-crisis.yaml", "gmcr_nash", []),
        ("cuban-missile-crisis.yaml", "seq", ["4", "6"]),
        ("elmira.yaml", "gmcr_nash", ["5", "8", "9"]),
        ("elmira.yaml", "smr", ["1", "4", "5", "8", "9"]),
        ("prisoners-dilemma-gmcr.yaml", "gmcr_nash", ["NN"]),
        ("prisoners-dilemma-gmcr.yaml", "seq", ["NN", "YY"]),
    ],
)
def test_shipped_files_give_the_published_equilibria(name, concept, stable) -> None:
    assert [e.outcome for e in get(concept)(read(name)).equilibria] == stable


def test_shipped_elmira_has_the_equilibrium_jump() -> None:
    assert coalition_improvements(read("elmira.yaml"), ["moe", "uniroyal"])["5"] == ("8",)


SECTION = {
    "options": {"us": ["strike", "block"], "ussr": ["leave"]},
    "preferences": {"us": [1, 2], "ussr": [[1, 2]]},
    "states": {1: "NNN", 2: "Y--"},
}


def test_numbers_name_states_and_ties_share_a_rank() -> None:
    conflict = from_section(ConflictSection.model_validate(SECTION))
    assert conflict.states == ("1", "2")
    assert conflict.profile().tolist() == [[2, 1], [1, 1]]


@pytest.mark.parametrize(
    ("change", "place", "message"),
    [
        ({"states": {"1": "NN", "2": "YNN"}}, "states", "'NN' must be 3 letters"),
        ({"infeasible": ["YNX"]}, "infeasible", "'YNX' must be 3 letters"),
        ({"irreversible": ["leav"]}, "irreversible", "did you mean 'leave'"),
        ({"irreversible": [{"from": "Y", "to": "NNN"}]}, "irreversible", "'Y' must be 3"),
        ({"moves": {"us": {"1": ["3"]}}}, "moves", "'3' is not a state"),
        ({"moves": {"us": {"1": ["1"]}}}, "moves", "to itself"),
        ({"preferences": {"us": ["1", "2"]}}, "preferences", "ranking of 'ussr' is missing"),
        ({"preferences": {"us": ["1"], "ussr": ["1", "2"]}}, "preferences", "left out: 2"),
        ({"preferences": {"us": ["1", "2", "2"], "ussr": ["1", "2"]}}, "preferences", "2 times"),
        ({"options": {"us": ["x", "x"], "ussr": ["y"]}}, "options", "an option twice"),
        ({"options": {}, "states": ["1", "2"]}, "preferences", "needs options, or states and"),
        ({"options": {"us": [f"o{k}" for k in range(17)]}}, "options", "at most 16"),
        ({"moves": {"china": {"1": ["2"]}}}, "moves", "'china' is not an actor"),
    ],
)
def test_problems_are_named_at_their_place(change, place, message) -> None:
    with pytest.raises(ValidationError) as caught:
        ConflictSection.model_validate(SECTION | change)
    assert any(e["loc"] == (place,) and message in e["msg"] for e in caught.value.errors())


def test_an_option_of_several_actors_is_named_with_its_owner() -> None:
    both = {
        "options": {"a": ["arm"], "b": ["arm"]},
        "preferences": {k: ["NN", "YN", "NY", "YY"] for k in "ab"},
    }
    with pytest.raises(ValidationError, match=r"write actor\.arm"):
        ConflictSection.model_validate(both | {"irreversible": ["arm"]})
    moves = from_section(ConflictSection.model_validate(both | {"irreversible": ["b.arm"]})).moves
    assert moves[0, 0, 1] and moves[0, 1, 0]
    assert moves[1, 0, 2] and not moves[1, 2, 0]


def test_a_change_can_be_barred_by_patterns() -> None:
    section = ConflictSection(
        options={"a": ["x", "y"]},
        preferences={"a": ["NN", "YN", "NY", "YY"]},
        irreversible=[{"from": "Y-", "to": "-Y"}],
    )
    starts, ends = np.nonzero(from_section(section).moves[0])
    assert set(zip(starts.tolist(), ends.tolist(), strict=True)) == {
        (0, 1), (0, 2), (0, 3), (1, 0), (2, 0), (2, 1), (2, 3), (3, 0), (3, 1)
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"states": {"1": "NN-", "2": "N--"}}, "'1' and '2' share a combination"),
        ({"infeasible": ["Y--"]}, "state '2' .* ruled out"),
    ],
)
def test_contradicting_states(change, message) -> None:
    with pytest.raises(UsageError, match=message):
        from_section(ConflictSection.model_validate(SECTION | change))


def test_too_many_states_are_refused_with_a_way_out() -> None:
    with pytest.raises(ValidationError, match="more than 512 feasible states; rule more out"):
        ConflictSection(options={"a": [f"o{k}" for k in range(10)]}, preferences={"a": ["N" * 10]})


def test_rankings_must_fit_the_states_that_options_make() -> None:
    options = {"a": ["x", "y"]}
    with pytest.raises(ValidationError, match=r"'YY' is not a state.*left out: NY"):
        ConflictSection(options=options, infeasible=["YY"], preferences={"a": ["NN", "YN", "YY"]})


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32 - 1))
def test_derived_moves_change_only_own_options(seed) -> None:
    rng = np.random.default_rng(seed)
    owned = {"a": ["p", "q"], "b": ["r"], "c": ["s"]}
    barred = ["".join(rng.choice(list("YN-"), 4)) for _ in range(2)]
    locked = [name for name in "pqrs" if rng.random() < 0.5]
    section = ConflictSection.model_construct(
        options=owned, states={}, infeasible=barred, irreversible=locked, moves={}, preferences={}
    )
    patterns = list(section.state_patterns)
    moves = derive_moves(section, section.state_patterns)
    place = dict(zip("pqrs", range(4), strict=True))
    for i, names in enumerate(owned.values()):
        for s, start in enumerate(patterns):
            for t, end in enumerate(patterns):
                changed = {n for n in "pqrs" if start[place[n]] != end[place[n]]}
                undone = any(start[place[n]] == "Y" for n in changed & set(locked))
                legal = bool(changed) and changed <= set(names) and not undone
                assert moves[i, s, t] == legal


def test_a_group_of_one_moves_once_and_the_empty_group_never() -> None:
    moves = read("elmira.yaml").moves
    for k in range(3):
        assert (joint_moves(moves, [k]) == moves[k]).all()
    assert not joint_moves(moves, []).any()


def test_shapes_and_names_are_checked() -> None:
    moves = np.zeros((1, 2, 2), dtype=bool)
    ranks = np.ones((1, 2, 1), dtype=np.int64)
    with pytest.raises(UsageError, match="names say"):
        Conflict(actors=("a",), states=("x",), moves=moves, ranks=ranks)
    with pytest.raises(UsageError, match="to itself"):
        Conflict(actors=("a",), states=("x", "y"), moves=~moves, ranks=ranks)
    with pytest.raises(UsageError, match="look at: y, z"):
        Conflict.from_lists(["a"], ["x", "y"], moves, [["x", "z"]])
    with pytest.raises(UsageError, match="unknown actor"):
        coalition_improvements(Conflict.from_lists(["a"], ["x", "y"], moves, [["x", "y"]]), ["b"])
