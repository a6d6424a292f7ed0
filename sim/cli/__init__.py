"""The command line: one verb per file, imported only when it is called.

``VERBS`` is the visible table: a new verb is one new file with a click command of the same name,
and one line here. Results go to standard output, progress and messages to standard error. Exit
codes: 0 done, 1 an analysis that ended with a failed check, 2 bad input or usage, 70 an error that
nobody foresaw (its traceback is in a file), 130 interrupted. Help is printed before click is imported.
"""

from __future__ import annotations

import sys

COLLECT = 200_000, 20, 50
"""How seldom a command collects reference cycles: it makes few, and most of what it makes is not garbage."""
PURPOSE = "When does a treaty become feasible, what does it contain, and what blocks it."

VERBS: dict[str, str] = {
    "new": "Write a commented scenario file to start from.",
    "check": "Validate scenario files; one line per error.",
    "solve": "Equilibria of a scenario or game under named concepts.",
    "explain": "The verdict: feasible or not, which rung fails, what binds.",
    "forecast": "The chance of a treaty by year, in a world that moves.",
    "sweep": "Evaluate a scenario over many parameter values.",
    "analyse": "What a run says: how often feasible, what blocks it, what matters, where.",
    "serve": "A dispute on sliders: a page in the browser, on this machine only.",
    "report": "One HTML page: verdict, reasons, inputs with sources, figures, provenance.",
    "frontier": "Where a treaty is feasible over whole ranges: proved, not sampled.",
    "plot": "Draw a figure from a run or a scenario.",
    "compare": "Scenarios side by side: verdicts, who blocks, terms, chances by year.",
    "diff": "How two scenarios differ: numbers with sources, formulas, constraints.",
    "backcast": "Test the model against disputes whose outcome is known.",
    "calibrate": "How well the ranges of assumed parameters fit known episodes.",
    "baserate": "How often disputes of a kind were settled: the outside view.",
    "export": "A game as a Gambit file; a run as CSV, Excel, Parquet, NetCDF.",
    "list": "Shipped scenarios, concepts, constraints, plots, protocols, a file's parameters.",
    "cite": "BibTeX of the program, of concepts, of sources.",
    "schema": "The JSON Schema of scenario files, for editors.",
    "doctor": "Versions, extras, engines, fonts and folders, for bug reports.",
}


def main() -> None:
    """Run the command line and exit with its code."""
    if sys.argv[1:] in (["--help"], ["-h"]) and _helped():
        return
    import gc
    import os
    import warnings

    from sim._kernels.lazily import imported_later

    gc.set_threshold(*COLLECT)
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    imported_later(
        "importlib.metadata", ["entry_points"]
    )  # for plug-ins of pydantic: there are none
    warnings.formatwarning = _as_note
    code = run(sys.argv[1:])
    gc.freeze()  # the system takes the memory back: nothing is sought in it when the interpreter ends
    sys.exit(code)


def _helped() -> bool:
    """Whether help could be printed as it is; otherwise what goes wrong is told the usual way."""
    from sim.cli.shared.quick_help import columns_of_terminal, quick_help

    try:
        sys.stdout.write(quick_help("sim", PURPOSE, VERBS, columns_of_terminal()) + "\n")
        sys.stdout.flush()
    except (AttributeError, OSError, ValueError):
        return False
    return True


def _as_note(message: Warning | str, category: type[Warning], *_: object, **__: object) -> str:
    """A warning without the line of the program that it came from."""
    own = category.__module__.startswith("sim.")
    return f"note: {message}\n" if own else f"{category.__name__}: {message}\n"


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code; every error is a message, never a traceback."""
    from sim.cli.shared.verbs import run_command

    return run_command(arguments, VERBS, PURPOSE)
