"""All that CONTRIBUTING.md says of the speed of sweeps and frontiers, measured again, as tables.

Run it from the top of the repository on a machine with two idle cores: ``python tests/benchmarks/sweeps.py``.
It takes about a quarter of an hour; ``--quick`` takes two minutes and is less exact. Extras that are not
installed leave their rows out.
"""

import os
import platform
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

HERE = Path(__file__).parent
PACKAGES = ("numpy", "scipy", "pyarrow", "numba", "distributed", "quantecon", "pygambit")
SIZES = {
    "sweep_pure_nash.py": (1_000_000, 200_000),
    "sweep_kuril.py": (1000, 200),
    "sweep_scale.py": (10_000_000, 300_000),
    "frontier_kuril.py": (None, None),
    "engines.py": (None, None),
    "cells.py": (None, None),
    "card.py": ("build/card", "build/card"),
}


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
    quick = "--quick" in sys.argv[1:]
    print(f"Measured on {machine()}.", flush=True)
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    for script, sizes in SIZES.items():
        size = sizes[quick]
        print(f"\n`{script}`\n", flush=True)
        arguments = [] if size is None else [str(size)]
        subprocess.run([sys.executable, HERE / script, *arguments], check=True, env=environment)


if __name__ == "__main__":
    main()
