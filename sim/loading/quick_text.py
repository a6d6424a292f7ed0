"""Data as YAML text, byte for byte as ruamel.yaml writes it, many times sooner.

Most of a file is short names, numbers and sentences of ordinary letters in nested mappings. Those are written
here; an entry with anything else (a text that must be quoted, a sequence of mappings, an unusual key) is left
to ruamel.yaml, alone but as deep as it lies, and what is one object in two places makes it write the whole.

Definition. A mapping or sequence of scalars alone stands on one line, in braces or brackets; a sentence is
broken where a word would go beyond ``WIDTH`` columns, and before a word where that column is reached.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

WIDTH = 80
"""Columns of a line of text."""
STEP = 2
"""Columns by which what is nested is moved to the right."""
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,60}")
_PLAIN = re.compile(r"(?:[A-Za-z_(]|[0-9]+ [a-z])(?:[!-\"$-9;-~]|:(?=[!-~])| (?=[!-\"$-~]))*")
"""Ordinary letters and single blanks, without a comment or what reads as a key."""
_MEANT = frozenset(["null", "Null", "NULL", "true", "True", "TRUE", "false", "False", "FALSE"])
"""Words that are not texts to a reader of YAML 1.2."""
_BRACKETS = re.compile(r"[,\[\]{}]")


def yaml_text(data: Any) -> str:
    """Data as one YAML text.

    Examples
    --------
    >>> print(yaml_text({"peace": {"no": {}, "yes": {"signed": 1}}, "note": "not #1, but 2: yes"}), end="")
    peace:
      no: {}
      yes: {signed: 1}
    note: 'not #1, but 2: yes'
    """
    slow = _Slow()
    if not isinstance(data, dict) or _on_one_line(data) or _shared(data):
        return slow.dump(data)
    return "".join(_entries(data, 0, slow))


class _Slow:
    """ruamel.yaml, made when it is needed."""

    def __init__(self) -> None:
        self._yaml: Any = None

    def dump(self, data: Any) -> str:
        """The whole text."""
        if self._yaml is None:
            from ruamel.yaml import YAML

            self._yaml = YAML(typ="safe", pure=True)
            self._yaml.sort_base_mapping_type_on_output = False
        stream = io.StringIO()
        self._yaml.dump(data, stream)
        return stream.getvalue()

    def entry(self, key: Any, value: Any, depth: int) -> str:
        """The lines of one entry of a mapping that lies so deep; what is empty beside it makes it a block."""
        nested: dict[Any, Any] = {key: value, "z" if key != "z" else "y": {}}
        for _ in range(depth):
            nested = {"k": nested}
        lines = self.dump(nested).splitlines(keepends=True)
        return "".join(lines[depth:-1])


def _entries(data: Mapping[Any, Any], depth: int, slow: _Slow) -> Iterator[str]:
    """The lines of a mapping in a block."""
    indent = STEP * depth
    for key, value in data.items():
        start = f"{' ' * indent}{key}:"
        if not isinstance(key, str) or not _KEY.fullmatch(key) or key in _MEANT:
            yield slow.entry(key, value, depth)
        elif isinstance(value, dict) and not _on_one_line(value):
            yield f"{start}\n"
            yield from _entries(value, depth + 1, slow)
        elif isinstance(value, str):
            yield _sentence(start, value, indent + STEP) or slow.entry(key, value, depth)
        else:
            yield _line(start, value) or slow.entry(key, value, depth)


def _sentence(start: str, text: str, indent: int) -> str:
    """A text behind its key, broken into lines; empty where it is none that is written here."""
    if not _PLAIN.fullmatch(text) or text in _MEANT:
        return ""
    parts, column = [f"{start} "], len(start) + 1
    for k, word in enumerate(text.split(" ")):
        if k and column >= WIDTH:
            parts.append(f"\n{' ' * indent}")
            column = indent
        elif k:
            parts.append(" ")
            column += 1
        if column + len(word) > WIDTH and column > indent:
            parts.append(f"\n{' ' * indent}")
            column = indent
        parts.append(word)
        column += len(word)
    return "".join(parts) + "\n"


def _line(start: str, value: Any) -> str:
    """A scalar, or scalars in brackets or braces, behind a key on one line; empty where that is not to be."""
    if isinstance(value, dict):
        pairs = [(_in_flow(k), _in_flow(v)) for k, v in value.items() if isinstance(k, str)]
        known = len(pairs) == len(value) and all(k and v for k, v in pairs)
        words = "{" + ", ".join(f"{k}: {v}" for k, v in pairs) + "}" if known else ""
    elif isinstance(value, list):
        items = list(map(_in_flow, value))
        words = "[" + ", ".join(items) + "]" if all(items) else ""
    else:
        words = _word(value)
    line = f"{start} {words}"
    return f"{line}\n" if words and len(line) <= WIDTH else ""


def _in_flow(value: Any) -> str:
    """A scalar between brackets or braces; empty where it is none that is written here."""
    words = _word(value)
    return "" if isinstance(value, str) and _BRACKETS.search(words) else words


def _word(value: Any) -> str:
    """A scalar; empty where it is none that is written here."""
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) and value not in _MEANT else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value).lower() if isfinite(value) else ""
    return str(value) if isinstance(value, int) else ""


def _on_one_line(data: Mapping[Any, Any]) -> bool:
    """Whether a mapping holds scalars alone."""
    return not any(isinstance(value, dict | list | tuple) for value in data.values())


def _shared(data: Any) -> bool:
    """Whether some mapping or sequence is in two places, which gives it a name in the text."""
    seen: set[int] = set()
    waiting = [data]
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            return True
        seen.add(id(one))
        inside = one.values() if isinstance(one, dict) else one
        waiting += [value for value in inside if isinstance(value, dict | list | tuple)]
    return False
