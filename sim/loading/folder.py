"""All scenarios below a folder: those that can be read, and why the others cannot."""

from __future__ import annotations

from pathlib import Path

from sim.errors import SimError, UsageError
from sim.library import shipped_folder, shipped_folders
from sim.loading.load import load
from sim.scenario import Scenario


def load_folder(folder: Path) -> tuple[dict[str, Scenario], dict[str, str]]:
    """Every scenario below a folder by its path there, in order of the paths, and the errors of the rest.

    A folder that does not exist may be the name of a shipped one: ``kuril``, or ``scenarios`` for all.

    Raises
    ------
    UsageError
        If there is no such folder, or no ``.yaml`` file in it.
    """
    folder = located_folder(folder)
    if not folder.is_dir():
        known = ", ".join(shipped_folders())
        raise UsageError(f"{folder} is not a folder; the shipped ones are {known}")
    files = sorted(folder.rglob("*.yaml"))
    if not files:
        raise UsageError(f"there is no .yaml file below {folder}")
    scenarios: dict[str, Scenario] = {}
    unreadable: dict[str, str] = {}
    for file in files:
        name = str(file.relative_to(folder))
        try:
            scenarios[name] = load(file)
        except SimError as error:
            unreadable[name] = str(error)
    return scenarios, unreadable


def located_folder(folder: Path) -> Path:
    """The folder that a path names: the user's own, or else a shipped one of that name.

    Examples
    --------
    >>> located_folder(Path("kuril")).is_dir(), located_folder(Path("no/such"))
    (True, PosixPath('no/such'))
    """
    return folder if folder.exists() else shipped_folder(folder) or folder
