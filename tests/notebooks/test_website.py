"""What of the website needs no Sphinx: links that lead nowhere are found, tables and kinds are right."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

FILE = Path(__file__).parents[2] / "notebooks" / "website.py"


@pytest.fixture(scope="module")
def website():
    spec = importlib.util.spec_from_file_location("website", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_links_to_nowhere_are_found(website, tmp_path):
    (tmp_path / "a b.html").write_text(
        '<p id="here"></p><a href="#here">x</a><a href="#gone">y</a>'
    )
    links = ["a%20b.html", "a%20b.html#here", "a%20b.html#gone", "no.html", "https://example.org/x"]
    (tmp_path / "index.html").write_text("".join(f'<a href="{link}">x</a>' for link in links))
    assert website.dead_links(tmp_path) == [
        "a b.html: #gone",
        "index.html: a%20b.html#gone",
        "index.html: no.html",
    ]


def test_the_format_has_a_row_for_every_property(website):
    from sim.loading import schema

    ((_, text),) = website.file_format()
    for part in (schema(), *schema()["$defs"].values()):
        for name in part.get("properties", {}):
            assert f"``{name}``" in text


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"type": "string"}, "text"),
        ({"anyOf": [{"type": "number"}, {"type": "null"}]}, "number"),
        ({"type": "array", "items": {"type": "number"}}, "list, each number"),
        ({"$ref": "#/$defs/Sweep"}, ":ref:`Sweep <format-sweep>`"),
        ({"enum": ["a", "b"]}, "``a``, ``b``"),
    ],
)
def test_a_kind_is_said_in_words(website, told, words):
    assert website.kind_of(told) == words


def test_formulas_of_a_definition_are_literal(website):
    lines = ["For all ``i``,", "", "    sum over s_-i", "", "and u_ .", "", "* one", "", "    more"]
    website.tidy(None, "module", "", None, None, lines)
    assert lines[2:5] == ["::", "", "    sum over s_-i"]
    assert "    more" in lines
    assert lines.count("::") == 1
