"""XML text to elements with their lines, read so that no file can do harm.

A document type is refused, and with it every entity of a file's own; size, depth and the number of elements
are limited. Text between elements is left out: the formats that are read keep everything in attributes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from sim.errors import Problem, ScenarioError, printable
from sim.loading.read_text import read_text

MAX_XML_BYTES = 5_000_000
"""Largest XML file that is read."""
MAX_ELEMENTS = 50_000
"""Most elements of an XML file."""
MAX_XML_DEPTH = 40
"""Deepest nesting of elements."""


@dataclass(slots=True)
class Element:
    """An element: its name, attributes, line and what stands in it."""

    name: str
    attributes: Mapping[str, str]
    file: str
    line: int
    children: list[Element] = field(default_factory=list)

    def every(self, name: str) -> Iterator[Element]:
        """Every element of a name inside, however deep, in order."""
        for child in self.children:
            if child.name == name:
                yield child
            yield from child.every(name)

    def wrong(self, message: str) -> ScenarioError:
        """The error that something is wrong with this element."""
        return ScenarioError([Problem(file=self.file, line=self.line, message=message)])


def read_xml(path: Path) -> Element:
    """The root of an XML file.

    Raises
    ------
    ScenarioError
        In one sentence why it cannot be read.
    """
    return parse_xml(read_text(path, MAX_XML_BYTES, ("*.xml",)), str(path))


def parse_xml(text: str, file: str) -> Element:
    """The root of an XML text.

    Examples
    --------
    >>> root = parse_xml("<a><b value='1'/></a>", "x.xml")
    >>> root.name, [dict(b.attributes) for b in root.every("b")]
    ('a', [{'value': '1'}])
    >>> parse_xml("<!DOCTYPE a><a/>", "x.xml")
    Traceback (most recent call last):
    sim.errors.ScenarioError: x.xml:1: a document type (<!DOCTYPE ...>) is not read; leave it out
    """
    parser = expat.ParserCreate()
    top = Element("", {}, file, 1)
    opened, count = [top], 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        found = {key: printable(value) for key, value in attributes.items()}
        element = Element(printable(name), found, file, parser.CurrentLineNumber)
        if count > MAX_ELEMENTS or len(opened) > MAX_XML_DEPTH:
            raise element.wrong("the file is nested too deeply or has too many elements")
        opened[-1].children.append(element)
        opened.append(element)

    def end(name: str) -> None:
        opened.pop()

    def refuse(*_: object) -> None:
        here = Element("", {}, file, parser.CurrentLineNumber)
        raise here.wrong("a document type (<!DOCTYPE ...>) is not read; leave it out")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        words = expat.ErrorString(error.code)
        raise Element("", {}, file, error.lineno).wrong(f"this is not XML: {words}") from None
    return top.children[0]
