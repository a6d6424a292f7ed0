"""A registry of episodes, sealed by hash before they are run: who changed a file after seeing the answer.

Definition. The *model* of an episode is everything that its answer follows from (numbers with their ranges,
formulas, constraints, game), the files that it extends included, and nothing that is for people only (titles,
sources, notes, labels); its hash is the SHA-256 of that as JSON. What is *asked* of it, what happened and the
signs of counterfactuals, is hashed apart: to state what happened in a file that said nothing of it is no
change. A registry is a text file of one JSON object per line that is only ever added to. Every line holds
the hash of the line before, so that a line that was changed or taken out breaks the chain; that none was
taken off the end is shown by whoever kept the *head*, the hash of the last line.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from sim._kernels.shown import Part, Table
from sim.errors import UsageError
from sim.expressions import Expression
from sim.scenario import Scenario

SEALED, CHANGED, STATED, RUN = "sealed", "changed", "outcome stated", "run"
EVENTS = (SEALED, CHANGED, STATED, RUN)
FOR_PEOPLE = {"title", "description", "source", "note", "label", "short", "labels", "unit"}
ASKED = ("observed", "sign_tests")
NOT_MODEL = {*FOR_PEOPLE, *ASKED, "sweeps"}
KEYS = {"at", "event", "episode", "model", "asked", "open", "version", "before"}
Line = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedEpisode:
    """What a registry says of one episode.

    Parameters
    ----------
    episode
        Its file.
    sealed, first_run
        When it was registered, and first held against the record; ``None`` where it was not yet.
    open
        Whether what happened was not in the file when it was registered.
    runs
        How often it was held against the record.
    changes_before, changes_after
        How often the file changed before its first run, and after it.
    """

    episode: str
    sealed: str
    first_run: str | None
    open: bool
    runs: int
    changes_before: int
    changes_after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """The lines of a registry.

    Parameters
    ----------
    lines
        In their order.
    """

    lines: tuple[Line, ...] = ()

    @property
    def head(self) -> str:
        """The hash of the last line; empty where there is none."""
        return hash_of_line(self.lines[-1]) if self.lines else ""

    @property
    def episodes(self) -> tuple[SealedEpisode, ...]:
        """What is known of every episode, in the order in which they were sealed."""
        names = dict.fromkeys(line["episode"] for line in self.lines)
        return tuple(_episode([x for x in self.lines if x["episode"] == name]) for name in names)

    def last(self, episode: str) -> Line | None:
        """The last line on an episode."""
        return next((x for x in reversed(self.lines) if x["episode"] == episode), None)

    def parts(self) -> Iterator[Part]:
        """A row per episode, and how many are as they were sealed."""
        rows = [
            (
                one.episode,
                one.sealed,
                "open" if one.open else "in the file",
                one.first_run or "not yet",
                str(one.runs),
                str(one.changes_before),
                str(one.changes_after),
            )
            for one in self.episodes
        ]
        columns = ("episode", "sealed", "outcome then", "first run", "runs|r")
        yield Table(
            (*columns, "changes before it|r", "changes after it|r"),
            rows,
            heading="Sealed episodes: how often a file changed, what it extends included",
        )
        late = [one for one in self.episodes if one.changes_after]
        times = sum(one.changes_after for one in late)
        yield (
            f"{len(late)} of {len(rows)} changed after their first run, {times} times in all; "
            f"{sum(one.open for one in self.episodes)} were sealed before their outcome was in the file"
        )
        yield f"head of the registry: {self.head}"

    def to_dict(self) -> dict[str, Any]:
        """The registry as plain data."""
        return {"head": self.head, "episodes": [asdict(one) for one in self.episodes]}


def _episode(lines: list[Line]) -> SealedEpisode:
    events = [line["event"] for line in lines]
    first = events.index(RUN) if RUN in events else len(events)
    return SealedEpisode(
        episode=lines[0]["episode"],
        sealed=lines[0]["at"],
        first_run=lines[first]["at"] if first < len(lines) else None,
        open=lines[0]["open"],
        runs=events.count(RUN),
        changes_before=events[:first].count(CHANGED),
        changes_after=events[first:].count(CHANGED),
    )


def read_registry(file: Path) -> Registry:
    """The registry in a file; an empty one where there is none.

    Raises
    ------
    UsageError
        If it cannot be read, is not a registry, or a line of it was changed or taken out.
    """
    if not file.exists():
        return Registry()
    try:
        texts = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"{file} cannot be read as a registry of sealed episodes") from None
    lines, before = [], ""
    for number, text in enumerate(texts, 1):
        line = _line(text)
        if line is None:
            raise UsageError(f"{file}:{number} is not a line of a registry of sealed episodes")
        if line["before"] != before:
            raise UsageError(
                f"{file}:{number}: a line before it was changed or taken out; nothing was run or written"
            )
        lines.append(line)
        before = hash_of_line(line)
    return Registry(lines=tuple(lines))


def _line(text: str) -> Line | None:
    """A line of a registry, ``None`` where a text is none."""
    try:
        line = json.loads(text)
    except ValueError:
        return None
    known = isinstance(line, dict) and set(line) == KEYS and line["event"] in EVENTS
    texts = known and all(isinstance(line[key], str) for key in KEYS - {"open"})
    return line if texts and isinstance(line["open"], bool) else None


def hash_of_line(line: Line) -> str:
    """The hash that the next line of a registry holds."""
    return sha256(_written(line).encode()).hexdigest()


def _written(line: Line) -> str:
    return json.dumps(line, sort_keys=True, ensure_ascii=False)


def seal(file: Path, scenarios: Mapping[str, Scenario]) -> Registry:
    """Register the disputes among some scenarios by hash, or that they changed; before they are run.

    Parameters
    ----------
    file
        The registry, which is only added to; a new one where there is none.
    scenarios
        By name.

    Raises
    ------
    UsageError
        If the file is not a registry, was changed, or cannot be written.
    """
    known = read_registry(file)
    disputes = {name: s for name, s in scenarios.items() if s.document.form == "dispute"}
    return _added(file, known, [x for name, s in disputes.items() for x in _news(known, name, s)])


def ran(file: Path, scenarios: Mapping[str, Scenario]) -> Registry:
    """Note that registered scenarios were held against the record."""
    return _added(file, read_registry(file), [_said(RUN, name, s) for name, s in scenarios.items()])


def _news(known: Registry, name: str, scenario: Scenario) -> Iterator[Line]:
    """What is new of a scenario since the last line on it."""
    last = known.last(name)
    if last is None:
        yield _said(SEALED, name, scenario)
        return
    now = _said(CHANGED, name, scenario)
    stated = last["open"] and not now["open"]
    if now["model"] != last["model"] or (now["asked"] != last["asked"] and not stated):
        yield now
    elif stated:
        yield {**now, "event": STATED}


def _said(event: str, name: str, scenario: Scenario) -> Line:
    from sim import __version__

    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "event": event,
        "episode": name,
        "model": model_hash(scenario),
        "asked": asked_hash(scenario),
        "open": scenario.document.observed is None,
        "version": __version__,
    }


def _added(file: Path, known: Registry, news: Iterable[Line]) -> Registry:
    lines = list(known.lines)
    for line in news:
        lines.append({**line, "before": hash_of_line(lines[-1]) if lines else ""})
    text = "".join(f"{_written(line)}\n" for line in lines[len(known.lines) :])
    try:
        with file.open("a", encoding="utf-8") as place:
            place.write(text)
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}") from None
    return Registry(lines=tuple(lines))


def model_hash(scenario: Scenario) -> str:
    """The hash of everything that a scenario's answer follows from.

    Examples
    --------
    >>> import sim
    >>> text = "{{title: {}, parameters: {{p: {}}}, strategic: {{actors: {{a: [x]}}, payoffs: [[p]]}}}}"
    >>> one, two, other = (sim.loads(text.format(*x)) for x in (("a", 1), ("b", 1.0), ("a", 2)))
    >>> model_hash(one) == model_hash(two), model_hash(one) == model_hash(other)
    (True, False)
    """
    return _hashed(_plain(scenario.document, NOT_MODEL))


def asked_hash(scenario: Scenario) -> str:
    """The hash of what happened and of the signs that counterfactuals must have."""
    asked = [getattr(scenario.document, name) for name in ASKED]
    return _hashed(_plain(asked, FOR_PEOPLE))


def _hashed(data: Any) -> str:
    return sha256(json.dumps(data, ensure_ascii=False).encode()).hexdigest()


def _plain(data: Any, without: set[str]) -> Any:
    """A record as plain data, without some fields and those that are as they are by default.

    Order is kept, since the first position of an issue is its status quo; of parameters it means nothing.
    """
    if isinstance(data, BaseModel):
        fields = {k: f for k, f in type(data).model_fields.items() if k not in without}
        given = {k: getattr(data, k) for k, f in fields.items() if getattr(data, k) != f.default}
        if "parameters" in given:
            given["parameters"] = dict(sorted(given["parameters"].items()))
        return {k: _plain(x, without) for k, x in given.items()}
    if isinstance(data, Mapping):
        return {str(k): _plain(x, without) for k, x in data.items()}
    if isinstance(data, list | tuple):
        return [_plain(x, without) for x in data]
    return data.text if isinstance(data, Expression) else data
