"""Which set of functions a computation uses: by name, or by how much there is to compute.

``numpy`` is always there; ``fast`` needs the extra of that name; ``auto`` is ``fast`` where it is installed
and the work pays for compiling it. Answers do not depend on the choice.
"""

from __future__ import annotations

from sim.errors import UsageError, suggest
from sim.feasibility.evaluate import Problem
from sim.feasibility.kernels import NUMPY, Kernels

ENGINES = ("auto", "fast", "numpy")
WORTH = 1 << 28
"""Cells times points from which on compiling pays: some 200,000 points of a game with 1,300 leaves."""


def engine_for(engine: str, problem: Problem, points: int) -> str:
    """The name of the engine for some work: ``auto`` stays only where there is much to compute.

    Raises
    ------
    UsageError
        If there is no such engine, or it is not installed.

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
    'numpy'
    """
    if engine not in ENGINES:
        raise UsageError(f"unknown engine '{engine}'{suggest(engine, ENGINES)}")
    if engine == "auto" and points * problem.cells < WORTH:
        return "numpy"
    kernels_of(engine)
    return engine


def kernels_of(engine: str) -> Kernels:
    """The functions of an engine; those of ``auto`` are compiled where that is possible.

    Raises
    ------
    UsageError
        If it is not installed.
    """
    if engine == "numpy":
        return NUMPY
    try:
        from sim.feasibility.compiled import FAST
    except ImportError:
        if engine == "auto":
            return NUMPY
        raise UsageError(
            "the engine 'fast' needs the extra 'fast': pip install 'treatysim[fast]'"
        ) from None
    return FAST
