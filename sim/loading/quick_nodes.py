"""The nodes of an ordinary YAML text, read by libyaml: the same as ruamel.yaml's, many times sooner.

libyaml reads YAML 1.1, this program YAML 1.2. Scalars are read as they are written and get their meaning
elsewhere (:mod:`sim.loading.yaml_tree`), so the two differ only in what ordinary files do not hold: unusual
blanks, tabs, anchors, tags, directives, several documents, keys that are not plain text. Such a text, one
that is nested deeply, and one with any error is left to the slower reader, whose words are the same as ever.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

MAX_DEPTH = 40
"""Deepest nesting that is read the quick way."""
UNUSUAL = "[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufdff\ufe00-\ufefe\uff01-\ufffd]"
"""Characters that one of the readers may take for a break or refuse."""
_BLOCK = re.compile(r"[|>][-+]?\n +[^\s#]")
"""How a text over several lines begins where both readers agree: ``key: >-`` and a line of text."""


@dataclass(slots=True, eq=False)
class Node:
    """A mapping, sequence or scalar with its places, as the nodes of ruamel.yaml.

    ``value`` is a text, a list of nodes, or a list of pairs of nodes.
    """

    id: Literal["scalar", "sequence", "mapping"]
    value: Any
    style: str | None
    start_mark: Any
    end_mark: Any


class _UnusualError(Exception):
    """What is left to the other reader."""


def quick_nodes(text: str) -> Node | None:
    """The root node of an ordinary text; ``None`` where the other reader is to read it.

    Examples
    --------
    >>> node = quick_nodes("peace: {no: 1}")
    >>> node is None or [key.value for key, _ in node.value]
    ['peace']
    >>> quick_nodes("a: &x 1") is None, quick_nodes("a: [1") is None
    (True, True)
    """
    if not _printable(text) and re.search(UNUSUAL, text):
        return None
    try:
        from yaml._yaml import CParser
    except ImportError:
        return None
    from yaml import YAMLError

    try:
        return _Composer(CParser(text), text).document()
    except (YAMLError, _UnusualError, UnicodeError):
        return None


def _printable(text: str) -> bool:
    """Whether a text holds printable characters of the first plane alone, none of which is unusual.

    Asking that costs nothing; compiling the pattern, which allows a few more, takes ten milliseconds.
    """
    return text.replace("\n", "").isprintable() and max(text, default="") <= "\ufffd"


class _Composer:
    """Nodes from the events of a parser."""

    def __init__(self, parser: Any, text: str) -> None:
        self.next, self.text = parser.get_event, text

    def document(self) -> Node:
        """The one document of a stream."""
        self._expect("StreamStartEvent")
        start = self._expect("DocumentStartEvent")
        if start.version is not None or start.tags is not None:
            raise _UnusualError
        root = self._node(self.next(), 0)
        self._expect("DocumentEndEvent")
        self._expect("StreamEndEvent")
        if root.id != "mapping":
            raise _UnusualError
        return root

    def _expect(self, kind: str) -> Any:
        event = self.next()
        if type(event).__name__ != kind:
            raise _UnusualError
        return event

    def _node(self, event: Any, depth: int) -> Node:
        kind = type(event).__name__
        if depth > MAX_DEPTH or kind == "AliasEvent":
            raise _UnusualError
        if event.anchor is not None or event.tag is not None:
            raise _UnusualError
        start = event.start_mark
        if kind == "ScalarEvent":
            if event.style in ("|", ">") and not _BLOCK.match(self.text, start.index):
                raise _UnusualError
            return Node("scalar", event.value, event.style, start, event.end_mark)
        if kind == "MappingStartEvent":
            pairs, end = self._pairs(depth + 1)
            return Node("mapping", pairs, None, start, end)
        if kind == "SequenceStartEvent":
            items, end = self._items(depth + 1)
            return Node("sequence", items, None, start, end)
        raise _UnusualError

    def _items(self, depth: int) -> tuple[list[Node], Any]:
        items = []
        while type(event := self.next()).__name__ != "SequenceEndEvent":
            items.append(self._node(event, depth))
        return items, event.end_mark

    def _pairs(self, depth: int) -> tuple[list[tuple[Node, Node]], Any]:
        pairs = []
        while type(event := self.next()).__name__ != "MappingEndEvent":
            key = self._node(event, depth)
            if key.id != "scalar":
                raise _UnusualError
            pairs.append((key, self._node(self.next(), depth)))
        return pairs, event.end_mark
