"""The bibliography of the theory, entry by entry, and the entry of the program itself.

Definition. An entry of ``sim/references.bib`` begins with ``@type{key,`` at the start of a line and ends
before the next one. A concept is cited by the keys that its docstring and its module name in brackets,
with the one that ``sim list concepts`` shows first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sim.errors import UsageError, suggest

_ENTRY = re.compile(r"^@\w+\{([^,\s]+),.*?(?=^@|\Z)", re.MULTILINE | re.DOTALL)
_CITED = re.compile(r"\[([a-z0-9-]+)\]_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Entries of a bibliography in BibTeX, in order."""

    entries: tuple[str, ...]

    def __str__(self) -> str:
        return "\n\n".join(self.entries)


def cite(*concepts: str, whole: bool = False) -> Sources:
    """What to cite, in BibTeX: the program, or solution concepts and sources by key.

    Parameters
    ----------
    concepts
        Names of concepts, or keys of the bibliography; the program where absent.
    whole
        The whole bibliography besides.

    Examples
    --------
    >>> print(str(cite("nash_bargaining")).splitlines()[0])
    @article{nash1950,
    """
    from sim import __version__

    found = cited(concepts) if concepts else [how_to_cite(__version__)]
    if whole:
        found += [entry for entry in entries().values() if entry not in found]
    return Sources(entries=tuple(found))


@cache
def entries() -> Mapping[str, str]:
    """Every entry of the bibliography by its key.

    Examples
    --------
    >>> entries()["nash1951"].splitlines()[0]
    '@article{nash1951,'
    """
    text = files("sim").joinpath("references.bib").read_text(encoding="utf-8")
    return {found[1]: found[0].strip() for found in _ENTRY.finditer(text)}


def cited(names: Sequence[str]) -> list[str]:
    """The entries to cite for some concepts, each once, in order; a key of the bibliography is itself.

    Raises
    ------
    UsageError
        If a name is neither a concept nor a key.

    Examples
    --------
    >>> [entry.splitlines()[0] for entry in cited(["pure_nash"])][0]
    '@article{nash1951,'
    """
    keys = [key for name in names for key in _keys(name)]
    return [entries()[key] for key in dict.fromkeys(keys)]


def _keys(name: str) -> list[str]:
    from sim.solutions import CONCEPTS, module_of

    if name in entries():
        return [name]
    if name not in CONCEPTS:
        raise UsageError(f"no concept or source '{name}'{suggest(name, [*CONCEPTS, *entries()])}")
    home = module_of(name)
    text = f"{home.__doc__} {getattr(home, name).__doc__}"
    return [CONCEPTS[name].reference, *(key for key in _CITED.findall(text) if key in entries())]


def how_to_cite(version: str) -> str:
    """The entry of the program.

    Examples
    --------
    >>> print(how_to_cite("0.1.0"))
    @software{treatysim,
      author = {{The treatysim authors}},
      title = {treatysim: when does a treaty become feasible, what does it contain, and what blocks it},
      version = {0.1.0}
    }
    """
    title = (
        "treatysim: when does a treaty become feasible, what does it contain, and what blocks it"
    )
    return (
        "@software{treatysim,\n"
        "  author = {{The treatysim authors}},\n"
        f"  title = {{{title}}},\n"
        f"  version = {{{version}}}\n"
        "}"
    )
