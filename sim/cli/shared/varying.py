"""How options say what is varied: axes, correlations and the cells of a raster."""

from __future__ import annotations

from collections.abc import Sequence

from sim.cli.shared.options import number
from sim.errors import UsageError


def read_vary(vary: Sequence[str]) -> dict[str, tuple[float, ...] | None]:
    """``PATH=LO:HI:N``, ``PATH=LO:HI`` and ``PATH`` texts by path.

    Examples
    --------
    >>> read_vary(["tokyo.minimum=0:1:101", "moscow.trade"])
    {'tokyo.minimum': (0.0, 1.0, 101), 'moscow.trade': None}
    """
    out: dict[str, tuple[float, ...] | None] = {}
    for text in vary:
        path, equals, rest = text.partition("=")
        if not path:
            raise UsageError(f"--vary {text}: PATH=LO:HI:N is needed")
        if path in out:
            raise UsageError(f"--vary {text}: '{path}' is varied twice")
        out[path] = _axis(text, rest) if equals else None
    return out


def _axis(text: str, rest: str) -> tuple[float, ...]:
    parts = rest.split(":")
    if len(parts) not in (2, 3):
        raise UsageError(f"--vary {text}: PATH=LO:HI:N is needed")
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
