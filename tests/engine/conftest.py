"""A graphics card played by this machine's C++ compiler: kernels run block by block and thread by thread."""

import ctypes
import shutil
import subprocess

import numpy as np
import pytest

COMPILER = shutil.which("g++") or shutil.which("clang++")
BEFORE = """#include <math.h>
#define __global__
#define __device__
#define __forceinline__ inline
struct Index { int x; };
static Index blockIdx, threadIdx, blockDim, gridDim;
"""
AFTER = """
extern "C" void launch(int blocks, int threads, const double* theta, const double* table,
    const unsigned char* bits, double* out, long long n) {
  gridDim.x = blocks; blockDim.x = threads;
  for (blockIdx.x = 0; blockIdx.x < blocks; ++blockIdx.x)
    for (threadIdx.x = 0; threadIdx.x < threads; ++threadIdx.x) points(theta, table, bits, out, n);
}
"""


def pointer(array):
    return array.ctypes.data_as(ctypes.c_void_p)


class OnCpu:
    """A device with room for so many points."""

    def __init__(self, folder, room=1 << 20):
        self.folder, self.room, self.made, self.sizes = folder, room, 0, []

    def function(self, kernel):
        self.made += 1
        source, library = (self.folder / f"kernel{self.made}{end}" for end in (".cpp", ".so"))
        source.write_text(BEFORE + kernel.text + AFTER)
        flags = ["-O0", "-ffp-contract=off", "-shared", "-fPIC", "-w"]
        subprocess.run([COMPILER, *flags, "-o", library, source], check=True)
        code = ctypes.CDLL(str(library))

        def call(theta):
            size = theta.shape[1]
            self.sizes.append(size)
            if size > self.room:
                raise MemoryError
            out = np.full((kernel.outputs, size), np.nan)
            arrays = (theta, kernel.table, kernel.bits, out)
            code.launch(3, 2, *map(pointer, arrays), ctypes.c_longlong(size))
            return out

        return call


@pytest.fixture
def card(tmp_path):
    """A maker of such cards; tests that need one are skipped where there is no compiler."""
    if COMPILER is None:
        pytest.skip("no C++ compiler")
    return lambda **how: OnCpu(tmp_path, **how)
