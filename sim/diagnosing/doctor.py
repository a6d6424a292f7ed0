"""What a bug report has to say of an installation: versions, extras, engines, fonts, folders."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sim._kernels.shown import Heading, Part, Shown, Table

NEEDED = (
    "numpy",
    "scipy",
    "nashpy",
    "matplotlib",
    "pydantic",
    "ruamel.yaml",
    "PyYAML",
    "click",
    "rich",
    "pyarrow",
    "xarray",
    "pandas",
    "jinja2",
)
EXTRAS = {
    "fast": ("numba", "llvmlite"),
    "discovery": ("scikit-learn",),
    "cluster": ("dask", "distributed"),
    "app": ("anywidget",),
    "notebooks": ("jupyterlab", "anywidget"),
}
SCRIPTS = {
    "Latin": "Aé",
    "Cyrillic": "Жя",
    "Japanese": "東の",
    "Chinese": "国",
    "Arabic": "ع",
    "Hebrew": "א",
}
"""Letters that tell whether figures can be written in a script."""
MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Installation(Shown):
    """What is installed, and where: nothing of the user's own.

    Parameters
    ----------
    found
        By heading, what there is by name.
    """

    found: Mapping[str, Mapping[str, str]]

    @property
    def missing(self) -> tuple[str, ...]:
        """Packages that the program needs and that are not there."""
        return tuple(k for k, there in self.found["packages"].items() if there == MISSING)

    def __repr__(self) -> str:
        return f"<Installation of treatysim {self.found['program']['version']}>"

    def parts(self) -> Iterator[Part]:
        """A table per heading."""
        yield Heading(f"treatysim {self.found['program']['version']}")
        for name, rows in self.found.items():
            yield Table(("", ""), [*rows.items()], heading=name)

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data for JSON."""
        return {name: dict(rows) for name, rows in self.found.items()}


def doctor() -> Installation:
    """What is installed: paste it into a bug report. It sends nothing anywhere.

    Examples
    --------
    >>> here = doctor()
    >>> here.missing, sorted(here.found)
    ((), ['engines', 'extras', 'folders', 'fonts', 'packages', 'program'])
    """
    return Installation(
        found={
            "program": _program(),
            "packages": {name: _version(name) for name in NEEDED},
            "extras": {name: _extra(parts) for name, parts in EXTRAS.items()},
            "engines": _engines(),
            "fonts": _fonts(),
            "folders": _folders(),
        }
    )


def _program() -> dict[str, str]:
    from sim import __version__
    from sim.library import shipped_names

    return {
        "version": __version__,
        "Python": f"{platform.python_version()} ({platform.python_implementation()})",
        "system": platform.platform(),
        "encoding of the output": getattr(sys.stdout, "encoding", None) or "unknown",
        "shipped scenarios": str(len(shipped_names())),
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return MISSING


def _extra(parts: tuple[str, ...]) -> str:
    """The versions of an extra's packages, or how to get what is missing."""
    found = {name: _version(name) for name in parts}
    words = ", ".join(f"{name} {v}" for name, v in found.items())
    return words if MISSING not in found.values() else f"not installed ({words})"


def _engines() -> dict[str, str]:
    from sim.engine.machine import available

    return {
        "numpy": "yes",
        "compiled": "yes" if available() else "no: it needs the extra 'fast'",
        "workers of one machine": "yes",
        "workers of a cluster": "yes"
        if find_spec("distributed")
        else "no: it needs the extra 'cluster'",
    }


def _fonts() -> dict[str, str]:
    """The installed font that draws each script."""
    from sim.plots.drawing.letters import fonts_for

    return {
        script: fonts_for(letters) or "none: such letters are boxes in figures"
        for script, letters in SCRIPTS.items()
    }


def _folders() -> dict[str, str]:
    import matplotlib

    from sim.engine.machine import folder_of
    from sim.library import shipped_root

    kept = folder_of()
    return {
        "program": str(Path(__file__).resolve().parents[1]),
        "shipped scenarios": str(shipped_root() or "none"),
        "compiled code is kept in": "nowhere" if kept is None else str(kept),
        "fonts are listed in": matplotlib.get_cachedir(),
    }
