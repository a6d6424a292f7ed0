"""A file of one's own to start from: the text of a shipped scenario, made to stand in any folder.

Definition. ``blank``, ``mediator``, ``bluff`` and ``forecast`` are short for the files in ``starts/``; any
other shipped name is taken as well. A line ``extends: base.yaml`` becomes ``extends: kuril/base``: an
extended file that is not beside the new one is looked up among the shipped ones.
"""

from __future__ import annotations

import re
from pathlib import PurePath

from sim.errors import UsageError, nearest
from sim.library.shipped import names_near, shipped_file, shipped_names

STARTS = ("blank", "mediator", "bluff", "forecast")
_EXTENDS = re.compile(r"^extends:[ ]*(?P<name>[^\s#]+)", re.MULTILINE)


def start_text(name: str, *, file: str = "FILE") -> str:
    """The text of a new scenario file.

    Parameters
    ----------
    name
        One of ``STARTS``, or a shipped name.
    file
        What the new file is called, for the commands in its comments.

    Raises
    ------
    UsageError
        If there is no such scenario.

    Examples
    --------
    >>> "extends: kuril/base" in start_text("kuril/2018")
    True
    >>> start_text("blink")
    Traceback (most recent call last):
    sim.errors.UsageError: --from blink: there is no such start; did you mean 'blank'?
    """
    short = name.removesuffix(".yaml")
    full = f"starts/{short}" if short in STARTS else short
    source = shipped_file(full)
    if source is None:
        raise UsageError(f"--from {name}: there is no such start{_meant(short)}")
    folder = PurePath(full).parent
    text = source.read_text(encoding="utf-8")
    text = _EXTENDS.sub(lambda found: f"extends: {_beside(folder, found['name'])}", text)
    head = (
        f"# Started from the shipped scenario {full}: change what you need, then sim check {file}\n"
    )
    return head + text.replace(" FILE", f" {file}")


def _beside(folder: PurePath, name: str) -> str:
    """The shipped name of a file beside another."""
    return (folder / name.strip("'\"")).with_suffix("").as_posix()


def _meant(name: str) -> str:

    shipped = [one for one in names_near(name) if not one.startswith("starts/")]
    near = [*nearest(name, STARTS, n=2), *shipped]
    if near:
        return f"; did you mean {' or '.join(repr(one) for one in near[:3])}?"
    if not shipped_names():
        return "; this installation has no shipped scenarios"
    return f"; legal: {', '.join(STARTS)} and every name of sim list scenarios"
