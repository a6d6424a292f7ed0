"""What else a landscape is drawn with: another colour, the certified line."""

from __future__ import annotations

from typing import Any

from sim.errors import UsageError


def over_landscape(
    kind: str, data: Any, *, color_by: str | None, certified: bool
) -> dict[str, Any]:
    """Options of the landscape; any other figure has none of them.

    Examples
    --------
    >>> over_landscape("ladder", None, color_by=None, certified=False)
    {}
    """
    asked = {"--color-by": color_by is not None, "--certified": certified}
    if any(asked.values()) and kind != "landscape":
        names = " or ".join(name for name, given in asked.items() if given)
        raise UsageError(f"figure '{kind}' has no {names}")
    out: dict[str, Any] = {} if color_by is None else {"color_by": color_by}
    return out | ({"outline": _certified_line(data)} if certified else {})


def _certified_line(run: Any) -> Any:
    """The frontier over the plane of a run that varied two parameters."""
    from sim.certified import frontier
    from sim.loading import loads

    if len(run.varied) != 2:
        raise UsageError("--certified is laid over a run that varied two parameters")
    stored = loads(run.manifest["scenario"]["text"]).at(run.manifest.get("overrides", {}))
    ends = {path: run.coordinates(path) for path in run.varied}
    return frontier(stored, vary={p: (float(x.min()), float(x.max())) for p, x in ends.items()})
