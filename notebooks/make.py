"""Execute the notebooks in place and draw the gallery of README: ``python notebooks/make.py``.

Needs the extra ``test``. Outputs are committed; a test executes the notebooks again and compares.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FIGURES = HERE / "figures"
KURIL = HERE.parent / "scenarios" / "kuril"
DPI = 80
SECONDS = 600


def execute(path: Path) -> Any:
    """A notebook with fresh outputs, run in its own folder."""
    import nbformat
    from nbclient import NotebookClient

    os.environ.setdefault("JUPYTER_PLATFORM_DIRS", "1")
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook,
        timeout=SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        record_timing=False,
    ).execute()
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            _shorten(output)
    return notebook


def _shorten(output: Any) -> None:
    """Where there is a table, the record's whole text beside it would only take room."""
    data = output.get("data", {})
    if "text/html" in data:
        data["text/plain"] = data["text/plain"].partition("(")[0]


def gallery() -> dict[str, Any]:
    """The pictures of README, by name."""
    import numpy as np
    import sim
    from sim import plots, views
    from sim.beliefs.over_plane import over_plane

    s = sim.load(KURIL / "2018.yaml")
    verdict = sim.explain(s)
    grid = sim.sweep(s, name="landscape")
    axes: dict[str, Any] = {"x": "moscow.nationalism", "y": "tokyo.minimum"}
    disputes = {file.stem: sim.load(file) for file in sorted(KURIL.glob("*.yaml"))}
    record = {name: d for name, d in disputes.items() if d.document.observed is not None}
    window = sim.load(KURIL / "future-postwar.yaml")
    own = {name: d.values for name, d in record.items()}
    fine = np.linspace(0, 1, 41)
    plane = over_plane(s, axes["x"], axes["y"], x_values=fine, y_values=fine)
    line = sim.frontier(s, vary=dict.fromkeys(axes.values(), (0, 1)))
    ahead = sim.forecast(sim.load(KURIL / "horizon.yaml"))
    return {
        "landscape": plots.landscape(grid, **axes, episodes=own, beliefs=plane, outline=line),
        "margin_map": plots.margin_map(grid, **axes),
        "ladder": plots.ladder(verdict),
        "terms": plots.terms(verdict),
        "tornado": plots.tornado(verdict),
        "win_sets": plots.win_sets(views.win_sets(s)),
        "utility_space": plots.utility_space(views.utility_space(window)),
        "forecast": plots.forecast(ahead),
        "timeline": sim.plot("timeline", KURIL),
    }


def main() -> int:
    """Write all outputs and pictures."""
    import nbformat
    from sim.plots import save

    FIGURES.mkdir(exist_ok=True)
    for name, ax in gallery().items():
        print(save(ax, FIGURES / f"{name}.png", dpi=DPI))
    for path in sorted(HERE.glob("*.ipynb")):
        nbformat.write(execute(path), path)
        print(f"{path} {path.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
