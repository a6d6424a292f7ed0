"""Slips that are valid YAML and yet not what was meant: printed quotation marks, a comma as decimal point.

Each is recognised from a key or a value as it is written; the message says what to write instead.
"""

from __future__ import annotations

import re

OPENING, CLOSING = (
    "\u201c\u201d\u201e\u2018\u2019\u201a\u00ab\u00bb\uff02",
    "\u201c\u201d\u2018\u2019\u00ab\u00bb\uff02",
)
_UNUSUAL_BLANK = re.compile(r"[^\S \t\n]")
_DECIMALS = re.compile(r"[-+]?\d+,\d+\Z")
_PERCENT = re.compile(r"([-+]?\d+(?:[.,]\d+)?)\s*%\Z")


def printed_quotes(text: str) -> str:
    """What to say of a text in quotation marks of a word processor; empty where it is not.

    Examples
    --------
    >>> printed_quotes("\u201cNile\u201d")
    'printed quotation marks; write straight ones: "Nile"'
    """
    if len(text) < 2 or text[0] not in OPENING or text[-1] not in CLOSING:
        return ""
    return f'printed quotation marks; write straight ones: "{text[1:-1][:60]}"'


def slip_of(key: str, *, written: bool, before: str | None) -> str:
    """What is wrong with a key that is not a key; empty where nothing is.

    Parameters
    ----------
    key
        As it is written.
    written
        Whether it has a value.
    before
        The value before it in the same mapping, where that is one word.

    Examples
    --------
    >>> slip_of("4", written=False, before="0")
    "'0,4' is two parts; write decimals with a point (0.4)"
    >>> slip_of("x:0.2", written=False, before=None)
    "a blank is needed after the colon of 'x:0.2'"
    >>> slip_of("north", written=True, before="0")
    ''
    """
    if quoted := printed_quotes(key):
        return quoted
    if _UNUSUAL_BLANK.search(key):
        return f"{key!r} holds an unusual blank; write a plain one"
    if written:
        return ""
    if key[:1].isdigit() and before is not None and re.fullmatch(r"[-+]?\d+", before):
        digits = re.match(r"\d+", key)
        assert digits is not None
        whole = f"{before},{key}"
        return (
            f"'{whole[:40]}' is two parts; write decimals with a point ({before}.{digits[0][:20]})"
        )
    if re.match(r"[A-Za-z_][\w.]*:\S", key):
        return f"a blank is needed after the colon of '{key[:40]}'"
    return ""


def number_slip(text: str) -> str:
    """What to write instead of a text that should be a number; empty where that is not clear.

    Examples
    --------
    >>> number_slip("30%"), number_slip("0,4"), number_slip("many")
    ('write 0.3 for 30%', 'write 0.4: decimals have a point', '')
    """
    text = text.strip()
    if percent := _PERCENT.match(text):
        return f"write {float(percent[1].replace(',', '.')) / 100:g} for {text[:20]}"
    if _DECIMALS.match(text):
        return f"write {text.replace(',', '.')[:20]}: decimals have a point"
    return ""
