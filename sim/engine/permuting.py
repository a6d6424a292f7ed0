"""Points of a Latin hypercube along one parameter as vector code, to the bit those of numpy.

Definition. As in :mod:`sim.sweeps.designs.latin`: a Feistel network takes a number below
``rows * 2**digits`` to another one, again and again until it is below ``size``. That is the point's stratum,
and a number from 0 to 1 says where in it the point lies.

Array convention. Numbers are words of 64 bits or doubles, shape ``(batch,)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim._kernels.tolerance import FloatArray
from sim.engine.machine import available, function_of

Words = NDArray[np.uint64]
LANES = 64
"""Numbers that go side by side: each waits for its own products, so that there must be many."""
W, D, M = f"<{LANES} x i64>", f"<{LANES} x double>", f"<{LANES} x i1>"
HALF, LOW = "splat (i64 32)", "splat (i64 4294967295)"
MULTIPLIERS = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
"""Of the finaliser of SplitMix64 [steele2014]_."""


def strata_by_code(
    inside: FloatArray, start: int, size: int, digits: int, rows: int, keys: Words
) -> bool:
    """Put each of some numbers, from 0 to 1, into its stratum; whether that could be done by code.

    Parameters
    ----------
    inside
        Where points ``start`` and the following ones lie in their strata; where they lie at all afterwards.
    start
        The first point.
    size
        How many strata there are: below what the network is to come.
    digits, rows
        Binary digits of what stands right, and how many values what stands left of it has.
    keys
        One per round.
    """
    if not available():
        return False
    whole = len(inside) // LANES * LANES
    rest = np.zeros(LANES)
    rest[: len(inside) - whole] = inside[whole:]
    numbers = np.array([start, size, digits, rows], dtype=np.uint64)
    used = np.ascontiguousarray(keys, dtype=np.uint64)
    code = _code(len(keys))
    for part, first in ((inside[:whole], 0), (rest, whole)):
        if len(part):
            numbers[0] = start + first
            at = [a.ctypes.data for a in (used, numbers, part)]
            code(at[0], at[1], at[1], at[1], at[1], at[2], len(part))
    inside[whole:] = rest[: len(inside) - whole]
    return True


@cache
def _code(rounds: int) -> Any:
    return function_of(_text(rounds))


class _Lines:
    """Lines of the network, every value under a new name."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def new(self, op: str, *values: str) -> str:
        """The name of an operation's value."""
        return self._named(f"{op} {W} {', '.join(values)}")

    def compared(self, how: str, first: str, second: str) -> str:
        """The name of a comparison's truth."""
        return self._named(f"icmp {how} {W} {first}, {second}")

    def selected(self, truth: str, yes: str, no: str) -> str:
        """The name of one of two values."""
        return self._named(f"select {M} {truth}, {W} {yes}, {W} {no}")

    def _named(self, text: str) -> str:
        name = f"%v{len(self.lines)}"
        self.lines.append(f"  {name} = {text}")
        return name


def _rounds(count: int) -> tuple[Sequence[str], str]:
    """The lines of all rounds on ``%x``, and the name of what comes out."""
    on = _Lines()
    left, right = on.new("lshr", "%x", "%digits"), on.new("and", "%x", "%mask")
    for k in range(count):
        word = _mixed(on, on.new("xor", left if k % 2 else right, f"%key{k}"))
        if k % 2:
            right = on.new("xor", right, on.new("and", word, "%mask"))
            continue
        part = on.new("mul", on.new("lshr", word, HALF), "%few")
        left = on.new("add", left, on.new("lshr", part, HALF))
        inside = on.compared("ult", left, "%rows")
        left = on.selected(inside, left, on.new("sub", left, "%rows"))
    end = on.new("or", on.new("shl", left, "%digits"), right)
    return on.lines, end


def _mixed(on: _Lines, word: str) -> str:
    """A word of which every bit depends on every bit of another."""
    for shift, multiplier in zip((30, 27), MULTIPLIERS, strict=True):
        low = on.new("lshr", word, f"splat (i64 {shift})")
        word = on.new("xor", word, low)
        word = on.new("mul", word, f"splat (i64 {multiplier - (1 << 64)})")
    return on.new("xor", word, on.new("lshr", word, "splat (i64 31)"))


def _everywhere(name: str) -> str:
    """A number in all lanes, under the same name without its point."""
    return f"""  %{name}.one = insertelement {W} poison, i64 %{name}.number, i64 0
  %{name} = shufflevector {W} %{name}.one, {W} poison, <{LANES} x i32> zeroinitializer"""


def _text(rounds: int) -> str:
    lines, end = _rounds(rounds)
    keys = [
        f"  %key{k}.at = getelementptr i64, ptr %keys, i64 {k}\n"
        f"  %key{k}.number = load i64, ptr %key{k}.at\n{_everywhere(f'key{k}')}"
        for k in range(rounds)
    ]
    splats = [_everywhere(name) for name in ("size", "digits", "mask", "rows")]
    counts = ", ".join(f"i64 {lane}" for lane in range(LANES))
    return FRAME.format(
        words=W,
        doubles=D,
        mask=M,
        counts=counts,
        lanes=LANES,
        begin="\n".join([*splats, *keys]),
        body="\n".join(lines),
        end=end,
        low=LOW,
        at=_everywhere("at"),
    )


FRAME = """define void @blocks(ptr noalias readonly %keys, ptr noalias readonly %numbers,
                    ptr %a, ptr %b, ptr %c, ptr noalias %inside, i64 %n) #0 {{
entry:
  %first.number = load i64, ptr %numbers
  %size.at = getelementptr i64, ptr %numbers, i64 1
  %size.number = load i64, ptr %size.at
  %digits.at = getelementptr i64, ptr %numbers, i64 2
  %digits.number = load i64, ptr %digits.at
  %full = shl i64 1, %digits.number
  %mask.number = sub i64 %full, 1
  %rows.at = getelementptr i64, ptr %numbers, i64 3
  %rows.number = load i64, ptr %rows.at
{begin}
  %few = and {words} %rows, {low}
  %strata = uitofp {words} %size to {doubles}
  br label %outer
outer:
  %i = phi i64 [ 0, %entry ], [ %i.next, %done ]
  %at.number = add i64 %first.number, %i
{at}
  %here = add {words} %at, <{counts}>
  %within = icmp ult {words} %here, %size
  %start = select {mask} %within, {words} %here, {words} splat (i64 0)
  br label %walk
walk:
  %x = phi {words} [ %start, %outer ], [ %after, %walk ]
  %active = phi {mask} [ splat (i1 true), %outer ], [ %outside, %walk ]
{body}
  %after = select {mask} %active, {words} {end}, {words} %x
  %outside = icmp uge {words} %after, %size
  %bits = bitcast {mask} %outside to i{lanes}
  %some = icmp ne i{lanes} %bits, 0
  br i1 %some, label %walk, label %done
done:
  %to = getelementptr double, ptr %inside, i64 %i
  %own = load {doubles}, ptr %to, align 8
  %stratum = uitofp {words} %after to {doubles}
  %sum = fadd {doubles} %own, %stratum
  %point = fdiv {doubles} %sum, %strata
  store {doubles} %point, ptr %to, align 8
  %i.next = add i64 %i, {lanes}
  %more = icmp ult i64 %i.next, %n
  br i1 %more, label %outer, label %leave
leave:
  ret void
}}
attributes #0 = {{ nounwind "min-legal-vector-width"="512" "prefer-vector-width"="512" }}
"""
