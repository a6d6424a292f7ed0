"""A graph as a program on vectors in which packs are loops: short where a dispute has many stance profiles.

Definition. As in :mod:`sim.engine.lanes`, but nodes of one make (:mod:`sim.engine.packs`) are computed in a
loop over them, inside of the loop over the axis. A chain is one loop that keeps nothing of its pack; what
rests on a chain comes in a later loop. What several loops read is laid in the block's room by the first.
Every number is computed by the operations that would be written out for it, in their order.

Array convention. As in :mod:`sim.engine.lanes`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from sim.engine.depth_first import depth_first
from sim.engine.layout import Layout
from sim.engine.llvm_text import MASK, VECTOR
from sim.engine.pack_loops import LOOPS, Item, PackLoops
from sim.engine.pack_values import HERE, Memo
from sim.engine.packs import Pack

LEAVES = frozenset({"same", "numbers", "columns", "scalars", "rows", "repeated", "apart"})
"""Kinds of packs that cost next to nothing to be read again."""


class LoopPrinter(PackLoops):
    """Prints the nodes of a layout by loops.

    Parameters
    ----------
    layout
        What is where; of a graph that may be added to.
    wanted
        Nodes that are read when all levels are printed.
    variants
        Nodes that are read side by side.
    """

    def __init__(
        self, layout: Layout, wanted: Sequence[int], variants: Iterable[Sequence[int]]
    ) -> None:
        super().__init__(layout)
        self.wanted = [self._item("", n) for n in wanted if not self.graph[n].axes]
        self._packs = [self._item(HERE, self.packs.of(nodes)) for nodes in variants]
        self._along = [self._item(HERE, n) for n in wanted if self.graph[n].axes]

    def print_levels(self) -> None:
        """Every level: what has no axis first, then the loop over the axis."""
        levels, level = self._reductions(), self.layout.level
        for number in range(max(level.values(), default=0) + 1):
            mine = levels.get(number + 1, [])
            kept = [n for n in self.layout.slots if level[n] == number]
            if mine or kept:
                self._level(mine, kept)
        self.compute(self.wanted)

    def _reductions(self) -> dict[int, list[int | Pack]]:
        """What goes over the axis, by level."""
        out: dict[int, list[int | Pack]] = {}
        seen, todo = set[Item](), [*self.wanted, *self._packs, *self._along]
        while todo:
            item = todo.pop()
            if item in seen:
                continue
            seen.add(item)
            found = self._reduced(item[1])
            todo += self._reads(item) if found is None else [found]
        things = [thing for _, thing in seen if self._reduced(thing) is not None]
        for pack in sorted((t for t in things if isinstance(t, Pack)), key=lambda p: p.nodes):
            out.setdefault(self.layout.level[pack.nodes[0]], []).append(pack)
            self._members |= {n: (pack, k) for k, n in enumerate(pack.nodes)}
        for n in sorted(t for t in things if not isinstance(t, Pack)):
            if n not in self._members:
                out.setdefault(self.layout.level[n], []).append(n)
        return out

    def _reduced(self, thing: int | Pack) -> Item | None:
        """What goes over the axis in a reduction; ``None`` where it is none."""
        if isinstance(thing, Pack):
            return self._item(HERE, thing.parts[0]) if thing.kind in LOOPS else None
        node = self.graph[thing]
        return self._item(HERE, node.args[0]) if node.op in LOOPS else None

    def _reads(self, item: Item) -> list[Item]:
        """What has to be there, or is read on the way, before something can be computed."""
        at, thing = item
        if isinstance(thing, Pack):
            return [] if item in self._bases else self._pack_reads(at, thing)
        node = self.graph[thing]
        if thing not in self.layout.level or node.op in LOOPS or self._is_there(at, thing):
            return []
        if node.op == "pick":
            return [self._item(str(node.data[1]), node.args[0])]
        chain = self.packs.chain(thing)
        if chain is None:
            return [self._item(at, k) for k in node.args]
        rest = [] if chain.rest is None else [self._item(at, chain.rest)]
        return [*(self._item(at, part) for part in chain.parts), *rest]

    def _is_there(self, at: str, n: int) -> bool:
        known = self._here if at in ("", HERE) else self._picked.get(at, {})
        return n in known or (not at and n in self._names)

    def _stages(self, roots: Iterable[Item]) -> dict[Item, int]:
        """After how many loops everything that some items rest on can be read, in the order of reading."""
        stages: dict[Item, int] = {}

        def missing(item: Item) -> list[Item]:
            return [] if item in stages else [k for k in self._reads(item) if k not in stages]

        for root in roots:
            for item in depth_first(root, missing):
                if item not in stages:
                    later = max((stages[k] for k in self._reads(item)), default=0)
                    loops = self._is_chain(item) or self._spread(item) is not None
                    stages[item] = later + loops
        return stages

    def _spread(self, item: Item) -> Item | None:
        """What is repeated so often that it is laid first."""
        at, pack = item
        if not isinstance(pack, Pack) or pack.kind != "repeated":
            return None
        part = pack.parts[0]
        dear = part.kind not in LEAVES and 2 * len(part.nodes) <= len(pack.nodes)
        return (at, part) if dear and (at, part) not in self._bases else None

    def _is_chain(self, item: Item) -> bool:
        at, thing = item
        if isinstance(thing, Pack) or self._is_there(at, thing):
            return False
        return self.packs.chain(thing) is not None

    def compute(
        self, roots: Sequence[Item], laid: Sequence[Item] = (), over: Sequence[Pack] = ()
    ) -> None:
        """Print the loops that some items need, and single values among them.

        Parameters
        ----------
        roots
            The items.
        laid
            Packs to be laid in the room.
        over
            Packs to be taken into their reductions over the axis.
        """
        inside = [self._item(HERE, pack.parts[0]) for pack in over]
        stages = self._stages([*roots, *laid, *inside])
        laid = [*dict.fromkeys([*laid, *filter(None, map(self._spread, stages))])]
        for stage in range(max(stages.values(), default=0) + 1):
            mine = [item for item, k in stages.items() if k == stage]
            for at, thing in mine:
                if isinstance(thing, Pack) and thing.kind == "apart":
                    self.lay_apart(at, thing)
            work = [
                self.folding(item) for item, k in stages.items()
                if k == stage + 1 and self._is_chain(item)
            ]  # fmt: skip
            work += [self.laying(item) for item in laid if stages[item] == stage]
            work += [
                self.taking(pack) for pack, item in zip(over, inside, strict=True)
                if stages[item] == stage
            ]  # fmt: skip
            for length in dict.fromkeys(w.length for w in work):
                self.run([w for w in work if w.length == length])
        for at, thing in roots:
            if not isinstance(thing, Pack):
                self.value_at(at, thing)

    def _level(self, mine: Sequence[int | Pack], kept: Sequence[int]) -> None:
        """One loop over the axis."""
        packs = [thing for thing in mine if isinstance(thing, Pack)]
        nodes = [thing for thing in mine if not isinstance(thing, Pack)]
        rows = [self._item(HERE, n) for n in (*kept, *(self.graph[n].args[0] for n in nodes))]
        self.ready([*rows, *(self._item(HERE, pack.parts[0]) for pack in packs)])
        into = {n: self._accumulator(n) for n in nodes}
        for pack in packs:
            self.begin(pack)

        def body(place: str) -> None:
            self.compute(rows, over=packs)
            for n, where in into.items():
                self._accumulate(n, where)
            for n in kept:
                self._keep(n, self.value(n), place)

        self.loop(body)
        for n, where in into.items():
            kind = MASK if self.graph[n].op == "any" else VECTOR
            self._names[n] = self.new(f"load {kind}, ptr {where}")

    def loop(self, body: Callable[[str], None]) -> None:
        """A loop over all places of the axis."""
        bases, outside = {**self._bases}, self._outside
        self._outside = False
        super().loop(body)
        self._bases, self._outside = bases, outside

    def where_any(self, mask: str, body: Callable[[], None]) -> None:
        """What is done where a mask is true in some lane; what it reads is not known afterwards."""
        bases, outside = {**self._bases}, self._outside
        self._outside = False
        super().where_any(mask, body)
        self._bases, self._outside = bases, outside

    def ready(self, roots: Sequence[Item]) -> None:
        """Compute what rows rest on that has no axis, before the loop over the axis."""
        stages = self._stages(roots)
        nodes = [item for item in stages if item[0] != HERE]
        read = [k for item in stages if item[0] == HERE for k in self._reads(item) if not k[0]]
        read += [
            ("", k[1].parts[0]) for k in read if isinstance(k[1], Pack) and k[1].kind == "repeated"
        ]
        laid = dict.fromkeys(
            k for k in read
            if isinstance(k[1], Pack) and k[1].kind not in LEAVES and k not in self._bases
        )  # fmt: skip
        self.compute([item for item in nodes if not item[0]], [*laid])

    def every(
        self,
        nodes: Sequence[Sequence[int]],
        body: Callable[[str, Callable[[int], str]], None],
    ) -> None:
        """A loop over what is side by side; its body is told which it is at, and asks for nodes by row."""
        packs = [self._item(HERE, self.packs.of(row)) for row in nodes]
        self.compute(packs)
        self.hoist(packs)
        outside, self._outside = self._outside, False

        def one(i: str) -> None:
            memo: Memo = {}
            body(i, lambda k: self.element(HERE, packs[k][1], i, memo))  # type: ignore[arg-type]

        self.counted(len(nodes[0]), one)
        self._outside = outside

    def ready_for(self, rows: Sequence[Sequence[int]], nodes: Sequence[int]) -> None:
        """Compute what some rows and nodes rest on that has no axis."""
        packs = [self._item(HERE, self.packs.of(row)) for row in rows]
        self.ready([*packs, *(self._item(HERE, n) for n in nodes)])

    def kept_value(self, n: int) -> str:
        """A node that is kept, at the present place."""
        if n in self.layout.slots:
            return self.kept(n, self.layout.slots[n], self.place)
        self.compute([self._item(HERE, n)])
        return self.value(n)
