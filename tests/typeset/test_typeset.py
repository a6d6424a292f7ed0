"""Tables for other programs: what is read back is what was there, and no text of a file is markup."""

from __future__ import annotations

import csv
import io

import pytest
from sim._kernels.shown import Heading, Table
from sim.typeset import FORMATS, as_csv, as_latex, as_markdown

HOSTILE = [
    "=1+1", "@SUM(A1)", "-cmd|calc", "+x", "a|b", "*bold*", "<script>", "[b]red[/b]", "$x^2$", "50 % & more",
    r"\\input{/etc/passwd}",
    "new\nline", "\x1b[31mred", "\u202eevil", "`code`", "# head", "a_b", "{x}", "~", "東京",
]  # fmt: skip


def test_csv_is_read_back_and_no_cell_is_a_formula():
    table = Table(("text", "n|r"), [(text, str(k)) for k, text in enumerate(HOSTILE)])
    rows = list(csv.reader(io.StringIO(as_csv([table]))))
    assert rows[0] == ["text", "n"]
    assert [row[1] for row in rows[1:]] == [str(k) for k in range(len(HOSTILE))]
    assert not [row[0] for row in rows[1:] if row[0].startswith(("=", "+", "-", "@"))]
    assert rows[1][0] == "'=1+1"


@pytest.mark.parametrize("number", ["-0.5", "+0.25", "1e-9", "-1"])
def test_numbers_stay_numbers(number):
    table = Table(("n",), [(number,)])
    assert list(csv.reader(io.StringIO(as_csv([table]))))[1] == [number]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("text", HOSTILE)
def test_control_characters_reach_no_format(name, text):
    parts = [Heading(text), text, Table((text,), [(text,)], heading=text, caption=text)]
    out = FORMATS[name](parts)
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_markdown_has_one_row_per_row_and_no_live_mark():
    out = as_markdown([Table(("x",), [(text,) for text in HOSTILE])])
    lines = out.splitlines()
    assert len(lines) == 2 + len(HOSTILE)
    for mark in ("<script>", "*bold*", "`code`", "a|b", "[b]"):
        assert mark not in out


def test_latex_has_balanced_braces_and_no_live_command():
    out = as_latex([Table(("x",), [(text,) for text in HOSTILE])])
    plain = out.replace(r"\{", "").replace(r"\}", "")
    assert plain.count("{") == plain.count("}")
    assert r"\input{" not in out
    body = out.split(r"\midrule")[1].split(r"\bottomrule")[0]
    assert body.count("&") - body.count(r"\&") == 0
    assert body.count(r"\\") >= len(HOSTILE)


@pytest.mark.parametrize("form", ["csv", "markdown", "latex"])
def test_every_listing_has_every_format(form):
    import contextlib

    from sim.cli import run

    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert run(["list", "concepts", "--format", form]) == 0
    assert "nash_bargaining" in out.getvalue().replace("\\", "")


def test_a_narrow_terminal_gets_rows_of_lines():
    from rich.console import Console
    from sim._kernels.shown import renderables

    words = "a long text that says what the thing is about and goes on"
    table = Table(("name", "what it is", "n|r"), [("a_very_long_name_indeed", words, "12345678")])
    wide, narrow = io.StringIO(), io.StringIO()
    for file, width in ((wide, 100), (narrow, 30)):
        console = Console(file=file, width=width, highlight=False, color_system=None)
        for part in renderables([table], width):
            console.print(part)
    assert "name: a_very_long_name_indeed" in narrow.getvalue().replace("\n", " ")
    assert "n: 12345678" in narrow.getvalue()
    assert max(map(len, narrow.getvalue().splitlines())) <= 30
    assert "n: 12345678" not in wide.getvalue()
