# ruff: noqa: E501
"""The slips behind most unreadable files: where they are, and what to write instead, in one sentence."""

import pytest
from sim.errors import ScenarioError
from sim.loading import loads

FILE = """\
title: T
parameters:
  a:
    gain: {value: 0.4, range: [0, 1], source: assumed}
issues:
  line:
    open: {}
    drawn: {settled: 1}
outcomes: {treaty: settled}
actors:
  north: {role: principal}
  south: {role: principal}
payoffs:
  north: {x: a.gain*settled}
  south: {x: 0.2*settled}
"""
ACTORS = "actors:\n  north: {role: principal}\n  south: {role: principal}"
SLIPS = [
    # a comma in a text
    ("source: assumed}", "source: a poll, ours}", "4:55: parameters.a.gain.ours: unknown key 'ours'; a text with a "
     "comma needs quotation marks"),
    # a colon in a text
    ("title: T", "title: Nile: the dam", "1:12: a text with a colon needs quotation marks: title: \"Nile: the dam\""),
    ("title: T", 'title: The "dam": a note', "1:17: a text with a colon needs quotation marks: title: 'The \"dam\": a note'"),
    ("source: assumed}", "source: poll: 2018}", "4:51: a text with a colon needs quotation marks"),
    # printed quotation marks
    ("title: T", "title: \u201cT\u201d", '1:8: title: printed quotation marks; write straight ones: "T"'),
    ("  south: {x", "  \u201csouth\u201d: {x", '15:3: payoffs: printed quotation marks; write straight ones: "south"'),
    ("a.gain*settled", "\u201ea.gain*settled\u201c", "14:14: payoffs.north.x: printed quotation marks; write straight"),
    # tabs and blanks
    ("  a:\n", "\ta:\n", "3:1: a tab; indent with blanks"),
    ("  north: {role: principal}", "  north:\n\t  role: principal", "12:1: a tab; indent with blanks"),
    ("  a:\n", "\u00a0 a:\n", "3:1: '\\xa0 a' holds an unusual blank; write a plain one"),
    ("  south: {role: principal}", " south: {role: principal}", "12:2: this line is indented differently from those"),
    ("x: 0.2*settled", "x:0.2*settled", "15:11: payoffs.south: a blank is needed after the colon of 'x:0.2*settled'"),
    # commas as decimal points
    ("value: 0.4", "value: 0,4", "4:21: parameters.a.gain: '0,4' is two parts; write decimals with a point (0.4)"),
    ("{value: 0.4, range: [0, 1], source: assumed}", "0,4",
     "4:11: parameters.a.gain: a mapping is needed here, not '0,4'; write 0.4: decimals have a point"),
    ("range: [0, 1]", "range: [0,1, 0,9]",
     "4:31: parameters.a.gain.range: 2 values are needed here, not 4; decimals have a point"),
    ("x: 0.2*settled", "x: 0,2*settled",
     "15:16: payoffs.south: '0,2*settled' is two parts; write decimals with a point (0.2)"),
    ("{x: 0.2*settled}", "\n    x: 0,2*settled", "16:8: payoffs.south.x: '0,2': write 0.2; decimals have a point"),
    # percent
    ("value: 0.4", "value: 30%", "4:19: parameters.a.gain.value: a number is needed here, not '30%'; write 0.3 for 30%"),
    ("x: 0.2*settled", "x: 30%*settled", "15:14: payoffs.south.x: '30%': write 0.3, a share of 1"),
    # lists where names are needed
    (ACTORS, "actors: [north, south]",
     "10:9: actors: a mapping is needed here, not a list; write ACTOR: {role: principal} for each"),
    ("north: {role: principal}", "north: principal",
     "11:10: actors.north: a mapping is needed here, not 'principal'; write {role: principal} or"),
    ("    open: {}\n    drawn: {settled: 1}", "    [open, drawn]",
     "7:5: issues.line: a mapping is needed here, not a list; write POSITION: {ATTRIBUTE: NUMBER, ...} for each"),
    # blanks in names
    ("a.gain*", "South Sudan.gain*", "14:14: payoffs.north.x: 'South Sudan.gain': a name has no blanks; "
     "rename it (South_Sudan.gain), or put an operator between"),
    ("gain: {value", "South Sudan: {value", "4:18: parameters.a.South Sudan: 'a.South Sudan' cannot be used as a name in "
     "expressions; write a.South_Sudan"),
    # what is never closed, and signs of YAML
    ("{treaty: settled}", "{treaty: settled", "9:11: this '{' is never closed"),
    ("x: a.gain*settled", "x: 1 #3", "14:10: this '{' is never closed; what follows ' #' is a comment"),
    ("title: T", 'title: "T', "1:8: this quotation mark is never closed"),
    ("title: T", "title: @T", "1:8: a text that begins with '@' needs quotation marks"),
    ("x: 0.2*settled", "x: *settled", "15:14: a text that begins with '*' or '&' needs quotation marks"),
    ("outcomes: {treaty: settled}", "outcomes", "9:1: 'outcomes' has no colon and no value; write KEY: VALUE"),
    # signs of a word processor
    ("0.2*settled", "\u22120.2*settled", "15:14: payoffs.south.x: '\u2212' is not allowed: write -"),
    ("0.2*settled", "0.2\u00d7settled", "15:17: payoffs.south.x: '\u00d7' is not allowed: write *"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), SLIPS)
def test_a_slip_is_told_in_one_sentence(old, new, expected):
    assert old in FILE
    with pytest.raises(ScenarioError) as caught:
        loads(FILE.replace(old, new, 1), origin="x")
    lines = str(caught.value).splitlines()
    assert any(line.startswith(f"x:{expected}") for line in lines), lines


@pytest.mark.parametrize(
    "new", ["title: \u201cT\u201d is a letter", "title: South Sudan, 30% of it", "title: 'a: b'"]
)
def test_ordinary_texts_are_left_alone(new):
    assert loads(FILE.replace("title: T", new)).title == new.removeprefix("title: ").strip("'")
