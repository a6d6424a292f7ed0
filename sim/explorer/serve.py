"""A dispute on a page in the browser, with the files that it can be compared with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from sim.explorer.explorer import Explorer
from sim.explorer.server import Server
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
        Files that it can be compared with; by default those in its folder.

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
    folder = Path(scenario.origin).parent
    near = [str(file) for file in sorted(folder.glob("*.yaml")) if str(file) != scenario.origin]
    names = list(beside) or (near if Path(scenario.origin).is_file() else [])
    return {name: partial(load, name) for name in dict.fromkeys(names)}
