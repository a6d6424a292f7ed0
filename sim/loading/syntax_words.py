"""What is wrong with a text that is not YAML, in the words of the person who wrote it.

A parser of YAML says what it expected, which helps who knows its grammar. Here the few slips behind nearly
all such errors are recognised from the line: a colon inside a text, a bracket or quotation mark that is never
closed, a tab, a text that begins with a sign of YAML, lines that are indented differently.
"""

from __future__ import annotations

import re
from typing import Any

Place = tuple[int | None, int | None]
"""Line and column, counted from 1."""

_PAIR = re.compile(
    r"\s*(?:- )?(?P<key>[^\s:#{\[][^:#{\[]*):\s+(?P<text>[^\"'{\[|>&*].*?:(?:\s.*)?)$"
)


def in_words(error: Exception, text: str) -> tuple[Place, str]:
    """Where a text stops being YAML, and what to do about it.

    Parameters
    ----------
    error
        What the parser raised.
    text
        What it read.

    Examples
    --------
    >>> from ruamel.yaml import YAML
    >>> try:
    ...     YAML(typ="safe", pure=True).compose("title: Nile: the dam")
    ... except Exception as error:
    ...     in_words(error, "title: Nile: the dam")
    ((1, 12), 'a text with a colon needs quotation marks: title: "Nile: the dam"')
    """
    place, line = _place(error, text), ""
    lines = text.splitlines()
    if place[0] is not None and place[0] <= len(lines):
        line = lines[place[0] - 1]
    said = getattr(error, "problem", None) or (str(error).splitlines() or ["it cannot be read"])[0]
    start = getattr(error, "context_mark", None)
    opened = None if start is None else (start.line + 1, start.column + 1)
    for rule in (_tab, _colon, _unclosed, _quotes, _alias, _sign, _indented, _keyless):
        found = rule(str(said), line, place, opened, lines)
        if found is not None:
            return found
    return place, f"not valid YAML: {said}"


def _place(error: Exception, text: str) -> Place:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if position := getattr(error, "position", None):
        before = text[:position]
        return before.count("\n") + 1, position - before.rfind("\n")
    return (mark.line + 1, mark.column + 1) if mark else (None, None)


Found = tuple[Place, str] | None


def _tab(said: str, line: str, place: Place, opened: Any, lines: list[str]) -> Found:
    indent = line[: len(line) - len(line.lstrip())]
    if "\t" not in indent and "'\\t'" not in said:
        return None
    return place, "a tab; indent with blanks"


def _colon(said: str, line: str, place: Place, opened: Any, lines: list[str]) -> Found:
    if "mapping values are not allowed" in said:
        if ": " not in line[: (place[1] or 1) - 1]:
            return (
                place,
                "this line is indented deeper than the one above, which has a value already",
            )
        pair = _PAIR.match(line)
        example = f": {pair['key'].strip()}: {_quoted(pair['text'])}" if pair else ""
        return place, f"a text with a colon needs quotation marks{example}"
    inside = "expected ',' or '}'" in said and opened is not None and opened[0] == place[0]
    if inside and said.endswith("':'"):
        return place, "a text with a colon needs quotation marks"
    return None


def _quoted(text: str) -> str:
    text = re.sub(r"\s+#.*$", "", text).strip()[:60]
    return f"'{text}'" if '"' in text else f'"{text}"'


def _unclosed(said: str, line: str, place: Place, opened: Any, lines: list[str]) -> Found:
    if "expected the node content" in said and "stream end" in said:
        return place, "the file ends inside a '[' or '{' that is never closed"
    bracket = re.search(r"expected ',' or '([]}])'", said)
    if bracket is None or opened is None:
        return None
    sign = "{" if bracket[1] == "}" else "["
    rest = lines[opened[0] - 1][opened[1] :] if opened[0] <= len(lines) else ""
    hint = "; what follows ' #' is a comment" if " #" in rest else ""
    if opened[0] == place[0] and "stream end" not in said and not hint:
        return place, f"a comma or the closing '{bracket[1]}' is missing here"
    return opened, f"this '{sign}' is never closed{hint}"


def _quotes(said: str, line: str, place: Place, opened: Any, lines: list[str]) -> Found:
    if "end of stream" in said and opened is not None:
        return opened, "this quotation mark is never closed"
    if "unknown escape" in said:
        return place, "a backslash in double quotation marks; use single ones"
    if "found '<scalar>'" in said and re.search(r"[\"']\s*\S+\s*$", line):
        return place, "text after a closing quotation mark; put all of it inside"
    return None


def _alias(said: str, line: str, place: Place, opened: Any, lines: list[str]) -> Found:
    if "undefined alias" not in said and "expected alphabetic" not in said:
        return None
    return place, "a text that begins with '*' or '&' needs quotation marks"


def _sign(said: str, line: str, place: Place, opened: Any, lines: list[str]) -> Found:
    sign = re.search(r"found character '(.)' that cannot start", said)
    if sign is None:
        return None
    return place, f"a text that begins with '{sign[1]}' needs quotation marks"


def _indented(said: str, line: str, place: Place, opened: Any, lines: list[str]) -> Found:
    if "expected <block end>" not in said:
        return None
    since = f" since line {opened[0]}" if opened else ""
    return place, f"this line is indented differently from those{since} that it should stand below"


def _keyless(said: str, line: str, place: Place, opened: Any, lines: list[str]) -> Found:
    if "could not find expected ':'" not in said or opened is None:
        return None
    word = lines[opened[0] - 1].strip()[:40] if opened[0] <= len(lines) else ""
    return opened, f"'{word}' has no colon and no value; write KEY: VALUE"
