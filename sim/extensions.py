"""What other packages add: concepts, constraints, protocols and figures, found by their entry points.

A package names what it adds in its metadata, under one of four groups, and is found once it is installed::

    [project.entry-points."treatysim.concepts"]
    loyalty = "acme.loyalty"              # a module with the function `loyalty` and its record CONCEPT
    [project.entry-points."treatysim.constraints"]
    debt_ceiling = "acme.rules:DebtCeiling"   # a class, whose `type` is the entry point's name
    [project.entry-points."treatysim.protocols"]
    auction = "acme.moves:auction"        # a function from a document to stages
    [project.entry-points."treatysim.figures"]
    spreads = "acme.spreads"              # a module with the function `spreads` and its record PLOT

A :class:`Table` is what ships with treatysim, and after it what is installed and keeps its room's contract.
Nothing is looked for before somebody asks for a name that does not ship, names a concept or a figure, or
lists a table. What does not keep the contract, or has a name that is taken, is left out: a warning names it,
and whoever asks for it is refused. A name that two have is refused where a person asks for it, who may mean
either; ``treatysim:NAME`` is what ships.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from sim.errors import ExtensionSkipped, SimError, UsageError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

Group = Literal["concepts", "constraints", "protocols", "figures"]
Thing = TypeVar("Thing")

OWN = "treatysim:"
"""What stands before the name of what ships, where an installed package has the same."""


class Table(Mapping[str, Thing], Generic[Thing]):
    """The visible table of a room: what ships, then what installed packages add to it.

    Parameters
    ----------
    group
        The room, as in the name of its entry points, ``treatysim.GROUP``.
    shipped
        What ships with treatysim, by name.
    admit
        From the name of an entry point and what it loads to the table's record; it raises a ``SimError``
        where the room's contract is broken.

    Examples
    --------
    >>> table = Table("protocols", {"ultimatum": 1}, lambda name, loaded: 0)
    >>> table["ultimatum"], list(table)[:1], "auction" in table
    (1, ['ultimatum'], False)
    """

    def __init__(
        self, group: Group, shipped: Mapping[str, Thing], admit: Callable[[str, Any], Thing]
    ) -> None:
        self.group, self.shipped, self._admit = group, dict(shipped), admit
        self._added: dict[str, Thing] | None = None
        self._refused: dict[str, str] = {}
        self._doubtful: dict[str, str] = {}

    def asked(self, name: str) -> str:
        """The name of the record that a person means who gives a name.

        Raises
        ------
        UsageError
            If it is what ships and what an installed package adds that have the name.

        Examples
        --------
        >>> table = Table("protocols", {"ultimatum": 1}, lambda name, loaded: 0)
        >>> table.asked("ultimatum"), table.asked("treatysim:ultimatum")
        ('ultimatum', 'ultimatum')
        """
        own = name.removeprefix(OWN)
        if own != name and own in self.shipped:
            return own
        self.added()
        if name in self._doubtful:
            raise UsageError(f"{self._doubtful[name]}; {OWN}{name} is that")
        return name

    def __getitem__(self, name: str) -> Thing:
        """What has this name.

        Raises
        ------
        UsageError
            If an installed package adds it and breaks the room's contract.
        """
        if name in self.shipped:
            return self.shipped[name]
        added = self.added()
        if name in self._refused:
            raise UsageError(self._refused[name])
        return added[name]

    def __iter__(self) -> Iterator[str]:
        yield from self.shipped
        yield from self.added()

    def __len__(self) -> int:
        return len(self.shipped) + len(self.added())

    def added(self) -> Mapping[str, Thing]:
        """What installed packages add, looked for once; what is left out is warned of."""
        if self._added is None:
            from importlib.metadata import entry_points

            self._added = {}
            for point in entry_points(group=f"treatysim.{self.group}"):
                self._add(point, self._added)
        return self._added

    def _add(self, point: EntryPoint, added: dict[str, Thing]) -> None:
        where = f"'{point.name}' of {_package(point)} ({point.value})"
        kind = self.group.removesuffix("s")
        if point.name in self.shipped or point.name in added:
            owner = "treatysim's own" if point.name in self.shipped else "another package's"
            words = f"{kind} {where} is left out: {point.name} is the name of {owner}"
            self._refused[f"{_package(point)}:{point.name}"] = words
            if point.name in self.shipped:
                self._doubtful[point.name] = words
            warnings.warn(words, ExtensionSkipped, stacklevel=4)
            return
        try:
            added[point.name] = self._admit(point.name, point.load())
        except (
            Exception
        ) as error:  # whatever a stranger's module does, it must not take others with it
            words = f"{kind} {where} is left out: {_reason(error)}"
            self._refused[point.name] = self._refused[f"{_package(point)}:{point.name}"] = words
            warnings.warn(words, ExtensionSkipped, stacklevel=4)

    def forget(self) -> None:
        """Look for installed packages anew, the next time that they are asked for."""
        self._added, self._refused, self._doubtful = None, {}, {}


def _package(point: EntryPoint) -> str:
    return point.dist.name if point.dist is not None else "an unknown package"


def _reason(error: Exception) -> str:
    text = " ".join(str(error).split())
    return text if isinstance(error, SimError) else f"{type(error).__name__}: {text}".rstrip(": ")


def must(condition: object, sentence: str) -> None:
    """Refuse what breaks a contract.

    Examples
    --------
    >>> must(False, "loyalty has no record CONCEPT")
    Traceback (most recent call last):
    sim.errors.UsageError: loyalty has no record CONCEPT
    """
    if not condition:
        raise UsageError(sentence)
