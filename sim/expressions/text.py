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
MAX_DEPTH = 40

WORDS = frozenset({"and", "or", "not", "if", "else", "True", "False"})
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
    if foreign := _FOREIGN.search(text):
        raise ExpressionError(_foreign(foreign[0]), foreign.start())
    depth = 0
    for token in _TOKEN.finditer(text):
        depth += (token["open"] is not None) - (token["close"] is not None)
        if depth < 0:
            raise ExpressionError("')' closes nothing", token.start())
        if depth > MAX_DEPTH:
            raise ExpressionError(f"more than {MAX_DEPTH} levels of parentheses", token.start())
        _check_token(token)
    if depth:
        raise ExpressionError("'(' is never closed", text.rfind("("))


def _foreign(character: str) -> str:
    if not character.isascii():
        name = unicodedata.name(character, ascii(character))
        return f"{name} is not an ASCII character; names are ASCII letters, digits and _"
    hint = HINTS.get(character, "it is not part of the language")
    return f"character {character!r} is not allowed: {hint}"


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
