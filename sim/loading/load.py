"""Scenario files into checked scenarios; every problem of a file is reported at once.

The steps: read the text, parse YAML with places, follow ``extends``, validate the structure,
check what must hold between the parts, build the agreement space once. Only this room knows YAML.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.errors import Problem, ScenarioError, SimError, few_suggestions
from sim.library import shipped_file
from sim.loading.actors_csv import csv_tree, with_table
from sim.loading.causes import one_each, placed_as_meant, without_consequences
from sim.loading.merge import overlay
from sim.loading.problems import meant_by, prune, structural, with_place
from sim.loading.read_text import among_shipped, beside, outside_folder, read_text
from sim.loading.yaml_tree import MAX_BYTES, Tree, parse_yaml
from sim.scenario import Document, Finding, Scenario, check
from sim.scenario.document import CLASSICAL

MAX_EXTENDS = 20
"""Most files that extend one another."""
MAX_FOREIGN_BYTES = 20_000_000
"""Largest file of another program that is read."""


def load(path: str | Path) -> Scenario:
    """A scenario from a file.

    Parameters
    ----------
    path
        A ``.yaml`` file; a game of Gambit, ``.nfg`` or ``.efg``; a conflict of GMCR-py, ``.gmcr``; a table
        of actors of a spatial game, ``.csv``; or the name of a shipped scenario (``kuril/2018``), where
        there is no such file.

    Raises
    ------
    ScenarioError
        With every problem of the file: place, path, what is wrong and what would be legal.
    """
    path = located(Path(path))
    with few_suggestions():
        if path.suffix.lower() in (".nfg", ".efg", ".gmcr"):
            return _foreign(path)
        if path.suffix.lower() == ".csv":
            return _build(csv_tree(path), str(path))
        return _build(read_tree(path), str(path))


def located(path: Path) -> Path:
    """The file that a path names: the user's own, or else a shipped one of that name.

    Examples
    --------
    >>> located(Path("kuril/2018")).name, str(located(Path("no/such.yaml")))
    ('2018.yaml', 'no/such.yaml')
    """
    return path if path.exists() else shipped_file(path) or path


def _foreign(path: Path) -> Scenario:
    """A scenario from a file of another program; what it stores of itself is JSON, which is YAML too."""
    from sim.loading.efg import read_efg
    from sim.loading.gmcr import read_gmcr
    from sim.loading.nfg import nfg_data, read_nfg

    kind = path.suffix.lower()
    text = read_text(path, MAX_FOREIGN_BYTES, ("*.nfg", "*.efg", "*.gmcr"))
    if kind == ".nfg":
        data = nfg_data(read_nfg(text, str(path)))
    else:
        data = (read_gmcr if kind == ".gmcr" else read_efg)(text, str(path))
    try:
        document = Document.model_validate(data)
    except ValidationError as error:
        problems = structural(error, data, Tree(data=data))
        raise ScenarioError([replace(p, file=str(path)) for p in problems]) from None
    return Scenario(document=document, origin=str(path), written=json.dumps(data))


def loads(text: str, *, origin: str = "<text>") -> Scenario:
    """A scenario from YAML text (``extends`` is not followed: there is no folder to look in).

    Examples
    --------
    >>> s = loads("strategic: {actors: {a: [x], b: [y]}, payoffs: [[[1, 2]]]}")
    >>> s.document.form
    'strategic'
    """
    with few_suggestions():
        return _build(parse_yaml(text, origin), origin)


def read_tree(path: Path, chain: tuple[Path, ...] = ()) -> Tree:
    """The data of a file laid over the file it extends, and that one's, and so on."""
    own = with_table(_parsed(read_text(path, MAX_BYTES), str(path)), path)
    if "extends" not in own.data:
        return own
    target = _target(own, path, (*chain, path.resolve()))
    rest = {key: value for key, value in own.data.items() if key != "extends"}
    return overlay(read_tree(target, (*chain, path.resolve())), replace(own, data=rest))


@lru_cache(maxsize=4)
def _parsed(text: str, origin: str) -> Tree:
    """The tree of a text, which nobody changes; a file that many extend is parsed once."""
    return _mapping(parse_yaml(text, origin), origin)


def _mapping(tree: Tree, origin: str) -> Tree:
    """The tree itself, if its data are sections by name; an error otherwise."""
    if isinstance(tree.data, dict):
        return tree
    needed = Problem(file=origin, line=1, column=1, message="a mapping of sections is needed")
    raise ScenarioError(tree.problems or [needed])


def _target(tree: Tree, path: Path, chain: tuple[Path, ...]) -> Path:
    name = tree.data["extends"]
    message = ""
    if not isinstance(name, str) or not name or "\0" in name:
        message = "the name of a file is needed"
    else:
        target = path.parent / name
        if not target.is_file():
            target = shipped_file(name) or target
        if outside := outside_folder(name):
            message = outside
        elif target.resolve() in chain:
            message = f"'{name}' extends this file in turn"
        elif len(chain) > MAX_EXTENDS:
            message = f"more than {MAX_EXTENDS} files extend one another"
        elif not target.is_file():
            message = f"no such file '{target}'{beside(target)}{among_shipped(Path(name))}"
    if message:
        problem = with_place(tree, "extends", message, None)
        raise ScenarioError([*tree.problems, problem])
    return target


def _build(tree: Tree, origin: str) -> Scenario:
    problems = list(_mapping(tree, origin).problems)
    document = _document(tree, problems)
    if problems or document is None:
        raise ScenarioError(problems or [Problem(file=origin, message="nothing to read")])
    places = {path: (p.file, *p.value) for path, p in tree.places.items()}
    written = _Written(tree.data)
    scenario = Scenario(document=document, origin=origin, written=written, places=places)
    _check_options(scenario)
    _check_dispute(scenario)
    return scenario


def _document(tree: Tree, problems: list[Problem]) -> Document | None:
    """The validated document; adds to ``problems``, also what is found after pruning bad parts."""
    data: Any = tree.data
    pruned: set[str] = set()
    for _ in range(4):
        try:
            document = Document.model_validate(data)
        except ValidationError as error:
            meant = meant_by(error, data)
            problems.extend(structural(error, data, tree, pruned, meant))
            data, tree = prune(error, data, pruned, meant), placed_as_meant(tree, meant)
            continue
        findings = [f for f in check(document) if not _follows(f, pruned)]
        problems.extend(
            one_each(
                [
                    (f, with_place(tree, f.path, f.message, f.offset, at_key=f.at_key))
                    for f in without_consequences(findings)
                ]
            )
        )
        return document
    return None


def _follows(finding: Finding, pruned: Collection[str]) -> bool:
    """Whether a finding may only follow from a part that was already reported and left out."""
    if not finding.path and any(p.partition(".")[0] in CLASSICAL for p in pruned):
        return True
    if any(p == finding.needs or p.startswith(f"{finding.needs}.") for p in pruned):
        return True
    return bool(finding.name) and any(_may_declare(p, finding.name) for p in pruned)


def _may_declare(path: str, name: str) -> bool:
    """Whether a part that was left out may have declared a name of expressions."""
    section, _, end = path.partition(".")
    if section == "dynamics":
        return f"{path}.".startswith(f"dynamics.world.{name.partition('.')[0]}.")
    if section not in ("parameters", "attributes", "issues", "actors"):
        return False
    if not end or end == name or name.startswith(f"{end}.") or end.endswith(f".{name}"):
        return True
    return section in ("issues", "actors") and "." not in name


def _check_options(scenario: Scenario) -> None:
    """The options of concepts: each concept exists, has the option, and can take the value."""
    if not scenario.document.options:
        return
    from sim.solutions import options_of
    from sim.solutions.options import read_options

    problems: list[Problem] = []
    for name, given in scenario.document.options.items():
        for key, value in {"": None, **given}.items():
            try:
                read_options(name, options_of(name), {key: value} if key else {})
            except SimError as error:
                path = f"options.{name}.{key}" if key else f"options.{name}"
                problems.append(scenario.problem(path, str(error)))
                if not key:
                    break
    if problems:
        raise ScenarioError(problems)


def _check_dispute(scenario: Scenario) -> None:
    """The agreement space, the outcome classes and the order of the game's moves, once."""
    if scenario.document.form != "dispute":
        return
    from sim.games.order import check_stages

    problems: list[Problem] = []
    for step in (_check_agreements, check_stages):
        try:
            step(scenario)
        except ScenarioError as error:
            problems.extend(error.problems)
        except SimError as error:
            problems.append(Problem(message=str(error)))
    if problems:
        raise ScenarioError(problems)


def _check_agreements(scenario: Scenario) -> None:
    """The agreement space, the outcome classes, and the fields of constraints at every agreement."""
    from sim.payoffs import classes_of, space_of
    from sim.payoffs.fields import check_fields
    from sim.payoffs.space import check_outcomes

    space = space_of(scenario)
    check_outcomes(scenario, space)
    found = [*check_fields(scenario, space, classes_of(scenario, space))]
    if found:
        raise ScenarioError(scenario.problem(f.path, f.message) for f in found)


class _Written:
    """Data as one YAML text, written when it is first asked for: few readers need it."""

    def __init__(self, data: Any) -> None:
        self.data = data

    def __call__(self) -> str:
        return self._text

    @cached_property
    def _text(self) -> str:
        from sim.loading.quick_text import yaml_text

        return yaml_text(self.data)
