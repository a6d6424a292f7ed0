"""Wrong files: the message, its place, what would be legal, and all errors of a file at once."""

import pytest
from sim.errors import ScenarioError
from sim.loading import load, loads, yaml_tree

GOOD = """\
title: Two islands
parameters:
  tokyo:
    value: {value: 1.0, range: [0.5, 1.5], unit: payoff}
    principle: {value: 0.5, range: [0, 1]}
  moscow: {holding: 2.0, mood: 0.3}
issues:
  islands: {none: {}, two: {area: 0.07}, four: {area: 1}}
  peace: {no: {}, yes: {signed: 1}}
attributes: {share: area * signed}
outcomes: {treaty: signed == 1}
rule_out: [area > 0 and signed == 0, area > 2]
actors:
  tokyo: {role: principal}
  moscow: {role: principal}
  washington: {role: third party, stances: {support: {}, oppose: {hostile: 1}}}
payoffs:
  tokyo: {land: tokyo.value * area, peace: 0.2 * signed - 0.3 * hostile}
  moscow: {land: -moscow.holding * area, peace: 0.3 * signed * moscow.mood}
  washington: {bases: hostile * tokyo.principle}
domestic:
  tokyo: {diet: {type: veto_player, utility: area - 0.05}}
  moscow: {duma: {type: ratification, quota: 0.5, blocs: {a: {seats: 1, utility: share}}}}
game: [{offer: tokyo}, {reply: moscow}, ratify]
sweeps: {map: {vary: {tokyo.principle: [0, 1, 5]}, x: tokyo.principle}}
observed: {outcome: none, binding: tokyo}
"""


def errors(text):
    with pytest.raises(ScenarioError) as caught:
        loads(text, origin="x.yaml")
    return str(caught.value).splitlines()


def changed(old, new):
    assert GOOD.count(old) >= 1, old
    return GOOD.replace(old, new, 1)


def test_the_file_that_the_others_spoil_is_good():
    assert loads(GOOD).title == "Two islands"


# A caret marks where in the new text the error is to be reported; it is not part of the file.
ONE_ERROR = [
    ("title:", "^titel:", "titel: unknown key 'titel'; did you mean 'title'?"),
    ("unit:", "^units:", "parameters.tokyo.value.units: unknown key 'units'; did you mean 'unit'?"),
    (
        "{role: principal}",
        "{^rol: 1, role: principal}",
        "actors.tokyo.rol: unknown key 'rol'; did you mean 'role'?",
    ),
    (
        "utility: area",
        "^utlity: 1, utility: area",
        "domestic.tokyo.diet.utlity: unknown key 'utlity'; did you mean 'utility'?",
    ),
    (
        "seats: 1",
        "seats: 1, ^seat: 2",
        "domestic.moscow.duma.blocs.a.seat: unknown key 'seat'; did you mean 'seats'?",
    ),
    (
        "{offer: tokyo}",
        "{offer: tokyo, ^meno: 1}",
        "game.0.meno: unknown key 'meno'; did you mean 'menu'?",
    ),
    ("x: tokyo.principle", "^z: 1", "sweeps.map.z: unknown key 'z'; legal: note, vary, x, y"),
    ("binding:", "^bindin:", "observed.bindin: unknown key 'bindin'; did you mean 'binding'?"),
    (
        "tokyo.value *",
        "^tokyo.valu *",
        "payoffs.tokyo.land: unknown name 'tokyo.valu'; did you mean 'tokyo.value'?",
    ),
    (
        "0.3 * hostile}",
        "0.3 * ^hostil}",
        "payoffs.tokyo.peace: unknown name 'hostil'; did you mean 'hostile'?",
    ),
    (
        "area - 0.05",
        "'2 * ^are'",
        "domestic.tokyo.diet.utility: unknown name 'are'; did you mean 'area'",
    ),
    (
        "share: area",
        "share: ^hostile",
        "attributes.share: 'hostile' cannot be used here: only attributes of an agreement and parameters, "
        "since no stance is taken yet",
    ),
    (
        "treaty: signed",
        "treaty: ^sined",
        "outcomes.treaty: unknown name 'sined'; did you mean 'signed'?",
    ),
    ("area > 2", "^arae > 2", "rule_out.1: unknown name 'arae'; did you mean 'area'"),
    (
        "tokyo.value * area",
        "tokyo.value *^",
        "payoffs.tokyo.land: the expression ends where an operand is due",
    ),
    (
        "tokyo.value * area",
        "open(^'x')",
        'payoffs.tokyo.land: character "\'" is not allowed: there is no text',
    ),
    (
        "tokyo.value * area",
        "'^mini(1, 2)'",
        "payoffs.tokyo.land: no function 'mini'; did you mean 'min'?",
    ),
    ("tokyo.value * area", "^[1]", "payoffs.tokyo.land: an expression or a number is needed here"),
    (
        "land: tokyo.value * area",
        "^land: ",
        "payoffs.tokyo.land: an expression or a number is needed here",
    ),
    (
        "quota: 0.5",
        "quota: ^{}",
        "domestic.moscow.duma.quota: an expression or a number is needed here",
    ),
    (
        "value: 1.0",
        "value: ^one",
        "parameters.tokyo.value.value: a number is needed here, not 'one'",
    ),
    (
        "value: 1.0",
        "value: ^[1]",
        "parameters.tokyo.value.value: a number is needed here, not a list",
    ),
    ("title: Two islands", "title: ^2018", "title: a text is needed here, not 2018"),
    ("title: Two islands", "title: ^[a]", "title: a text is needed here, not a list"),
    (
        "role: principal}",
        "role: ^principle}",
        "actors.tokyo.role: 'principle' is not legal here; did you mean 'principal'?",
    ),
    ("area: 0.07", "area: ^some", "issues.islands.two.area: a number is needed here, not 'some'"),
    ("area: 0.07", "area: ^.inf", "issues.islands.two.area: a number is needed here, not '.inf'"),
    ("area: 0.07", "area: ^1e999", "issues.islands.two.area: inf is not a finite number"),
    ("area: 0.07", "area: ^nan", "issues.islands.two.area: nan is not a finite number"),
    (
        "range: [0, 1]}",
        "range: ^3}",
        "parameters.tokyo.principle.range: a list is needed here, not 3",
    ),
    ("range: [0, 1]}", "^range: [0]}", "parameters.tokyo.principle.range.1: 2 values are needed"),
    (
        "moscow: {holding: 2.0, mood: 0.3}",
        "moscow: {holding: ^soon, mood: 0.3}",
        "parameters.moscow.holding: ",
    ),
    (
        "{type: veto_player, ",
        "^{",
        "domestic.tokyo.diet: a constraint needs 'type'; legal: audience_cost, consent, ",
    ),
    ("{type: veto_player", "^{type: veto", "domestic.tokyo.diet: unknown constraint type 'veto'; "),
    (
        "diet: {type: veto_player, utility: area - 0.05",
        "^diet: {type: veto_player",
        "domestic.tokyo.diet.utility: 'utility' is missing",
    ),
    ("blocs: {a: {seats: 1, utility: share}}", "blocs: ^{}", "domestic.moscow.duma.blocs: "),
    (
        "[0, 1, 5]",
        "[0, 1, ^2.5]",
        "sweeps.map.vary.tokyo.principle.2: a whole number is needed here, not 2.5",
    ),
    (
        "{value: 1.0",
        "^{value: 2",
        "parameters.tokyo.value: value 2 is outside its range [0.5, 1.5]",
    ),
    (
        "{value: 1.0, range: [0.5, 1.5]",
        "^{value: 1.0, range: [1.5, 0.5]",
        "parameters.tokyo.value: range runs from 1.5 to 0.5; lo <= hi is needed",
    ),
    (
        "{value: 1.0, range: [0.5, 1.5]",
        "^{value: 1.0, range: [0.5, 1e999]",
        "parameters.tokyo.value: range runs from 0.5 to inf; finite numbers are needed",
    ),
    (
        "{vary: {tokyo.principle: [0, 1, 5]",
        "^{vary: {tokyo.principle: [1, 0, 5]",
        "sweeps.map: tokyo.principle runs from 1 to 0; lo <= hi is needed",
    ),
    (
        "{vary: {tokyo.principle: [0, 1, 5]",
        "^{vary: {tokyo.principle: [0, 1, 0]",
        "sweeps.map: tokyo.principle asks for 0 points; at least 1 is needed",
    ),
    (
        "[0, 1, 5]",
        "[0, ^1e999, 5]",
        "sweeps.map.vary.tokyo.principle.1: inf is not a finite number",
    ),
    ("utility: area - 0.05", "utility: area, scale: ^0", "domestic.tokyo.diet.scale: "),
    (
        "mood: 0.3",
        "class: ^1, mood: 0.3",
        "parameters.moscow.class: 'moscow.class' cannot be used as a name in expressions",
    ),
    (
        "mood: 0.3",
        "стена: ^1, mood: 0.3",
        "parameters.moscow.стена: 'moscow.стена' cannot be used as a name",
    ),
    (
        "mood: 0.3",
        "_x: ^1, mood: 0.3",
        "parameters.moscow._x: 'moscow._x' cannot be used as a name in expressions",
    ),
    (
        "share: area",
        "min: ^1, share: area",
        "attributes.min: 'min' cannot be used as a name in expressions",
    ),
    (
        "two: {area: 0.07}",
        "two: {area: 0.07, air base: ^1}",
        "issues.islands.two.air base: 'air base' cannot be used",
    ),
    (
        "moscow: {holding: 2.0, mood: 0.3}",
        "moscow: {holding: 2.0, mood: 0.3}\n  ^moscow.mood: 0.4",
        "parameters.moscow.mood: the same name as in line 6, written with dots",
    ),
    (
        "outcome: none",
        "outcome: ^treatty",
        "observed.outcome: unknown outcome class 'treatty'; did you mean 'treaty'?",
    ),
    (
        "binding: tokyo",
        "binding: ^tokio",
        "observed.binding: unknown actor 'tokio'; did you mean 'tokyo'?",
    ),
    (
        "{tokyo.principle: [0, 1, 5]}, x: tokyo.principle",
        "{tokyo.principal: ^[0, 1, 5]}",
        "sweeps.map.vary.tokyo.principal: unknown parameter 'tokyo.principal'; "
        "did you mean 'tokyo.principle'",
    ),
    (
        "x: tokyo.principle",
        "x: ^moscow.mood",
        "sweeps.map.x: 'moscow.mood' is not varied; legal: tokyo.principle",
    ),
    (
        "utility: area - 0.05",
        "utility: area, applies_to: ^[treatty]",
        "domestic.tokyo.diet.applies_to: unknown outcome class 'treatty'; did you mean 'treaty'?",
    ),
    (
        "{reply: moscow}",
        "^{repyl: moscow}",
        "game.1: 'repyl' is not a stage; did you mean 'reply'?",
    ),
    (
        "{reply: moscow}",
        "^{reply: moskow}",
        "game.1: 'moskow' is not a principal; did you mean 'moscow'?",
    ),
    (
        "game: [{offer: tokyo}, {reply: moscow}, ratify]",
        "game: ^ultimtum",
        "game: unknown protocol 'ultimtum'; did you mean 'ultimatum'?",
    ),
    (
        "area > 2",
        "^1/area > 2",
        "rule_out.1: '1/area > 2' has no value for some agreement (a division by zero?)",
    ),
    (
        "treaty: signed",
        "treaty: ^signed/0",
        "outcomes.treaty: 'signed/0 == 1' has no value for some agreement",
    ),
    (
        "share: area * signed",
        "share: ^other, other: share + 1",
        "attributes.share: derived attributes refer to one another in a circle: share, other",
    ),
    (
        "value: 1.0",
        "value: ^!!float 1.0",
        "parameters.tokyo.value.value: tags (!...) are not allowed; write the plain value",
    ),
    ("title: Two", "title: ^!secret Two", "title: tags (!...) are not allowed"),
    (
        "  tokyo: {role: principal}",
        "  ^<<: {a: 1}\n  tokyo: {role: principal}",
        "actors: a key must be a plain text",
    ),
    (
        "  tokyo: {role: principal}",
        "  ? ^[a]\n  : 1\n  tokyo: {role: principal}",
        "actors: a key must be a plain text",
    ),
    ("observed:", "^title: again\nobserved:", "title: duplicate key; first given in line 1"),
    (
        "{holding: 2.0,",
        "{holding: 2.0, ^holding: 3,",
        "parameters.moscow.holding: duplicate key; first given in line 6",
    ),
    (
        "oppose: {hostile: 1}",
        "oppose: {hostile: 1, signed: ^2}",
        "actors.washington.stances.oppose.signed: 'signed' is already declared under 'issues'",
    ),
    (
        "type: veto_player, utility: area - 0.05",
        "type: enforcement, delta: ^1.5, temptation: 0, punishment: 1",
        "domestic.tokyo.diet.delta: 1.5 is not legal: it must be between 0 and 1",
    ),
    (
        "type: veto_player, utility: area - 0.05",
        "type: enforcement, delta: ^tokyo.value / 1.2, temptation: 0, punishment: 1",
        "domestic.tokyo.diet.delta: 1.25 at tokyo.value=1.5 is not legal: it must be between 0 and 1",
    ),
    (
        "type: veto_player, utility: area - 0.05",
        "type: audience_cost, conceded: area, promised: 0, rate: ^-2",
        "domestic.tokyo.diet.rate: -2 is not legal: it must be at least 0",
    ),
]


def marked(text):
    """The text without its caret, and the line and column that the caret marked."""
    before, caret, after = text.partition("^")
    assert caret
    line = before.rpartition("\n")[2]
    return before + after, f"{before.count(chr(10)) + 1}:{len(line) + 1}"


@pytest.mark.parametrize(("old", "new", "expected"), ONE_ERROR)
def test_one_error_at_its_place(old, new, expected):
    text, place = marked(changed(old, new))
    found = errors(text)
    assert len(found) == 1, found
    assert found[0].startswith(f"x.yaml:{place}: {expected}"), found


MANY = [
    (
        [("islands: {none", "island: {none"), ("tokyo.value * area", "islands.two")],
        ["18:17: payoffs.tokyo.land: unknown name 'islands.two'; did you mean 'island.two'"],
    ),
    (
        [("  moscow: {land:", "  moskow: {land:")],
        ["19:11: payoffs.moskow: unknown actor 'moskow'; did you mean 'moscow'?"],
    ),
    (
        [("role: third party, ", "role: principal, ")],
        ["16:42: actors.washington.stances: only a third party takes stances"],
    ),
    (
        [("  tokyo: {role: principal}\n", "")],
        [
            "14:3: actors: at least two principals are needed to sign something",
            "17:10: payoffs.tokyo: unknown actor 'tokyo'; legal: moscow, washington (also in lines "
            "21, 23 and 25)",
        ],
    ),
    # a wrong part is reported once, and what may follow from it is not
    (
        [("value: 1.0", "value: one"), ("title:", "titel:"), ("0.3 * hostile}", "0.3 * hostil}")],
        ["1:1: titel: ", "4:20: parameters.tokyo.value.value: ", "18:65: payoffs.tokyo.peace: "],
    ),
    (
        [("two: {area: 0.07}", "two: 3"), ("four: {area: 1}", "four: []")],
        ["8:28: issues.islands.two: ", "8:37: issues.islands.four: "],
    ),
    (
        [("role: principal}", "role: boss}")],
        ["14:17: actors.tokyo.role: 'boss' is not legal here; legal: principal, third party"],
    ),
    # repeated keys and wrong values are found in one go
    (
        [
            ("{holding: 2.0,", "{holding: 2.0, holding: 3,"),
            ("value: 1.0", "value: 7"),
            ("binding: tokyo", "binding: x"),
        ],
        [
            "4:12: parameters.tokyo.value: value 7",
            "6:26: parameters.moscow.holding: duplicate",
            "26:36: observed.binding: unknown actor 'x'",
        ],
    ),
    # two wrong rules of one list, and a right one between them
    (
        [("[area > 0 and signed == 0, area > 2]", "['1 +', area > 2, '2 +']")],
        ["12:16: rule_out.0: ", "12:33: rule_out.2: "],
    ),
]


ONE_CAUSE = {
    "a section": [("payoffs:", "payofs:", "payofs: unknown key 'payofs'; did you mean 'payoffs'?")],
    "what a part must have": [
        (
            "tokyo: {role: principal}",
            "tokyo: {rle: principal}",
            "actors.tokyo.rle: unknown key 'rle'",
        ),
        ("{value: 1.0,", "{vlue: 1.0,", "parameters.tokyo.value.vlue: unknown key 'vlue'"),
        ("utility: area - 0.05", "utilty: area - 0.05", "domestic.tokyo.diet.utilty: unknown key"),
    ],
    "a name that stands in several places": [
        (
            "moscow: {role",
            "moskow: {role",
            "unknown actor 'moscow'; did you mean 'moskow'? (also in",
        ),
    ],
}
"""Per kind of slip what is replaced, by what, and how the one report of it reads."""


@pytest.mark.parametrize(("old", "new", "expected"), [one for k in ONE_CAUSE.values() for one in k])
def test_one_report_a_cause(old, new, expected):
    assert old in GOOD
    found = errors(GOOD.replace(old, new, 1))
    assert len(found) == 1, found
    assert expected in found[0], found


@pytest.mark.parametrize(("changes", "expected"), MANY)
def test_all_errors_of_a_file_at_once(changes, expected):
    text = GOOD
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    found = errors(text)
    assert len(found) == len(expected), found
    for line, start in zip(found, expected, strict=True):
        assert line.startswith(f"x.yaml:{start}"), found


def test_of_two_hundred_errors_the_first_twenty_are_written_out():
    terms = "".join(f"    t{k}: nothing_{k} + 1\n" for k in range(200))
    text = changed(
        "  tokyo: {land: tokyo.value * area, peace: 0.2 * signed - 0.3 * hostile}\n",
        f"  tokyo:\n{terms}",
    )
    *found, rest = errors(text)
    assert len(found) == 20
    assert found[13].startswith("x.yaml:32:10: payoffs.tokyo.t13: unknown name 'nothing_13'")
    assert rest == "and 180 more errors"
    with pytest.raises(ScenarioError) as caught:
        loads(text, origin="x.yaml")
    assert len(caught.value.problems) == 200


EMPTY = [
    "parameters",
    "attributes",
    "rule_out",
    "actors",
    "payoffs",
    "domestic",
    "sweeps",
    "issues",
    "outcomes",
]


@pytest.mark.parametrize("section", EMPTY)
@pytest.mark.parametrize(
    "content", ["", "{}", "[]", "3", "text", "[1, {a: [2]}]", "{a: {b: {c: d}}}", "{1: 2}", "~"]
)
def test_a_section_of_any_content_gives_errors_with_places(section, content):
    """No content of a section may end in anything but errors of the file."""
    lines, out, skipping = GOOD.splitlines(), [], False
    for line in lines:
        if line.startswith(f"{section}:"):
            out.append(f"{section}: {content}")
            skipping = True
        elif not (skipping and line.startswith(" ")):
            out.append(line)
            skipping = False
    try:
        loads("\n".join(out), origin="x.yaml")
    except ScenarioError as error:
        for problem in error.problems:
            assert problem.file == "x.yaml"
            assert problem.line
            assert problem.column
            assert problem.message


def test_columns_stay_true_where_the_text_is_not_written_as_it_reads():
    """Escapes, block texts and anchors: the place is that of the whole value."""
    for new, column in [('"to\\u006byo.valu * area"', 17), ("&a tokyo.valu * area", 17)]:
        (line,) = errors(changed("tokyo.value * area", new))
        assert line.startswith(
            f"x.yaml:18:{column}: payoffs.tokyo.land: unknown name 'tokyo.valu'"
        ), line
    block = GOOD.replace(
        "attributes: {share: area * signed}", "attributes:\n  share: >\n    area +\n    sined"
    )
    (line,) = errors(block)
    assert line.startswith("x.yaml:11:10: attributes.share: unknown name 'sined'")


# --- texts that are not scenarios ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "x.yaml: the file is empty"),
        ("# only a comment\n", "x.yaml: the file is empty"),
        ("null", "x.yaml:1:1: a mapping of sections is needed"),
        ("[1, 2]", "x.yaml:1:1: a mapping of sections is needed"),
        ("just words", "x.yaml:1:1: a mapping of sections is needed"),
        ("a: [1", "x.yaml:1:4: this '[' is never closed"),
        (
            "a: 1\n  b: 2",
            "x.yaml:2:4: this line is indented deeper than the one above, which has a value already",
        ),
        ("title:\n\t- a", "x.yaml:2:1: a tab; indent with blanks"),
        ("a: 'open", "x.yaml:1:4: this quotation mark is never closed"),
        ("a: *b", "x.yaml:1:4: a text that begins with '*' or '&' needs"),
        ("title: a\nb: \x07", "x.yaml:2:4: not valid YAML: unacceptable character"),
        ("title: a\n---\ntitle: b", "x.yaml:2:1: not valid YAML: but found another document"),
        ("a: " + "[" * 3000, "x.yaml: the file is nested too deeply"),
        (
            "a: " + "[" * 60 + "]" * 60,
            "x.yaml:1:44: a.0.0: the file is nested too deeply or has too many parts",
        ),
        (
            "a: &a [*a, *a]",
            "x.yaml:1:4: a.0.0: the file is nested too deeply or has too many parts",
        ),
        ("x" * 1_000_001, "x.yaml: the file is larger than 1,000,000 bytes"),
    ],
    ids=lambda v: v[:30],
)
def test_texts_that_are_no_scenario(text, expected):
    (line,) = errors(text)
    assert line.startswith(expected)


def test_a_bomb_of_aliases_is_defused():
    """Nine lists of nine aliases to the list before: 9**10 texts if they were all written out."""
    rows = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for old, new in zip("abcdefghi", "bcdefghij", strict=True):
        rows.append(f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]")
    (line,) = errors("\n".join(rows))
    assert line.endswith("the file is nested too deeply or has too many parts")
    assert yaml_tree.MAX_NODES <= 10**6


def test_deep_expressions_are_refused():
    (line,) = errors(changed("tokyo.value * area", "(" * 60 + "1" + ")" * 60))
    assert line == "x.yaml:18:57: payoffs.tokyo.land: more than 40 levels of parentheses"
    (line,) = errors(changed("tokyo.value * area", " + ".join(["area"] * 400)))
    assert line.startswith(
        "x.yaml:18:2017: payoffs.tokyo.land: 2,797 characters; the limit is 2,000"
    )


def test_an_agreement_space_of_a_billion_is_refused_at_once():
    menu = ", ".join(f"p{k}: {{}}" for k in range(10))
    more = "".join(f"  i{k}: {{{menu}}}\n" for k in range(9))
    (line,) = errors(changed("issues:\n", f"issues:\n{more}"))
    assert line == (
        "x.yaml:8:3: issues: the issues combine to 6,000,000,000 agreements, the limit is 1,000,000; "
        "use fewer issues or positions"
    )


# --- files that cannot be read -------------------------------------------------------------------------


def file_errors(path):
    with pytest.raises(ScenarioError) as caught:
        load(path)
    return str(caught.value)


def test_a_missing_file_suggests_its_neighbours(tmp_path):
    (tmp_path / "kuril.yaml").write_text(GOOD)
    wanted = tmp_path / "kurils.yaml"
    near = f"{wanted}: no such file; did you mean '{tmp_path / 'kuril.yaml'}'?"
    assert file_errors(wanted) == f"{near}; sim list scenarios shows the shipped ones"
    assert "a.yaml: no such file" in file_errors(tmp_path / "none" / "a.yaml")


def test_a_folder_is_no_file(tmp_path):
    assert file_errors(tmp_path) == f"{tmp_path}: cannot be read: Is a directory"


def test_a_text_in_another_coding(tmp_path):
    path = tmp_path / "latin.yaml"
    path.write_bytes("title: é\n".encode("latin-1"))
    assert (
        file_errors(path)
        == f"{path}: cannot be read: byte 8 is not UTF-8 text; save the file as UTF-8"
    )


def test_ten_megabytes_are_not_even_parsed(tmp_path):
    path = tmp_path / "big.yaml"
    path.write_text("title: a\n# " + "x" * 10_000_000)
    assert file_errors(path) == f"{path}: the file is larger than 1,000,000 bytes"


def test_a_name_that_no_file_can_have():
    assert "cannot be read" in file_errors("a\0b.yaml")


def test_a_byte_order_mark_and_dos_lines_are_fine(tmp_path):
    path = tmp_path / "dos.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load(path).title == "Two islands"
    text, place = marked(GOOD.replace("area - 0.05", "^are"))
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert file_errors(path).startswith(
        f"{path}:{place}: domestic.tokyo.diet.utility: unknown name 'are'"
    )


# --- YAML 1.2, and not 1.1 -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("off", "off"),
        ("y", "y"),
        ("12:30", "12:30"),
        ("1e3", 1000.0),
        ("1.5e-3", 0.0015),
        ("-.5", -0.5),
        ("007", 7),
        ("+3", 3),
        ("2018-11-14", "2018-11-14"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("'no'", "no"),
        ('"1e3"', "1e3"),
        ("0x1F", "0x1F"),
        ("NaN", "NaN"),
        ("=", "="),
        ("1_000", 1000),
    ],
)
def test_scalars_are_read_by_yaml_1_2(text, value):
    got = yaml_tree.parse_yaml(f"a: {text}", "x.yaml").data["a"]
    assert got == value
    assert type(got) is type(value)


def test_positions_may_be_called_no_and_yes():
    space = loads(GOOD).document.issues["peace"]
    assert list(space) == ["no", "yes"]
