"""How states are coded twice: how far two coders agree, and what is drawn where they do not.

Definition. States of the world that no number measures are coded 0, 0.5 or 1: absent, partly, fully. A
*second coding* is a table with one row per episode and state, made from dated sources. The two agree where
the files' value is as near to the second code as to any other. Cohen's ``kappa = (p - q) / (1 - q)``
[cohen1960]_ compares the share ``p`` of codes that agree with ``q``, that of coders who code as often as
these do, but at random; its standard error is ``sqrt(p (1 - p) / n) / (1 - q)``. Where the two differ, either
is drawn half of the time: the first by its law in the file, the second evenly over what its code stands for:
0 is exact, 0.5 reaches from 0.25 to 0.75, 1 from 0.75 to 1.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sim.errors import UsageError, suggest
from sim.scenario import Scenario

SECOND_CODING = "second-coding.csv"
COLUMNS = ("episode", "path", "code", "source")
STANDS_FOR = {0.0: (0.0, 0.0), 0.5: (0.25, 0.75), 1.0: (0.75, 1.0)}
Codes = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A state that two coders coded differently: the value in the file, and the second code."""

    episode: str
    path: str
    first: float
    second: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How far two codings agree.

    Parameters
    ----------
    codes, agree
        How many codes there are, and how many agree.
    kappa, error
        Cohen's kappa and its standard error; ``None`` where both coders use one code only.
    differences
        What they code differently.
    """

    codes: int
    agree: int
    kappa: float | None
    error: float | None
    differences: tuple[Difference, ...]

    def sentence(self) -> str:
        """How far they agree, in words."""
        told = f"coded twice: {self.agree} of {self.codes} codes of states agree"
        if self.kappa is None:
            return f"{told}, and neither coder uses more than one code"
        return f"{told}, Cohen's kappa {self.kappa:.2f} ± {self.error:.2f}"

    def drawn(self) -> dict[str, dict[str, tuple[float, float]]]:
        """Per episode the states that differ, and over what the second code is drawn."""
        out: dict[str, dict[str, tuple[float, float]]] = {}
        for one in self.differences:
            out.setdefault(one.episode, {})[one.path] = STANDS_FOR[one.second]
        return out

    def to_dict(self) -> dict[str, Any]:
        """The agreement as plain data."""
        return {**asdict(self), "differences": [asdict(one) for one in self.differences]}


def read_codes(file: Path) -> Codes:
    """Codes by episode and state.

    Raises
    ------
    UsageError
        If the file cannot be read, lacks a column, or a row says no code, no source, or what another does.
    """
    try:
        with file.open(encoding="utf-8", newline="") as text:
            rows = csv.DictReader(text)
            if missing := [name for name in COLUMNS if name not in (rows.fieldnames or ())]:
                raise UsageError(f"{file}: a second coding needs the column '{missing[0]}'")
            found: dict[str, dict[str, float]] = {}
            for line, row in enumerate(rows, 2):
                codes = found.setdefault(row["episode"], {})
                codes[row["path"]] = _code(file, line, row, codes)
    except (OSError, UnicodeDecodeError, csv.Error):
        raise UsageError(f"{file} cannot be read as a table of codes") from None
    return found


def _code(file: Path, line: int, row: Mapping[str, str], known: Mapping[str, float]) -> float:
    words = {f"{level:g}": level for level in STANDS_FOR}
    if row["code"] not in words:
        raise UsageError(f"{file}:{line}: code '{row['code']}' is none of {', '.join(words)}")
    if not row["source"]:
        raise UsageError(f"{file}:{line}: a code needs a source")
    if row["path"] in known:
        raise UsageError(f"{file}:{line}: {row['path']} of {row['episode']} is coded again")
    return words[row["code"]]


def agreement(episodes: Mapping[str, Scenario], codes: Codes) -> Agreement:
    """How far the files of some episodes agree with a second coding of them.

    Raises
    ------
    UsageError
        If it codes an episode that is not there, a state that is none, or nothing.

    Examples
    --------
    >>> import sim
    >>> text = ("{parameters: {p: 0.1, q: 1}, issues: {peace: {no: {}, yes: {signed: 1}}},"
    ...         " outcomes: {treaty: signed}, actors: {a: {role: principal}, b: {role: principal}},"
    ...         " payoffs: {a: {x: signed}, b: {x: signed}}}")
    >>> found = agreement({"e": sim.loads(text)}, {"e": {"p": 0.0, "q": 0.5}})
    >>> found.agree, round(found.kappa, 3), found.drawn()
    (1, 0.333, {'e': {'q': (0.25, 0.75)}})
    """
    pairs = list(_pairs(episodes, codes))
    if not pairs:
        raise UsageError("the second coding codes nothing")
    same, n = sum(first == one.second for first, one in pairs), len(pairs)
    ours, theirs = (
        Counter(first for first, _ in pairs),
        Counter(one.second for _, one in pairs),
    )
    by_chance = sum(ours[level] * theirs[level] for level in STANDS_FOR) / n**2
    share, rest = same / n, 1 - by_chance
    return Agreement(
        codes=n,
        agree=same,
        kappa=(share - by_chance) / rest if rest else None,
        error=(share * (1 - share) / n) ** 0.5 / rest if rest else None,
        differences=tuple(one for first, one in pairs if first != one.second),
    )


def _pairs(episodes: Mapping[str, Scenario], codes: Codes) -> Iterator[tuple[float, Difference]]:
    """The level of the file that is nearest to the second code, and both as they are."""
    for episode, rows in codes.items():
        if episode not in episodes:
            raise UsageError(f"second coding: no episode '{episode}'{suggest(episode, episodes)}")
        values = episodes[episode].values
        for path, code in rows.items():
            if path not in values:
                raise UsageError(f"second coding: {episode} has no '{path}'{suggest(path, values)}")
            one = Difference(episode=episode, path=path, first=values[path], second=code)
            far = {level: abs(level - one.first) for level in STANDS_FOR}
            near = min(far, key=lambda level: (far[level], abs(level - code)))
            yield near, one
