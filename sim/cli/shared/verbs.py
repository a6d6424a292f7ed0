"""The group of verbs, and what becomes of everything that one of them may end with.

Every error is a message on standard error and an exit code, never a traceback.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from typing import Any

import click

from sim import __version__
from sim.cli.shared.streams import mute, plain_streams
from sim.errors import SimError, nearest

HELP: Any = {"help_option_names": ["-h", "--help"]}


class Verbs(click.Group):
    """A group whose verbs are imported when they are called."""

    def __init__(self, verbs: Mapping[str, str], purpose: str) -> None:
        super().__init__("sim", help=purpose, context_settings=HELP)
        self.verbs = verbs
        click.version_option(__version__, prog_name="sim")(self)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The verbs in the order of the table."""
        return [*self.verbs]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a verb."""
        if cmd_name not in self.verbs:
            return None
        module = import_module(f"sim.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The verb that was asked for; an error with the nearest one where there is none."""
        if args and args[0] not in self.verbs and not args[0].startswith("-"):
            near = nearest(args[0], self.verbs, n=1)
            tail = f"; did you mean '{near[0]}'?" if near else f"; legal: {', '.join(self.verbs)}"
            raise click.UsageError(f"no verb '{args[0]}'{tail}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The verbs with what each does."""
        with formatter.section("Verbs"):
            formatter.write_dl([*self.verbs.items()])


def run_command(arguments: list[str], verbs: Mapping[str, str], purpose: str) -> int:
    """Run one command and return its exit code; every error is a message, never a traceback.

    Parameters
    ----------
    arguments
        Words of the command line, without the program's name.
    verbs, purpose
        The verbs with what each does, and what the program is for.
    """
    with plain_streams(), warnings.catch_warnings():
        # a figure that is saved names once what its fonts lack
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        return _last(Verbs(verbs, purpose), arguments)


def _last(cli: click.Group, arguments: list[str]) -> int:
    """The command's exit code; what nobody foresaw, also while an error is reported, is 70."""
    try:
        return _run(cli, arguments)
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


def _run(cli: click.Group, arguments: list[str]) -> int:
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
