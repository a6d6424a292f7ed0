"""The website from what exists, into ``build/website``: ``python notebooks/website.py``.

Needs the extra ``docs``. Every page is made from a docstring, a table, the JSON Schema, a scenario, a
notebook or README; there is no second text. Sphinx is given its configuration here, and links are
checked: one that leads nowhere is an error.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build"
PAGES = BUILD / "website-pages"
SITE = BUILD / "website"
CONFIGURATION: dict[str, Any] = {
    "project": "treatysim",
    "author": "The treatysim authors",
    "extensions": ["sphinx.ext.autodoc", "numpydoc", "myst_nb"],
    "html_theme": "pydata_sphinx_theme",
    "html_show_sourcelink": False,
    "html_title": "treatysim",
    "nb_execution_mode": "off",
    "numpydoc_show_class_members": False,
    "myst_heading_anchors": 3,
    "autodoc_typehints": "none",
    "suppress_warnings": ["ref.citation", "misc.highlighting_failure"],
}


def heading(text: str, mark: str = "=") -> str:
    """A title with its line."""
    return f"{text}\n{mark * max(4, len(text))}\n\n"


def table(columns: list[str], rows: list[list[str]]) -> str:
    """A table as Sphinx's ``list-table``; cells are reStructuredText."""
    out = [".. list-table::", "   :header-rows: 1", ""]
    for row in (columns, *rows):
        for k, cell in enumerate(row):
            lines = (cell or "\\ ").splitlines()
            out.append(f"   {'* -' if k == 0 else '  -'} {lines[0]}")
            out += [f"       {line}" for line in lines[1:]]
    return "\n".join(out) + "\n\n"


def plain(text: str) -> str:
    """A text of a file in which nothing is a mark."""
    return re.sub(r"([\\*`|_<>:])", r"\\\1", " ".join(text.split()))


def concepts() -> Iterator[tuple[str, str]]:
    """A page for each solution concept: when to use it, what it promises, definition, example, source."""
    from sim.citing import cited
    from sim.solutions import CONCEPTS, module_of
    from sim.solutions.concept import ASKED_OF

    rows = []
    for name, one in CONCEPTS.items():
        home = module_of(name).__name__
        rows.append([f":doc:`{name} <{name}>`", one.form, plain(one.guarantee)])
        sources = "\n\n".join(cited([name]))
        text = heading(name) + table(
            ["", ""],
            [
                ["game form", one.form],
                ["asked of", plain(ASKED_OF[one.form])],
                ["promises", plain(one.guarantee)],
                ["in sweeps", "yes" if one.batched else "no"],
            ],
        )
        text += heading("Definition", "-") + f".. automodule:: {home}\n\n"
        text += heading("Call", "-") + f".. autofunction:: {home}.{name}\n\n"
        text += heading("Sources", "-") + code(sources, "bibtex")
        yield f"concepts/{name}", text
    listed = table(["concept", "game form", "promises"], rows)
    yield "concepts/index", heading("Solution concepts") + listed + toctree(list(CONCEPTS))


def code(text: str, language: str) -> str:
    """A block of code."""
    body = "\n".join(f"   {line}" for line in text.splitlines())
    return f".. code-block:: {language}\n\n{body}\n\n"


def toctree(names: list[str]) -> str:
    """What lies below a page."""
    listed = "\n".join(f"   {name}" for name in names)
    return f".. toctree::\n   :hidden:\n\n{listed}\n"


def constraints() -> Iterator[tuple[str, str]]:
    """One page for all constraint types."""
    from sim.constraints import CONSTRAINTS

    text = heading("Constraints at home and abroad")
    for name, kind in CONSTRAINTS.items():
        text += heading(name, "-") + f".. autoclass:: {kind.__module__}.{kind.__name__}\n\n"
    yield "constraints", text


def file_format() -> Iterator[tuple[str, str]]:
    """The format of scenario files, from their JSON Schema."""
    from sim.loading import schema

    whole = schema()
    text = heading("The format of scenario files")
    text += "What ``sim schema`` prints, as a page; an editor that has it completes files.\n\n"
    for name, part in {"Scenario": whole, **whole["$defs"]}.items():
        if "properties" not in part:
            continue
        text += f".. _format-{name.lower()}:\n\n" + heading(name, "-")
        needed = part.get("required", [])
        rows = [
            [
                f"``{key}``",
                kind_of(told),
                plain(told.get("description", "")) + (" Needed." * (key in needed)),
            ]
            for key, told in part["properties"].items()
        ]
        text += table(["key", "is", "meaning"], rows)
    yield "format", text


def kind_of(told: dict[str, Any]) -> str:
    """What a value may be, with links to the parts of the format that it is made of."""
    if "$ref" in told:
        name = told["$ref"].rpartition("/")[2]
        return f":ref:`{name} <format-{name.lower()}>`" if name != "Parameters" else "group"
    if "enum" in told or "const" in told:
        return ", ".join(f"``{x}``" for x in told.get("enum", [told.get("const")]))
    if "anyOf" in told or "oneOf" in told:
        kinds = [kind_of(one) for one in told.get("anyOf", told.get("oneOf", []))]
        return " or ".join(dict.fromkeys(k for k in kinds if k != "null"))
    inner = told.get("items") or told.get("additionalProperties")
    kind = told.get("type", "any")
    kind = " or ".join(kind) if isinstance(kind, list) else kind
    words = {"array": "list", "object": "by name", "string": "text", "boolean": "yes or no"}
    kind = words.get(kind, kind)
    return f"{kind}, each {kind_of(inner)}" if isinstance(inner, dict) and inner else kind


def scenarios() -> Iterator[tuple[str, str]]:
    """A page for each shipped scenario: what it is, its verdict, its file."""
    import sim
    from sim.feasibility.words import answer
    from sim.library import shipped_file, shipped_names

    names = list(shipped_names())
    rows = []
    for name in names:
        file, s = shipped_file(name), sim.load(name)
        assert file is not None
        told = [s.document.description, s.document.source and f"Source: {s.document.source}"]
        verdict = "a classical game"
        if s.document.form == "dispute":
            verdict = answer(sim.explain(s, draws=0, with_thresholds=False))
        rows.append([f":doc:`{name} <{name}>`", plain(s.title), plain(verdict)])
        text = heading(plain(s.title)) + "".join(f"{plain(line)}\n\n" for line in told if line)
        text += f"**{plain(verdict)}**\n\n" + code(file.read_text(encoding="utf-8"), "yaml")
        yield f"scenarios/{name}", text
    listed = table(["name", "title", "verdict at its own values"], rows)
    yield "scenarios/index", heading("Scenarios") + listed + toctree(names)


def gallery() -> Iterator[tuple[str, str]]:
    """Every figure with its line; a picture where README has one."""
    from sim.plots import PLOTS

    text = heading("Figures")
    for name, plot in PLOTS.items():
        text += heading(name, "-") + f"{plain(plot.description)} (from a {plot.needs})\n\n"
        picture = ROOT / "notebooks" / "figures" / f"{name}.png"
        if picture.is_file():
            text += f".. image:: notebooks/figures/{name}.png\n   :alt: {name}\n\n"
        text += f".. autofunction:: sim.plots.{plot.folder}.{name}.{name}\n\n"
    yield "gallery", text


def interface() -> Iterator[tuple[str, str]]:
    """What ``import sim`` gives."""
    import inspect

    import sim

    text = heading("From Python")
    for name in sim.__all__:
        found = getattr(sim, name)
        if inspect.ismodule(found):
            continue
        kind = "class" if inspect.isclass(found) else "function"
        text += (
            heading(f"sim.{name}", "-") + f".. auto{kind}:: {found.__module__}.{found.__name__}\n\n"
        )
    yield "interface", text


def sources() -> Iterator[tuple[str, str]]:
    """The bibliography, to which docstrings refer by key."""
    from sim.citing import entries

    text = heading("Sources")
    for key, entry in entries().items():
        words = {
            k: re.sub(r"[{}]", "", v) for k, v in re.findall(r"(\w+)\s*=\s*\{+(.*?)\}+,?\n", entry)
        }
        said = ". ".join(
            words[k] for k in ("author", "year", "title", "journal", "publisher") if k in words
        )
        text += f".. [{key}] {plain(said)}\n"
    yield "sources", text


def front() -> Iterator[tuple[str, str]]:
    """README as the first page, and the tree of all."""
    notebooks = [f"notebooks/{file.stem}" for file in sorted((ROOT / "notebooks").glob("*.ipynb"))]
    names = ["concepts/index", "constraints", "format", "scenarios/index", "gallery", "interface"]
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    text = text.replace("(scenarios/README.md)", "(scenarios/index.rst)")
    text = re.sub(r"\]\((CONTRIBUTING|CHANGELOG)\.md\)", r"](\1.md)", text)
    text = re.sub(r"\[([^]]*)\]\((?:CITATION\.cff|LICENSE)\)", r"\1", text)
    listed = "\n".join([*names, *notebooks, "sources", "CONTRIBUTING", "CHANGELOG"])
    yield "index.md", f"{text}\n```{{toctree}}\n:hidden:\n\n{listed}\n```\n"


def write_pages() -> None:
    """All pages and what they show, into the folder that Sphinx reads."""
    shutil.rmtree(PAGES, ignore_errors=True)
    makers = (front, concepts, constraints, file_format, scenarios, gallery, interface, sources)
    for maker in makers:
        for name, text in maker():
            target = PAGES / (name if name.endswith(".md") else f"{name}.rst")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    for file in ("CONTRIBUTING.md", "CHANGELOG.md"):
        shutil.copy(ROOT / file, PAGES / file)
    shutil.copytree(ROOT / "notebooks" / "figures", PAGES / "notebooks" / "figures")
    for file in (ROOT / "notebooks").glob("*.ipynb"):
        shutil.copy(file, PAGES / "notebooks" / file.name)


def tidy(app: Any, what: str, name: str, found: Any, options: Any, lines: list[str]) -> None:
    """Formulas of a definition as they are written: set apart they are literal, and ``s_-i`` is no link."""
    out: list[str] = []
    for line in lines:
        starts = line.startswith("    ") and out and not out[-1].strip()
        told = [one for one in out if one.strip()]
        if what == "module" and starts and told and not told[-1].startswith(("    ", "* ", "- ")):
            out += [] if told[-1].endswith("::") else ["::", ""]
        elif "``" not in line and not line.startswith("    "):
            line = re.sub(r"(?<=[a-zA-Z0-9])_(?=[-\\s,;.)])", r"\\_", line)
        out.append(line)
    lines[:] = out


class _Links(HTMLParser):
    """Where a page leads, and the places in it that can be led to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.to: list[str] = []
        self.places: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.to += [known[k] or "" for k in ("href", "src") if known.get(k)]
        self.places.update(known[k] or "" for k in ("id", "name") if known.get(k))


def dead_links(site: Path) -> list[str]:
    """Links of a site to pages, files or places in pages that are not there."""
    files = [file for file in site.rglob("*.html") if "_static" not in file.relative_to(site).parts]
    pages = {file: _Links(file.read_text(encoding="utf-8")) for file in files}
    out = []
    for file, page in pages.items():
        for link in page.to:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (file.parent / unquote(parts.path)).resolve() if parts.path else file
            place = unquote(parts.fragment)
            known = pages.get(target)
            lost = known is not None and place and place not in known.places
            if not target.exists() or lost:
                out.append(f"{file.relative_to(site)}: {link}")
    return sorted(set(out))


def main() -> int:
    """Write the pages, build the site, and check where its links lead."""
    from sphinx.application import Sphinx

    sys.path.insert(0, str(ROOT))
    write_pages()
    shutil.rmtree(SITE, ignore_errors=True)
    app = Sphinx(PAGES, None, SITE, BUILD / "website-trees", "html", CONFIGURATION, freshenv=True)
    app.connect("autodoc-process-docstring", tidy)
    app.build()
    dead = dead_links(SITE)
    if dead:
        print("\n".join(dead), file=sys.stderr)
    print(f"{SITE}: {len(list(SITE.rglob('*.html')))} pages, {len(dead)} links that lead nowhere")
    return 1 if dead or app.statuscode else 0


if __name__ == "__main__":
    sys.exit(main())
