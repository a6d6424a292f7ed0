"""Files that are not plain UTF-8 text: read where that is clear, refused in a sentence, never waited for."""

import os
from pathlib import Path

import pytest
from sim.errors import ScenarioError
from sim.loading import load, load_folder

GAME = 'NFG 1 R "é" { "A" "B" } { 1 1 }\n1 2\n'
FILE = "strategic: {actors: {é: [x], b: [y]}, payoffs: [[[1, 2]]]}\n"


def refusal(path):
    with pytest.raises(ScenarioError) as caught:
        load(path)
    return str(caught.value).removeprefix(f"{path}: ")


@pytest.mark.parametrize(("name", "text"), [("x.yaml", FILE), ("x.nfg", GAME)])
def test_a_byte_order_mark_is_dropped(tmp_path, name, text):
    plain, marked = tmp_path / name, tmp_path / f"marked{name}"
    plain.write_text(text, encoding="utf-8")
    marked.write_text(text, encoding="utf-8-sig")
    assert load(marked).document == load(plain).document


@pytest.mark.parametrize("name", ["x.yaml", "x.nfg", "x.efg"])
@pytest.mark.parametrize("coding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_other_codings_are_named(tmp_path, name, coding):
    path = tmp_path / name
    path.write_bytes(FILE.encode(coding))
    word = coding.upper()[:6]
    if coding == "utf-32-le" or word == "UTF-32":
        assert refusal(path) == "cannot be read: it is UTF-32 text; save it as UTF-8"
    else:
        assert refusal(path) == "cannot be read: it is UTF-16 text; save it as UTF-8"


def test_bytes_are_counted_with_their_mark(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_bytes(b"\xef\xbb\xbftitle: \xe9\n")
    assert refusal(path) == ("cannot be read: byte 11 is not UTF-8 text; save the file as UTF-8")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with a name")
@pytest.mark.parametrize("name", ["x.yaml", "x.nfg"])
def test_a_pipe_is_not_waited_for(tmp_path, name):
    os.mkfifo(tmp_path / name)
    assert (
        refusal(tmp_path / name)
        == "cannot be read: it is a pipe; write its content to a file first"
    )
    (tmp_path / "top.yaml").write_text("extends: x.yaml")
    assert "extends: no such file" in refusal(tmp_path / "top.yaml")


def test_a_device_is_not_read(tmp_path):
    if not Path("/dev/zero").exists():
        pytest.skip("needs a device")
    (tmp_path / "x.yaml").symlink_to("/dev/zero")
    assert refusal(tmp_path / "x.yaml") == "cannot be read: it is a device"


def test_a_folder_gives_what_can_be_read_and_why_the_rest_cannot(tmp_path):
    (tmp_path / "deep").mkdir()
    for name, text in {"a": FILE, "b": "titel: 1\nx: 2", "deep/c": FILE, "d": "title: ["}.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    scenarios, unreadable = load_folder(tmp_path)
    assert list(scenarios) == ["a.yaml", "deep/c.yaml"]
    assert list(unreadable) == ["b.yaml", "d.yaml"]
    assert (
        "unknown key 'titel'" in unreadable["b.yaml"] and "unknown key 'x'" in unreadable["b.yaml"]
    )
