"""Scenario files into checked scenarios; every problem of a file is reported at once.

The steps: read the text, parse YAML with places, follow ``extends``, validate the structure,
check what must hold between the parts, build the agreement space once. Only this room knows YAML.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.errors import Problem, ScenarioError, SimError
from sim.loading.merge import overlay
from sim.loading.problems import prune, structural, with_place
from sim.loading.yaml_tree import MAX_BYTES, Tree, parse_yaml
from sim.scenario import Document, Scenario, check

MAX_EXTENDS = 20


def load(path: str | Path) -> Scenario:
    """A scenario from a file.

    Parameters
    ----------
    path
        A ``.yaml`` file.

    Raises
    ------
    ScenarioError
        With every problem of the file: place, path, what is wrong and what would be legal.
    """
    tree = read_tree(Path(path))
    return _build(tree, str(path))


def loads(text: str, *, origin: str = "<text>") -> Scenario:
    """A scenario from YAML text (``extends`` is not followed: there is no folder to look in).

    Examples
    --------
    >>> s = loads("strategic: {actors: {a: [x], b: [y]}, payoffs: [[[1, 2]]]}")
    >>> s.document.form
    'strategic'
    """
    return _build(parse_yaml(text, origin), origin)


def read_tree(path: Path, chain: tuple[Path, ...] = ()) -> Tree:
    """The data of a file laid over the file it extends, and that one's, and so on."""
    own = parse_yaml(_read(path), str(path))
    if own.problems:
        raise ScenarioError(own.problems)
    if not isinstance(own.data, dict):
        raise ScenarioError([Problem(file=str(path), message="a mapping of sections is needed")])
    if "extends" not in own.data:
        return own
    target = _target(own, path, (*chain, path.resolve()))
    own.data.pop("extends")
    return overlay(read_tree(target, (*chain, path.resolve())), own)


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            message = f"the file is larger than {MAX_BYTES:,} bytes"
            raise ScenarioError([Problem(file=str(path), message=message)])
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ScenarioError([Problem(file=str(path), message="no such file")]) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not a UTF-8 text"
        raise ScenarioError(
            [Problem(file=str(path), message=f"cannot be read: {reason}")]
        ) from None


def _target(tree: Tree, path: Path, chain: tuple[Path, ...]) -> Path:
    name = tree.data["extends"]
    place = tree.places["extends"]
    message = ""
    if not isinstance(name, str):
        message = "the name of a file is needed"
    else:
        target = path.parent / name
        if target.resolve() in chain or len(chain) > MAX_EXTENDS:
            message = f"'{name}' extends this file in turn"
        elif not target.is_file():
            message = f"no such file '{target}'"
    if message:
        line, column = place.value
        problem = Problem(file=str(path), line=line, column=column, path="extends", message=message)
        raise ScenarioError([problem])
    return target


def _build(tree: Tree, origin: str) -> Scenario:
    problems = list(tree.problems)
    document = None if problems else _document(tree, problems)
    if problems or document is None:
        raise ScenarioError(problems or [Problem(file=origin, message="nothing to read")])
    scenario = Scenario(document=document, origin=origin, resolved=_dump(tree.data))
    _check_space(scenario, tree)
    return scenario


def _document(tree: Tree, problems: list[Problem]) -> Document | None:
    """The validated document; adds to ``problems``, also what is found after pruning bad parts."""
    data: Any = tree.data
    pruned: set[str] = set()
    for _ in range(4):
        try:
            document = Document.model_validate(data)
        except ValidationError as error:
            problems.extend(structural(error, data, tree, pruned))
            data = prune(error, data, pruned)
            continue
        problems.extend(
            with_place(tree, finding.path, finding.message, finding.offset)
            for finding in check(document)
            if not _follows(finding.name, finding.path, pruned)
        )
        return document
    return None


def _follows(name: str, path: str, pruned: set[str]) -> bool:
    """Whether a finding may only follow from a part that was already reported and left out."""
    if not pruned:
        return False
    ends = tuple(p.split(".", 1)[-1] for p in pruned)
    return not name or any(name.startswith(end) or end.endswith(name) for end in ends)


def _check_space(scenario: Scenario, tree: Tree) -> None:
    if scenario.document.form != "dispute":
        return
    from sim.payoffs import space_of

    try:
        space_of(scenario)
    except SimError as error:
        raise ScenarioError([with_place(tree, "issues", str(error), None)]) from None


def schema() -> dict[str, Any]:
    """The JSON Schema of scenario files.

    Examples
    --------
    >>> schema()["title"]
    'Scenario'
    """
    out = Document.model_json_schema()
    out["title"] = "Scenario"
    out["properties"]["extends"] = {
        "type": "string",
        "description": "a file, relative to this one, whose content this file lays itself over",
    }
    out["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return out


def _dump(data: Any) -> str:
    from ruamel.yaml import YAML

    yaml = YAML(typ="safe", pure=True)
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    stream = io.StringIO()
    yaml.dump(data, stream)
    return stream.getvalue()
