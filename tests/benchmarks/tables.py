"""Every table of speed in CONTRIBUTING.md, measured again by one command, with the aims beside the ratios.

    python tests/benchmarks/tables.py [--quick] [--base CHECKOUT] [--only WORD ...]

Run it from the top of the repository on a machine with two idle cores. It takes about half an hour;
``--quick`` takes some minutes and is less exact. ``CHECKOUT`` is an older release, which commands and engines
are set beside; without it their ratios to it are left out. Extras that are not installed leave their rows
out, and without a graphics card the tables of one say so.
"""

import argparse
import os
import platform
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

HERE = Path(__file__).parent
PACKAGES = ("numpy", "scipy", "pyarrow", "numba", "distributed", "quantecon", "pygambit")
SCRIPTS = {
    "commands.py": ([], ["--repeat", "1"]),
    "engines.py": ([], []),
    "cells.py": ([], []),
    "card.py": (["build/card"], ["build/card", "50"]),
    "sweep_kuril.py": (["1000"], ["200"]),
    "sweep_scale.py": (["10_000_000"], ["300_000"]),
    "sweep_pure_nash.py": (["1_000_000"], ["200_000"]),
    "frontier_kuril.py": ([], []),
    "dynamics.py": (["64"], ["16"]),
    "concepts.py": ([], ["2000", "10"]),
}
"""The arguments of each, at length and in a hurry."""
BESIDE_OLDER = {"commands.py": ["--base"], "engines.py": []}
"""What stands before the path of an older checkout, where one can be given."""


def machine():
    """The processor, its cores and the versions of what is measured, in a sentence."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    found = []
    for package in PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    return (
        f"{os.cpu_count()} cores of {names[0] if names else platform.processor()}, "
        f"Python {platform.python_version()}, {', '.join(found)}"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller sizes, less exact")
    parser.add_argument("--base", type=Path, help="a checkout of an older release")
    parser.add_argument("--only", nargs="*", default=[], help="scripts whose name holds a word")
    options = parser.parse_args()
    print(f"Measured on {machine()}.", flush=True)
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    failed = []
    for script, sizes in SCRIPTS.items():
        if options.only and not any(word in script for word in options.only):
            continue
        arguments = list(sizes[options.quick])
        if options.base and script in BESIDE_OLDER:
            arguments += [*BESIDE_OLDER[script], str(options.base)]
        print(f"\n`{script}`\n", flush=True)
        words = [sys.executable, HERE / script, *arguments]
        failed += [script] if subprocess.run(words, env=environment).returncode else []
    if failed:
        sys.exit(f"these failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
