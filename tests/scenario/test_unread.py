"""Slips that are legal: ``sim check`` says them in a note and still exits with 0."""

from __future__ import annotations

from pathlib import Path

import pytest
import sim
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


def test_what_several_files_inherit_is_noted_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "base.yaml").write_text(GOOD.replace(*SLIPS["parameter"][:2]))
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text("extends: base.yaml")
    files = [str(tmp_path / f"{name}.yaml") for name in ("a", "b", "base")]
    assert run(["check", *files]) == 0
    printed = capsys.readouterr()
    assert printed.err.count("note: ") == 1
    assert printed.out.splitlines() == [f"{file}: ok, notes: 1" for file in files]
    assert str(sim.check(*files)).count("note: ") == 1


def test_a_value_that_the_world_does_not_start_with_is_noted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Else a verdict at the file's values and a forecast contradict each other without a word."""
    file = tmp_path / "world.yaml"
    time = (
        "game: [{offer: a}, {reply: b}]\n"
        "dynamics: {discount: {a: 0.9, b: 0.9}, world: {mood: {now: cold, levels: {cold: {peace: 0.1},"
        " warm: {peace: 0.4}}, moves: {cold: {warm: 0.1}}}}}\n"
    )
    for value, noted in (("0.3", True), ("0.1", False)):
        file.write_text(GOOD.replace("{peace: 0.3}", f"{{peace: {value}}}") + time)
        assert run(["check", str(file)]) == 0
        said = capsys.readouterr().err
        assert ("the world starts at mood=cold, where it is 0.1" in said) is noted, said
