"""Two readers of YAML: what libyaml reads must be what ruamel.yaml reads, data and places alike."""

import random
import re
import sys
from pathlib import Path

import pytest
from sim.loading import quick_nodes, yaml_tree
from sim.loading.yaml_tree import parse_yaml

SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").rglob("*.yaml"))
SIGNS = [
    *"ab01:,-?{}[]\"'#|>.%&*!~\\/@`<=+\u00e9",
    *[" "] * 12,
    *["\n"] * 6,
    *[": ", "- ", "a: "] * 5,
]
SIGNS += [
    "? ",
    '"a"',
    "'b'",
    "<<",
    "  ",
    "\n  ",
    "---",
    "...",
    "|-",
    ">-",
    "{a: ",
    "\\n",
    "# c",
    "\r\n",
]
SIGNS += [
    "\t",
    "\x85",
    "\u2028",
    "\ufeff",
    "1e3",
    "0o7",
    "12:30",
    "no",
    "k: >-\n  text\n",
    "k: |\n  t\n\n",
]


def slowly(text):
    """The tree by ruamel.yaml alone; nothing where it refuses the text."""
    try:
        root = yaml_tree._compose(text)
    except Exception:
        return None
    return None if root is None else yaml_tree._built(root, "x", text)


def agree(text):
    """Whether libyaml read the text, after checking that ruamel.yaml reads the same."""
    root = quick_nodes.quick_nodes(text)
    if root is None:
        return False
    quick, slow = yaml_tree._built(root, "x", text), slowly(text)
    assert slow is not None, repr(text)
    assert repr(quick.data) == repr(slow.data), repr(text)
    assert quick.places == slow.places, repr(text)
    assert quick.problems == slow.problems, repr(text)
    return True


def test_shipped_scenarios_are_read_alike_and_by_libyaml():
    assert all(agree(path.read_text(encoding="utf-8")) for path in SHIPPED)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_scalars_keep_the_meaning_of_yaml_1_2(ending):
    lines = [
        "a: no",
        "b: 12:30",
        "c: 0o7",
        "d: 1e3",
        "e: ~",
        "f: 'yes'",
        "g: [on, 010, 0x1F, 1_000]",
    ]
    tree = parse_yaml(ending.join(lines), "x.yaml")
    assert tree.data == {
        "a": "no", "b": "12:30", "c": "0o7", "d": 1000.0, "e": None, "f": "yes",
        "g": ["on", 10, "0x1F", 1000],
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "a: &x 1\nb: *x",
        "a: !t 1",
        "a: 1\n---\nb: 2",
        "%YAML 1.1\n---\na: 1",
        "? [a]\n: 1",
        "a:\t1",
        "a: b\x85c: d",
        "a: |#\n  b",
        "[" * 100 + "]" * 100,
        "- " * 100 + "a",
        "a: [1",
        "---",
        "",
    ],
)
def test_what_readers_differ_in_is_left_to_the_other(text):
    assert quick_nodes.quick_nodes(text) is None


def test_the_short_question_about_characters_lets_none_through_that_the_pattern_finds():
    characters = map(chr, range(0x11000))
    let_through = [c for c in characters if quick_nodes._printable(f"a: {c}\n")]
    assert not [c for c in let_through if re.search(quick_nodes.UNUSUAL, c)]
    assert {"a", "\n", "\u00e9", "\u5cf6"} <= {*let_through}


def test_errors_say_the_same_as_without_libyaml(monkeypatch):
    texts = ["a: 1\na: 2", "a: {b: 1, b: 2}", "a: [1", "x.y: 1\nx: {y: 2}", "a: \u201cb\u201d"]
    with_it = [list(map(str, parse_yaml(text, "f").problems)) for text in texts]
    monkeypatch.setitem(sys.modules, "yaml._yaml", None)
    assert [list(map(str, parse_yaml(text, "f").problems)) for text in texts] == with_it
    assert all(with_it)


def compared(count, seed):
    """How many of some random texts libyaml read, all of them as the other reader."""
    rng, read = random.Random(seed), 0
    for _ in range(count):
        text = "".join(rng.choice(SIGNS) for _ in range(rng.randrange(1, 12)))
        if rng.random() < 0.2:
            lines = rng.choice(SHIPPED).read_text(encoding="utf-8").split("\n")
            start = rng.randrange(len(lines))
            text = "\n".join(lines[start : start + rng.randrange(1, 10)])
            for _ in range(rng.randrange(4)):
                at = rng.randrange(len(text) + 1)
                text = text[:at] + rng.choice(SIGNS) + text[at + rng.randrange(3) :]
        read += agree(text)
    return read


def test_damaged_and_random_texts_are_read_alike():
    assert compared(1500, 1) > 50


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10, 15))
def test_a_hundred_thousand_texts_are_read_alike(seed):
    assert compared(20_000, seed) > 1000
