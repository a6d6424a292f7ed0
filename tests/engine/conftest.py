"""A graphics card played by this machine's C++ compiler."""

import ctypes
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np
import pytest

SPEC = spec_from_file_location("played", Path(__file__).with_name("played.py"))
played = module_from_spec(SPEC)
SPEC.loader.exec_module(played)


class OnCpu:
    """A device with room for so many points, whose arrays are those of this side."""

    def __init__(self, room=1 << 20):
        self.room, self.sizes = room, []
        self.there = self.here = lambda array: array
        self.count = np.arange

    def function(self, kernel):
        code = played.library(kernel.text)

        def call(theta):
            size = theta.shape[1]
            self.sizes.append(size)
            if size > self.room:
                raise MemoryError
            out = np.full((kernel.outputs, size), np.nan)
            arrays = (np.ascontiguousarray(theta), kernel.table, kernel.bits, out)
            pointers = [a.ctypes.data_as(ctypes.c_void_p) for a in arrays]
            code.launch(3, 2, *pointers, ctypes.c_longlong(size))
            return out

        return call


@pytest.fixture
def compiler():
    """Tests that play a card are skipped where there is no compiler."""
    if played.COMPILER is None:
        pytest.skip("no C++ compiler")


@pytest.fixture
def card(compiler):
    """A maker of such devices."""
    return OnCpu


@pytest.fixture
def cupy(compiler, monkeypatch):
    """A maker of a played CuPy, which is what is imported from then on."""

    def make(**how):
        made = played.cupy(**how)
        monkeypatch.setitem(sys.modules, "cupy", made)
        return made

    return make
