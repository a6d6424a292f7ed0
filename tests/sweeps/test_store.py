"""The store: a run that is killed, damaged, locked or out of space loses nothing that was finished."""

import os
import signal
import subprocess
import sys
import time

import pyarrow.parquet as pq
import pytest
from sim.errors import SimError, UsageError
from sim.loading import loads
from sim.sweeps import designs, engine, execute, make_plan, open_run, store, sweep

VARY = {"tokyo.principle": (0.0, 1.0, 20), "moscow.holding": (0.5, 2.5, 10)}


@pytest.fixture(scope="module")
def whole(dispute):
    return sweep(dispute, vary=VARY, chunk=40).to_frame()


def chunks(folder):
    return sorted(p.name for p in folder.glob("chunk-*"))


def count(monkeypatch):
    """How many chunks are computed from here on."""
    seen, solve = [], engine.answers_of

    def counted(*args):
        for answer in solve(*args):
            seen.append(answer.number)
            yield answer

    monkeypatch.setattr(engine, "answers_of", counted)
    return seen


def test_only_missing_and_damaged_chunks_are_computed_again(dispute, whole, tmp_path, monkeypatch):
    out = tmp_path / "run"
    sweep(dispute, vary=VARY, out=out, chunk=40)
    names = chunks(out)
    assert len(names) == 5
    (out / names[1]).unlink()
    data = bytearray((out / names[3]).read_bytes())
    data[len(data) // 2] ^= 1
    (out / names[3]).write_bytes(data)
    before = (out / names[0]).stat().st_mtime_ns
    seen = count(monkeypatch)
    run = sweep(dispute, vary=VARY, out=out, resume=True)
    assert seen == [1, 3]
    assert chunks(out) == names
    assert (out / names[0]).stat().st_mtime_ns == before
    assert run.complete
    assert run.to_frame().equals(whole)


def test_resume_of_nothing_begins_and_of_a_finished_run_computes_nothing(
    dispute, whole, tmp_path, monkeypatch
):
    sweep(dispute, vary=VARY, out=tmp_path / "run", resume=True, chunk=40)
    seen = count(monkeypatch)
    run = sweep(dispute, vary=VARY, out=tmp_path / "run", resume=True, chunk=17)
    assert seen == []
    assert run.to_frame().equals(whole)


def test_a_sweep_that_is_interrupted_goes_on(dispute, whole, tmp_path):
    def interrupt(state):
        if state.done >= 80:
            raise KeyboardInterrupt

    out = tmp_path / "run"
    with pytest.raises(KeyboardInterrupt):
        sweep(dispute, vary=VARY, out=out, chunk=40, progress=interrupt)
    part = open_run(out)
    assert not part.complete
    assert len(chunks(out)) == 2
    assert part.summary()["points"] == 80
    with pytest.raises(UsageError, match="not finished: 80 of 200"):
        part.array("margin")
    seen = []
    run = sweep(dispute, vary=VARY, out=out, resume=True, progress=seen.append)
    assert (seen[0].done, seen[0].fresh) == (120, 40)
    assert run.to_frame().equals(whole)


KILLED = """
import sys, time
from sim.loading import load
from sim.sweeps import sweep
sweep(load(sys.argv[1]), vary={"tokyo.principle": (0, 1, 20), "moscow.holding": (0.5, 2.5, 10)},
      out=sys.argv[2], chunk=1, progress=lambda state: time.sleep(0.01))
"""


def test_a_sweep_that_is_killed_goes_on(dispute, whole, tmp_path):
    """SIGKILL in the middle: what is there is whole, and the rest is added."""
    (tmp_path / "two.yaml").write_text(dispute.resolved)
    out = tmp_path / "run"
    process = subprocess.Popen([sys.executable, "-c", KILLED, tmp_path / "two.yaml", out])
    deadline = time.monotonic() + 60
    while len(chunks(out)) < 20 and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert 20 <= len(chunks(out)) < 200
    assert all(store.is_whole(file) for file in store.chunk_files(out).values())
    run = sweep(dispute, vary=VARY, out=out, resume=True)
    assert run.to_frame().equals(whole)
    assert not list(out.glob(".*.tmp"))


def test_a_sweep_that_is_interrupted_before_its_first_chunk_leaves_nothing(dispute, tmp_path):
    def interrupt():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        execute(make_plan(dispute, vary=VARY), out=tmp_path / "run", started=interrupt)
    assert list(tmp_path.iterdir()) == []


def test_damaged_records_of_failures_are_named(fragile, tmp_path):
    out = tmp_path / "run"
    sweep(fragile, vary=FRAGILE, out=out, keep_going=True)
    for text in (b"nonsense\n", b'{"x": 1}\n', b"3\n", b"\xff\xfe\n"):
        (out / "failures.jsonl").write_bytes(text)
        with pytest.raises(UsageError, match=r"failures\.jsonl is damaged; remove it"):
            sweep(fragile, vary=FRAGILE, out=out, keep_going=True, resume=True)


def test_a_damaged_chunk_is_noticed_when_it_is_read(dispute, tmp_path):
    out = tmp_path / "run"
    run = sweep(dispute, vary=VARY, out=out, chunk=100)
    file = out / chunks(out)[1]
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2])
    with pytest.raises(UsageError, match=rf"{file.name} is damaged.*--resume"):
        run.to_frame()


def test_flipped_bits_in_a_page_are_noticed_when_it_is_read(dispute, tmp_path):
    """Pages carry checksums, so that values are never silently wrong."""
    out = tmp_path / "run"
    run = sweep(dispute, vary=VARY, out=out, chunk=200)
    file = out / chunks(out)[0]
    data = file.read_bytes()
    group = pq.ParquetFile(file).metadata.row_group(0)
    columns = {group.column(k).path_in_schema: group.column(k) for k in range(group.num_columns)}
    page = columns["margin"]
    end = page.data_page_offset + page.total_compressed_size
    for at in range(end - 40, end):
        file.write_bytes(data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :])
        with pytest.raises(UsageError, match="damaged"):
            run.to_frame(["margin"])


def test_random_points_are_stored_as_they_are_and_words_as_numbers(dispute, tmp_path):
    """What does not come out smaller is not compressed; what a grid repeats is."""
    stored = {}
    for kind, design in (("grid", {}), ("sobol", {"design": "sobol", "points": 66})):
        vary = VARY if kind == "grid" else dict.fromkeys(VARY, (0.0, 1.0))
        run = sweep(dispute, vary=vary, out=tmp_path / kind, **design)
        group = pq.ParquetFile(tmp_path / kind / chunks(tmp_path / kind)[0]).metadata.row_group(0)
        stored[kind] = {c["path_in_schema"]: c for c in group.to_dict()["columns"]}
        assert run.to_frame()[[*VARY]].notna().all(axis=None)
    assert {stored["sobol"][path]["compression"] for path in VARY} == {"UNCOMPRESSED"}
    assert {stored["grid"][path]["compression"] for path in VARY} == {"ZSTD"}
    for columns in stored.values():
        assert columns["rung"]["has_dictionary_page"]
        assert not columns["margin"]["has_dictionary_page"]
        assert columns["margin"]["compression"] == "ZSTD"


def test_a_full_disk_ends_the_sweep_and_keeps_what_is_finished(
    dispute, whole, tmp_path, monkeypatch
):
    out = tmp_path / "run"
    write, seen = os.fsync, []

    def full(handle):
        seen.append(handle)
        if len(seen) > 6:  # a file and its folder, three times
            raise OSError(28, "No space left on device")
        write(handle)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UsageError, match=r"No space left on device\n2 finished chunks.*--resume"):
        sweep(dispute, vary=VARY, out=out, chunk=40)
    monkeypatch.setattr(os, "fsync", write)
    assert len(chunks(out)) == 2
    assert not list(out.glob(".*.tmp"))
    assert sweep(dispute, vary=VARY, out=out, resume=True).to_frame().equals(whole)


def test_a_first_chunk_that_cannot_be_written_leaves_nothing(dispute, tmp_path, monkeypatch):
    def readonly(*_):
        raise UsageError("x cannot be written: Read-only file system")

    monkeypatch.setattr("sim.sweeps.folder.write_chunk", readonly)
    with pytest.raises(UsageError, match="Read-only"):
        sweep(dispute, vary=VARY, out=tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


FRAGILE = {"moscow.mood": (0.0, 1.0, 11), "tokyo.principle": (0.0, 1.0, 6)}


@pytest.mark.parametrize("chunk", [4, 9, 100])
def test_failing_points_are_recorded_when_the_sweep_keeps_going(fragile, tmp_path, chunk):
    """At mood = 0.5 the term divides by zero: these six points fail, all others are as ever."""
    out = tmp_path / "run"
    run = sweep(fragile, vary=FRAGILE, out=out, keep_going=True, chunk=chunk)
    frame = run.to_frame()
    bad = frame["moscow.mood"] == 0.5
    assert (frame["status"] == "failed").equals(bad)
    assert bad.sum() == 6
    assert frame.loc[bad, [c for c in frame if c not in (*FRAGILE, "status")]].isna().all().all()
    sound = sweep(fragile, vary={"moscow.mood": (0.0, 0.4, 5), "tokyo.principle": (0.0, 1.0, 6)})
    assert frame["margin"].to_numpy()[:30] == pytest.approx(sound.to_frame()["margin"].to_numpy())
    failures = run.failures()
    assert [f["point"] for f in failures] == list(frame.index[bad])
    assert all(f["values"]["moscow.mood"] == 0.5 for f in failures)
    assert all("payoffs.moscow.mood" in f["message"] for f in failures)
    assert run.summary()["failed"] == 6
    for label in (run.array("binding"), run.to_xarray()["binding"].values):
        assert set(label.ravel()[bad]) == {None}
        assert None not in set(label.ravel()[~bad])


def test_a_point_without_noise_is_a_point_without_an_answer(dispute):
    """The chance of ratification is not defined at a noise of 0, at one of eleven points."""
    text = dispute.resolved.replace("ratify", "{ratify: {noise: moscow.mood}}")
    run = sweep(loads(text), vary={"moscow.mood": (0.0, 1.0, 11)})
    assert run.to_frame()["status"].tolist() == ["failed"] + 10 * ["ok"]


def test_failures_are_recorded_once_however_often_the_run_is_resumed(fragile, tmp_path):
    out = tmp_path / "run"
    sweep(fragile, vary=FRAGILE, out=out, keep_going=True, chunk=9)
    expected = open_run(out).failures()
    failing = next(f["chunk"] for f in expected)
    store.chunk_files(out)[failing].unlink()
    with (out / "failures.jsonl").open("a") as handle:
        handle.write('{"chunk": 0, "poi')
    assert open_run(out).failures() == expected
    sweep(fragile, vary=FRAGILE, out=out, keep_going=True, resume=True)
    assert sorted(f["point"] for f in open_run(out).failures()) == [f["point"] for f in expected]


def test_a_failure_after_finished_chunks_keeps_them(fragile, tmp_path, monkeypatch):
    """A point that fails and that no probe met ends the sweep; the chunks before it are kept."""
    monkeypatch.setattr(designs.Grid, "probes", lambda design: design.points(0, 1))
    vary = {"tokyo.principle": (0.0, 1.0, 3), "moscow.mood": (0.1, 0.5, 5)}
    out = tmp_path / "run"
    with pytest.raises(SimError, match=r"moscow\.mood=0\.5.*\n.*--resume"):
        sweep(fragile, vary=vary, out=out, chunk=2, fail_fast=True)
    assert len(chunks(out)) == 2
    run = sweep(fragile, vary=vary, out=out, resume=True)
    assert run.complete
    assert [f["values"]["moscow.mood"] for f in run.failures()] == [0.5] * 3
