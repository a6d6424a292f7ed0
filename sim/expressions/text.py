"""What the text of an expression may look like, before anything parses it.

Only the characters and words of the language pass, names are ASCII, and brackets and signs nest to
a limited depth, so that the parser that follows meets nothing hostile.
"""

from __future__ import annotations

import keyword
import re
import unicodedata

from sim.errors import ExpressionError

MAX_LENGTH = 2_000
"""Most characters of an expression."""
MAX_DEPTH = 40
"""Most levels of parentheses."""

WORDS = frozenset({"and", "or", "not", "if", "else", "True", "False"})
TYPOGRAPHIC = {
    "\u2212": "-", "\u2013": "-", "\u2014": "-", "\u00d7": "*", "\u00b7": "*", "\u22c5": "*", "\u00f7": "/",
    "\u2264": "<=", "\u2265": ">=", "\u2260": "!=", "\u00a0": "a plain blank",
}  # fmt: skip
"""Signs of a word processor, and what the language has instead."""

HINTS = {
    "^": "write ** for a power",
    "&": "write and",
    "|": "write or",
    "~": "write not",
    "%": "there is no remainder or percent operator",
    "[": "there are no lists and no subscripts",
    "{": "there are no sets and no tables",
    '"': "there is no text",
    "'": "there is no text",
    ":": "there is no assignment, no slice and no lambda",
    "#": "there are no comments inside an expression",
}

_FOREIGN = re.compile(r"[^A-Za-z0-9_.+\-*/<>=!(), \t\r\n]")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*%")
_COMMA = re.compile(r"\d+,\d+")
_NUMBER = re.compile(r"(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?")
_TOKEN = re.compile(
    r"(?P<word>[A-Za-z_]\w*(?:\s*\.\s*[A-Za-z_]\w*)*)|(?P<number>\.?\d[\w.]*(?:(?<=[eE])[+-]\w+)?)"
    r"|(?P<signs>(?:[-+]\s*)+)|(?P<open>\()|(?P<close>\))"
)


def check_text(text: str) -> None:
    """Refuse a text that cannot be an expression.

    Raises
    ------
    ExpressionError
        With a message and the column.

    Examples
    --------
    >>> check_text("moscow.trade * economy")
    >>> check_text("moscow[0]")
    Traceback (most recent call last):
    sim.errors.ExpressionError: character '[' is not allowed: there are no lists and no subscripts
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"{len(text):,} characters; the limit is {MAX_LENGTH:,}", MAX_LENGTH)
    if not text.strip():
        raise ExpressionError("the expression is empty", 0)
    if percent := _PERCENT.search(text):
        value = f"{float(percent[1]) / 100:g}"
        raise ExpressionError(f"'{percent[0]}': write {value}, a share of 1", percent.start())
    if foreign := _FOREIGN.search(text):
        raise ExpressionError(_foreign(foreign[0]), foreign.start())
    depth, word_before = 0, None
    for token in _TOKEN.finditer(text):
        depth += (token["open"] is not None) - (token["close"] is not None)
        if depth < 0:
            raise ExpressionError("')' closes nothing", token.start())
        if depth > MAX_DEPTH:
            raise ExpressionError(f"more than {MAX_DEPTH} levels of parentheses", token.start())
        _check_token(token)
        _check_beside(text, word_before, token)
        word_before = token if token["word"] not in (None, *WORDS) else None
    if depth:
        raise ExpressionError("'(' is never closed", text.rfind("("))
    if "(" not in text and (comma := _COMMA.search(text)):
        point = comma[0].replace(",", ".")
        raise ExpressionError(f"'{comma[0]}': write {point}; decimals have a point", comma.start())


def _foreign(character: str) -> str:
    if character in TYPOGRAPHIC:
        return f"'{character}' is not allowed: write {TYPOGRAPHIC[character]}"
    if not character.isascii():
        name = unicodedata.name(character, ascii(character))
        return f"{name} is not an ASCII character; names are ASCII letters, digits and _"
    hint = HINTS.get(character, "it is not part of the language")
    return f"character {character!r} is not allowed: {hint}"


def _check_beside(text: str, before: re.Match[str] | None, token: re.Match[str]) -> None:
    """Refuse two names with nothing but blanks between them."""
    if before is None or token["word"] in (None, *WORDS):
        return
    if between := text[before.end() : token.start()]:
        if not between.isspace():
            return
        one = re.sub(r"\s+", "_", f"{before[0]} {token[0]}")
        shown = f"{before[0]} {token[0]}"
        raise ExpressionError(
            f"'{shown}': a name has no blanks; rename it ({one}), or put an operator between",
            before.start(),
        )


def _check_token(token: re.Match[str]) -> None:
    if (number := token["number"]) is not None and not _NUMBER.fullmatch(number):
        what = "complex numbers do not exist" if number[-1] in "jJ" else "it is not a number"
        raise ExpressionError(f"'{number}' is not allowed: {what}", token.start())
    if (signs := token["signs"]) is not None and len("".join(signs.split())) > MAX_DEPTH:
        raise ExpressionError(f"more than {MAX_DEPTH} signs in a row", token.start())
    if (word := token["word"]) is not None:
        _check_word(word, token.start())


def _check_word(word: str, offset: int) -> None:
    parts = [part.strip() for part in word.split(".")]
    for part in parts:
        if part.startswith("_"):
            raise ExpressionError(f"'{word}': a name cannot begin with an underscore", offset)
        if not keyword.iskeyword(part) or (len(parts) == 1 and part in WORDS):
            continue
        if len(parts) > 1:
            reason = f"'{part}' is a reserved word and cannot be part of a name"
            raise ExpressionError(f"'{word}': {reason}; rename it", offset)
        raise ExpressionError(f"'{part}' is a reserved word that expressions do not have", offset)
