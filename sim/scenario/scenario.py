"""A scenario: a checked document together with the values its parameters currently have.

Scenarios are frozen. Setting a parameter makes a copy that remembers the file's own value,
because the units of the treaty ladder (each actor's payoff spread) are fixed at the file's
values.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePath

import numpy as np

from sim._kernels import html
from sim._kernels.shown import Heading, Part, Shown, Table
from sim.errors import OutsideRange, Problem, UsageError, suggest
from sim.labels import Labels
from sim.scenario.document import Document
from sim.scenario.labelled import known_language, labels_in
from sim.scenario.parameters import parameter_rows
from sim.scenario.standing import Asked, Standing, standings
from sim.scenario.structural import movable_parameters

COLUMNS = ("parameter", "value|r", "range", "unit", "source")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scenario(Shown):
    """A dispute or a classical game, ready to be solved.

    Parameters
    ----------
    document
        The file's content, with everything it extends merged in.
    overrides
        Parameter values that differ from the file's, by dotted path.
    origin
        The file it came from, for messages.
    written
        The merged file as one YAML text, or what writes it when it is asked for.
    places
        File, line and column of the parts of the file by dotted path, for messages.
    lang
        The language of labels; empty: English, or the first that a label has.

    Notes
    -----
    Made by :func:`sim.load` and :func:`sim.loads`.
    """

    document: Document
    overrides: Mapping[str, float] = field(default_factory=dict)
    origin: str = ""
    written: str | Callable[[], str] = field(default="", repr=False)
    places: Mapping[str, tuple[str, int, int]] = field(default_factory=dict, repr=False)
    lang: str = ""
    _values: dict[str, float] | None = field(default=None, init=False, repr=False)

    @property
    def resolved(self) -> str:
        """The merged file as one YAML text: what a run stores to be reproducible."""
        return self.written if isinstance(self.written, str) else self.written()

    @property
    def title(self) -> str:
        """The file's title, or its name."""
        return self.document.title or self.origin

    @property
    def labelled(self) -> Labels:
        """What people read in place of the file's names."""
        return labels_in(self.document, self.lang)

    def speaking(self, lang: str) -> Scenario:
        """A copy whose labels are in another language.

        Raises
        ------
        UsageError
            If the file has labels and none in this language.
        """
        lang = known_language(self.labelled, lang, self.origin)
        return self if lang == self.lang else replace(self, lang=lang)

    @property
    def defaults(self) -> dict[str, float]:
        """The file's own parameter values by dotted path."""
        return {path: p.value for path, p in self.document.parameters.items()}

    @property
    def values(self) -> dict[str, float]:
        """The current parameter values by dotted path."""
        if self._values is None:  # read at every turn, and nothing changes
            object.__setattr__(self, "_values", self.defaults | dict(self.overrides))
        return dict(self._values or {})

    @property
    def own(self) -> frozenset[str]:
        """Parameters that the file itself gives, and not only what it extends."""
        here = (self.origin, 0, 0)
        return frozenset(
            path
            for path in self.document.parameters
            if self.places.get(f"parameters.{path}", here)[0] == self.origin
        )

    @property
    def digest(self) -> str:
        """SHA-256 of the resolved text: which scenario a result was computed from."""
        return hashlib.sha256(self.resolved.encode()).hexdigest()

    def with_values(self, values: Mapping[str, float], *, strict: bool = False) -> Scenario:
        """A copy with some parameters set; the file's own values stay on record.

        Parameters
        ----------
        values
            By dotted path.
        strict
            Refuse values outside of what the file declares (a range, levels) instead of warning of them.

        Raises
        ------
        UsageError
            If a path is unknown, a value is not finite, or a constraint has no meaning there (a discount
            factor above 1, say).

        Warns
        -----
        OutsideRange
            If a value is outside of its parameter's range or levels.

        Examples
        --------
        >>> from sim.scenario import Document
        >>> s = Scenario(document=Document(parameters={"moscow": {"trade": 0.3}}))
        >>> s.with_values({"moscow.trade": 0.5}).values
        {'moscow.trade': 0.5}
        """
        changed = self.at(values)
        for words in changed.outside(values):
            if strict:
                raise UsageError(words)
            warnings.warn(words, OutsideRange, stacklevel=2)
        return changed

    def at(self, values: Mapping[str, float]) -> Scenario:
        """As :meth:`with_values`, without a word on what is outside of its range: for values of a sweep."""
        for path, value in values.items():
            self.require(path)
            if not np.isfinite(value):
                raise UsageError(f"{path}: {value} is not a finite number")
        new = {path: float(value) for path, value in values.items()}
        if refused := [s.forbidden for s in self.standings(new) if s.forbidden]:
            raise UsageError(refused[0])
        return replace(self, overrides={**self.overrides, **new})

    def outside(self, paths: Iterable[str] | None = None) -> tuple[str, ...]:
        """Which parameters are set outside of their declared range or levels, a sentence for each.

        Examples
        --------
        >>> from sim.scenario import Document
        >>> s = Scenario(document=Document(parameters={"trade": {"value": 0.3, "range": (0, 1)}}))
        >>> s.at({"trade": 2}).outside()
        ('trade=2 is outside its range 0 to 1',)
        """
        set_here = [p for p in (self.overrides if paths is None else paths) if p in self.overrides]
        found = self.standings({path: self.overrides[path] for path in set_here})
        return tuple(s.outside for s in found if s.outside)

    def standing(self, path: str, asked: Asked) -> Standing:
        """How a value or a range of a parameter stands to its file, the others at their current values.

        Parameters
        ----------
        path
            Its dotted path.
        asked
            A number, a range as a tuple ``(lo, hi)``, or a list or array of numbers.

        Raises
        ------
        UsageError
            If the path is unknown.

        Examples
        --------
        >>> from sim.scenario import Document
        >>> keeps = {"type": "enforcement", "temptation": 1, "punishment": 6, "delta": "delta"}
        >>> s = Scenario(document=Document(
        ...     parameters={"delta": {"value": 0.2, "range": (0, 0.5)}},
        ...     abroad={"north": {"keeps": keeps}},
        ... ))
        >>> s.standing("delta", 0.9).outside
        'delta=0.9 is outside its range 0 to 0.5'
        >>> s.standing("delta", (0, 2)).forbidden.partition(": ")[2]
        'abroad.north.keeps.delta: 2 at delta=2 is not legal: it must be between 0 and 1'
        >>> s.standing("delta", 0.3).inside
        True
        """
        return self.standings({path: asked})[0]

    def standings(self, asked: Mapping[str, Asked]) -> tuple[Standing, ...]:
        """How values or ranges of several parameters stand; numbers among them are set together."""
        for path in asked:
            self.require(path)
        return standings(self.document, self.values, asked)

    def problem(self, path: str, message: str) -> Problem:
        """What is wrong with a part of the file, at its place there."""
        known = path
        while known and known not in self.places:
            known = known.rpartition(".")[0]
        file, line, column = self.places.get(known, (self.origin, None, None))
        return Problem(file=file, line=line, column=column, path=path, message=message)

    def require(self, path: str) -> None:
        """Check that a parameter exists; the nearest paths are suggested where it does not."""
        if path not in self.document.parameters:
            raise UsageError(f"unknown parameter '{path}'{suggest(path, self.document.parameters)}")

    def range_of(self, path: str) -> tuple[float, float] | None:
        """The plausible range of a parameter, where its record has one."""
        self.require(path)
        return self.document.parameters[path].range

    def movable(self) -> tuple[str, ...]:
        """Every parameter that can be varied over a range or several levels."""
        return movable_parameters(self.document)

    def __repr__(self) -> str:
        changed = f", with {self._changed}" if self.overrides else ""
        return f"<Scenario {self.title!r}: {self.document.form}{changed[:200]}>"

    @property
    def _changed(self) -> str:
        return ", ".join(f"{path} = {value:g}" for path, value in self.overrides.items())

    def parts(self) -> Iterator[Part]:
        """Title, description, what was set, and the parameters."""
        yield Heading(self.title)
        if self.document.description:
            yield self.document.description
        if self.overrides:
            yield "; ".join([f"with {self._changed}", *self.outside()])
        if rows := parameter_rows(self.document.parameters, self.values):
            yield Table(COLUMNS, rows, heading=self._counted)

    @property
    def _counted(self) -> str:
        parameters = self.document.parameters.values()
        return f"{len(parameters)} parameters, {sum(p.assumed for p in parameters)} of them assumed"

    def _repr_html_(self) -> str:
        """Title, description and parameters for a notebook."""
        parts = [html.heading(self.title)]
        if self.document.description:
            parts.append(html.paragraph(self.document.description))
        if self.overrides:
            parts.append(html.paragraph("; ".join([f"with {self._changed}", *self.outside()])))
        if rows := parameter_rows(self.document.parameters, self.values):
            parts.append(html.folded(self._counted, html.table(COLUMNS, rows)))
        return "".join(parts)


def require_scenario(given: object, verb: str) -> None:
    """Refuse what is not a scenario, such as the name of a file, with what to write instead.

    Examples
    --------
    >>> require_scenario("x.yaml", "explain")
    Traceback (most recent call last):
    sim.errors.UsageError: sim.explain takes a scenario, not the name of a file: ...
    """
    if isinstance(given, Scenario):
        return
    if isinstance(given, str | PurePath):
        raise UsageError(
            f"sim.{verb} takes a scenario, not the name of a file: sim.{verb}(sim.load('{given}'))"
        )
    raise UsageError(f"sim.{verb} takes a scenario, as sim.load gives it, not {_kind(given)}")


def _kind(given: object) -> str:
    return f"a {type(given).__name__}"
