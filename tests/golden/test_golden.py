"""Every verb says of every shipped file what it said before; ``make.py`` beside this freezes it anew."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def _module():
    """``make.py``, which is a script and in no package."""
    spec = importlib.util.spec_from_file_location("golden_make", HERE / "make.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["golden_make"] = module
    spec.loader.exec_module(module)
    return module


make = _module()
GROUPS = [*make.groups(), "whole"]
ANEW = "an intended change is frozen by: python tests/golden/make.py (and told in CHANGELOG)"


def moved(group, *, dear):
    chosen = [case for case in make.cases(group) if case.dear == dear]
    if not chosen:
        pytest.skip("no such command on this file")
    old, new = make.stored(group), make.outputs(chosen)
    return [
        line
        for case in chosen
        for line in broken(old.get(case.name, {}), new[case.name], case.name)
    ]


def broken(old, new, where=""):
    """What differs, but for what was only added: keys may be, and readers pass over them."""
    return [line for line in make.differences(old, new, where) if ": new, " not in line]


DAILY = ("classics-", "kuril-2018", "controls-russia-norway-2010", "whole")
"""Files of which every suite checks the cheap verbs; the rest, and the dear verbs, with ``-m slow``."""


@pytest.mark.parametrize(
    "group",
    [g if g.startswith(DAILY) else pytest.param(g, marks=pytest.mark.slow) for g in GROUPS],
)
def test_what_the_verbs_say_is_unchanged(group):
    assert moved(group, dear=False) == [], ANEW


@pytest.mark.slow
@pytest.mark.parametrize("group", GROUPS)
def test_what_the_dear_verbs_say_is_unchanged(group):
    assert moved(group, dear=True) == [], ANEW


def test_every_frozen_file_belongs_to_a_shipped_one():
    frozen = {path.stem for path in HERE.glob("*.json")}
    assert frozen == {*GROUPS, "api"}
    assert sum(path.stat().st_size for path in HERE.glob("*.json")) < 1.5e6


def test_a_number_that_moves_is_found_and_the_last_places_are_not():
    old = {"a": [1.0, 2.0], "b": "x", "c": make.digest([float(k) for k in range(40)])}
    last = {"a": [1.0 + 1e-12, 2.0], "b": "x", "c": make.digest([k + 1e-12 for k in range(40)])}
    assert [*make.differences(old, last)] == []
    new = {"a": [1.0, 2.1], "b": "y", "c": make.digest([float(k ^ 1) for k in range(40)])}
    found = [line.partition(":")[0] for line in make.differences(old, new)]
    assert found == ["a[1]", "b", "c.order"]
    assert [*make.differences({"a": 1}, {"b": True})] == ["a: gone, was 1", "b: new, true"]


def test_the_door_is_unchanged():
    assert broken(make.stored("api"), make.door()) == [], ANEW
