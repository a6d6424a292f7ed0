"""A run's folder: one writer at a time, nothing mixed or half-written, and a manifest that is trusted."""

import errno
import json
import os
import stat
from pathlib import Path

import pytest
from sim.errors import UsageError
from sim.sweeps import make_plan, open_run, store, sweep
from sim.sweeps.folder import open_folder

VARY = {"tokyo.principle": (0.0, 1.0, 20), "moscow.holding": (0.5, 2.5, 10)}


@pytest.fixture(scope="module")
def whole(dispute):
    return sweep(dispute, vary=VARY, chunk=40).to_frame()


def chunks(folder):
    return sorted(p.name for p in folder.glob("chunk-*"))


def test_remains_of_a_killed_process_are_cleared(dispute, tmp_path):
    out = tmp_path / "run"
    sweep(dispute, vary=VARY, out=out, chunk=100)
    (out / ".chunk-000001-0.parquet.99.tmp").write_bytes(b"half")
    sweep(dispute, vary=VARY, out=out, resume=True)
    assert not list(out.glob(".*.tmp"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"vary": {"tokyo.principle": (0.0, 1.0, 21)}}, "another design"),
        ({"set": {"tokyo.value": 1.2}}, "other values"),
        ({"text": True}, "another scenario"),
    ],
)
def test_a_run_of_something_else_is_not_continued(dispute, fragile, tmp_path, change, words):
    out = tmp_path / "run"
    sweep(dispute, vary=VARY, out=out)
    before = chunks(out)
    scenario = fragile if "text" in change else dispute.with_values(change.get("set", {}))
    with pytest.raises(UsageError, match=words):
        sweep(scenario, vary=change.get("vary", VARY), out=out, resume=True, keep_going=True)
    assert chunks(out) == before


def test_another_version_is_not_continued(dispute, tmp_path):
    out = tmp_path / "run"
    sweep(dispute, vary=VARY, out=out)
    store.write_manifest(out, store.read_manifest(out) | {"version": "0.0.1"})
    with pytest.raises(UsageError, match="another version"):
        sweep(dispute, vary=VARY, out=out, resume=True)


def test_a_newer_format_is_refused(dispute, tmp_path):
    out = tmp_path / "run"
    sweep(dispute, vary=VARY, out=out)
    manifest = json.loads((out / "manifest.json").read_text())
    newer = {"format": store.FORMAT + 1, "version": "9.0"}
    (out / "manifest.json").write_text(json.dumps(manifest | newer))
    with pytest.raises(UsageError, match=r"newer version \(9\.0\)"):
        open_run(out)
    with pytest.raises(UsageError, match="newer version"):
        sweep(dispute, vary=VARY, out=out, resume=True)


@pytest.mark.parametrize(
    ("found", "changed"), [('"chunk": 40', '"chunk": 41'), ('"points": 200', '"points": 100')]
)
def test_a_manifest_with_one_digit_changed_is_refused(dispute, tmp_path, found, changed):
    """Continued with other chunks, the run would be a mixture of both."""
    out = tmp_path / "run"
    sweep(dispute, vary=VARY, out=out, chunk=40)
    text = (out / "manifest.json").read_text()
    assert text.count(found) == 1
    (out / "manifest.json").write_text(text.replace(found, changed))
    with pytest.raises(UsageError, match=r"manifest\.json is damaged or was edited"):
        sweep(dispute, vary=VARY, out=out, resume=True)
    with pytest.raises(UsageError, match="damaged or was edited"):
        open_run(out)
    (out / "manifest.json").write_text(text)
    assert open_run(out).complete


def test_a_run_of_the_format_before_checksums_is_still_read(dispute, whole, tmp_path):
    out = tmp_path / "run"
    sweep(dispute, vary=VARY, out=out, chunk=40)
    manifest = json.loads((out / "manifest.json").read_text())
    del manifest["checksum"]
    (out / "manifest.json").write_text(json.dumps(manifest | {"format": 2}))
    assert open_run(out).to_frame().equals(whole)


def test_names_reach_the_disk_before_a_chunk_counts_as_finished(dispute, tmp_path, monkeypatch):
    """After every rename the folder is flushed: otherwise a power cut takes finished chunks away."""
    events, flush, rename = [], os.fsync, Path.replace

    def flushed(handle):
        events.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        flush(handle)

    def renamed(source, target):
        events.append("rename")
        return rename(source, target)

    monkeypatch.setattr(os, "fsync", flushed)
    monkeypatch.setattr(Path, "replace", renamed)
    sweep(dispute, vary=VARY, out=tmp_path / "run", chunk=100)
    assert events == ["file", "rename", "folder"] * 3


def test_an_interrupt_between_a_chunk_and_its_note_keeps_the_chunk(dispute, tmp_path, monkeypatch):
    def interrupted(*given):
        store.write_chunk(*given)
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.sweeps.folder.write_chunk", interrupted)
    with pytest.raises(KeyboardInterrupt):
        sweep(dispute, vary=VARY, out=tmp_path / "run", chunk=40)
    assert len(chunks(tmp_path / "run")) == 1


def test_a_sweep_that_leaves_nothing_leaves_what_was_hidden_in_its_folder(
    dispute, tmp_path, monkeypatch
):
    out = tmp_path / "run"
    (out / ".git").mkdir(parents=True)
    (out / ".gitignore").write_text("mine")

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.sweeps.folder.write_chunk", interrupted)
    with pytest.raises(KeyboardInterrupt):
        sweep(dispute, vary=VARY, out=out)
    assert sorted(p.name for p in out.iterdir()) == [".git", ".gitignore"]


def test_an_address_is_no_folder(dispute, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for address in ("s3://bucket/run", "memory://run"):
        with pytest.raises(UsageError, match="is an address"):
            sweep(dispute, vary=VARY, out=address)
    assert list(tmp_path.iterdir()) == []


def test_files_that_only_look_like_chunks_are_left_alone(dispute, whole, tmp_path):
    out = tmp_path / "run"
    sweep(dispute, vary=VARY, out=out, chunk=40)
    (out / "chunk-one-copy.parquet").write_text("mine")
    assert open_run(out).to_frame().equals(whole)
    sweep(dispute, vary=VARY, out=out, resume=True)
    assert (out / "chunk-one-copy.parquet").read_text() == "mine"


def test_a_file_system_without_locks_is_named(dispute, tmp_path, monkeypatch):
    def unlocked(_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("sim.sweeps.folder._lock", unlocked)
    with pytest.raises(UsageError, match="cannot be locked: No locks available"):
        sweep(dispute, vary=VARY, out=tmp_path / "run")


def test_a_list_of_points_is_continued_wherever_its_file_lies(dispute, tmp_path):
    out, first, second = tmp_path / "run", tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text("tokyo.principle\n0.5\n0.25\n")
    sweep(dispute, file=first, out=out)
    first.rename(second)
    assert sweep(dispute, file=second, out=out, resume=True).complete
    second.write_text("tokyo.principle\n0.5\n0.26\n")
    with pytest.raises(UsageError, match="another design"):
        sweep(dispute, file=second, out=out, resume=True)


def test_a_manifest_that_is_none_is_refused(tmp_path):
    for text in ("[1]", "{}", "nonsense", '{"format": "3"}', '{"format": null}', '{"format": 3}'):
        (tmp_path / "manifest.json").write_text(text)
        with pytest.raises(UsageError, match="manifest"):
            open_run(tmp_path)


def test_a_folder_with_another_kind_of_result_is_refused(tmp_path):
    store.write_manifest(tmp_path, {"format": store.FORMAT, "kind": "frontier"})
    with pytest.raises(UsageError, match="holds a frontier, not a sweep"):
        open_run(tmp_path)


def test_two_sweeps_cannot_write_to_one_folder(dispute, tmp_path):
    out = tmp_path / "run"
    manifest = make_plan(dispute, vary=VARY).manifest()
    with (
        open_folder(out, manifest, resume=False),
        pytest.raises(UsageError, match="another sweep is writing"),
    ):
        sweep(dispute, vary=VARY, out=out, resume=True)
    assert sweep(dispute, vary=VARY, out=out, resume=True).complete
