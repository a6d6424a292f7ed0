"""One report a cause: what follows from something that is reported already is left out.

Three kinds. A key that is mistyped stands for the legal one that it resembles, so that this one is not called
missing too. A name that is unknown in several places is reported at the first, which names the others. What a
part lacks is not reported where an unknown name resembles that part: it may be there under that name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sim.errors import Problem, nearest
from sim.loading.legal_keys import legal_keys
from sim.loading.yaml_tree import Tree
from sim.scenario import Finding

LIKES = 20
"""Keys and names whose likes are looked for: of more, a file is no slip."""
LISTED = 4
"""Other lines of one unknown name that are listed."""


def meant_keys(unknown: Sequence[str], data: Any) -> dict[str, str]:
    """Per path of an unknown key that of the legal key which it stands for, where that one is not there."""
    found: dict[str, str] = {}
    for path in unknown[:LIKES]:
        above, _, key = path.rpartition(".")
        node = _at(data, above)
        near = nearest(key, map(str, legal_keys(path, data)), 1)
        meant = f"{above}.{near[0]}".lstrip(".") if near else ""
        if node is not None and near and near[0] not in node and meant not in found.values():
            found[path] = meant
    return found


def _at(data: Any, path: str) -> dict[str, Any] | None:
    """The mapping at a path."""
    node = data
    for key in path.split(".") if path else ():
        if isinstance(node, list) and key.isdigit() and int(key) < len(node):
            node = node[int(key)]
        elif isinstance(node, dict):
            node = node.get(key)
        else:
            return None
    return node if isinstance(node, dict) else None


def put_right(data: Any, meant: dict[str, str]) -> None:
    """Write mistyped keys of some data as they are meant."""
    for path, right in meant.items():
        above, _, wrong = path.rpartition(".")
        node = _at(data, above)
        if node is not None and wrong in node:
            node[right.rpartition(".")[2]] = node.pop(wrong)


def placed_as_meant(tree: Tree, meant: dict[str, str]) -> Tree:
    """The tree with the places of parts below mistyped keys under the path that is meant."""
    places = {
        right + at.removeprefix(path): place
        for path, right in meant.items()
        for at, place in tree.places.items()
        if at == path or at.startswith(f"{path}.")
    }
    return replace(tree, places=tree.places | places)


def without_consequences(findings: Sequence[Finding]) -> list[Finding]:
    """Findings without what a part lacks that is there under a mistyped name."""
    unknown = list(dict.fromkeys(f.name.rpartition(".")[2] for f in findings if f.name))[:LIKES]
    lacking = list(dict.fromkeys(f.lacks for f in findings if f.lacks))[:LIKES]
    there = {part for part in lacking if nearest(part, unknown, 1)}
    return [f for f in findings if f.lacks not in there or not f.lacks]


def one_each(found: Sequence[tuple[Finding, Problem]]) -> Iterator[Problem]:
    """The problems of findings; an unknown name once, with the other lines that have it."""
    places: dict[str, list[Problem]] = {}
    for finding, problem in found:
        if finding.name:
            places.setdefault(finding.name, []).append(problem)
    for finding, problem in found:
        if not finding.name:
            yield problem
            continue
        first, *others = sorted(
            places[finding.name], key=lambda p: (p.file, p.line or 0, p.column or 0)
        )
        if problem is first:
            yield replace(first, message=first.message + _also(first, others))


def _also(first: Problem, others: Sequence[Problem]) -> str:
    """Where else a name stands."""
    lines = dict.fromkeys(
        f"{p.line}" if p.file == first.file else f"{p.file}:{p.line}"
        for p in others
        if p.line is not None and (p.file, p.line) != (first.file, first.line)
    )
    if not lines:
        return ""
    told = [*lines][:LISTED]
    more = len(lines) - len(told)
    word = "line" if len(lines) == 1 else "lines"
    *rest, last = [*told, f"{more} more"] if more else told
    return f" (also in {word} {', '.join(rest)}{' and ' if rest else ''}{last})"
