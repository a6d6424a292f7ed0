"""The command as a shell runs it, in a process of its own: what it puts off until later is there in time."""

import subprocess
import sys

LATER = """
from sim._kernels.lazily import imported_later
imported_later("importlib.metadata", ["entry_points"])
import importlib
assert importlib.metadata.version("numpy")
import numpy.testing
from importlib import metadata
from importlib.metadata import entry_points
assert metadata.entry_points() and entry_points()
"""


def outcome(*words):
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def test_a_module_that_is_put_off_is_its_packages_too():
    assert outcome("-c", LATER) == (0, "")


def test_a_forecast_that_draws(tmp_path):
    """It loads scipy, which loads numpy.testing, which reads importlib.metadata."""
    words = ("-m", "sim", "forecast", "starts/forecast", "--draws", "2", "--by", "2030")
    assert outcome(*words) == (0, "")
