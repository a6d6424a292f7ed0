"""Values outside of what a file declares: a note on standard error, or an error with ``--strict``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.scenario.standing import Asked

Function = TypeVar("Function", bound=Callable[..., Any])
STRICT = "sim.cli.strict"
NOTED = "sim.cli.noted"


def strict_option(function: Function) -> Function:
    """``--strict``, which :func:`note_outside` reads; the verb itself does not see it."""
    return click.option(
        "--strict",
        is_flag=True,
        expose_value=False,
        callback=lambda context, _, value: context.meta.__setitem__(STRICT, value),
        help="Refuse values outside of the ranges and levels that the file declares.",
    )(function)


def note_outside(scenario: Scenario, asked: Mapping[str, Asked]) -> None:
    """Note once per parameter what was asked for outside of its declared range or levels.

    Parameters
    ----------
    scenario
        Where the parameters are declared.
    asked
        Per path a value, a range ``(lo, hi)``, or a list or array of values.

    Raises
    ------
    UsageError
        With ``--strict``; and wherever a constraint has no meaning at a value.
    """
    context = click.get_current_context(silent=True)
    meta: dict[str, Any] = {} if context is None else context.meta
    quiet = context is not None and bool(context.params.get("quiet"))
    found = scenario.standings(asked)
    if refused := [s.forbidden for s in found if s.forbidden]:
        raise UsageError("\n".join(refused))
    outside = [s for s in found if s.outside]
    if outside and meta.get(STRICT):
        raise UsageError("\n".join(f"{s.outside} (--strict)" for s in outside))
    noted: set[str] = meta.setdefault(NOTED, set())
    for s in outside:
        if s.path not in noted and not quiet:
            click.echo(f"note: {s.outside}", err=True)
        noted.add(s.path)
