"""Conflicts of GMCR-py.

Sources. DILEMMA: the program's own table of stable states for this conflict (Nash: state 1; GMR, SMR and
SEQ: 1 and 4). ELMIRA: the options, directions, infeasible combinations and rankings of Hipel, Fang, Kilgour &
Haight (1993), in which the state of abandonment is four states.
"""

import copy
import json
from random import Random

import pytest
import sim
from sim.cli import run
from sim.errors import ScenarioError
from sim.loading.gmcr import read_gmcr

DILEMMA = {
    "options": [
        {"name": "keep quiet", "permittedDirection": "both"},
        {"name": "keep quiet", "permittedDirection": "both"},
    ],
    "decisionMakers": [
        {"name": "one", "options": [0], "preferences": [[[1, "Y"]], [[0, "N"]]]},
        {"name": "two", "options": [1], "preferences": [[[0, "Y"]], [[1, "N"]]]},
    ],
    "infeasibles": [],
    "useManualPreferenceVectors": False,
}
ELMIRA = {
    "program": "gmcr-py",
    "options": [
        {"name": "Modify", "permittedDirection": "fwd"},
        {"name": "Delay", "permittedDirection": "back"},
        {"name": "Accept", "permittedDirection": "both"},
        {"name": "Abandon", "permittedDirection": "fwd"},
        {"name": "Insist", "permittedDirection": "both"},
    ],
    "decisionMakers": [
        {
            "name": "MoE",
            "options": [0],
            "preferences": [
                [[2, "Y"]],
                [[3, "N"]],
                [[0, "N"]],
                {"compound": True, "members": [[[0, "N"], [4, "Y"]], [[0, "Y"], [4, "N"]]]},
            ],
            "preferenceRanking": [9, 3, 4, 10, 7, 1, 2, 8, [11, 5, 6, 12]],
        },
        {
            "name": "Uniroyal",
            "options": [1, 2, 3],
            "preferences": [],
            "preferenceRanking": [1, 4, 10, 7, [5, 11, 6, 12], 3, 9, 2, 8],
        },
        {
            "name": "Local",
            "options": [4],
            "preferences": [[[3, "N"]]],
            "preferenceRanking": [9, 3, 7, 1, 10, 8, 4, 2, [11, 5, 12, 6]],
        },
    ],
    "infeasibles": [
        [[1, "Y"], [2, "Y"]],
        [[1, "Y"], [3, "Y"]],
        [[2, "Y"], [3, "Y"]],
        [[1, "N"], [2, "N"], [3, "N"]],
    ],
    "useManualPreferenceRanking": True,
    "coalitions": [0, 1, 2],
}
IN_THE_CLASSIC = {1: "1", 2: "2", 3: "3", 4: "4", 7: "5", 8: "6", 9: "7", 10: "8"}


def load(data, tmp_path):
    path = tmp_path / "x.gmcr"
    path.write_text(json.dumps(data), encoding="utf-8")
    return sim.load(path)


def stable(scenario, concept):
    return {member.outcome for member in sim.solve(scenario, concept)[0].members}


def test_the_dilemma_by_statements(tmp_path) -> None:
    scenario = load(DILEMMA, tmp_path)
    found = {name: stable(scenario, name) for name in ("gmcr_nash", "gmr", "smr", "seq")}
    assert found == {"gmcr_nash": {"1"}, "gmr": {"1", "4"}, "smr": {"1", "4"}, "seq": {"1", "4"}}


@pytest.mark.parametrize("concept", ["gmcr_nash", "gmr", "seq", "coalitional_nash"])
def test_elmira_is_the_classic_with_abandonment_split(concept, tmp_path) -> None:
    classic = stable(sim.load("classics/elmira"), concept)
    split = {str(k) for k, name in IN_THE_CLASSIC.items() if name in classic}
    assert stable(load(ELMIRA, tmp_path), concept) == split | {"5", "6", "11", "12"}


def test_a_ranking_counts_where_the_file_says_so(tmp_path) -> None:
    section = load(ELMIRA, tmp_path).document.conflict
    assert section.preferences["MoE"][:2] == ["9", "3"]
    assert section.irreversible[0] == "Modify"
    assert (section.irreversible[1].start, section.irreversible[1].end) == ("-N---", "-Y---")
    data = {**copy.deepcopy(ELMIRA), "useManualPreferenceRanking": False}
    section = load(data, tmp_path).document.conflict
    # accepted first, then not abandoned, not modified, insistence just where it is not modified
    assert section.ranking("MoE")[:4] == [["9"], ["3"], ["4"], ["10"]]
    assert section.ranking("Uniroyal") == [[str(k) for k in range(1, 13)]]
    assert section.ranking("Local")[1] == ["5", "6", "11", "12"]


def test_states_are_numbered_by_decision_maker() -> None:
    """Options in another order than their owners; an infeasible combination with two members."""
    data = {
        "options": [{"name": "b's"}, {"name": 'say "no"'}, {"name": ""}],
        "decisionMakers": [
            {"name": "a", "options": [2, 1], "preferences": [[[1, "N"], [0, "Y"]]]},
            {"name": "b", "options": [0], "preferences": [[[2, "Y"]]]},
        ],
        "infeasibles": [
            {"compound": True, "members": [[[2, "Y"], [1, "Y"]], [[0, "Y"], [1, "Y"]]]}
        ],
    }
    section = read_gmcr(json.dumps(data))["conflict"]
    assert section["options"] == {"a": ["option 1", "say 'no'"], "b": ["b's"]}
    assert section["infeasible"] == ["YY-", "-YY"]
    assert section["states"] == {"1": "NNN", "2": "YNN", "3": "NYN", "4": "NNY", "5": "YNY"}
    assert section["statements"]["a"] == ['not "say \'no\'" and "b\'s"']


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d.pop("options"), "options: field required"),
        (lambda d: d["decisionMakers"][0].update(options=[7]), "there is no option 7"),
        (lambda d: d["decisionMakers"][1].update(options=[0]), "belongs to 2 decision makers, not to one"),
        (lambda d: d.update(infeasibles=[[[0, "Y"]], [[0, "N"]]]), "0 feasible states"),
        (lambda d: d.update(infeasibles=[[[-1, "Y"]]]), "infeasibles: there is no option -1"),
        (lambda d: d["options"].extend([{"name": "x"}] * 15), "at most 16 items"),
        (
            lambda d: (
                d.update(useManualPreferenceRanking=True),
                d["decisionMakers"][0].update(name="One", preferenceRanking=[3, [1, 4]]),
            ),
            "conflict.preferences: One: states left out: 2",
        ),
        (
            lambda d: d["options"][0].update(permittedDirection="up"),
            "options.0.permittedDirection: input should be 'fwd', 'back' or 'both'",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(change, message, tmp_path) -> None:
    data = copy.deepcopy(DILEMMA)
    change(data)
    with pytest.raises(ScenarioError, match=r"x\.gmcr: ") as caught:
        load(data, tmp_path)
    assert message in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "nonsense", "[" * 100_000, "1" * 5000])
def test_what_is_no_such_file_is_refused(text, tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.gmcr").write_text(text, encoding="utf-8")
    assert run(["solve", "x.gmcr"]) == 2
    told = capsys.readouterr().err
    assert "x.gmcr" in told
    assert "Traceback" not in told


def test_damaged_files_are_read_or_refused(tmp_path) -> None:
    rng, texts = Random(1), [json.dumps(DILEMMA), json.dumps(ELMIRA)]
    for k in range(150):
        text = rng.choice(texts)
        start = rng.randrange(len(text))
        piece = rng.choice(["", "0", "[", "}", ", 7", '"Y"', "null", "-1", "true", "{}"])
        path = tmp_path / f"{k}.gmcr"
        path.write_text(text[:start] + piece + text[start + rng.randint(0, 4) :], encoding="utf-8")
        try:
            sim.load(path)
        except ScenarioError as error:
            assert str(error)
