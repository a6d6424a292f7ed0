"""The notebooks run from beginning to end, and what they printed when committed is what they print now."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
LIMIT = 600_000
"""Bytes: five figures, and a table of all inputs with their labels and sources."""

pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")


def maker() -> Any:
    """The module ``notebooks/make.py``."""
    spec = importlib.util.spec_from_file_location("make_notebooks", FOLDER / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def printed(notebook: Any) -> list[str]:
    """What every code cell printed."""
    return [
        "".join("".join(o["text"]) for o in cell["outputs"] if o["output_type"] == "stream")
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    ]


def kinds(notebook: Any) -> list[list[str]]:
    """What kinds of results every code cell shows."""
    return [
        [kind for o in cell["outputs"] for kind in sorted(o.get("data", {}))]
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    ]


def test_there_are_six() -> None:
    assert [path.stem[:2] for path in NOTEBOOKS] == ["01", "02", "03", "04", "05", "06"]


LONG = ("04", "05", "06")
"""Notebooks that take longest to run: their outputs are held by the slow tests."""
TIERS = [
    pytest.param(p, id=p.stem, marks=pytest.mark.slow if p.stem.startswith(LONG) else ())
    for p in NOTEBOOKS
]


@pytest.mark.parametrize("path", TIERS)
@pytest.mark.filterwarnings("ignore")  # those of the machinery that runs kernels are not ours
def test_a_notebook_runs_and_prints_what_is_committed(path: Path) -> None:
    committed = json.loads(path.read_text(encoding="utf-8"))
    fresh = maker().execute(path)
    assert printed(fresh) == printed(committed), "run: python notebooks/make.py"
    assert kinds(fresh) == kinds(committed)


LONG = ("04", "05", "06")
"""Notebooks that take longest to run: their outputs are held by the slow tests."""
TIERS = [
    pytest.param(p, id=p.stem, marks=pytest.mark.slow if p.stem.startswith(LONG) else ())
    for p in NOTEBOOKS
]


@pytest.mark.parametrize("path", TIERS)
def test_a_notebook_is_small_whole_and_explains_its_figures(path: Path) -> None:
    assert path.stat().st_size < LIMIT
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert cells[0]["source"][0].startswith("# ")
    for k, cell in enumerate(cells):
        if cell["cell_type"] == "code":
            assert cell["execution_count"]
            assert not [o for o in cell["outputs"] if o["output_type"] == "error"]
            if any("image/png" in o.get("data", {}) for o in cell["outputs"]):
                prose = next(c for c in cells[k + 1 :] if c["cell_type"] == "markdown")
                words = "".join(prose["source"]).partition("\n## ")[0]
                assert len(re.findall(r"[.!?](?:\s|$)", words)) >= 2, words


def test_the_gallery_shows_figures_of_the_table() -> None:
    import sim.plots

    pictures = {path.stem for path in (FOLDER / "figures").glob("*.png")}
    readme = (FOLDER.parent / "README.md").read_text(encoding="utf-8")
    assert pictures
    assert pictures <= set(sim.plots.PLOTS)
    for name in pictures:
        assert f"notebooks/figures/{name}.png" in readme
        assert (FOLDER / "figures" / f"{name}.png").stat().st_size < 100_000
