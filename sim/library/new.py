"""Write a scenario file of one's own to start from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sim.errors import UsageError
from sim.library.starts import start_text


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """A scenario file that was written.

    Parameters
    ----------
    file
        Where it is.
    text
        What stands in it.
    """

    file: Path
    text: str

    def __str__(self) -> str:
        return str(self.file)

    @property
    def verb(self) -> str:
        """The verb that answers for such a file."""
        return "solve" if "\ntree:" in self.text else "explain"


def new(file: str | Path, *, start: str = "blank") -> NewFile:
    """Write a commented scenario to start from; a file that exists is never overwritten.

    Parameters
    ----------
    file
        Ends in ``.yaml``.
    start
        ``blank``, ``mediator``, ``bluff``, ``forecast``, or any shipped name.

    Raises
    ------
    UsageError
        If the file exists or cannot be written, or there is no such start.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     made = new(f"{folder}/mine.yaml", start="mediator")
    ...     made.file.name, made.verb
    ('mine.yaml', 'explain')
    >>> new("mine.txt")
    Traceback (most recent call last):
    sim.errors.UsageError: mine.txt: a scenario file ends in .yaml
    """
    path = Path(file)
    if path.suffix.lower() not in (".yaml", ".yml"):
        raise UsageError(f"{path}: a scenario file ends in .yaml")
    text = start_text(start, file=str(path))
    try:
        with path.open("x", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError:
        raise UsageError(f"{path} exists already; name another file") from None
    except FileNotFoundError:
        raise UsageError(f"{path}: there is no folder {path.parent}") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror or error}") from None
    return NewFile(file=path, text=text)
