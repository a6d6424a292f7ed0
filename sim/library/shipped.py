"""Where the shipped scenarios lie, and their names.

Definition. The shipped scenarios are the files below one folder: ``scenarios`` inside the installed package
(the wheel is built from the top-level folder of that name), or that top-level folder itself where the
package is used from a checkout. A file's *shipped name* is its path there without ``.yaml``, with ``/``
between its parts: ``kuril/2018``. A file of the user's always comes before a shipped one.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path, PurePath

from sim.errors import nearest

FOLDER = "scenarios"
SUFFIX = ".yaml"
NEAR = 3
"""How many near names are told."""


@cache
def shipped_root() -> Path | None:
    """The folder of the shipped scenarios; ``None`` where an installation has none."""
    package = Path(__file__).parents[1]
    for folder in (package / FOLDER, package.parent / FOLDER):
        if (folder / "starts").is_dir():
            return folder
    return None


@cache
def shipped_names() -> tuple[str, ...]:
    """The names of all shipped scenarios, in order.

    Examples
    --------
    >>> {"kuril/2018", "starts/blank"} <= set(shipped_names())
    True
    """
    root = shipped_root()
    if root is None:
        return ()
    found = (path.relative_to(root).with_suffix("").as_posix() for path in root.rglob(f"*{SUFFIX}"))
    return tuple(sorted(found))


def shipped_file(name: str | PurePath) -> Path | None:
    """The file of a shipped scenario, ``scenarios/`` and ``.yaml`` left out or not; else ``None``.

    Examples
    --------
    >>> shipped_file("kuril/2018").name, shipped_file("kuril/1875"), shipped_file("../pyproject")
    ('2018.yaml', None, None)
    """
    root, short = shipped_root(), PurePath(name).as_posix().removesuffix(SUFFIX)
    short = short.removeprefix(f"{FOLDER}/")
    if root is None or short not in shipped_names():
        return None
    return root / f"{short}{SUFFIX}"


def shipped_folder(name: str | PurePath) -> Path | None:
    """The folder of shipped scenarios of a name, or all of them for ``scenarios``.

    Examples
    --------
    >>> shipped_folder("kuril").name, shipped_folder("kuril/2018"), shipped_folder("..")
    ('kuril', None, None)
    """
    root, short = shipped_root(), PurePath(name).as_posix()
    if root is None:
        return None
    short = short.removeprefix(f"{FOLDER}/")
    if short == FOLDER:
        return root
    return root / short if short in shipped_folders() else None


def shipped_folders() -> tuple[str, ...]:
    """The names of all folders of shipped scenarios, and ``scenarios`` for all of them.

    Examples
    --------
    >>> shipped_folders()
    ('classics', 'controls', 'kuril', 'starts', 'scenarios')
    """
    known = {PurePath(one).parent.as_posix() for one in shipped_names()} - {"."}
    return (*sorted(known), FOLDER)


def names_near(name: str | PurePath) -> tuple[str, ...]:
    """The shipped names nearest to a name that is none, by the whole or by its last part.

    Examples
    --------
    >>> names_near("kuril/2081")[0], names_near("camp-dvid.yaml")
    ('kuril/2018', ('classics/camp-david',))
    """
    short = PurePath(name).as_posix().removesuffix(SUFFIX).removeprefix(f"{FOLDER}/")
    whole = nearest(short, shipped_names(), n=NEAR, cutoff=0.75)
    if whole or "/" in short:
        return tuple(whole)
    by_end = {one.rpartition("/")[2]: one for one in shipped_names()}
    return tuple(by_end[end] for end in nearest(short, by_end, n=NEAR, cutoff=0.75))
