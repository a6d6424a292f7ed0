"""Data as YAML text: the bytes of ruamel.yaml, which still writes what is unusual."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from sim.loading.quick_text import yaml_text

FILES = sorted((Path(__file__).parents[2] / "scenarios").rglob("*.yaml"))
UNUSUAL = "0 1 12 -3 no null True n yes ~ : # - ' \" , [x] {y} é 日本 a:b c: it's a-b 1e3 --- 2018-01-02 = <<"
WORDS = st.sampled_from(["a", "note", "islands", "word", "very" * 12, *UNUSUAL.split()])
TEXTS = st.lists(WORDS, max_size=30).map(" ".join) | st.text(max_size=8)
SCALARS = TEXTS | st.integers(-5, 2000) | st.floats(allow_nan=False) | st.booleans() | st.none()
KEYS = st.sampled_from(
    ["a", "moscow.trade", "k", "z", "true", "null", "1", "x y", "é", "long_" * 30]
)


def by_ruamel(data):
    yaml, stream = YAML(typ="safe", pure=True), io.StringIO()
    yaml.sort_base_mapping_type_on_output = False
    yaml.dump(data, stream)
    return stream.getvalue()


@pytest.mark.parametrize("file", FILES[::6], ids=lambda f: f.name)
def test_shipped_files(file):
    data = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    assert yaml_text(data) == by_ruamel(data)


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        KEYS,
        st.recursive(
            SCALARS,
            lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
            max_leaves=12,
        ),
        max_size=5,
    )
)
def test_any_data(data):
    assert yaml_text(data) == by_ruamel(data)


def test_what_is_in_two_places_has_a_name():
    row = [1, 2]
    data = {"a": {"b": row, "c": row}}
    assert "&id001" in yaml_text(data)
    assert yaml_text(data) == by_ruamel(data)
