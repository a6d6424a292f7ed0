"""Plain texts are broken into lines as the library for terminals breaks them."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from sim._kernels.shown import Heading, Table, _plain_lines, as_text, renderables

PIECES = st.sampled_from(
    ["a", "bc", "±", "-", "  ", " ", " ", "[x]", "\n", "word", "(12", "%)", ":smile:"]
)
TEXTS = st.lists(PIECES, max_size=60).map("".join)


def by_the_library(parts, width):
    out = io.StringIO()
    console = Console(file=out, width=width, highlight=False, color_system=None)
    for part in renderables(parts):
        console.print(part)
    return [line.rstrip() for line in out.getvalue().splitlines()]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(TEXTS | st.builds(Heading, TEXTS, TEXTS), max_size=4), st.sampled_from([20, 40, 100])
)
def test_lines_are_those_of_the_library(parts, width):
    lines = _plain_lines(parts, width)
    if lines is not None:
        assert [line.rstrip() for line in lines] == by_the_library(parts, width)


@pytest.mark.parametrize(
    "part",
    ["歯舞", "a\tb", "x" * 101, " " * 60 + "x" * 60, "\x1b[31mred", Table(("a",), [("b",)])],
)
def test_what_is_not_plain_is_left_to_the_library(part):
    assert _plain_lines([part], 100) is None
    assert as_text([part]).strip()
