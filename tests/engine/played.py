"""A graphics card played by this machine's C++ compiler, and CuPy on it.

Kernels run block by block and thread by thread. Arrays of the card mix with no numpy array, as CuPy's do not:
what works here uses only functions of numpy that know such arrays.
"""

import ctypes
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np

COMPILER = shutil.which("g++") or shutil.which("clang++")
BEFORE = """#include <math.h>
#define __global__
#define __device__
#define __forceinline__ inline
#define __ffs __builtin_ffs
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


@cache
def library(code):
    """A kernel's text compiled for this machine."""
    folder = Path(tempfile.mkdtemp())
    source, made = folder / "kernel.cpp", folder / "kernel.so"
    source.write_text(BEFORE + code + AFTER)
    flags = ["-O0", "-ffp-contract=off", "-shared", "-fPIC", "-w"]
    subprocess.run([COMPILER, *flags, "-o", made, source], check=True)
    found = ctypes.CDLL(str(made))
    shutil.rmtree(folder)
    return found


class There(np.lib.mixins.NDArrayOperatorsMixin):
    """An array of the card."""

    def __init__(self, array):
        self.array = np.asarray(array)

    def __array__(self, *_, **__):
        raise TypeError("an array of the card is not an array here")

    def __array_ufunc__(self, ufunc, method, *inputs, **how):
        return wrapped(getattr(ufunc, method)(*unwrapped(inputs), **unwrapped(how)))

    def __array_function__(self, function, types, args, how):
        return wrapped(function(*unwrapped(args), **unwrapped(how)))

    def __getitem__(self, key):
        return wrapped(self.array[unwrapped(key)])

    def __setitem__(self, key, value):
        self.array[unwrapped(key)] = unwrapped(value)

    def __len__(self):
        return len(self.array)

    def __int__(self):
        return int(self.array)

    def __bool__(self):
        return bool(self.array)

    def __getattr__(self, name):
        found = getattr(self.array, name)
        return (
            (lambda *a, **k: wrapped(found(*unwrapped(a), **unwrapped(k))))
            if callable(found)
            else found
        )


def unwrapped(value):
    """Arrays of the card as what holds them; others are refused."""
    if isinstance(value, There):
        return value.array
    if isinstance(value, np.ndarray) and value.ndim:
        raise TypeError("an array here is not an array of the card")
    if isinstance(value, (tuple, list)):
        return type(value)(map(unwrapped, value))
    if isinstance(value, dict):
        return {key: unwrapped(v) for key, v in value.items()}
    return value


def wrapped(value):
    """What comes of arrays of the card."""
    if isinstance(value, (tuple, list)):
        return type(value)(map(wrapped, value))
    return There(value) if isinstance(value, (np.ndarray, np.generic)) else value


class Module:
    """CuPy's RawModule."""

    def __init__(self, code, options=()):
        self.code = library(code)

    def get_function(self, name):
        """The kernel as CuPy calls it."""

        def call(blocks, threads, arguments):
            arrays = [a.array for a in arguments[:-1]]
            assert all(a.flags.c_contiguous for a in arrays)
            pointers = [a.ctypes.data_as(ctypes.c_void_p) for a in arrays]
            self.code.launch(3, 2, *pointers, ctypes.c_longlong(arguments[-1]))

        call.num_regs = call.local_size_bytes = 0
        return call


def asarray(value):
    """CuPy's asarray, which takes arrays of both sides."""
    return value if isinstance(value, There) else There(np.array(value))


def asnumpy(value):
    """CuPy's asnumpy, which takes arrays of both sides."""
    return value.array if isinstance(value, There) else np.asarray(value)


def cupy(room=1 << 40):
    """A module CuPy with room for an array of so many numbers."""

    def empty(shape):
        if np.prod(shape) > room:
            raise MemoryError
        return There(np.full(shape, np.nan))

    return SimpleNamespace(
        RawModule=Module, asarray=asarray, asnumpy=asnumpy, empty=empty,
        ascontiguousarray=lambda value: There(np.ascontiguousarray(value.array)),
        arange=lambda start, stop: There(np.arange(start, stop)),
        cuda=SimpleNamespace(runtime=SimpleNamespace(getDeviceCount=lambda: 1)),
    )  # fmt: skip
