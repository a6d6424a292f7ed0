"""The functions that numba compiles, with every index checked against the array that it is for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("numba")
AFFINE = Path(__file__).parent / "test_affine_games.py"


def checked(*arguments, cache):
    """Python in a process in which numba checks bounds, and keeps what it compiles apart."""
    more = {
        "NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(cache), "PYTHONPATH": os.pathsep.join(sys.path)
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, *arguments],
        env=os.environ | more,
        capture_output=True,
        text=True,
        check=False,
    )


def test_affine_games_with_every_index_checked(tmp_path):
    done = checked(
        "-m",
        "pytest",
        "-q",
        "-n",
        "0",
        "-p",
        "no:cacheprovider",
        "-k",
        "written_out",
        str(AFFINE),
        cache=tmp_path,
    )
    assert done.returncode == 0, done.stdout[-2000:]


def test_indices_are_checked(tmp_path):
    """A function that reads one number too many is caught."""
    code = "import numba, numpy; numba.njit(lambda a: a[len(a)])(numpy.zeros(3))"
    done = checked("-c", code, cache=tmp_path)
    assert "IndexError" in done.stderr
