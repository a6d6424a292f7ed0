"""Slips that are legal: ``sim check`` says them in a note and still exits with 0."""

from __future__ import annotations

from pathlib import Path

import pytest
from sim.cli import run

GOOD = """
parameters: {peace: 0.3}
issues:
  deal: {no: {}, yes: {signed: 1, miles: 0.5}}
outcomes: {treaty: signed}
actors: {a: {role: principal}, b: {role: principal}}
payoffs: {a: {x: peace*signed - miles}, b: {x: signed}}
"""

SLIPS = {
    "attribute": (
        "{signed: 1, miles: 0.5}",
        "{signed: 1, mile: 0.5, miles: 0}",
        "is 'miles' meant?",
    ),
    "parameter": ("{peace: 0.3}", "{peace: 0.3, pece: 0.5}", "is 'peace' meant?"),
    "status quo": (
        "{no: {}, yes: {signed: 1, miles: 0.5}}",
        "{no: {signed: 1, miles: 1}}",
        "is a treaty",
    ),
    "no class": ("{treaty: signed}", "{deal: signed}", "no class 'treaty'"),
}


def test_a_good_file_has_no_notes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "good.yaml"
    file.write_text(GOOD)
    assert run(["check", str(file)]) == 0
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == (f"{file}: ok\n", "")


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_noted_at_its_place(
    slip: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new, words = SLIPS[slip]
    file = tmp_path / "slip.yaml"
    file.write_text(GOOD.replace(old, new))
    assert run(["check", str(file)]) == 0
    printed = capsys.readouterr()
    assert printed.err.startswith(str(file))
    assert "note: " in printed.err
    assert words in printed.err
    assert "notes: 1" in printed.out
