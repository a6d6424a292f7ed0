"""``extends``: what is laid over what, where errors point, and what becomes of sources."""

import pytest
from sim.errors import ScenarioError
from sim.loading import load

BASE = """\
title: Base
parameters:
  tokyo:
    value: {value: 1.0, range: [0, 2], unit: payoff, source: "Nikkei, 2018", note: as polled}
    principle: {value: 0.5, source: assumed}
  moscow: {holding: {value: 2.0, unit: payoff}}
issues:
  islands: {none: {}, two: {area: 0.07}}
  peace: {no: {}, yes: {signed: 1}}
outcomes: {treaty: signed == 1}
rule_out: [area > 0 and signed == 0, area > 3]
actors:
  tokyo: {role: principal}
  moscow: {role: principal}
payoffs:
  tokyo: {land: tokyo.value * area, peace: 0.2 * signed}
  moscow: {land: -moscow.holding * area, peace: 0.3 * signed}
sweeps:
  map: {vary: {tokyo.value: [0, 1, 5]}}
"""


@pytest.fixture
def write(tmp_path):
    def _write(**files):
        for name, text in files.items():
            (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        return tmp_path

    return _write


def loaded(write, top, base=BASE):
    return load(write(base=base, top=f"extends: base.yaml\n{top}") / "top.yaml")


def record(write, top, path="tokyo.value"):
    p = loaded(write, top).document.parameters[path]
    return {k: v for k, v in p.model_dump().items() if v not in (None, "") and k in KEYS}


KEYS = ("value", "range", "unit", "source", "note")
OLD = {
    "value": 1.0, "range": (0.0, 2.0), "unit": "payoff", "source": "Nikkei, 2018", "note": "as polled",
}  # fmt: skip


@pytest.mark.parametrize(
    ("top", "expected"),
    [
        ("", OLD),
        # a new value drops the source and the note that described the old one
        (
            "parameters: {tokyo: {value: 1.5}}",
            {"value": 1.5, "range": (0.0, 2.0), "unit": "payoff"},
        ),
        (
            "parameters: {tokyo: {value: {value: 1.5, source: Asahi}}}",
            {"value": 1.5, "range": (0.0, 2.0), "unit": "payoff", "source": "Asahi"},
        ),
        # other fields without a new value leave the source alone
        ("parameters: {tokyo: {value: {range: [0.5, 1.2]}}}", OLD | {"range": (0.5, 1.2)}),
        ("parameters: {tokyo: {value: {note: later}}}", OLD | {"note": "later"}),
        ("parameters: {tokyo.value: 1.5}", {"value": 1.5, "range": (0.0, 2.0), "unit": "payoff"}),
    ],
)
def test_a_parameter_laid_over_another(write, top, expected):
    assert record(write, top) == expected


LAW = ", distribution: {type: triangular, mode: 1}}"
DRAWN = BASE.replace(", note: as polled}", LAW)


@pytest.mark.parametrize(
    ("top", "expected"),
    [
        ("", {"type": "triangular", "mode": 1}),
        ("{note: the same}", {"type": "triangular", "mode": 1}),
        ("{range: [0.5, 1.5]}", {"type": "triangular", "mode": 1}),
        ("{value: 1, source: Asahi}", {"type": "triangular", "mode": 1}),
        ("1.5", None),  # the mode was the old value
        ("{value: 0.2, range: [0, 0.5]}", None),
        ("{value: 0, levels: [0, 1]}", None),
        ("{value: 1.5, distribution: {type: beta, a: 2, b: 2}}", {"type": "beta", "a": 2, "b": 2}),
    ],
)
def test_a_distribution_is_inherited_where_it_fits(write, top, expected):
    top = f"parameters: {{tokyo: {{value: {top}}}}}" if top else ""
    law = loaded(write, top, DRAWN).document.parameters["tokyo.value"].distribution
    assert (law and law.model_dump()) == expected


@pytest.mark.parametrize(("law", "kept"), [("uniform", True), ("{type: normal, sd: 1}", True),
                                           ("{type: normal, sd: 1, mean: 1.2}", False)])  # fmt: skip
def test_a_distribution_without_a_centre_of_its_own_moves_with_the_value(write, law, kept):
    base = DRAWN.replace("{type: triangular, mode: 1}", law)
    top = "parameters: {tokyo: {value: {value: 0.2, range: [0, 0.5]}}}"
    law = loaded(write, top, base).document.parameters["tokyo.value"].distribution
    assert (law is not None) == kept


@pytest.mark.parametrize(
    ("top", "words"),
    [
        ("2.5", "2:29: parameters.tokyo.value: value 2.5 is outside its range [0, 2] "
         "(that range is inherited from base.yaml:4)"),
        ("{value: 3, range: [0, 1]}",
         "2:29: parameters.tokyo.value: value 3 is outside its range [0, 1]"),
        ("{range: [2, 3]}", "2:29: parameters.tokyo.value: value 1 is outside its range [2, 3] "
         "(that value is inherited from base.yaml:4)"),
    ],
)  # fmt: skip
def test_what_a_value_does_not_fit_says_from_which_file_it_is(write, top, words):
    with pytest.raises(ScenarioError) as caught:
        loaded(write, f"parameters: {{tokyo: {{value: {top}}}}}")
    folder = write()
    assert str(caught.value) == f"{folder / 'top.yaml'}:{words}".replace(
        "BASE", str(folder / "base.yaml")
    )


def test_a_dotted_name_lies_over_a_nested_one_and_the_other_way_round(write):
    dotted = BASE.replace(
        "  moscow: {holding: {value: 2.0, unit: payoff}}",
        "  moscow.holding: 2.0\n  moscow: {mood: 1}",
    )
    s = loaded(write, "parameters: {moscow: {holding: 3}}", base=dotted)
    assert s.values["moscow.holding"] == 3
    assert s.values["moscow.mood"] == 1


def test_an_assumed_value_stays_assumed_until_a_source_is_given(write):
    assert loaded(write, "").document.parameters["tokyo.principle"].assumed
    sourced = loaded(write, "parameters: {tokyo: {principle: {value: 0.5, source: poll}}}")
    assert not sourced.document.parameters["tokyo.principle"].assumed
    assert (
        loaded(write, "parameters: {tokyo: {value: 1.1}}")
        .document.parameters["tokyo.value"]
        .assumed
    )


def test_the_first_position_of_an_issue_stays_the_status_quo(write):
    s = loaded(write, "issues: {islands: {four: {area: 1}, none: {}}, economy: {old: {}, new: {}}}")
    issues = {name: list(options) for name, options in s.document.issues.items()}
    assert issues == {
        "islands": ["none", "two", "four"],
        "peace": ["no", "yes"],
        "economy": ["old", "new"],
    }


@pytest.mark.parametrize(
    ("top", "look", "expected"),
    [
        ("title: Top", lambda d: d.title, "Top"),
        ("", lambda d: d.title, "Base"),
        ("rule_out: [area > 1]", lambda d: [e.text for e in d.rule_out], ["area > 1"]),
        (
            "payoffs: {tokyo: {peace: 0.5 * signed, new: 1}}",
            lambda d: {k: e.text for k, e in d.payoffs["tokyo"].items()},
            {"land": "tokyo.value * area", "peace": "0.5 * signed", "new": "1"},
        ),
        (
            "issues: {islands: {two: {signed: 0}}}",
            lambda d: d.issues["islands"]["two"],
            {"area": 0.07, "signed": 0},
        ),
        (
            "issues: {islands: {two: {area: 0.1}}}",
            lambda d: d.issues["islands"]["two"],
            {"area": 0.1},
        ),
        (
            "sweeps: {other: {vary: {tokyo.value: [0, 1, 3]}}}",
            lambda d: list(d.sweeps),
            ["map", "other"],
        ),
        # a term that happens to be called 'parameters' is not a parameter
        (
            "payoffs: {tokyo: {parameters: '1'}}",
            lambda d: d.payoffs["tokyo"]["parameters"].text,
            "1",
        ),
    ],
)
def test_mappings_merge_and_everything_else_replaces(write, top, look, expected):
    assert look(loaded(write, top).document) == expected


def test_three_files_in_a_row_and_folders(write, tmp_path):
    (tmp_path / "shared").mkdir()
    write(top="extends: ./shared/middle.yaml\nparameters: {moscow: {holding: 1}}\n")
    middle = "extends: base.yaml\ntitle: Middle\nparameters: {tokyo: {value: 1.2}}\n"
    (tmp_path / "shared" / "middle.yaml").write_text(middle)
    (tmp_path / "shared" / "base.yaml").write_text(BASE)
    top = tmp_path / "top.yaml"
    s = load(top)
    assert s.title == "Middle"
    assert s.values == {"tokyo.value": 1.2, "tokyo.principle": 0.5, "moscow.holding": 1}


def test_the_resolved_text_stands_alone(write, tmp_path):
    s = loaded(write, "parameters: {tokyo: {value: 1.5}}")
    alone = tmp_path / "alone.yaml"
    alone.write_text(s.resolved)
    assert load(alone).document == s.document
    assert load(alone).digest == s.digest


@pytest.mark.parametrize(
    ("top", "expected"),
    [
        # the place is in the file that holds the faulty line
        (
            "parameters: {tokyo: {value: 9}}",
            "top.yaml:2:29: parameters.tokyo.value: value 9 is outside its range [0, 2]",
        ),
        (
            "parameters: {tokyo: {value: {range: [2, 3]}}}",
            "top.yaml:2:29: parameters.tokyo.value: value 1 is outside its range",
        ),
        (
            "payoffs: {tokyo: {land: tokyo.valu * area}}",
            "top.yaml:2:25: payoffs.tokyo.land: unknown name 'tokyo.valu'",
        ),
        (
            "actors: {moscow: {role: boss}}",
            "top.yaml:2:25: actors.moscow.role: 'boss' is not legal here",
        ),
        (
            "issues: {islands: {two: {size: 1}, none: {area: x}}}",
            "top.yaml:2:49: issues.islands.none.area: a number is needed",
        ),
        ("titel: x", "top.yaml:2:1: titel: unknown key 'titel'; did you mean 'title'?"),
        # ... also where the top file makes a line of the base wrong
        (
            "outcomes: {base: tokyo.price > 0}",
            "top.yaml:2:18: outcomes.base: unknown name 'tokyo.price'",
        ),
        (
            "attributes: {area: 1}",
            "base.yaml:8:35: issues.islands.two.area: 'area' is already declared under 'attributes'",
        ),
        ("parameters: 3", "top.yaml:2:13: parameters: a mapping is needed here, not 3"),
        ("actors:", "top.yaml:2:1: actors: a mapping is needed here, not nothing"),
    ],
)
def test_errors_point_into_the_file_that_holds_the_line(write, top, expected):
    with pytest.raises(ScenarioError) as caught:
        loaded(write, top)
    lines = [line.rpartition("/")[2] for line in str(caught.value).splitlines()]
    assert len(lines) == 1, lines
    assert lines[0].startswith(expected), lines


def test_errors_of_both_files_are_reported_together(write):
    spoilt = BASE.replace("0.2 * signed", "0.2 * sined")
    with pytest.raises(ScenarioError) as caught:
        loaded(write, "title: A\ntitle: B\npayoffs: {moscow: {peace: aera}}", base=spoilt)
    lines = [line.rpartition("/")[2] for line in str(caught.value).splitlines()]
    assert [line.split(": ")[0] for line in lines] == [
        "base.yaml:16:50",
        "top.yaml:3:1",
        "top.yaml:4:27",
    ]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {"top": "extends: top.yaml"},
            "top.yaml:1:10: extends: 'top.yaml' extends this file in turn",
        ),
        (
            {"top": "extends: a.yaml", "a": "title: x\nextends: b.yaml", "b": "extends:  top.yaml"},
            "b.yaml:1:11: extends: 'top.yaml' extends this file in turn",
        ),
        (
            {"top": "extends: bse.yaml", "base": BASE},
            "top.yaml:1:10: extends: no such file 'FOLDER/bse.yaml'; did you mean",
        ),
        (
            {"top": "extends: ../base.yaml"},
            "top.yaml:1:10: extends: '../base.yaml' must lie in the folder of this file or below it",
        ),
        (
            {"top": "extends: sub/../base.yaml", "base": BASE},
            "top.yaml:1:10: extends: 'sub/../base.yaml' must lie in the folder of this file or below it",
        ),
        (
            {"top": "extends: /etc/hostname"},
            "top.yaml:1:10: extends: '/etc/hostname' must lie in the folder of this file or below it",
        ),
        (
            {"top": "extends: C:\\base.yaml"},
            "top.yaml:1:10: extends: 'C:\\base.yaml' must lie in the folder of this file or below it",
        ),
        ({"top": "extends: ."}, "top.yaml:1:10: extends: no such file 'FOLDER'"),
        ({"top": "extends: 3"}, "top.yaml:1:10: extends: the name of a file is needed"),
        ({"top": "extends: [a]"}, "top.yaml:1:10: extends: the name of a file is needed"),
        ({"top": "extends:\ntitle: x"}, "top.yaml:1:1: extends: the name of a file is needed"),
        ({"top": "extends: base.yaml", "base": ""}, "base.yaml: the file is empty"),
        (
            {"top": "extends: base.yaml", "base": "[1]"},
            "base.yaml:1:1: a mapping of sections is needed",
        ),
        (
            {"top": "extends: base.yaml", "base": "a: ["},
            "base.yaml:1:5: the file ends inside a '[' or '{' that is never closed",
        ),
    ],
)
def test_what_cannot_be_extended(write, files, expected):
    folder = write(**files)
    with pytest.raises(ScenarioError) as caught:
        load(folder / "top.yaml")
    (line,) = str(caught.value).splitlines()
    assert line.startswith(f"{folder}/{expected.replace('FOLDER', str(folder))}"), line


def test_a_chain_of_files_without_end_is_cut(write):
    files = {f"f{k}": f"extends: f{k + 1}.yaml" for k in range(40)}
    with pytest.raises(ScenarioError, match="more than 20 files extend one another"):
        load(write(**files) / "f0.yaml")
