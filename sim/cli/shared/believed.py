"""The option ``--beliefs`` of verbs that read weights which fit a record."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from sim.beliefs import Beliefs


def beliefs_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--beliefs DIR`` and ``--force``, for :func:`read_beliefs`."""
    told = "Weights that fit a record (sim calibrate FOLDER --out DIR; kuril: the shipped ones)."
    force = click.option(
        "--force", is_flag=True, help="Read beliefs although a file changed since."
    )
    return click.option("--beliefs", metavar="DIR", help=told)(force(command))


def read_beliefs(folder: str | None, *, force: bool) -> Beliefs | None:
    """The beliefs that were asked for, if any were."""
    return None if folder is None else opened(folder, force=force)


def opened(folder: str, *, force: bool) -> Beliefs:
    """The beliefs of a folder, or of shipped scenarios of that name."""
    from sim.beliefs import open_beliefs

    return open_beliefs(place_of(folder), force=force)


def place_of(folder: str) -> Path:
    """The folder of beliefs; a folder of the user's comes before shipped ones of the same name."""
    from sim.library import shipped_folder

    shipped = None if Path(folder).exists() else shipped_folder(folder)
    return Path(folder) if shipped is None else shipped / "beliefs"
