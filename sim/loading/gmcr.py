"""``.gmcr`` files of GMCR-py: conflicts in graph form, read.

The format is JSON: ``options`` in order, each with the direction in which it may be changed (``fwd``: once
taken it stays, ``back``: once dropped, ``both``); ``decisionMakers`` with the numbers of their options, their
preference statements, most important first, and perhaps a ranking of the states; ``infeasibles``. A
condition is a list of pairs, number of an option and ``Y`` or ``N``; a compound one holds where any of its
members does. States are numbered from 1, the first option of the first decision maker changing fastest.
Coalitions that a file marks are not read: the coalitional concepts look at all of them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sim.errors import Problem, ScenarioError
from sim.loading._gambit_text import distinct
from sim.scenario.sections.conflict import MAX_OPTIONS, MAX_STATES
from sim.scenario.sections.preference_statements import matching

Condition = Annotated[list[tuple[int, Literal["Y", "N"]]], Field(min_length=1)]

READ = ConfigDict(extra="ignore")
"""A file may say more than is read here."""


class Compound(BaseModel):
    """A condition that holds where any of its members does."""

    model_config = READ
    members: list[Condition] = Field(min_length=1)


Entry = Condition | Compound


class FileOption(BaseModel):
    """An option, and how it may be changed."""

    model_config = READ
    name: str
    direction: Literal["fwd", "back", "both"] = Field("both", alias="permittedDirection")


class DecisionMaker(BaseModel):
    """An actor: its options by number, its statements, and its ranking if the file has one."""

    model_config = READ
    name: str
    options: list[int]
    preferences: list[Entry] = []
    ranking: list[int | list[int]] | None = Field(None, alias="preferenceRanking")
    vector: list[int | list[int]] | None = Field(None, alias="preferenceVector")


class GmcrFile(BaseModel):
    """What is read of a file."""

    model_config = READ
    options: list[FileOption] = Field(min_length=1, max_length=MAX_OPTIONS)
    makers: list[DecisionMaker] = Field(min_length=1, alias="decisionMakers")
    infeasibles: list[Entry] = []
    ranked: bool = Field(False, alias="useManualPreferenceRanking")
    vectors: bool = Field(False, alias="useManualPreferenceVectors")


def read_gmcr(text: str, file: str = "<text>") -> dict[str, Any]:
    """The conflict of a ``.gmcr`` file, as the data of a scenario file with a ``conflict`` section.

    Parameters
    ----------
    text
        The file's content.
    file
        Its name, for messages.

    Raises
    ------
    ScenarioError
        If it is no JSON, or not what such a file holds.

    Examples
    --------
    >>> data = read_gmcr('{"options": [{"name": "arm"}], "decisionMakers": '
    ...                  '[{"name": "a", "options": [0], "preferences": [[[0, "N"]]]}]}')
    >>> data["conflict"]["states"], data["conflict"]["statements"]
    ({'1': 'N', '2': 'Y'}, {'a': ['not "arm"']})
    """
    found = _parsed(text, file)
    if problems := list(_problems(found)):
        raise ScenarioError([Problem(file=file, path=p, message=m) for p, m in problems])
    order = [k for maker in found.makers for k in maker.options]
    labels = distinct([found.options[k].name.replace('"', "'") for k in order], "option")
    names = dict(zip(order, labels, strict=True))
    actors = distinct([maker.name for maker in found.makers], "actor")
    makers = dict(zip(actors, found.makers, strict=True))
    infeasible = [p for entry in found.infeasibles for p in _patterns(entry, order)]
    states = _states(infeasible, len(order), file)
    rankings = {actor: _ranking(found, maker, list(states)) for actor, maker in makers.items()}
    section = {
        "options": {actor: [names[k] for k in maker.options] for actor, maker in makers.items()},
        "states": states,
        "infeasible": infeasible,
        "irreversible": list(_irreversible(found, order, names)),
        "statements": {
            actor: [_words(entry, names) for entry in maker.preferences]
            for actor, maker in makers.items()
            if rankings[actor] is None
        },
        "preferences": {actor: found for actor, found in rankings.items() if found is not None},
    }
    return {"conflict": section}


def _parsed(text: str, file: str) -> GmcrFile:
    """The content of a file, as far as it is read."""
    try:
        return GmcrFile.model_validate(json.loads(text))
    except json.JSONDecodeError as error:
        problem = Problem(
            file=file, line=error.lineno, column=error.colno, message=f"no JSON: {error.msg}"
        )
        raise ScenarioError([problem]) from None
    except ValidationError as error:
        raise ScenarioError(
            [
                Problem(file=file, path=".".join(map(str, e["loc"])), message=e["msg"].lower())
                for e in error.errors(include_url=False)
            ]
        ) from None
    except (ValueError, RecursionError):
        raise ScenarioError([Problem(file=file, message="no JSON that can be read")]) from None


def _problems(found: GmcrFile) -> Iterator[tuple[str, str]]:
    """Path and message of numbers that name no option, and of options without one owner."""
    known, owned = range(len(found.options)), Counter(k for m in found.makers for k in m.options)
    used = [
        (f"decisionMakers.{i}.options", k) for i, m in enumerate(found.makers) for k in m.options
    ]
    for i, maker in enumerate(found.makers):
        used += [(f"decisionMakers.{i}.preferences", k) for k in _numbers(maker.preferences)]
    used += [("infeasibles", k) for k in _numbers(found.infeasibles)]
    for path, k in dict.fromkeys(used):
        if k not in known:
            yield path, f"there is no option {k}; options are numbered from 0 to {known[-1]}"
    for k, option in enumerate(found.options):
        if owned[k] != 1:
            yield (
                f"options.{k}",
                f"'{option.name}' belongs to {owned[k]} decision makers, not to one",
            )


def _numbers(conditions: Sequence[Entry]) -> Iterator[int]:
    return (k for entry in conditions for member in _members(entry) for k, _ in member)


def _members(entry: Entry) -> list[Condition]:
    """The conditions of which one must hold."""
    return entry.members if isinstance(entry, Compound) else [entry]


def _patterns(entry: Entry, order: Sequence[int]) -> Iterator[str]:
    """The patterns that make up a condition."""
    for member in _members(entry):
        said = dict(member)
        if len(said) == len(set(member)):  # otherwise an option is both taken and not
            yield "".join(said.get(k, "-") for k in order)


def _words(entry: Entry, names: Mapping[int, str]) -> str:
    """A condition as a preference statement."""
    parts = [
        " and ".join(("" if taken == "Y" else "not ") + f'"{names[k]}"' for k, taken in member)
        for member in _members(entry)
    ]
    return parts[0] if len(parts) == 1 else " or ".join(f"({part})" for part in parts)


def _states(infeasible: Sequence[str], size: int, file: str) -> dict[str, str]:
    """The feasible combinations, numbered from 1, the first option changing fastest."""
    every = np.arange(1 << size)
    barred = [matching(pattern, every) for pattern in infeasible]
    feasible = every[~np.logical_or.reduce([every < 0, *barred])]
    if not 0 < feasible.size <= MAX_STATES:
        message = f"{feasible.size:,} feasible states; at least 1 and at most {MAX_STATES} are read"
        raise ScenarioError([Problem(file=file, path="infeasibles", message=message)])
    return {
        str(number): "".join("NY"[code >> k & 1] for k in range(size))
        for number, code in enumerate(map(int, feasible), start=1)
    }


def _ranking(
    found: GmcrFile, maker: DecisionMaker, states: list[str]
) -> list[str | list[str]] | None:
    """The ranking that counts for an actor, ``None`` where its statements do."""
    listed = maker.ranking if maker.ranking is not None else maker.vector
    if (found.ranked or found.vectors) and listed is not None:
        return [[str(n) for n in e] if isinstance(e, list) else str(e) for e in listed]
    return None if maker.preferences else [states]


def _irreversible(
    found: GmcrFile, order: Sequence[int], names: Mapping[int, str]
) -> Iterator[str | dict[str, str]]:
    """Changes of one option that are barred."""
    for k in order:
        if found.options[k].direction == "fwd":
            yield names[k]
        if found.options[k].direction == "back":
            yield {
                end: "".join(letter if other == k else "-" for other in order)
                for end, letter in (("from", "N"), ("to", "Y"))
            }
