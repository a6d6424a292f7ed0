"""In which form and language a verb shows what it found: ``--format`` and ``--lang``.

Both are kept beside the command and read where something is shown or loaded; the verb does not see them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

Function = TypeVar("Function", bound=Callable[..., Any])
FORMAT, LANG, AGAIN = "sim.cli.format", "sim.cli.lang", "sim.cli.again"
FORMATS = ("table", "csv", "markdown", "latex")


def format_option(function: Function) -> Function:
    """``--format``, which :func:`chosen_format` reads."""
    return click.option(
        "--format",
        type=click.Choice(FORMATS),
        default="table",
        expose_value=False,
        callback=lambda context, _, value: context.meta.__setitem__(FORMAT, value),
        help="How tables are printed; csv leaves sentences out.  [default: table]",
    )(function)


def lang_option(function: Function) -> Function:
    """``--lang``, which :func:`chosen_language` reads."""
    return click.option(
        "--lang",
        default="",
        metavar="CODE",
        expose_value=False,
        callback=lambda context, _, value: context.meta.__setitem__(LANG, value),
        help="The language of labels: en, ja, ru, as the file has them.",
    )(function)


def chosen_format() -> str:
    """The form asked for; a table where no command runs."""
    return str(_meta().get(FORMAT, FORMATS[0]))


def chosen_language() -> str:
    """The language asked for; empty where none was."""
    return str(_meta().get(LANG, ""))


def gap_before() -> str:
    """An empty line before everything that is shown but the first."""
    meta = _meta()
    again = bool(meta.get(AGAIN))
    meta[AGAIN] = True
    return "\n" if again else ""


def _meta() -> dict[str, Any]:
    context = click.get_current_context(silent=True)
    return {} if context is None else context.meta
