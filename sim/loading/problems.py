"""Validation errors in the words of the person who wrote the file, with their place in it."""

from __future__ import annotations

import copy
import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError
from pydantic_core.core_schema import ErrorType

from sim.constraints import CONSTRAINTS
from sim.errors import Problem, suggest
from sim.loading.causes import meant_keys, put_right
from sim.loading.legal_keys import how_to_write, legal_keys
from sim.loading.slips import number_slip
from sim.loading.yaml_tree import Tree
from sim.scenario.parameters import is_record


def meant_by(error: ValidationError, data: Any) -> dict[str, str]:
    """Per path of an unknown key that of the legal key which it stands for, where that is missing."""
    items = error.errors(include_url=False)
    return meant_keys(
        [_item_path(item, data) for item in items if item["type"] == "extra_forbidden"], data
    )


def structural(
    error: ValidationError,
    data: Any,
    tree: Tree,
    pruned: Collection[str] = (),
    meant: Mapping[str, str] | None = None,
) -> list[Problem]:
    """A validation error as problems, one per wrong part; parts already left out are not repeated."""
    out = []
    for item in error.errors(include_url=False):
        path = _item_path(item, data)
        if item["type"] == "missing" and path in (meant or {}).values():
            continue
        if any(path == p or p.startswith(f"{path}.") or path.startswith(f"{p}.") for p in pruned):
            continue
        offset = item.get("ctx", {}).get("offset")
        message = _message(item, path, data) + _inherited(item["type"], path, tree)
        out.append(
            with_place(tree, path, message, offset, at_key=item["type"] == "extra_forbidden")
        )
    return list(dict.fromkeys(out))


def _inherited(kind: str, path: str, tree: Tree) -> str:
    """Where a part that a parameter's value does not fit was written, if in another file than the value."""
    own = tree.places.get(path)
    if kind not in ("range", "levels", "distribution") or own is None:
        return ""
    for part in (kind, "value"):
        place = tree.places.get(f"{path}.{part}", own)
        if place.file != own.file:
            return f" (that {part} is inherited from {Path(place.file).name}:{place.key[0]})"
    return ""


def with_place(
    tree: Tree, path: str, message: str, offset: int | None, *, at_key: bool = False
) -> Problem:
    """A problem at the nearest part of the file that has a place."""
    known = path
    while known and known not in tree.places:
        known = known.rpartition(".")[0]
    place = tree.places.get(known)
    if place is None:
        return Problem(path=path, message=message)
    line, column = place.key if at_key or known != path else place.value
    if offset is not None and known == path and place.lead is not None:
        column += offset + place.lead
    return Problem(file=place.file, line=line, column=column, path=path, message=message)


def prune(
    error: ValidationError, data: Any, pruned: set[str], meant: Mapping[str, str] | None = None
) -> Any:
    """A copy of the data without the wrong parts, so that the rest can still be checked.

    A parameter keeps its name with a stand-in value: other parts may rightly refer to it. A mistyped key is
    read as it is meant.
    """
    items = [(item["type"], _item_path(item, data)) for item in error.errors(include_url=False)]
    data = copy.deepcopy(data)
    right = dict(meant or {})
    put_right(data, right)
    for kind, path in items:
        if path in right or (kind == "missing" and path in right.values()):
            continue
        pruned.add(path)
        keys = path.split(".")
        if keys[0] == "parameters" and len(keys) > 1:
            _stand_in(data, keys)
        elif keys[0] == "rule_out" and len(keys) == 2:
            data["rule_out"][int(keys[1])] = 0
        elif path in ("conflict.payoffs", "conflict.statements"):
            _remove(data, keys[:-1])  # whose ranking they replace is not to be missed
        elif (kind == "missing" or keys[-1].isdigit()) and len(keys) > 1:
            _remove(data, keys[:-1])
        else:
            _remove(data, keys)
    return data


def _stand_in(data: Any, keys: Sequence[str]) -> None:
    """Replace the parameter's record, or the value that stands in its place, by a plain 0."""
    node = data
    for key in keys[:-1]:
        inner = _child(node, key)
        if is_record(inner) and isinstance(node, dict):
            node[key] = 0
            return
        node = inner
    if isinstance(node, dict):
        node[keys[-1]] = 0


def _remove(data: Any, keys: Sequence[str]) -> None:
    node = data
    for key in keys[:-1]:
        node = _child(node, key)
        if node is None:
            return
    if isinstance(node, dict):
        node.pop(keys[-1], None)


def _child(node: Any, key: str) -> Any:
    if isinstance(node, dict):
        return node.get(key)
    if isinstance(node, list) and key.isdigit() and int(key) < len(node):
        return node[int(key)]
    return None


def _item_path(item: Any, data: Any) -> str:
    """The path of a validation error; one inside a list that a section reads itself says where."""
    inner = str(item.get("ctx", {}).get("inner", ""))
    return ".".join(part for part in (_path(item["loc"], data), inner) if part)


def _path(loc: Sequence[int | str], data: Any) -> str:
    """The dotted path of a validation error: tags of unions, which are not in the file, left out."""
    keys: list[str] = []
    node = data
    for k, part in enumerate(loc):
        names = [str(part)] if _child(node, str(part)) is not None else str(part).split(".")
        inner = node
        for name in names:
            inner = _child(inner, name)
        present = inner is not None or _has(node, names)
        if present or k == len(loc) - 1:
            keys += names
            node = inner
    return ".".join(keys)


def _has(node: Any, names: Sequence[str]) -> bool:
    for name in names[:-1]:
        node = _child(node, name)
    return isinstance(node, dict) and names[-1] in node


_NEEDED = {
    "mapping": "a mapping",
    "dict": "a mapping",
    "model": "a mapping",
    "list": "a list",
    "tuple": "a list",
    "float": "a number",
    "int": "a whole number",
    "string": "a text",
    "bool": "true or false",
}
_MISTYPED = re.compile(
    r"(mapping|dict|model|list|tuple|float|int|string|bool)_(\w*type|parsing|from_float)"
)


_THEIRS = frozenset(get_args(ErrorType))
"""Kinds of errors that pydantic words itself, with a capital at the start; ours may start with a name."""


def _message(item: Any, path: str, data: Any) -> str:
    kind, words, given = item["type"], str(item["msg"]), item.get("input")
    last = path.rpartition(".")[2]
    context = item.get("ctx", {})
    if kind == "extra_forbidden" and given is None and _after_a_text(path, data):
        return f"unknown key '{last}'; a text with a comma needs quotation marks"
    if kind == "extra_forbidden":
        return f"unknown key '{last}'{suggest(last, legal_keys(path, data))}"
    if kind == "missing":
        return f"{int(last) + 1} values are needed" if last.isdigit() else f"'{last}' is missing"
    if kind == "union_tag_invalid":
        tag = str(context.get("tag", ""))
        return f"unknown constraint type '{tag}'{suggest(tag, CONSTRAINTS)}"
    if kind == "union_tag_not_found":
        return f"a constraint needs 'type'; legal: {', '.join(CONSTRAINTS)}"
    if kind == "literal_error":
        legal = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        return f"{_shown(given)} is not legal here{suggest(str(given), legal)}"
    if mistyped := _MISTYPED.match(kind):
        needed = f"{_NEEDED[mistyped[1]]} is needed here, not {_shown(given)}"
        hint = (number_slip(given) if isinstance(given, str) else "") or how_to_write(path)
        return f"{needed}; {hint}" if hint else needed
    if kind in ("too_long", "too_short"):
        least = context.get("max_length", context.get("min_length"))
        tail = "; decimals have a point" if kind == "too_long" else ""
        return f"{least} values are needed here, not {context.get('actual_length')}{tail}"
    own = kind not in _THEIRS or words[1:2].isupper()
    return words if own else words[0].lower() + words[1:]


def _after_a_text(path: str, data: Any) -> bool:
    """Whether a key without a value stands right behind a text: what follows a comma in it."""
    *above, last = path.split(".")
    node = data
    for key in above:
        node = _child(node, key)
    if not isinstance(node, dict) or last not in node:
        return False
    before = [*node][: [*node].index(last)]
    return bool(before) and isinstance(node[before[-1]], str | None) and len(node) > 1


def _shown(given: Any) -> str:
    """What stands in the file, short, in YAML's words."""
    if given is None or isinstance(given, bool):
        return {None: "nothing", True: "true", False: "false"}[given]
    if isinstance(given, dict | list):
        return "a mapping" if isinstance(given, dict) else "a list"
    return f"'{given[:40]}'" if isinstance(given, str) else str(given)[:40]
