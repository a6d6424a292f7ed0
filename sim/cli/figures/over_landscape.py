"""What else a landscape is drawn with: another colour, the certified line, episodes, a cloud of beliefs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.beliefs import PlaneShare
    from sim.scenario import Scenario

RANGES = "ranges"
"""What is written for the cloud of the file's own ranges."""
SIDE = 41
"""Points along either axis at which the cloud is computed."""


def over_landscape(
    kind: str,
    data: Any,
    axes: dict[str, Any],
    *,
    color_by: str | None = None,
    certified: bool = False,
    episodes: str | None = None,
    beliefs: str | None = None,
) -> dict[str, Any]:
    """Options of the landscape; any other figure has none of them.

    Examples
    --------
    >>> over_landscape("ladder", None, {})
    {}
    """
    asked = {"--color-by": color_by, "--certified": certified or None, "--episodes": episodes}
    if any(value is not None for value in asked.values()) and kind != "landscape":
        names = " or ".join(name for name, given in asked.items() if given is not None)
        raise UsageError(f"figure '{kind}' has no {names}")
    out: dict[str, Any] = {} if color_by is None else {"color_by": color_by}
    if certified:
        out["outline"] = _certified_line(data)
    if episodes is not None:
        out["episodes"] = _episodes(episodes)
    if beliefs is not None:
        out["beliefs"] = _cloud(data, axes, beliefs)
    return out


def _stored(run: Any) -> Scenario:
    """The scenario of a run, at the values that were set."""
    from sim.loading import loads

    return loads(run.manifest["scenario"]["text"]).at(run.manifest.get("overrides", {}))


def _certified_line(run: Any) -> Any:
    """The frontier over the plane of a run that varied two parameters."""
    from sim.certified import frontier

    if len(run.varied) != 2:
        raise UsageError("--certified is laid over a run that varied two parameters")
    ends = {path: run.coordinates(path) for path in run.varied}
    return frontier(
        _stored(run), vary={p: (float(x.min()), float(x.max())) for p, x in ends.items()}
    )


def _episodes(folder: str) -> dict[str, dict[str, float]]:
    """The values of every dispute below a folder whose outcome is known, by the file's name."""
    from pathlib import PurePath

    from sim.cli.backcast import read_disputes, say_unreadable

    scenarios, unreadable = read_disputes(folder)
    say_unreadable(unreadable)
    found = {
        PurePath(name).stem: dict(scenario.values)
        for name, scenario in scenarios.items()
        if scenario.document.observed is not None
    }
    if not found:
        raise UsageError(f"--episodes {folder}: no dispute there says what was observed")
    return found


def _cloud(run: Any, axes: dict[str, Any], beliefs: str) -> PlaneShare:
    """Where draws of all other numbers differ: over the file's ranges, or over those that fit a record."""
    import numpy as np

    from sim.beliefs.over_plane import over_plane
    from sim.cli.shared.believed import read_beliefs

    paths = [axes.get("x") or run.varied[0], axes.get("y") or run.varied[1]]
    values = [np.asarray(run.coordinates(path), dtype=np.float64) for path in paths]
    across, up = (np.linspace(x.min(), x.max(), SIDE) for x in values)
    known = None if beliefs == RANGES else read_beliefs(beliefs, force=False)
    return over_plane(_stored(run), *paths, x_values=across, y_values=up, beliefs=known)
