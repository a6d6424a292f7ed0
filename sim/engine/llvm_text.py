"""Lines of LLVM's language on vectors of numbers and of truth, every value under a new name.

No operation may be reassociated or contracted: what is written is what numpy computes.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sim._kernels.tolerance import AnyArray, FloatArray

LANES = 8
"""Points side by side."""
VECTOR, MASK = f"<{LANES} x double>", f"<{LANES} x i1>"
COMPARED = {"lt": "olt", "le": "ole", "gt": "ogt", "ge": "oge", "eq": "oeq"}
PLAIN = {"add": "fadd", "sub": "fsub", "mul": "fmul", "div": "fdiv"}


def literal(value: float) -> str:
    """A number as LLVM writes it, to the last bit.

    Examples
    --------
    >>> literal(1.0)
    '0x3FF0000000000000'
    """
    return f"0x{struct.unpack('>Q', struct.pack('>d', value))[0]:016X}"


def splat(value: float) -> str:
    """The same number in all lanes."""
    return f"splat (double {literal(value)})"


def _spelt(value: str | float | bool) -> str:
    if isinstance(value, bool):
        return f"splat (i1 {str(value).lower()})"
    return value if isinstance(value, str) else splat(value)


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A function on blocks of points as text, with what it reads and writes.

    Parameters
    ----------
    text
        In LLVM's language.
    scalars, rows
        Nodes that are inputs: numbers per point, and rows along the axis.
    table, bits
        The constants along the axis, a row per place: numbers, and bytes of truth.
    room
        How many numbers a block keeps.
    outputs
        How many rows are written.
    places
        How many places the axis has.
    reach
        Per array one more than the largest index that the text can reach along each of its axes.
    """

    text: str
    scalars: tuple[int, ...]
    rows: tuple[int, ...]
    table: FloatArray
    bits: AnyArray
    room: int
    outputs: int
    places: int
    reach: Mapping[str, tuple[int, ...]]


class Writer:
    """Lines of a function, the places for values that change, and how far it reaches into arrays."""

    def __init__(self) -> None:
        self.reach: dict[str, tuple[int, ...]] = {}
        self.entry: list[str] = []
        self.lines: list[str] = []
        self.globals: list[str] = []
        self._count = 0

    def new(self, code: str) -> str:
        """The name of a new value."""
        self._count += 1
        name = f"%v{self._count}"
        self.lines.append(f"  {name} = {code}")
        return name

    def label(self) -> str:
        """The name of a new block."""
        self._count += 1
        return f"b{self._count}"

    def say(self, code: str) -> None:
        """A line without a value."""
        self.lines.append(f"  {code}")

    def variable(self, kind: str, start: str) -> str:
        """A place for a value that changes, with its first value."""
        self._count += 1
        name = f"%m{self._count}"
        self.entry.append(f"  {name} = alloca {kind}, align 64")
        self.say(f"store {kind} {start}, ptr {name}")
        return name

    def counted(self, size: int, body: Callable[[str], None]) -> None:
        """A loop over some whole numbers from 0 on."""
        head, done = self.label(), self.label()
        counter = self.variable("i64", "0")
        self.say(f"br label %{head}")
        self.lines.append(f"{head}:")
        number = self.new(f"load i64, ptr {counter}")
        body(number)
        after = self.new(f"add i64 {number}, 1")
        self.say(f"store i64 {after}, ptr {counter}")
        more = self.new(f"icmp ult i64 {after}, {size}")
        self.say(f"br i1 {more}, label %{head}, label %{done}")
        self.lines.append(f"{done}:")

    def where_any(self, mask: str, body: Callable[[], None]) -> None:
        """What is done where a mask is true in some lane."""
        bits = self.new(f"bitcast {MASK} {mask} to i{LANES}")
        some = self.new(f"icmp ne i{LANES} {bits}, 0")
        inside, after = self.label(), self.label()
        self.say(f"br i1 {some}, label %{inside}, label %{after}")
        self.lines.append(f"{inside}:")
        body()
        self.say(f"br label %{after}")
        self.lines.append(f"{after}:")

    def reached(self, array: str, *index: int) -> None:
        """Note an access to an array: the index along each of its axes."""
        ends = tuple(k + 1 for k in index)
        self.reach[array] = tuple(map(max, ends, self.reach.get(array, ends)))

    def apply(self, op: str, *values: str | float | bool) -> str:
        """The same of names, numbers and truths."""
        return self.written(op, [_spelt(value) for value in values])

    def written(self, op: str, a: Sequence[str]) -> str:
        """An elementwise operation."""
        if op in PLAIN:
            return self.new(f"{PLAIN[op]} {VECTOR} {a[0]}, {a[1]}")
        if op in COMPARED:
            return self.new(f"fcmp {COMPARED[op]} {VECTOR} {a[0]}, {a[1]}")
        if op in ("and", "or"):
            return self.new(f"{op} {MASK} {a[0]}, {a[1]}")
        if op in ("min", "max"):
            first = self.new(f"fcmp {'olt' if op == 'min' else 'ogt'} {VECTOR} {a[0]}, {a[1]}")
            return self.new(f"select {MASK} {first}, {VECTOR} {a[0]}, {VECTOR} {a[1]}")
        match op:
            case "not":
                return self.new(f"xor {MASK} {a[0]}, splat (i1 true)")
            case "neg":
                return self.new(f"fneg {VECTOR} {a[0]}")
            case "floor":
                return self.new(f"call {VECTOR} @llvm.floor.v{LANES}f64({VECTOR} {a[0]})")
            case "abs":
                return self.new(f"call {VECTOR} @llvm.fabs.v{LANES}f64({VECTOR} {a[0]})")
            case "where":
                return self.new(f"select {MASK} {a[0]}, {VECTOR} {a[1]}, {VECTOR} {a[2]}")
        return a[0]  # spread

    def number(self, mask: str) -> str:
        """1 where a mask is true and 0 elsewhere."""
        return self.new(f"select {MASK} {mask}, {VECTOR} {splat(1.0)}, {VECTOR} {splat(0.0)}")

    def everywhere(self, number: str) -> str:
        """A number in all lanes."""
        first = self.new(f"insertelement {VECTOR} poison, double {number}, i64 0")
        zeros = f"<{LANES} x i32> zeroinitializer"
        return self.new(f"shufflevector {VECTOR} {first}, {VECTOR} poison, {zeros}")


def load_input(k: int) -> str:
    """Lines that read one of the inputs without an axis."""
    return f"""  %s{k}a = mul i64 %n, {k}
  %s{k}b = add i64 %s{k}a, %i
  %s{k}c = getelementptr double, ptr %scalars, i64 %s{k}b
  %s{k}d = load {VECTOR}, ptr %s{k}c, align 8
  %s{k}e = getelementptr {VECTOR}, ptr %p, i64 {k}
  store {VECTOR} %s{k}d, ptr %s{k}e"""


FRAME = """declare {vector} @llvm.fabs.v{lanes}f64({vector})
declare {vector} @llvm.floor.v{lanes}f64({vector})
{globals}

define void @blocks(ptr noalias readonly %scalars, ptr noalias readonly %rows, ptr noalias readonly %table,
                    ptr noalias readonly %bits, ptr noalias %room, ptr noalias %out, i64 %n) #0 {{
entry:
  %p = alloca [{scalars} x {vector}], align 64
  %width = add i64 0, {width}
  %bitwidth = add i64 0, {bitwidth}
{allocas}
  br label %outer
outer:
  %i = phi i64 [ 0, %entry ], [ %i.next, %inner.end ]
{loads}
{body}
  br label %inner.end
inner.end:
  %i.next = add i64 %i, {lanes}
  %i.more = icmp ult i64 %i.next, %n
  br i1 %i.more, label %outer, label %done
done:
  ret void
}}
attributes #0 = {{ nounwind "min-legal-vector-width"="512" "prefer-vector-width"="512" }}
"""
