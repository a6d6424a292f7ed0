"""How far a sweep has come, on standard error: a bar on a terminal, a line per 10 % in a pipe."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from sim.cli.shared.working import Line

if TYPE_CHECKING:
    from sim.sweeps import Progress

PATIENCE = 2.0
"""Seconds after which progress is told where there is no terminal."""


class ProgressShown:
    """Shows the progress of a sweep; says nothing when quiet, nor in a pipe of what ends at once."""

    def __init__(self, *, quiet: bool) -> None:
        self.quiet, self.told = quiet, 0
        self.line: Line | None = None

    def __enter__(self) -> ProgressShown:
        return self

    def __exit__(self, *_: object) -> None:
        if self.line is not None:
            self.line.stop()

    def __call__(self, state: Progress) -> None:
        """Show a state."""
        if self.quiet:
            return
        if sys.stderr.isatty():
            self._advance(state)
        elif state.seconds > PATIENCE and state.done * 10 // state.total > self.told:
            self.told = state.done * 10 // state.total
            click.echo(f"{state.done:,} of {state.total:,} points, {describe(state)}", err=True)

    def _advance(self, state: Progress) -> None:
        words = f"{state.done:,} of {state.total:,} points, {describe(state)}"
        if self.line is None:
            self.line = Line(words, state.total)
        self.line.say(words, state.done)


def describe(state: Progress) -> str:
    """Rate, time left and share feasible.

    Examples
    --------
    >>> from sim.sweeps import Progress
    >>> describe(Progress(done=300, total=1000, fresh=300, seconds=3, feasible=30))
    '100 points/s, 7 s left, 10.0 % feasible'
    """
    left = f"{duration(state.left)} left"
    return f"{state.rate:,.0f} points/s, {left}, {state.feasible_share * 100:.1f} % feasible"


def duration(seconds: float) -> str:
    """A time span for people.

    Examples
    --------
    >>> duration(7.4), duration(130), duration(9000)
    ('7 s', '2 min 10 s', '2 h 30 min')
    """
    if seconds == float("inf"):
        return "unknown time"
    if seconds < 60:
        return f"{seconds:.0f} s"
    if seconds < 3600:
        return f"{seconds // 60:.0f} min {seconds % 60:.0f} s"
    return f"{seconds // 3600:.0f} h {seconds % 3600 // 60:.0f} min"
