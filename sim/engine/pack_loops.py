"""Loops over packs: chains, reductions over the axis, values that are laid in the room.

Array convention. As in :mod:`sim.engine.pack_values`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.engine.lanes import STARTS
from sim.engine.layout import REDUCING
from sim.engine.llvm_text import MASK, VECTOR, splat
from sim.engine.pack_values import HERE, Memo, PackPrinter
from sim.engine.packs import Chain, Pack

Item = tuple[str, int | Pack]
"""Where it is read (nowhere, where it has no axis), and a single node or a pack."""
LOOPS = REDUCING - {"pick"}
"""Operations that go over the axis."""
FIRST = {"max": -np.inf, "min": np.inf, "add": 0.0}
"""Where chains of numbers start."""


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """What a loop over a pack does.

    Parameters
    ----------
    length
        How many nodes it goes over.
    reads
        The packs that it reads.
    step
        Prints what is done at a node.
    end
        Prints what is done after the loop.
    """

    length: int
    reads: tuple[Item, ...]
    step: Callable[[str, Memo], None]
    end: Callable[[], None]


class PackLoops(PackPrinter):
    """Prints loops over packs."""

    def _item(self, at: str, thing: int | Pack) -> Item:
        along = thing.along if isinstance(thing, Pack) else bool(self.graph[thing].axes)
        return (at if along else ""), thing

    def _pack_reads(self, at: str, pack: Pack) -> list[Item]:
        if pack.kind == "same":
            return [self._item(at, pack.nodes[0])]
        if pack.kind == "apart":
            return [self._item(at, n) for n in pack.nodes]
        if pack.kind in LOOPS:
            return []
        place = str(self.graph[pack.nodes[0]].data[1]) if pack.kind == "pick" else at
        return [self._item(place, part) for part in pack.parts]

    def run(self, work: Sequence[Work]) -> None:
        """One loop for several packs of one length."""
        self.hoist([item for w in work for item in w.reads])
        outside, self._outside = self._outside, False

        def body(i: str) -> None:
            memo: Memo = {}
            for w in work:
                w.step(i, memo)

        self.counted(work[0].length, body)
        self._outside = outside
        for w in work:
            w.end()

    def hoist(self, items: Iterable[Item]) -> None:
        """Print the single values that a loop reads before it."""
        seen, todo = set[Item](), [*items]
        while todo:
            at, thing = item = todo.pop()
            if item in seen:
                continue
            seen.add(item)
            if not isinstance(thing, Pack):
                self.value_at(at, thing)
            elif item not in self._bases and thing.kind != "apart":
                todo += self._pack_reads(at, thing)

    def lay_apart(self, at: str, pack: Pack) -> None:
        """Lay nodes that have nothing in common one by one."""
        if (at, pack) not in self._bases:
            base = self.lay_room(pack)
            for i, n in enumerate(pack.nodes):
                self.lay(pack, base, str(i), self.value_at(at, n))
            self._bases[at, pack] = base

    def laying(self, item: Item) -> Work:
        """Lay a pack's values."""
        at, pack = item
        assert isinstance(pack, Pack)
        base = self.lay_room(pack)

        def step(i: str, memo: Memo) -> None:
            self.lay(pack, base, i, self.element(at, pack, i, memo))

        def end() -> None:
            self._bases[item] = base  # type: ignore[index]

        return Work(len(pack.nodes), (item,), step, end)

    def taking(self, pack: Pack) -> Work:
        """Take a pack's values at a place into what is known of all places."""
        base, part = self._bases["", pack], pack.parts[0]

        def step(i: str, memo: Memo) -> None:
            old = self._laid(pack, base, i)
            new = self.taken(pack.kind, old, self.element(HERE, part, i, memo))
            self.lay(pack, base, i, new)

        return Work(len(pack.nodes), (self._item(HERE, part),), step, lambda: None)

    def folding(self, item: Item) -> Work:
        """Take a chain's operation over its pack."""
        at, n = item
        assert not isinstance(n, Pack)
        chain = self.packs.chain(n)
        assert chain is not None
        parts = tuple(self._item(at, part) for part in chain.parts)
        truth = self.graph[n].truth
        kind, total = (MASK, VECTOR)[not truth], self.variable(*self._start(at, chain, truth))
        found = self.variable(MASK, "zeroinitializer") if chain.op == "where" else None

        def step(i: str, memo: Memo) -> None:
            values = [self.element(at, part, i, memo) for part in chain.parts]
            old = self.new(f"load {kind}, ptr {total}")
            if found is None:
                new = self.written(chain.op, [old, *values])
            else:
                before = self.new(f"load {MASK}, ptr {found}")
                first = self.apply("and", values[0], self.apply("not", before))
                new = self.operation("where", [first, values[1], old], truth=truth)
                self.say(f"store {MASK} {self.apply('or', before, values[0])}, ptr {found}")
            self.say(f"store {kind} {new}, ptr {total}")

        def end() -> None:
            value = self.new(f"load {kind}, ptr {total}")
            if found is not None:
                assert chain.rest is not None
                some = self.new(f"load {MASK}, ptr {found}")
                rest = self.value_at(at, chain.rest)
                value = self.operation("where", [some, value, rest], truth=truth)
            with self._while_at(at):
                self._note(n, value)

        return Work(len(chain.parts[0].nodes), parts, step, end)

    def _start(self, at: str, chain: Chain, truth: bool) -> tuple[str, str]:
        """What kind of values a chain has, and the one before its pack."""
        kind = MASK if truth else VECTOR
        if chain.op == "where":
            return kind, "zeroinitializer"
        if chain.rest is not None:
            return kind, self.value_at(at, chain.rest)
        if truth:
            return kind, f"splat (i1 {str(chain.op == 'and').lower()})"
        return kind, splat(FIRST[chain.op])

    def begin(self, pack: Pack) -> None:
        """Room for a pack of reductions, with what each starts from."""
        base = self._bases["", pack] = self.lay_room(pack)
        start = "zeroinitializer" if pack.truth else splat(STARTS[pack.kind])
        self.counted(len(pack.nodes), lambda i: self.lay(pack, base, i, start))
