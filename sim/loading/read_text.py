"""The text of a file, read so that no file can block, fill the memory or come as something else than text.

Only ordinary files are read (a pipe would wait for its writer), up to a limit, as UTF-8; a byte-order mark
is dropped.
"""

from __future__ import annotations

import codecs
import stat
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from sim.errors import Problem, ScenarioError, nearest
from sim.library import names_near, shipped_names

MARKS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
KINDS = {
    stat.S_ISDIR: "Is a directory",
    stat.S_ISFIFO: "it is a pipe; write its content to a file first",
    stat.S_ISSOCK: "it is a socket",
    stat.S_ISCHR: "it is a device",
    stat.S_ISBLK: "it is a device",
}
LISTED = 1000
"""Files of a folder that are looked through for a name like the one that is missing."""


def read_text(path: Path, limit: int, patterns: Iterable[str] = ("*.y*ml",)) -> str:
    """The text of a file.

    Parameters
    ----------
    path
        An ordinary file of UTF-8 text.
    limit
        The most bytes it may have.
    patterns
        Of names in the same folder that may have been meant where there is no such file.

    Raises
    ------
    ScenarioError
        In one sentence why it cannot be read.
    """
    message = ""
    try:
        if refused := _not_ordinary(path):
            message = f"cannot be read: {refused}"
        else:
            with path.open("rb") as file:
                content = file.read(limit + 1)
            if len(content) <= limit:
                return _decoded(content)
            message = f"the file is larger than {limit:,} bytes"
    except FileNotFoundError:
        message = f"no such file{beside(path, patterns)}{among_shipped(path)}"
    except UnicodeDecodeError as error:
        message = f"cannot be read: {error.reason}"
    except (OSError, ValueError) as error:
        message = f"cannot be read: {getattr(error, 'strerror', None) or error}"
    raise ScenarioError([Problem(file=str(path), message=message)])


def outside_folder(name: str) -> str:
    """Why a file may not name another one so: only files in its folder or below it; empty where it may.

    Examples
    --------
    >>> outside_folder("blocs.csv"), outside_folder("../blocs.csv")
    ('', "'../blocs.csv' must lie in the folder of this file or below it")
    """
    if Path(name).is_absolute() or ".." in Path(name).parts or "\\" in name:
        return f"'{name}' must lie in the folder of this file or below it"
    return ""


def _not_ordinary(path: Path) -> str:
    mode = path.stat().st_mode
    return next((words for kind, words in KINDS.items() if kind(mode)), "")


def _decoded(content: bytes) -> str:
    """UTF-8 text without its byte-order mark; the reason of an error is the sentence to print."""
    name = next((name for mark, name in MARKS.items() if content.startswith(mark)), "")
    if not name and b"\0" in content[:1000]:
        halves = content[:1000:2].count(0), content[1:1000:2].count(0)
        name = "UTF-16" if max(halves) > 4 * min(halves) + 2 else ""
    if name:
        words = f"it is {name} text; save it as UTF-8"
        raise UnicodeDecodeError("utf-8", content[:1], 0, 1, words)
    try:
        return content.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        shift = 3 if content.startswith(codecs.BOM_UTF8) else 0
        words = f"byte {error.start + shift + 1} is not UTF-8 text; save the file as UTF-8"
        raise UnicodeDecodeError("utf-8", b"?", 0, 1, words) from None


def beside(path: Path, patterns: Iterable[str] = ("*.y*ml",)) -> str:
    """The nearest names of scenario files in the same folder, as a sentence tail."""
    names = [f.name for pattern in patterns for f in islice(path.parent.glob(pattern), LISTED)]
    near = nearest(path.name, names, n=2)
    return (
        f"; did you mean {' or '.join(repr(str(path.parent / n)) for n in near)}?" if near else ""
    )


def among_shipped(path: Path) -> str:
    """The nearest names of shipped scenarios, and where all of them are listed, as a sentence tail.

    Examples
    --------
    >>> among_shipped(Path("kuril/2081"))
    "; of the shipped scenarios, 'kuril/2018' and 'kuril/2016' are near (sim list scenarios shows them all)"
    """
    near = [repr(name) for name in names_near(path)[:2]]
    if near:
        words = f"{' and '.join(near)} {'is' if len(near) == 1 else 'are'} near"
        return f"; of the shipped scenarios, {words} (sim list scenarios shows them all)"
    return "; sim list scenarios shows the shipped ones" if shipped_names() else ""
