"""The explorer of one dispute: answers the page's questions, opens a server, shows itself in a notebook.

Definition. A question is ``{"ask": name, "values": {path: number}, ...}``; the values are those that differ
from the file's. The answer is plain data, or ``{"error": sentence}`` where what was asked makes no sense.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from sim.errors import NotDefinedError, SimError, UsageError
from sim.explorer import answers
from sim.explorer.sliders import axes_of, require_axis, sliders
from sim.loading.saving import saved
from sim.payoffs.compiling import PRIVATE
from sim.scenario import Scenario, require_scenario

if TYPE_CHECKING:
    from sim.explorer.server import Server

Answer = dict[str, Any]
MOST_VALUES = 10_000
"""Most values that one question may set."""
BIGGEST = 1e100
"""Largest number that a value may have."""


@dataclass(frozen=True, eq=False, repr=False)
class Explorer:
    """One dispute on sliders.

    Parameters
    ----------
    scenario
        The dispute, whose values are where the sliders start.
    x, y
        The axes of the landscape at the start.
    first
        Parameters whose sliders come first; by default those that move the margin most.
    others
        Files that it can be compared with, by name; each is loaded when it is asked for.

    Examples
    --------
    >>> import sim
    >>> s = sim.loads(
    ...     "{parameters: {p: {value: 1, range: [0, 2]}}, issues: {peace: {no: {}, yes: {signed: 1}}},"
    ...     " outcomes: {treaty: signed}, actors: {a: {role: principal}, b: {role: principal}},"
    ...     " payoffs: {a: {x: (p - 0.5)*signed}, b: {x: signed}}}"
    ... )
    >>> Explorer(s).answer({"ask": "verdict", "values": {"p": 0.25}})["feasible"]
    False
    >>> Explorer(s).answer({"ask": "verdict", "values": {"q": 1}})["error"]
    "unknown parameter 'q'; legal: p"
    """

    scenario: Scenario
    x: str | None = None
    y: str | None = None
    first: tuple[str, ...] = ()
    others: Mapping[str, Callable[[], Scenario]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require_scenario(self.scenario, "explore")
        if self.scenario.document.form != "dispute":
            raise UsageError(
                f"{self.scenario.origin}: a classical game has no verdict to explore; use sim solve"
            )
        if self.scenario.document.private:
            raise NotDefinedError(f"{self.scenario.origin}: {PRIVATE}")
        if not any(one["moves"] for one in sliders(self.scenario)):
            raise UsageError(f"{self.scenario.origin}: no parameter has a range to be explored")
        for path in self.first:
            require_axis(self.scenario, path)
        axes_of(self.scenario, self.x, self.y)

    def answer(self, question: Mapping[str, Any]) -> Answer:
        """The answer to one question of the page; what cannot be answered is said in a sentence."""
        try:
            ask = QUESTIONS.get(str(question.get("ask")))
            if ask is None:
                raise UsageError(f"unknown question; the page asks {', '.join(QUESTIONS)}")
            return ask(self, self._moved(question), question)
        except SimError as error:
            return {"error": str(error)}

    def _moved(self, question: Mapping[str, Any]) -> Scenario:
        values = question.get("values", {})
        if not isinstance(values, Mapping) or len(values) > MOST_VALUES:
            raise UsageError("values: numbers by path are needed")
        for path, value in values.items():
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise UsageError(f"{path}: a number is needed")
            if not -BIGGEST < value < BIGGEST:
                raise UsageError(f"{path}: a number of a dispute is needed")
        return self.scenario.at({str(path): float(value) for path, value in values.items()})

    def describe(self) -> Answer:
        """What the page shows before anything is asked."""
        document = self.scenario.document
        return {
            "title": self.scenario.title,
            "description": document.description,
            "origin": answers.name_of(self.scenario.origin),
            "actors": list(document.actors),
            "parameters": sliders(self.scenario),
            "axes": list(axes_of(self.scenario, self.x, self.y)),
            "first": list(self.first),
            "time": document.dynamics is not None,
            "others": list(self.others),
        }

    @cached_property
    def matters(self) -> list[str]:
        """The parameters that move the margin most, at the values of the file."""
        return answers.matters(self.scenario)

    def serve(self, port: int = 0) -> Server:
        """A server on this machine that shows the page; ``port`` 0 is a free one.

        Raises
        ------
        UsageError
            If the port is taken.
        """
        from sim.explorer.server import Server

        return Server(self, port)

    @cached_property
    def widget(self) -> Any:
        """The page as a widget, with ``values`` and ``scenario`` as they are moved in a notebook."""
        from sim.explorer.notebook import widget

        return widget(self)

    def __repr__(self) -> str:
        return f"<Explorer of {self.scenario.title!r}>"

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """The widget, for a notebook; how to have it where the package that carries it is missing."""
        try:
            widget = self.widget
        except UsageError as error:
            return {"text/plain": str(error)}
        return widget._repr_mimebundle_(**options)


def explore(
    scenario: Scenario, paths: Sequence[str] = (), *, x: str | None = None, y: str | None = None
) -> Explorer:
    """A dispute on sliders: the verdict, ladder, payoff terms and landscape as parameters move.

    Parameters
    ----------
    scenario
        A dispute.
    paths
        The parameters whose sliders come first; by default those that move the margin most.
    x, y
        The axes of the landscape; those of the file's first sweep by default.

    Returns
    -------
    Explorer
        In a notebook it shows itself; :func:`sim.serve` opens the same page in the browser.

    Raises
    ------
    UsageError
        If the file is a classical game, or a path is unknown, structural, or has no range.

    Examples
    --------
    >>> import sim
    >>> s = sim.loads(
    ...     "{parameters: {p: {value: 1, range: [0, 2]}}, issues: {peace: {no: {}, yes: {signed: 1}}},"
    ...     " outcomes: {treaty: signed}, actors: {a: {role: principal}, b: {role: principal}},"
    ...     " payoffs: {a: {x: (p - 0.5)*signed}, b: {x: signed}}}"
    ... )
    >>> explore(s).describe()["axes"]
    ['p']
    """
    return Explorer(scenario, x, y, tuple(paths))


def _describe(explorer: Explorer, moved: Scenario, question: Mapping[str, Any]) -> Answer:
    return explorer.describe()


def _verdict(explorer: Explorer, moved: Scenario, question: Mapping[str, Any]) -> Answer:
    return answers.verdict(moved)


def _share(explorer: Explorer, moved: Scenario, question: Mapping[str, Any]) -> Answer:
    margin = answers.verdict(moved)["margin"]
    return answers.share(moved, margin)


def _landscape(explorer: Explorer, moved: Scenario, question: Mapping[str, Any]) -> Answer:
    return answers.landscape(moved, str(question.get("x")), str(question.get("y")))


def _matters(explorer: Explorer, moved: Scenario, question: Mapping[str, Any]) -> Answer:
    return {"paths": explorer.matters}


def _forecast(explorer: Explorer, moved: Scenario, question: Mapping[str, Any]) -> Answer:
    return answers.ahead(moved)


def _beside(explorer: Explorer, moved: Scenario, question: Mapping[str, Any]) -> Answer:
    name = str(question.get("other"))
    if name not in explorer.others:
        raise UsageError(f"'{name}' is not one of the files compared")
    return answers.beside(moved, _loaded(explorer.others[name]))


@lru_cache(maxsize=8)
def _loaded(load: Callable[[], Scenario]) -> Scenario:
    return load()


def _save(explorer: Explorer, moved: Scenario, question: Mapping[str, Any]) -> Answer:
    return {"text": saved(moved)}


QUESTIONS: dict[str, Callable[[Explorer, Scenario, Mapping[str, Any]], Answer]] = {
    "describe": _describe,
    "verdict": _verdict,
    "share": _share,
    "landscape": _landscape,
    "matters": _matters,
    "forecast": _forecast,
    "beside": _beside,
    "save": _save,
}
