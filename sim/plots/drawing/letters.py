"""Letters that a figure's font does not have: another installed font draws them, or a note names them."""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any

NAMED = 8
"""How many letters a note names."""
EMPTY = "Last Resort"
"""A font that has a box for every letter."""


class MissingLetters(UserWarning):
    """Letters of a figure that no installed font has."""


@contextmanager
def every_letter(figure: Any) -> Iterator[None]:
    """While a figure is saved, texts take what their font lacks from other fonts that are installed.

    Letters that none has are boxes in the picture; one warning says which, instead of one per letter.
    """
    from matplotlib.text import Text

    texts = [t for t in figure.findobj(Text) if not t.get_text().isascii()]
    lacking = {
        t: letters for t in texts if (letters := _lacking(t.get_fontproperties(), t.get_text()))
    }
    before = {t: t.get_fontfamily() for t in lacking}
    wanted = set().union(*lacking.values())
    families, rest = _families(wanted)
    for text, own in before.items():
        text.set_fontfamily([*own, *families])
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
            yield
    finally:
        for text, own in before.items():
            text.set_fontfamily(own)
    if rest:
        warnings.warn(note(rest), MissingLetters, stacklevel=3)


def note(letters: Iterable[str]) -> str:
    """Which letters are boxes, and what to do.

    Examples
    --------
    >>> note("é")
    "no installed font has 'é', drawn as a box: install one that does (for Japanese, Noto Sans CJK)"
    """
    few = sorted(letters)
    named = " ".join(few[:NAMED]) + (f" and {len(few) - NAMED} more" if len(few) > NAMED else "")
    boxes = "drawn as a box" if len(few) == 1 else "drawn as boxes"
    return f"no installed font has '{named}', {boxes}: install one that does (for Japanese, Noto Sans CJK)"


def fonts_for(letters: str) -> str:
    """The installed fonts that together have some letters; empty where some letter is in none.

    Examples
    --------
    >>> bool(fonts_for("A")), fonts_for("\U0010fffd")
    (True, '')
    """
    families, rest = _families(set(letters))
    return "" if rest else ", ".join(families)


def _lacking(font: Any, text: str) -> set[str]:
    """The visible letters of a text that its font does not have."""
    from matplotlib.font_manager import findfont, get_font

    known = get_font(findfont(font)).get_charmap()
    return {c for c in text if ord(c) not in known and unicodedata.category(c)[0] not in "CZ"}


def _families(letters: set[str]) -> tuple[list[str], set[str]]:
    """Installed fonts that together have as many of the letters as can be, and the letters that none has."""
    from matplotlib.font_manager import fontManager

    found, rest = _among(letters, fontManager.ttflist)
    if rest and (new := _not_listed()):
        more, rest = _among(rest, new)
        found += more
    return found, rest


@cache
def _not_listed() -> tuple[Any, ...]:
    """Installed fonts that matplotlib does not know: its list is made once and then kept on disk."""
    from matplotlib.font_manager import findSystemFonts, fontManager

    known = {entry.fname for entry in fontManager.ttflist}
    before = len(fontManager.ttflist)
    for name in findSystemFonts():
        if name not in known:
            with suppress(OSError, RuntimeError, ValueError):
                fontManager.addfont(name)
    return tuple(fontManager.ttflist[before:])


def _among(letters: set[str], entries: Iterable[Any]) -> tuple[list[str], set[str]]:
    """As :func:`_families`, among some fonts."""
    from matplotlib.font_manager import get_font

    found: list[str] = []
    rest = set(letters)
    for entry in entries:
        if not rest:
            break
        if entry.name.startswith(EMPTY):
            continue
        try:
            known = get_font(entry.fname).get_charmap()
        except (OSError, RuntimeError):
            continue
        if had := {c for c in rest if ord(c) in known}:
            found.append(entry.name)
            rest -= had
    return found, rest
