"""Runs the compiled code of disputes on arrays between pages that nobody may touch; not a test by itself.

A list of scenario texts comes as JSON on standard input. Every array that the code gets lies against a page
without access, once at its end and once at its beginning, and what the code may only read cannot be written
to; so any access outside of an array ends the process with a signal. Prints how many runs there were. With
``--short ARRAY`` that array lacks its last number, which shows that the fence is there.
"""

import ctypes
import json
import mmap
import sys

import numpy as np
from sim.feasibility import prepare
from sim.loading import loads

NONE, READ, WRITE = 0, 1, 2
ARRAYS = ("scalars", "rows", "table", "bits", "room", "out")
POINTS = [
    -3.0,
    -0.75,
    0.0,
    0.5,
    1.0,
    3.0,
    1e300,
    -1e300,
    np.inf,
    -np.inf,
    np.nan,
    0.1,
    2.0,
    1.5,
    2.5,
    -2.0,
]
mprotect = ctypes.CDLL(None, use_errno=True).mprotect
mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
KEPT = []


def protect(start, size, rights):
    if mprotect(start, size, rights):
        raise OSError(ctypes.get_errno(), "mprotect")


def fenced(array, *, at_end, rights=READ | WRITE, short=False):
    """Where a copy of an array begins; a page without access touches its end, or its beginning."""
    page, size = mmap.PAGESIZE, array.nbytes - array.itemsize * short
    inner = -(-max(size, 1) // page) * page
    region = mmap.mmap(-1, inner + 2 * page)
    KEPT.append(region)
    base = ctypes.addressof(ctypes.c_char.from_buffer(region))
    first = base + page
    start = first + (inner - size if at_end else 0)
    ctypes.memmove(start, array.ctypes.data, size)
    protect(first, inner, rights)
    protect(base, page, NONE)
    protect(first + inner, page, NONE)
    return start


class Fenced:
    """Stands for a compiled function: runs it between fences, twice, and compares what it gives."""

    def __init__(self, function, short):
        self.function, self.short, self.runs = function, short, 0

    def run(self, scalars, rows):
        expected = self.function.run(scalars, rows)
        source = self.function.source
        room, out = np.zeros(source.room), np.zeros_like(expected)
        inputs = (
            scalars,
            rows,
            np.ascontiguousarray(source.table),
            np.ascontiguousarray(source.bits),
        )
        for at_end in (True, False):
            starts = [
                fenced(array, at_end=at_end, rights=READ, short=name == self.short)
                for name, array in zip(ARRAYS[:4], inputs, strict=True)
            ]
            starts += [
                fenced(array, at_end=at_end, short=name == self.short)
                for name, array in zip(ARRAYS[4:], (room, out), strict=True)
            ]
            self.function.call(*starts, scalars.shape[1])
            found = np.ctypeslib.as_array((ctypes.c_double * out.size).from_address(starts[-1]))
            assert np.array_equal(found.reshape(out.shape), expected, equal_nan=True)
            self.runs += 1
        return expected


def main():
    short = sys.argv[sys.argv.index("--short") + 1] if "--short" in sys.argv else ""
    runs = 0
    for text in json.load(sys.stdin):
        scenario = loads(text)
        varied = [path for path, p in scenario.document.parameters.items() if p.range]
        machine = prepare(scenario, varied).backends.machine(wait=True)
        machine._code = code = Fenced(machine._code, short)
        with np.errstate(all="ignore"):
            machine.run(np.array([np.roll(POINTS, k) for k in range(len(varied))]))
        runs += code.runs
    print(runs)


if __name__ == "__main__":
    main()
