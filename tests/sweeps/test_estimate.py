"""What a sweep is said to take is what it takes."""

import time

import pyarrow as pa
import pytest
from sim.sweeps import make_plan, store, sweep
from sim.sweeps.designs import Grid
from sim.sweeps.estimate import estimate

GRID = {"vary": {"tokyo.principle": (0.0, 1.0, 150), "moscow.mood": (0.0, 1.0, 100)}}
SOBOL = {"design": "sobol", "points": 15_000}


@pytest.mark.parametrize("options", [GRID, SOBOL])
@pytest.mark.parametrize("chunk", [500, 5000])
def test_megabytes_are_those_that_are_written(dispute, tmp_path, options, chunk):
    said = make_plan(dispute, **options, chunk=chunk).estimate()
    run = sweep(dispute, **options, chunk=chunk, out=tmp_path / "run")
    files = store.chunk_files(run.folder).values()
    assert said.chunks == len(files)
    assert said.points == 15_000
    assert said.megabytes * 1e6 == pytest.approx(sum(f.stat().st_size for f in files), rel=0.5)


@pytest.mark.parametrize("size", [1, 3, 700, 100_000])
def test_seconds_are_those_of_the_points(size):
    """Points that take a tenth of a millisecond each, after a delay that only the first has."""
    waited = []

    def solve(theta):
        time.sleep(1e-4 * theta.shape[1] if waited else 0.1)
        waited.append(theta.shape[1])
        return pa.table({"margin": theta[0]})

    said = estimate(Grid(axes={"a": (0.0, 1.0, size)}), 1000, solve)
    assert said.seconds >= 1e-4 * size
    if size >= 700:
        assert said.seconds < 2e-4 * size
    assert sum(waited) <= 6000


def test_a_sweep_of_few_points_is_estimated_too(dispute):
    said = make_plan(dispute, vary={"tokyo.principle": (0.5, 0.5, 1)}).estimate()
    assert (said.points, said.chunks) == (1, 1)
    assert said.megabytes > 0 < said.seconds
