"""Write a file as a whole or not at all: under another name beside it, then renamed.

A disk that is full, or an interruption, leaves what was there before.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

MODE = 0o666
"""Rights of a new file before the user's mask."""


def write_whole(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Put a content in the place of a file, at once; it may come in pieces.

    Raises
    ------
    OSError
        If it cannot be written; what was there before still is.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_whole(Path(folder) / "x.txt", b"whole")
    ...     [(file.name, file.read_bytes()) for file in Path(folder).iterdir()]
    [('x.txt', b'whole')]
    """
    pieces = (content,) if isinstance(content, bytes) else content
    if path.exists() and not path.is_file():  # a terminal or a pipe is written to, not replaced
        with path.open("wb") as there:
            there.writelines(pieces)
        return
    target = path.resolve() if path.is_symlink() else path
    number, name = tempfile.mkstemp(prefix=f".{target.name[:40]}-", dir=target.parent)
    try:
        with os.fdopen(number, "wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(target.stat().st_mode if target.exists() else MODE & ~_mask())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
