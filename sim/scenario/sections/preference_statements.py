"""Preference statements: an ordered list of logical statements about options that ranks all states.

Definition. Statements stand in order of priority. Of two states the better one is that in which the first
statement on which they differ is true; states that agree on all of them are equally good (option
prioritising; Fang, Hipel, Kilgour & Peng 2003). A statement is made of options, ``not``, ``and``, ``or``,
``if`` and ``iff`` (if and only if), and parentheses: ``insist iff not modify``. ``not`` binds most
closely, then ``and``, then ``or``; ``a if b`` is false only where ``b`` is true and ``a`` is not. The name
of an option that holds one of these words or a parenthesis stands in quotation marks.

Array convention. With ``m`` options, combination ``c`` of ``2**m`` takes option ``k`` when bit ``k`` of ``c``
is set; a statement is a boolean array over all combinations.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from sim._kernels.tolerance import BoolArray, IntArray

MAX_DEPTH = 30
"""Most parentheses and negations inside one another."""

WORDS = ("not", "and", "or", "if", "iff")
"""What joins options to statements."""

Place = Callable[[str], int]
"""Name of an option to its place in a pattern; a ``ValueError`` says why there is none."""

_TOKEN = re.compile(r"""\s*(?:([()])|"([^"]*)"|'([^']*)'|([^\s()"']+))""")


def matching(pattern: str, combinations: IntArray) -> BoolArray:
    """Which combinations of options a pattern of ``Y``, ``N`` and ``-`` stands for.

    Examples
    --------
    >>> matching("Y-", np.arange(4))
    array([False,  True, False,  True])
    """
    out = np.ones(combinations.shape, dtype=np.bool_)
    for k, letter in enumerate(pattern):
        if letter != "-":
            out &= (combinations >> k & 1) == (letter == "Y")
    return out


def truth(statement: str, place: Place, combinations: IntArray) -> BoolArray:
    """Where a statement is true.

    Parameters
    ----------
    statement
        The statement.
    place
        Says where an option stands in a pattern.
    combinations
        The combinations to look at.

    Raises
    ------
    ValueError
        If it is no statement, or names what is no option.

    Examples
    --------
    >>> truth("arm if not talk", ["arm", "talk"].index, np.arange(4))
    array([False,  True,  True,  True])
    """
    return _Reader(statement, place, combinations).read()


def ranked(statements: Mapping[str, BoolArray], states: Mapping[str, BoolArray]) -> list[list[str]]:
    """The ranking of states that true and false statements imply, best first, ties together.

    Parameters
    ----------
    statements
        Where each is true, in order of priority.
    states
        The combinations that each stands for.

    Raises
    ------
    ValueError
        If the place of a state depends on which of its combinations is meant.

    Examples
    --------
    >>> talk, arm = np.array([False, True, False, True]), np.array([False, False, True, True])
    >>> states = {"NN": ~talk & ~arm, "YN": talk & ~arm, "-Y": arm}
    >>> ranked({"not arm": ~arm, "talk": talk}, states)
    [['YN'], ['NN'], ['-Y']]
    """
    groups = [list(states)]
    for text, true in statements.items():
        groups = [
            part
            for group in groups
            for part in (_split(text, true, group, states) if len(group) > 1 else (group,))
            if part
        ]
    return groups


def _split(
    text: str, true: BoolArray, group: Sequence[str], states: Mapping[str, BoolArray]
) -> tuple[list[str], list[str]]:
    """The states of a group in which a statement is true, and those in which it is false."""
    good: list[str] = []
    bad: list[str] = []
    for name in group:
        found = true[states[name]]
        if found.any() and not found.all():
            raise ValueError(
                f"'{text}' is true in some combinations of options that state '{name}' stands for and "
                "false in others; split the state, or give a ranking"
            )
        (good if found.all() else bad).append(name)
    return good, bad


class _Reader:
    """One statement, read from the left."""

    def __init__(self, statement: str, place: Place, combinations: IntArray) -> None:
        self.text, self.place, self.combinations = statement, place, combinations
        self.tokens = _tokens(statement)
        self.depth = 0

    def read(self) -> BoolArray:
        """The whole of it."""
        out = self.statement()
        if self.tokens:
            raise self.wrong(f"'{self.tokens[0][1]}' is not expected here")
        return out

    def wrong(self, why: str) -> ValueError:
        return ValueError(f"'{self.text}' is no statement: {why}")

    def took(self, word: str) -> bool:
        """Whether a word comes next, which is then behind us."""
        if self.tokens and self.tokens[0] == ("word", word):
            self.tokens.pop(0)
            return True
        return False

    def statement(self) -> BoolArray:
        left = self.joined("or", lambda: self.joined("and", self.single))
        if self.took("iff"):
            return np.asarray(left == self.joined("or", lambda: self.joined("and", self.single)))
        if self.took("if"):
            return left | ~self.joined("or", lambda: self.joined("and", self.single))
        return left

    def joined(self, word: str, part: Callable[[], BoolArray]) -> BoolArray:
        out = part()
        while self.took(word):
            more = part()
            out = out | more if word == "or" else out & more
        return out

    def single(self) -> BoolArray:
        if not self.tokens:
            raise self.wrong("an option is missing at its end")
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.wrong(f"more than {MAX_DEPTH} levels inside one another")
        out = self.inside()
        self.depth -= 1
        return out

    def inside(self) -> BoolArray:
        if self.took("not"):
            return ~self.single()
        if self.took("("):
            out = self.statement()
            if not self.took(")"):
                raise self.wrong("a parenthesis is not closed")
            return out
        kind, name = self.tokens.pop(0)
        if kind == "word":
            raise self.wrong(f"an option is missing before '{name}'")
        return np.asarray((self.combinations >> self.place(name) & 1) == 1)


def _tokens(statement: str) -> list[tuple[str, str]]:
    """Words and parentheses as ``word``, names of options as ``name``: words in a row are one name."""
    out: list[tuple[str, str]] = []
    at, open_name = 0, False
    text = statement.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise ValueError(f"'{statement}' is no statement: a quotation mark is not closed")
        at = found.end()
        mark, double, single, plain = found.groups()
        if mark or (plain and plain.lower() in WORDS):
            out.append(("word", mark or plain.lower()))
            open_name = False
        elif plain is None:
            out.append(("name", double if single is None else single))
            open_name = False
        elif open_name:
            out[-1] = ("name", f"{out[-1][1]} {plain}")
        else:
            out.append(("name", plain))
            open_name = True
    return out
