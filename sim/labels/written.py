"""A label as a file writes it: one text, or a text per language.

Definition. ``label: Tokyo`` is the label in every language; ``label: {en: Tokyo, ja: 東京}`` has one per
language code. ``short:`` is the same for places where there is little room. A label is text and nothing else:
no markup, no mathematics, and no control character survives reading.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, WithJsonSchema
from pydantic_core import PydanticCustomError

from sim.errors import printable

LABEL_KEYS = ("label", "short")
MOST_LETTERS = 60
"""A label longer than this fits into no figure."""
LONGEST_WORD = 40
"""A word longer than this cannot be broken, and leaves a figure no room."""
ANY = ""
"""The language of a label that has only one text."""
_CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def label_problem(node: Any) -> str:
    """What is wrong with a label as it is written; empty where nothing is.

    Examples
    --------
    >>> label_problem("Tokyo"), label_problem({"en": "Tokyo", "ja": "東京"})
    ('', '')
    >>> label_problem({"English": "Tokyo"})
    "'English' is not a language code; write en, ja, ru and so on"
    """
    if isinstance(node, str):
        return _text_problem(node)
    if not isinstance(node, Mapping) or not node:
        return "a text is needed here, or a text per language: {en: Tokyo, ja: 東京}"
    for code, text in node.items():
        if not isinstance(code, str) or (code != ANY and not _CODE.fullmatch(code)):
            return f"'{code}' is not a language code; write en, ja, ru and so on"
        if not isinstance(text, str):
            return f"a text is needed for '{code}'"
        if problem := _text_problem(text):
            return problem
    return ""


def _text_problem(text: str) -> str:
    if not text.strip():
        return "an empty label names nothing"
    if len(text) > MOST_LETTERS:
        return f"a label of {len(text)} letters fits nowhere; at most {MOST_LETTERS}, the rest is a note"
    longest = max(map(len, text.split()))
    if longest > LONGEST_WORD:
        return (
            f"a word of {longest} letters fits on no line; at most {LONGEST_WORD} without a blank"
        )
    return ""


def read_label(node: Any) -> Any:
    """A label as texts by language, made harmless and put on one line.

    Examples
    --------
    >>> read_label("two  islands"), read_label({"en": "a", "ja": "b"})
    ({'': 'two islands'}, {'en': 'a', 'ja': 'b'})
    """
    if problem := label_problem(node):
        raise PydanticCustomError("label", "{message}", {"message": problem})
    texts = {ANY: node} if isinstance(node, str) else node
    return {code: " ".join(printable(text).split()) for code, text in texts.items()}


Label = Annotated[
    Mapping[str, str],
    BeforeValidator(read_label),
    WithJsonSchema(
        {
            "description": "the name that people read: a text, or a text per language",
            "anyOf": [
                {"type": "string"},
                {"type": "object", "additionalProperties": {"type": "string"}},
            ],
        }
    ),
]


class LabelRecord(BaseModel):
    """A label and its short form, of something that a file names.

    Parameters
    ----------
    label
        The name that people read.
    short
        A shorter one for figures.
    """

    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True)

    label: Label | None = None
    short: Label | None = None
