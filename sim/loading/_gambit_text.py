r"""The words of Gambit's game files: tokens with places, numbers, quoted texts, and how to write them.

A file is a sequence of words, quoted texts and the signs ``{ } ,``; white space separates and
commas may stand between numbers. Inside a quoted text ``\"`` is a quotation mark and ``\\`` a
backslash. Numbers are whole, rational (``1/3``), decimal or with an exponent, and are kept exactly.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple, NoReturn
from unicodedata import category

from sim._kernels.exact_numbers import read_exact
from sim.errors import Problem, ScenarioError, printable

MAX_ACTORS = 20
"""Most actors that are read."""

_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|([{},])|([^\s{}",]+)|(")', re.DOTALL)
_ESCAPE = re.compile(r'\\(["\\])')
_RATIONAL = re.compile(r"[-+]?[0-9]+/[0-9]+\Z")
_DECIMAL = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?\Z")


class Token(NamedTuple):
    """One piece of the text: ``kind`` is ``text``, ``word``, a sign, or ``end``."""

    kind: str
    value: str
    start: int


class Words:
    """The tokens of one file, read from the first to the last.

    Examples
    --------
    >>> words = Words('NFG 1 R "A title" { 1/3 }', "x.nfg")
    >>> words.word("the letters NFG"), words.word("a version")
    ('NFG', '1')
    >>> words.word("the sign that Gambit calls rational"), words.text("a title")
    ('R', 'A title')
    """

    def __init__(self, source: str, file: str) -> None:
        self._source, self._file, self._next = source, file, 0
        self._tokens = list(_tokens(source))
        self._end = Token("end", "", len(source))

    def peek(self) -> Token:
        """The token that comes next; of kind ``end`` after the last."""
        return self._tokens[self._next] if self._next < len(self._tokens) else self._end

    def take(self, kind: str, wanted: str) -> str:
        """The value of the next token, which must be of a kind."""
        token = self.peek()
        if token.kind != kind:
            self.fail(f"{wanted} is needed here")
        self._next += 1
        return token.value

    def skip(self, kind: str) -> bool:
        """Whether the next token is of a kind; if it is, it is passed over."""
        found = self.peek().kind == kind
        self._next += found
        return found

    def word(self, wanted: str) -> str:
        """An unquoted word."""
        return self.take("word", wanted)

    def text(self, wanted: str) -> str:
        """A quoted text."""
        return printable(self.take("text", wanted))

    def number(self, wanted: str) -> Fraction:
        """A finite number, exactly; a comma before it is passed over."""
        self.skip(",")
        token = self.peek()
        value = exact_number(token.value) if token.kind == "word" else None
        if value is None:
            self.fail(f"{wanted} is needed here")
        self._next += 1
        return value

    def count(self, wanted: str, largest: int) -> int:
        """A whole number from 0 to ``largest``."""
        token = self.peek()
        if token.kind != "word" or not re.match(r"[0-9]{1,9}\Z", token.value):
            self.fail(f"{wanted} is needed here")
        if int(token.value) > largest:
            self.fail(f"{wanted} is needed here, at most {largest:,}")
        self._next += 1
        return int(token.value)

    def texts(self, wanted: str) -> list[str]:
        """Quoted texts in braces."""
        self.take("{", f"{{ with {wanted}")
        out = []
        while not self.skip("}"):
            self.skip(",")
            out.append(self.text(f"{wanted} or }}"))
        return out

    def numbers(self, wanted: str) -> list[Fraction]:
        """Numbers in braces, with or without commas."""
        self.take("{", f"{{ with {wanted}")
        out = []
        while not self.skip("}"):
            out.append(self.number(f"{wanted} or }}"))
        return out

    def fail(self, wanted: str) -> NoReturn:
        """Stop because something else should stand next."""
        self._stop(f"{wanted}, not {_shown(self.peek())}", self.peek())

    def refuse(self, message: str, token: Token | None = None) -> NoReturn:
        """Stop because what stands at a token, the next one by default, makes no sense."""
        token = token or self.peek()
        self._stop(f"{message} (at {_shown(token)})", token)

    def _stop(self, message: str, token: Token) -> NoReturn:
        line = self._source.count("\n", 0, token.start) + 1
        column = token.start - (self._source.rfind("\n", 0, token.start) + 1) + 1
        raise ScenarioError([Problem(file=self._file, line=line, column=column, message=message)])


def _tokens(source: str) -> Iterator[Token]:
    """All tokens; nothing follows a quotation mark that is never closed."""
    for match in _TOKEN.finditer(source):
        token = _token(match)
        yield token
        if token.kind == "open quote":
            return


def _token(match: re.Match[str]) -> Token:
    quoted, sign, word, stray = match.groups()
    if quoted is not None:
        return Token("text", _ESCAPE.sub(r"\1", quoted), match.start())
    if sign is not None:
        return Token(sign, sign, match.start())
    if word is not None:
        return Token("word", word, match.start())
    return Token("open quote", stray, match.start())


def _shown(token: Token) -> str:
    if token.kind == "end":
        return "the end of the file"
    if token.kind == "open quote":
        return 'a " that is never closed'
    value = token.value if len(token.value) <= 40 else token.value[:40] + "..."
    return f'the text "{value}"' if token.kind == "text" else f"'{value}'"


def exact_number(text: str) -> Fraction | None:
    """A number as Gambit writes it, exactly; ``None`` where the text is none or no finite double.

    Examples
    --------
    >>> exact_number("1/3"), exact_number("-.5"), exact_number("2.5e-1")
    (Fraction(1, 3), Fraction(-1, 2), Fraction(1, 4))
    >>> exact_number("1/0"), exact_number("nan"), exact_number("1e999")
    (None, None, None)
    """
    return read_exact(text) if _RATIONAL.match(text) or _DECIMAL.match(text) else None


def distinct(labels: Sequence[str], word: str) -> list[str]:
    """Labels as they are; empty or repeated ones get a number, so that each names one thing.

    Examples
    --------
    >>> distinct(["a", "", "a"], "strategy")
    ['a', 'strategy 2', 'a (2)']
    """
    taken = set(labels)
    seen: Counter[str] = Counter()
    out = []
    for k, label in enumerate(labels, start=1):
        seen[label] += 1
        if label and seen[label] == 1:
            out.append(label)
            continue
        name = f"{label} ({seen[label]})" if label else f"{word} {k}"
        while name in taken:
            name += "'"
        taken.add(name)
        out.append(name)
    return out


def legal(text: str) -> str:
    r"""A label as Gambit takes it: no control characters, no blanks at its ends, none in a row.

    Examples
    --------
    >>> legal("  two\tislands,  then none ")
    'two islands, then none'
    """
    shown = (" " if c.isspace() or category(c)[0] == "C" else c for c in text)
    return " ".join("".join(shown).split())


def legal_labels(labels: Sequence[str], word: str) -> list[str]:
    """Labels as Gambit takes them, each naming one thing; empty ones get a number.

    Examples
    --------
    >>> legal_labels(["all ", "all", "", "Chance"], "player")
    ['all', 'all (2)', 'player 3', 'Chance (player)']
    """
    reserved = {"Chance": f"Chance ({word})"} if word == "player" else {}
    clean = [legal(label) for label in labels]
    return distinct([reserved.get(label, label) for label in clean], word)


def legal_names(labels: Sequence[str], word: str) -> list[str]:
    """As :func:`legal_labels`, but what has no label keeps none.

    Examples
    --------
    >>> legal_names(["", "a", "a ", ""], "node")
    ['', 'a', 'a (2)', '']
    """
    named = [k for k, label in enumerate(labels) if legal(label)]
    out = [""] * len(labels)
    for k, label in zip(named, legal_labels([labels[k] for k in named], word), strict=True):
        out[k] = label
    return out


def quoted(text: str) -> str:
    r"""A text in quotation marks.

    Examples
    --------
    >>> print(quoted('the "two" islands'))
    "the \"two\" islands"
    """
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def braced(parts: Iterable[str]) -> str:
    """Parts in braces.

    Examples
    --------
    >>> braced(["1", "2"])
    '{ 1 2 }'
    """
    return "{ " + " ".join(parts) + " }"


def plain(value: Fraction) -> int | str:
    """An exact number as plain data of a file: a whole number, or a text such as ``1/3``."""
    return value.numerator if value.denominator == 1 else str(value)
