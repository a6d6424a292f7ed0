"""Which engine computes: by name, or by how much there is to compute.

``numpy`` is always there; ``compiled`` needs the extra ``fast``, ``gpu`` the extra of that name and a card;
``auto`` is ``compiled`` where that is installed, the file can be compiled and the work pays for it. Answers
do not depend on the choice.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim._kernels.tolerance import FloatArray
from sim.engine.cuda import card
from sim.engine.machine import available
from sim.errors import UsageError, suggest
from sim.feasibility.evaluate import FEW, Problem, doubtful

ENGINES = ("auto", "compiled", "gpu", "numpy")
OLD = {"fast": "compiled"}
"""What engines were called before."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """An engine, why it is this one, and what should be said of the name that was given."""

    engine: str
    why: str
    note: str = ""

    @property
    def words(self) -> str:
        """The engine and why."""
        name = {"background": "compiled", "auto": "numpy"}.get(self.engine, self.engine)
        return f"{name} ({self.why})"


def engine_for(engine: str, problem: Problem, points: int) -> Chosen:
    """The engine for some work.

    Raises
    ------
    UsageError
        If there is no such engine, it is not installed, or it is asked for and cannot compute the file.

    Examples
    --------
    >>> import sim
    >>> from sim.feasibility import prepare
    >>> s = sim.loads(
    ...     "{issues: {peace: {no: {}, yes: {signed: 1}}}, outcomes: {treaty: signed},"
    ...     " actors: {a: {role: principal}, b: {role: principal}},"
    ...     " payoffs: {a: {x: signed}, b: {x: signed}}}"
    ... )
    >>> engine_for("auto", prepare(s), 1000)
    Chosen(engine='auto', why='too few points to compile for', note='')
    """
    note = f"the engine '{engine}' is called '{OLD[engine]}' now" if engine in OLD else ""
    name = OLD.get(engine, engine)
    if name not in ENGINES:
        raise UsageError(f"unknown engine '{engine}'{suggest(engine, ENGINES)}")
    if name == "numpy":
        return Chosen("numpy", "asked for", note)
    if name == "gpu":
        return _insisted(name, problem.backends.reason or card.missing(), note)
    obstacle = _obstacle(problem)
    if name == "compiled":
        return _insisted(name, obstacle, note)
    if problem.rounds is None and not problem.compiling_pays(points):
        few = points * problem.cells < FEW
        return Chosen("auto" if few else "numpy", "too few points to compile for", note)
    if obstacle:
        return Chosen("numpy", obstacle, note)
    return Chosen("background", "compiled while numpy begins", note)


def _insisted(name: str, obstacle: str, note: str) -> Chosen:
    """An engine that was asked for, if nothing stands against it."""
    if obstacle:
        raise UsageError(f"the engine '{name}' cannot be used: {obstacle}")
    return Chosen(name, "asked for", note)


def _obstacle(problem: Problem) -> str:
    if reason := problem.backends.reason:
        return reason
    return "" if available() else "it needs the extra 'fast': pip install 'treatysim[fast]'"


def left(chosen: Chosen, problem: Problem, theta: FloatArray) -> tuple[str, ...]:
    """What an engine leaves to others, as far as some points tell; nothing where it makes no screen."""
    backends, out = problem.backends, []
    if backends.reason or not backends.made:
        return ()
    if count := len(doubtful(problem, theta)):
        out.append(
            f"the definitions compute {count} of {theta.shape[1]} points that were tried: near a tie, "
            "moves without an equilibrium in pure play, or no answer"
        )
    if chosen.engine in ("compiled", "background") and backends.by_numpy:
        out.append(f"numpy computes what is written with {', '.join(backends.by_numpy)}")
    return tuple(out)
