"""Write a scenario file of one's own: from a shipped one, or from a domain of another program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.errors import UsageError
from sim.library import start_text


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
        solved = "\ntree:" in self.text or "\nbargaining:" in self.text
        return "solve" if solved else "explain"


def new(file: str | Path, *, start: str | Sequence[str] = "blank") -> NewFile:
    """Write a scenario to start from; a file that exists is never overwritten.

    Parameters
    ----------
    file
        Ends in ``.yaml``.
    start
        ``blank``, ``mediator``, ``bluff``, ``forecast``, or any shipped name; or the XML files of a domain of
        GENIUS or NegMAS, a utility profile for each actor (see :mod:`sim.loading.genius`).

    Raises
    ------
    UsageError
        If the file exists or cannot be written, or there is no such start.
    ScenarioError
        If something is wrong with an XML file.

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
    text = _text((start,) if isinstance(start, str) else tuple(start), path)
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


def _text(starts: tuple[str, ...], path: Path) -> str:
    """What the new file says."""
    tables = [name for name in starts if name.lower().endswith(".xml")]
    if tables and len(tables) == len(starts):
        from sim.loading.genius import genius_text

        return genius_text([Path(name) for name in tables])
    if len(starts) != 1:
        raise UsageError("--from: one start, or the XML files of a domain, is needed")
    return start_text(starts[0], file=str(path))
