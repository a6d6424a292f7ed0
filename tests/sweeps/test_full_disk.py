"""A disk that is full at any moment of writing: what is left can be continued, or nothing is left.

Every file is flushed before it counts, so a disk is full here from the n-th flush on, for every n.
"""

import errno
import os

import pytest
from sim.certified import frontier, store_frontier
from sim.errors import UsageError
from sim.loading import loads
from sim.sweeps import make_design, open_run, sweep
from sim.sweeps.concept_sweep import concept_sweep

VARY = {"tokyo.principle": (0.0, 1.0, 20), "moscow.holding": (0.5, 2.5, 10)}
CHICKEN = """
parameters: {war: {value: 2, range: [1, 3]}}
strategic:
  actors: {a: [yield, stand], b: [yield, stand]}
  payoffs: [[[0, 0], [-1, 1]], [[1, -1], [-war, -war]]]
"""


@pytest.fixture
def full(monkeypatch):
    """A call while the disk is full from some flush on; how often the whole call flushes."""

    def call(function, moment):
        flush, seen = os.fsync, []

        def failing(handle):
            seen.append(handle)
            if len(seen) > moment:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            flush(handle)

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", failing)
            function()
        return len(seen)

    return call


@pytest.fixture
def writers(dispute):
    """What writes a folder, by name."""
    chicken = loads(CHICKEN)
    run = concept_sweep(chicken, make_design(chicken, vary={"war": (1, 3, 3)}), "pure_nash")
    found = frontier(dispute, vary={"tokyo.principle": (0.0, 1.0)})
    return {"concept": run.write, "frontier": lambda out: store_frontier(found, out)}


@pytest.mark.parametrize("kind", ["concept", "frontier"])
@pytest.mark.parametrize("empty", [True, False])
def test_of_a_result_that_is_written_at_once_nothing_is_left(writers, full, tmp_path, kind, empty):
    write, out = writers[kind], tmp_path / "out"
    flushes = full(lambda: write(tmp_path / "whole"), 10**6)
    assert flushes > 1
    for moment in range(flushes):
        if empty:
            out.mkdir(exist_ok=True)
        with pytest.raises(UsageError, match="No space left on device"):
            full(lambda: write(out), moment)
        assert (list(out.iterdir()) == []) if empty else not out.exists()
    write(out)
    assert {p.name: p.read_bytes() for p in out.iterdir()} == {
        p.name: p.read_bytes() for p in (tmp_path / "whole").iterdir()
    }


def test_of_a_sweep_what_is_finished_is_left_or_nothing(dispute, full, tmp_path):
    flushes = full(lambda: sweep(dispute, vary=VARY, chunk=50, out=tmp_path / "whole"), 10**6)
    whole = open_run(tmp_path / "whole").to_frame()
    assert flushes == 10  # the manifest and four chunks, each a file and its folder
    for moment in range(flushes):
        out = tmp_path / str(moment)
        with pytest.raises(UsageError, match="No space left on device"):
            full(lambda out=out: sweep(dispute, vary=VARY, chunk=50, out=out), moment)
        finished = list(out.glob("chunk-*")) if out.exists() else []
        assert bool(finished) == out.exists()
        assert not list(out.glob(".*.tmp"))
        again = sweep(dispute, vary=VARY, chunk=50, out=out, resume=bool(finished))
        assert again.to_frame().equals(whole)
