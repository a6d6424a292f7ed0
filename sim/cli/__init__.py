"""The command line: one verb per file, imported only when it is called.

``VERBS`` is the visible table: a new verb is one new file with a click command of the same name,
and one line here. Results go to standard output, progress and messages to standard error. Exit
codes: 0 done, 1 an analysis that ended with a failed check, 2 bad input or usage, 70 an error that
nobody foresaw (its traceback is in a file), 130 interrupted.
"""

from __future__ import annotations

import difflib
import sys
import warnings
from contextlib import suppress
from importlib import import_module
from typing import Any

import click

from sim import __version__
from sim.cli.shared.streams import mute, plain_streams
from sim.errors import SimError

VERBS: dict[str, str] = {
    "new": "Write a commented scenario file to start from.",
    "check": "Validate scenario files; one line per error.",
    "solve": "Equilibria of a scenario or game under named concepts.",
    "explain": "The verdict: feasible or not, which rung fails, what binds.",
    "forecast": "The chance of a treaty by year, in a world that moves.",
    "sweep": "Evaluate a scenario over many parameter values.",
    "analyse": "What a run says: how often feasible, what blocks it, what matters, where.",
    "serve": "A dispute on sliders: a page in the browser, on this machine only.",
    "report": "One HTML page: verdict, reasons, inputs with sources, figures, provenance.",
    "frontier": "Where a treaty is feasible over whole ranges: proved, not sampled.",
    "plot": "Draw a figure from a run or a scenario.",
    "compare": "Scenarios side by side: verdicts, who blocks, terms, chances by year.",
    "diff": "In what two scenarios differ: numbers with sources, formulas, constraints.",
    "backcast": "Hold the model against disputes whose outcome is known.",
    "calibrate": "How well the ranges of assumed parameters fit known episodes.",
    "baserate": "How often disputes of a kind were settled: the outside view.",
    "export": "Write a game as a file of Gambit (.nfg, .efg).",
    "list": "Shipped scenarios, concepts, constraints, plots, protocols, a file's parameters.",
    "cite": "BibTeX of the program, of concepts, of sources.",
    "schema": "The JSON Schema of scenario files, for editors.",
    "doctor": "Versions, extras, engines, fonts and folders, for bug reports.",
}


class _Verbs(click.Group):
    """A group whose verbs are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*VERBS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        module = import_module(f"sim.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], VERBS, n=1)
            tail = f"; did you mean '{near[0]}'?" if near else f"; legal: {', '.join(VERBS)}"
            raise click.UsageError(f"no verb '{args[0]}'{tail}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Verbs"):
            formatter.write_dl([*VERBS.items()])


HELP: Any = {"help_option_names": ["-h", "--help"]}


@click.group(cls=_Verbs, context_settings=HELP)
@click.version_option(__version__, prog_name="sim")
def cli() -> None:
    """When does a treaty become feasible, what does it contain, and what blocks it."""


def main() -> None:
    """Run the command line and exit with its code."""
    warnings.formatwarning = _as_note
    sys.exit(run(sys.argv[1:]))


def _as_note(message: Warning | str, category: type[Warning], *_: object, **__: object) -> str:
    """A warning without the line of the program that it came from."""
    own = category.__module__.startswith("sim.")
    return f"note: {message}\n" if own else f"{category.__name__}: {message}\n"


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code; every error is a message, never a traceback."""
    with plain_streams(), warnings.catch_warnings():
        # a figure that is saved names once what its fonts lack
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        return _last(arguments)


def _last(arguments: list[str]) -> int:
    """The command's exit code; what nobody foresaw, also while an error is reported, is 70."""
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        mute()
        return 0
    except Exception as error:
        from sim.cli.shared.last_resort import EXIT_CODE, last_resort

        with suppress(OSError):
            click.echo(last_resort(error, arguments), err=True)
        return EXIT_CODE


def _run(arguments: list[str]) -> int:
    if not arguments:
        click.echo(cli.get_help(click.Context(cli, info_name="sim", **HELP)), err=True)
        return 2
    try:
        result = cli.main(args=arguments, prog_name="sim", standalone_mode=False)
        sys.stdout.flush()
    except SimError as error:
        click.echo(str(error), err=True)
        return 2
    except click.exceptions.Exit as stop:
        return int(stop.exit_code)
    except click.ClickException as error:
        error.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return 130
    except BrokenPipeError:
        mute()
        return 0
    except OSError as error:
        mute()
        where = error.filename or "the output"
        click.echo(f"{where} cannot be read or written: {error.strerror or error}", err=True)
        return 2
    except MemoryError:
        click.echo("out of memory: use fewer points, agreements or stances", err=True)
        return 2
    return result if isinstance(result, int) else 0
