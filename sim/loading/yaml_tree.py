"""YAML text to plain data with the place of every key and value.

Only what a scenario needs is read: mappings, lists, texts, numbers, booleans and null, by the
rules of YAML 1.2 (``no`` is a text, ``1e3`` a number). Duplicate keys, tags and merge keys are
errors. Size, depth and the number of nodes after aliases are limited, so that a hostile file
costs little. An ordinary text is read by libyaml (:mod:`sim.loading.quick_nodes`), any other, and any with
a problem, by ruamel.yaml, which reads YAML 1.2 and says what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sim.errors import Problem, printable
from sim.loading.quick_nodes import quick_nodes
from sim.loading.slips import printed_quotes, slip_of
from sim.loading.syntax_words import in_words

MAX_BYTES = 1_000_000
"""Largest file that is read."""
MAX_NODES = 200_000
"""Most values in a file, aliases written out."""
MAX_DEPTH = 40
"""Deepest nesting."""

_INT = re.compile(r"[-+]?[0-9][0-9_]*\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9][0-9_]*(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_TAG = re.compile(r"(&\S+\s+)?!")
_CONSTANTS = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a key and its value start; lines and columns count from 1.

    ``lead`` is how far into the value its text begins (1 behind a quotation mark), or ``None`` where the
    text is not written as it reads: on several lines, with escapes, behind an anchor.
    """

    file: str
    key: tuple[int, int]
    value: tuple[int, int]
    lead: int | None = None


@dataclass(slots=True)
class Tree:
    """Plain data, and the places of its parts by dotted path; ``data`` is ``None`` where none was read."""

    data: Any = None
    places: dict[str, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def parse_yaml(text: str, file: str) -> Tree:
    r"""Plain data, places and problems of one YAML text.

    Examples
    --------
    >>> tree = parse_yaml("peace: {no: 1, yes: 1e3}", "x.yaml")
    >>> tree.data, tree.places["peace.yes"].key
    ({'peace': {'no': 1, 'yes': 1000.0}}, (1, 16))
    >>> print(parse_yaml("a: 1\na: 2", "x.yaml").problems[0])
    x.yaml:2:1: a: duplicate key; first given in line 1
    """
    tree = Tree()
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        message = f"the file is larger than {MAX_BYTES:,} bytes"
        tree.problems.append(Problem(file=file, message=message))
        return tree
    quick = quick_nodes(text)
    if quick is not None:
        found = _built(quick, file, text)
        if not found.problems:
            return found
    try:
        root = _compose(text)
    except RecursionError:
        tree.problems.append(Problem(file=file, message="the file is nested too deeply"))
        return tree
    except Exception as error:  # every scanner, parser and composer error of the library
        tree.problems.append(_syntax_problem(error, text, file))
        return tree
    if root is None:
        tree.problems.append(Problem(file=file, message="the file is empty"))
        return tree
    return _built(root, file, text)


def _built(root: Any, file: str, text: str) -> Tree:
    """The tree of a composed text."""
    tree = Tree()
    builder = _Builder(tree, file, text)
    tree.data = builder.build(root, (), 0)
    if builder.overflow:
        tree.data = None
    tree.places[""] = Place(file, _mark(root), _mark(root))
    return tree


def _compose(text: str) -> Any:
    from ruamel.yaml import YAML

    yaml = YAML(typ="safe", pure=True)
    return yaml.compose(text)


def _mark(node: Any) -> tuple[int, int]:
    return (node.start_mark.line + 1, node.start_mark.column + 1)


def _written(node: Any) -> bool:
    """Whether a value is written at all."""
    return bool(node.end_mark.index > node.start_mark.index)


def _lead(node: Any) -> int | None:
    if node.id != "scalar":
        return None
    start, end, quoted = node.start_mark, node.end_mark, int(node.style in ("'", '"'))
    written = end.column - start.column if start.line == end.line else -1
    return quoted if written == len(node.value) + 2 * quoted else None


def _syntax_problem(error: Exception, text: str, file: str) -> Problem:
    (line, column), words = in_words(error, text)
    return Problem(file=file, line=line, column=column, message=words)


class _Builder:
    """Walks the node graph once, with limits."""

    def __init__(self, tree: Tree, file: str, text: str) -> None:
        self.tree, self.file, self.text = tree, file, text
        self.nodes, self.overflow = 0, False

    def build(self, node: Any, path: tuple[str, ...], depth: int) -> Any:
        self.nodes += 1
        if self.nodes > MAX_NODES or depth > MAX_DEPTH:
            if not self.overflow:
                self._problem(node, path[:3], "the file is nested too deeply or has too many parts")
            self.overflow = True
            return None
        if _TAG.match(self.text, node.start_mark.index):
            self._problem(node, path, "tags (!...) are not allowed; write the plain value")
        kind = node.id
        if kind == "mapping":
            return dict(self._pairs(node, path, depth))
        if kind == "sequence":
            return [self._item(child, path, k, depth) for k, child in enumerate(node.value)]
        return self._scalar(node, path)

    def _item(self, child: Any, path: tuple[str, ...], k: int, depth: int) -> Any:
        inner = (*path, str(k))
        self._place(inner, child, child)
        return self.build(child, inner, depth + 1)

    def _pairs(self, node: Any, path: tuple[str, ...], depth: int) -> Iterator[tuple[str, Any]]:
        seen: dict[str, int] = {}
        last: str | None = None
        for key, value in node.value:
            if self.overflow:
                return
            if key.id != "scalar" or key.value == "<<":
                self._problem(key, path, "a key must be a plain text")
                continue
            name = printable(key.value)
            inner = (*path, name)
            if slip := slip_of(name, written=_written(value), before=last):
                self._problem(key, path, slip)
                if not printed_quotes(name):
                    continue
                inner = (*path, name := name[1:-1])
            last = value.value if value.id == "scalar" else None
            if name in seen:
                message = f"duplicate key; first given in line {seen[name]}"
                self._problem(key, inner, message)
                continue
            seen[name] = _mark(key)[0]
            self._place(inner, key, value)
            yield name, self.build(value, inner, depth + 1)

    def _place(self, path: tuple[str, ...], key: Any, value: Any) -> None:
        name = ".".join(path)
        known = self.tree.places.get(name)
        if known is not None:
            message = f"the same name as in line {known.key[0]}, written with dots"
            self._problem(key, path, message)
        written = value if _written(value) else key
        self.tree.places[name] = Place(self.file, _mark(key), _mark(written), _lead(value))

    def _scalar(self, node: Any, path: tuple[str, ...]) -> Any:
        if node.style in ("'", '"', "|", ">"):
            return printable(node.value)
        text = node.value
        if quoted := printed_quotes(text):
            self._problem(node, path, quoted)
            return text[1:-1]
        if text.lower() in _CONSTANTS:
            return _CONSTANTS[text.lower()]
        if _INT.match(text) and len(text) < 40:
            return int(text.replace("_", ""))
        if _FLOAT.match(text):
            return float(text.replace("_", ""))
        return text

    def _problem(self, node: Any, path: tuple[str, ...], message: str) -> None:
        line, column = _mark(node)
        where = ".".join(path)
        self.tree.problems.append(
            Problem(file=self.file, line=line, column=column, path=where, message=message)
        )
