"""Options and formats that several verbs share."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sim._kernels.shown import WIDTH, Part, as_text, renderables
from sim.cli.shared.freed_memory import keep_freed_memory
from sim.cli.shared.looks import (
    FORMATS,
    chosen_format,
    chosen_language,
    format_option,
    gap_before,
    lang_option,
)
from sim.cli.shared.outside import note_outside, strict_option
from sim.cli.shared.streams import underneath
from sim.errors import UsageError, printable

if TYPE_CHECKING:
    from rich.console import Console

    from sim.scenario import Scenario

Function = TypeVar("Function", bound=Callable[..., Any])


def json_option(function: Function) -> Function:
    """``--json``: one object on standard output instead of tables; and ``--format`` of the tables."""
    return click.option(
        "--json", "as_json", is_flag=True, help="One JSON object instead of tables."
    )(format_option(function))


def set_option(function: Function) -> Function:
    """``--set PATH=VALUE``, any number of times, ``--strict``, and ``--lang``."""
    return click.option(
        "--set",
        "settings",
        multiple=True,
        metavar="PATH=VALUE",
        help="Set a parameter; may be repeated.",
    )(strict_option(lang_option(function)))


def quiet_option(function: Function) -> Function:
    """``--quiet``: no progress and no messages on standard error."""
    return click.option("--quiet", "-q", is_flag=True, help="No progress, no messages.")(function)


def refuse_nowhere(out: Path | None) -> None:
    """Refuse a file in a folder that is not there, before anything is computed for it.

    Raises
    ------
    UsageError
        Naming the folder.
    """
    if out is not None and not out.parent.is_dir():
        raise UsageError(f"--out {out}: there is no folder '{out.parent}'")


def read_settings(settings: Sequence[str], option: str = "--set") -> dict[str, float]:
    """``PATH=VALUE`` texts as values by path.

    Examples
    --------
    >>> read_settings(["moscow.nationalism=0.4"])
    {'moscow.nationalism': 0.4}
    """
    out: dict[str, float] = {}
    for text in settings:
        path, equals, value = text.partition("=")
        if not equals or not path:
            raise UsageError(f"{option} {text}: PATH=VALUE is needed")
        out[path.strip()] = number(value, f"{option} {text}")
    return out


def number(text: str, where: str) -> float:
    """A finite number, ``true`` or ``false``."""
    words = {"true": 1.0, "false": 0.0}
    try:
        value = words.get(text.strip().lower())
        value = float(text) if value is None else value
    except ValueError:
        raise UsageError(f"{where}: '{text}' is not a number") from None
    if value != value or value in (float("inf"), float("-inf")):
        raise UsageError(f"{where}: '{text}' is not a finite number")
    return value


def load_with(file: str, settings: Sequence[str]) -> Scenario:
    """A scenario with ``--set`` values."""
    from sim.loading import load

    scenario = load(file).speaking(chosen_language())
    keep_freed_memory()
    gc.freeze()  # what was loaded stays until the command ends: cycles are sought among the rest
    values = read_settings(settings)
    if not values:
        return scenario
    note_outside(scenario, values)
    return scenario.at(values)


def print_json(data: Any) -> None:
    """One JSON object on standard output; what is not finite is null.

    Letters that the output's encoding does not have are escaped as JSON does it.
    """
    text = json.dumps(_plain(data), indent=2, ensure_ascii=False, allow_nan=False)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
        fits = printable(text) == text
    except (UnicodeEncodeError, LookupError):
        fits = False
    click.echo(text if fits else json.dumps(_plain(data), indent=2, allow_nan=False))


def _plain(data: Any) -> Any:
    if isinstance(data, dict):
        return {str(key): _plain(value) for key, value in data.items()}
    if isinstance(data, list | tuple | set | frozenset):
        return [_plain(value) for value in data]
    if hasattr(data, "tolist"):
        return _plain(data.tolist())
    if isinstance(data, float) and (data != data or data in (float("inf"), float("-inf"))):
        return None
    if isinstance(data, str | int | float | bool) or data is None:
        return data
    return str(data)


def show(parts: Iterable[Part], width: int = WIDTH) -> None:
    """What a record says of itself, on standard output; into a pipe as ``str`` of the record gives it."""
    form = chosen_format()
    if form != FORMATS[0]:
        _set(parts, form)
        return
    if not sys.stdout.isatty():
        try:
            click.echo(as_text(parts, width))
        except BrokenPipeError:  # click would take one with an error number for a failed analysis
            raise BrokenPipeError from None
        return
    out = console()
    for part in renderables(parts, out.width):
        out.print(part)


def _set(parts: Iterable[Part], form: str) -> None:
    """The parts for another program."""
    from sim import typeset

    text = typeset.FORMATS[form](parts)
    if text:
        click.echo(f"{gap_before()}{text}")


def console() -> Console:
    """A console on standard output: as wide as the terminal, 100 columns in a pipe.

    A reader that leaves (``sim list concepts | head``) does not make the analysis fail: the command line
    hears of it, where the library would end with exit code 1.
    """
    from rich.console import Console
    from rich.segment import Segment

    class _Console(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

        def render(self, *args: Any, **kwargs: Any) -> Iterator[Segment]:
            for text, style, control in super().render(*args, **kwargs):
                yield Segment(text if control else printable(text), style, control)

    width = None if sys.stdout.isatty() else WIDTH
    file = underneath(sys.stdout)
    return _Console(width=width, file=file, highlight=False, soft_wrap=False)
