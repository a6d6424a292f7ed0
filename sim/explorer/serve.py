"""A dispute on a page in the browser, with the files that it can be compared with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from sim.explorer.answers import name_of
from sim.explorer.explorer import Explorer
from sim.explorer.server import Server
from sim.library import described
from sim.loading import load
from sim.scenario import Scenario, require_scenario


def serve(
    scenario: Scenario,
    *,
    port: int = 0,
    open: bool = False,
    x: str | None = None,
    y: str | None = None,
    beside: Sequence[str] = (),
) -> Server:
    """The explorer of a dispute on a page of this machine, answered in the background.

    Parameters
    ----------
    scenario
        A dispute.
    port
        The port; 0 is a free one.
    open
        Whether to open the page in the browser.
    x, y
        The axes of the landscape; those of the file's first sweep by default.
    beside
        Files that it can be compared with; by default those in its folder, and the shipped disputes.

    Returns
    -------
    Server
        Its text is the address; ``stop()`` ends it.

    Raises
    ------
    UsageError
        If the port is taken, or the file cannot be explored.

    Examples
    --------
    >>> import sim
    >>> s = sim.loads(
    ...     "{parameters: {p: {value: 1, range: [0, 2]}}, issues: {peace: {no: {}, yes: {signed: 1}}},"
    ...     " outcomes: {treaty: signed}, actors: {a: {role: principal}, b: {role: principal}},"
    ...     " payoffs: {a: {x: (p - 0.5)*signed}, b: {x: signed}}}"
    ... )
    >>> server = serve(s)
    >>> str(server).startswith("http://127.0.0.1:")
    True
    >>> server.stop()
    """
    require_scenario(scenario, "serve")
    server = Explorer(scenario, x, y, others=others_of(scenario, beside)).serve(port)
    server.start()
    if open:
        server.open()
    return server


def others_of(scenario: Scenario, beside: Sequence[str]) -> dict[str, Callable[[], Scenario]]:
    """What a dispute can be compared with, by the name that the page shows; loaded when asked for."""
    names = list(beside) or [*_neighbours(scenario.origin), *_shipped(scenario.origin)]
    return {name: partial(load, name) for name in dict.fromkeys(names)}


def _neighbours(origin: str) -> list[str]:
    """The files in the folder of a file; those of a shipped one have names."""
    if not Path(origin).is_file() or name_of(origin) != origin:
        return []
    return [str(file) for file in sorted(Path(origin).parent.glob("*.yaml")) if str(file) != origin]


def _shipped(origin: str) -> list[str]:
    mine = name_of(origin)
    known = [one.name for one in described() if one.form in ("dispute", "forecast")]
    own = mine.rpartition("/")[0]
    near = sorted(known, key=lambda name: name.rpartition("/")[0] != own)
    return [name for name in near if name != mine]
