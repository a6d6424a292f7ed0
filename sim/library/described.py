"""What each shipped scenario is, read from the top of its file: a list must not take seconds.

Definition. A scenario is a *forecast* if it has a section ``dynamics``, a *dispute* if it has ``issues`` or
extends a file, otherwise it is the game of its one classical section.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sim.library.shipped import shipped_file, shipped_names
from sim.scenario.document import CLASSICAL

_KEY = re.compile(r"^([a-z_]+):", re.MULTILINE)
_TITLE = re.compile(r"^title:[ ]*(.*(?:\n[ ]+.*)*)", re.MULTILINE)
_FOLDED = re.compile(r"^[>|][+-]?\s*\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A shipped scenario: its name, what it is (``dispute``, ``forecast`` or a game form), its title."""

    name: str
    form: str
    title: str


def described() -> tuple[Described, ...]:
    """All shipped scenarios by name.

    Examples
    --------
    >>> next(one for one in described() if one.name == "kuril/2018")
    Described(name='kuril/2018', form='dispute', title='Vladivostok to Osaka, September 2018 - June 2019')
    """
    return tuple(_described(name) for name in shipped_names())


def _described(name: str) -> Described:
    file = shipped_file(name)
    text = "" if file is None else file.read_text(encoding="utf-8")
    return Described(name=name, form=_form(text), title=_title(text))


def _form(text: str) -> str:
    keys = set(_KEY.findall(text))
    if "dynamics" in keys:
        return "forecast"
    return next((form for form in CLASSICAL if form in keys), "dispute")


def _title(text: str) -> str:
    """The title, unquoted, on one line.

    Examples
    --------
    >>> _title('title: "A: b"'), _title("title: >-" + chr(10) + "  two" + chr(10) + "  lines")
    ('A: b', 'two lines')
    """
    found = _TITLE.search(text)
    if found is None:
        return ""
    words = " ".join(_FOLDED.sub("", found[1]).split())
    if words[:1] in ("'", '"') and words[:1] == words[-1:]:
        return words[1:-1].replace('\\"', '"').replace("''", "'")
    return words.partition(" #")[0].strip()
