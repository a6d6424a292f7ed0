"""How options say what is varied: axes, correlations and the cells of a raster."""

from __future__ import annotations

from collections.abc import Sequence

from sim.cli.shared.options import number
from sim.errors import UsageError

GRID, RANGE = "PATH=LO:HI:N", "PATH=LO:HI"
"""What may follow ``--vary``: of a sweep, and of verbs about whole ranges."""


def read_vary(vary: Sequence[str], form: str = GRID) -> dict[str, tuple[float, ...] | None]:
    """``PATH=LO:HI:N``, ``PATH=LO:HI`` and ``PATH`` texts by path; a ``form`` RANGE has no ``N``.

    Examples
    --------
    >>> read_vary(["tokyo.minimum=0:1:101", "moscow.trade"])
    {'tokyo.minimum': (0.0, 1.0, 101), 'moscow.trade': None}
    """
    out: dict[str, tuple[float, ...] | None] = {}
    for text in vary:
        path, equals, rest = text.partition("=")
        if not path:
            raise UsageError(f"--vary {text}: {form} is needed")
        if path in out:
            raise UsageError(f"--vary {text}: '{path}' is varied twice")
        out[path] = _axis(text, rest, form) if equals else None
    return out


def read_ranges(vary: Sequence[str]) -> dict[str, tuple[float, float] | None]:
    """``PATH=LO:HI`` texts as ranges by path; ``PATH`` alone stands for the file's own range.

    Examples
    --------
    >>> read_ranges(["tokyo.minimum=0:1", "moscow.slope"])
    {'tokyo.minimum': (0.0, 1.0), 'moscow.slope': None}
    """
    found = read_vary(vary, RANGE)
    return {path: None if ends is None else (ends[0], ends[1]) for path, ends in found.items()}


def _axis(text: str, rest: str, form: str) -> tuple[float, ...]:
    parts = rest.split(":")
    if len(parts) not in (2, len(form.split(":"))):
        raise UsageError(f"--vary {text}: {form} is needed")
    lo, hi = (number(part, f"--vary {text}") for part in parts[:2])
    if len(parts) == 2:
        return (lo, hi)
    if not parts[2].isdecimal():
        raise UsageError(f"--vary {text}: '{parts[2]}' is not a number of points")
    return (lo, hi, int(parts[2]))


def read_correlations(texts: Sequence[str]) -> dict[tuple[str, str], float]:
    """``A,B=RHO`` texts by pair.

    Examples
    --------
    >>> read_correlations(["moscow.trade,tokyo.trade=0.5"])
    {('moscow.trade', 'tokyo.trade'): 0.5}
    """
    out = {}
    for text in texts:
        pair, equals, value = text.partition("=")
        paths = [path.strip() for path in pair.split(",")]
        if not equals or len(paths) != 2:
            raise UsageError(f"--correlate {text}: A,B=RHO is needed")
        out[paths[0], paths[1]] = number(value, f"--correlate {text}")
    return out


def read_cells(text: str | None) -> tuple[int, int] | None:
    """``NxM`` as two numbers.

    Examples
    --------
    >>> read_cells("200x100")
    (200, 100)
    """
    if text is None:
        return None
    parts = text.lower().split("x")
    if len(parts) != 2 or not all(part.isdecimal() for part in parts):
        raise UsageError(f"--cells {text}: two numbers are needed, as in 200x200")
    return int(parts[0]), int(parts[1])


def read_levels(text: str) -> dict[str, str]:
    """Levels of a world's factors from ``FACTOR=LEVEL,...``.

    Examples
    --------
    >>> read_levels("kremlin=secure, talks=open")
    {'kremlin': 'secure', 'talks': 'open'}
    """
    pairs = [part.partition("=") for part in text.split(",")]
    if not all(equals and factor.strip() and level.strip() for factor, equals, level in pairs):
        raise UsageError(f"--state {text}: FACTOR=LEVEL,... is needed")
    return {factor.strip(): level.strip() for factor, _, level in pairs}
