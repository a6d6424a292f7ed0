"""Lines of C on numbers and truths, every value under a new name, and the expression language in C.

What numpy and LLVM write is written here too, operation by operation, so that a compiler which contracts
nothing gives the same numbers; only powers, exponentials and the like may differ in their last bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import AnyArray, FloatArray
from sim.engine.operations import EXPRESSION, NORMAL, TRUTH

SIGNS = {
    "add": "+", "sub": "-", "mul": "*", "div": "/", "and": "&&", "or": "||",
    "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==",
}  # fmt: skip
FUNCTIONS = {
    "/": "e_divide", "**": "e_power", "truth": "e_truth", "min": "e_min", "max": "e_max",
    "clip": "e_clip", "where": "e_where", "logistic": "e_logistic", "and": "e_and", "or": "e_or",
    "not": "1.0 - ", "neg": "-", "abs": "fabs", "exp": "exp", "log": "log", "sqrt": "sqrt",
    NORMAL: "e_normal",
}  # fmt: skip
"""Operations of the expression language that are functions, most of them of the prelude."""
LOGICAL = ("and", "or", "not", "spread")
"""Operations on truths alone."""
CHAINED = ("min", "max", "and", "or")
"""Operations of two or more arguments, taken from the left."""
WRITTEN = {"+": "+", "-": "-", "*": "*"}
COMPARED = ("<", "<=", ">", ">=", "==", "!=")


def literal(value: float) -> str:
    """A number as C writes it, to the last bit.

    Examples
    --------
    >>> literal(1.0), literal(-np.inf)
    ('0x1.0000000000000p+0', '-INFINITY')
    """
    if np.isinf(value):
        return "INFINITY" if value > 0 else "-INFINITY"
    return "NAN" if np.isnan(value) else float(value).hex()


def _spelt(value: str | float | bool) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else literal(value)


@dataclass(frozen=True, slots=True, eq=False)
class Kernel:
    """A kernel as text, with the tables that it reads.

    Parameters
    ----------
    text
        CUDA C.
    table, bits
        The constants along the axis, a row per place: numbers, and bytes of truth.
    outputs
        How many rows it writes.
    operations
        Sums, products, comparisons and choices of numbers that a point takes, a fused one counted twice; what
        only the best cells take is not counted.
    """

    text: str
    table: FloatArray
    bits: AnyArray
    outputs: int
    operations: int


class Writer:
    """Lines of a function; a name is good in the block in which it was made, and in those within it."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.operations, self.weight = 0, 1
        self._count = 0

    def new(self, code: str, *, truth: bool = False, operations: int = 0) -> str:
        """The name of a new value, and how many operations on numbers it takes."""
        self.operations += operations * self.weight
        self._count += 1
        name = f"v{self._count}"
        self.say(f"const {'bool' if truth else 'double'} {name} = {code};")
        return name

    def variable(self, start: float | bool) -> str:
        """The name of a value that changes, with its first value."""
        self._count += 1
        name, truth = f"m{self._count}", isinstance(start, bool)
        first = str(start).lower() if truth else literal(float(start))
        self.say(f"{'bool' if truth else 'double'} {name} = {first};")
        return name

    def say(self, code: str) -> None:
        """A line."""
        self.lines.append(f"  {code}")

    def apply(self, op: str, *values: str | float | bool) -> str:
        """The same of names, numbers and truths."""
        return self.written(op, [_spelt(value) for value in values], truth=op in TRUTH)

    def written(self, op: str, a: Sequence[str], *, truth: bool = False) -> str:
        """An elementwise operation."""
        return self.new(in_c(op, a), truth=truth, operations=op not in LOGICAL)


def in_c(op: str, a: Sequence[str]) -> str:
    """An elementwise operation as C.

    Examples
    --------
    >>> in_c("add", ["x", "y"]), in_c("min", ["x", "y"]), in_c(EXPRESSION + "<", ["x", "y"])
    ('x + y', 'x < y ? x : y', 'e_kept(x < y, x, y)')
    """
    if op.startswith(EXPRESSION):
        return _expression(op.removeprefix(EXPRESSION), a)
    if op in SIGNS:
        return f"{a[0]} {SIGNS[op]} {a[1]}"
    match op:
        case "min" | "max":
            return f"{a[0]} {'<' if op == 'min' else '>'} {a[1]} ? {a[0]} : {a[1]}"
        case "where":
            return f"{a[0]} ? {a[1]} : {a[2]}"
        case "not":
            return f"!{a[0]}"
        case "neg":
            return f"-{a[0]}"
        case "abs" | "floor":
            return f"{'fabs' if op == 'abs' else op}({a[0]})"
    return a[0]  # spread


def _expression(symbol: str, a: Sequence[str]) -> str:
    if symbol in WRITTEN:
        return f"{a[0]} {WRITTEN[symbol]} {a[1]}"
    if symbol in COMPARED:
        return f"e_kept({a[0]} {symbol} {a[1]}, {a[0]}, {a[1]})"
    name = FUNCTIONS[symbol]
    if symbol in CHAINED:
        out = a[0]
        for other in a[1:]:
            out = f"{name}({out}, {other})"
        return out
    return f"{name}({', '.join(a)})"


PRELUDE = """#ifndef INFINITY
#define INFINITY (1e300 * 1e300)
#define NAN (INFINITY - INFINITY)
#endif
#define E static __device__ __forceinline__ double
E e_divide(double a, double b) { return b == 0.0 ? NAN : a / b; }
E e_power(double a, double b) {
  return b == 2.0 ? a * a : a == 0.0 && b < 0.0 ? NAN : pow(a, b);
}
E e_kept(bool holds, double a, double b) { return a != a || b != b ? NAN : holds ? 1.0 : 0.0; }
E e_truth(double a) { return a != a ? NAN : a != 0.0 ? 1.0 : 0.0; }
E e_min(double a, double b) { return a != a || b != b ? NAN : a < b ? a : b; }
E e_max(double a, double b) { return a != a || b != b ? NAN : a > b ? a : b; }
E e_clip(double a, double low, double high) { return e_min(e_max(a, low), high); }
E e_where(double c, double a, double b) { return c != c ? NAN : c != 0.0 ? a : b; }
E e_logistic(double a) { return 1.0 / (1.0 + exp(-a)); }
E e_normal(double a) { return 0.5 * erfc(a * -0.70710678118654752440); }
E e_and(double a, double b) { return a == 1.0 ? b : a; }
E e_or(double a, double b) { return a == 0.0 ? b : a; }
"""

FRAME = """{prelude}
extern "C" __global__ void points(const double* __restrict__ theta, const double* __restrict__ rows,
    const unsigned char* __restrict__ bits, double* __restrict__ out, const long long n) {{
  const double* __restrict__ table = (const double*)__builtin_assume_aligned(rows, 16);
  const long long step = (long long)gridDim.x * blockDim.x;
  for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < n; i += step) {{
{body}
  }}
}}
"""
