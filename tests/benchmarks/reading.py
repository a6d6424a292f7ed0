"""Peak memory of whoever reads a large run: figures, analyses, frames and files for other programs.

    python tests/benchmarks/reading.py [SIDE] [WORD ...]

Makes a grid of SIDE by SIDE points of the Kuril file (3,163: ten million) and as many Sobol points, and runs
every command whose name holds a WORD (all by default) as a process of its own; the kernel tells its peak.
CSV takes minutes.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parents[2]
FILE = HERE / "scenarios" / "kuril" / "2018.yaml"
SIM = [sys.executable, "-m", "sim"]
AIM = 1024
"""MiB at most."""
PEAK = """
import json, resource, subprocess, sys
done = subprocess.run(sys.argv[1:], capture_output=True, text=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
seconds = used.ru_utime + used.ru_stime
print(json.dumps([done.returncode, used.ru_maxrss / 1024, seconds, done.stderr[-500:]]))
"""
FRAME = "import sim, sys; print(sim.open_run(sys.argv[1]).to_frame().shape)"


def commands(grid, points, out):
    """By name what reads a run."""
    figures = {
        name: [*SIM, "plot", name, grid, "--out", f"{out}/{name}.png"]
        for name in ("landscape", "margin_map", "margin", "binding")
    }
    figures |= {
        name: [*SIM, "plot", name, points, "--out", f"{out}/{name}.png"]
        for name in ("discovery", "cart")
    }
    files = {
        f"export {to}": [*SIM, "export", points, "--to", to, "--out", f"{out}/run.{to}"]
        for to in ("parquet", "csv")
    }
    files["export netcdf"] = [*SIM, "export", grid, "--to", "netcdf", "--out", f"{out}/run.nc"]
    return {
        **{f"plot {name}": words for name, words in figures.items()},
        "analyse, grid": [*SIM, "analyse", grid],
        "analyse, Sobol": [*SIM, "analyse", points],
        "to_frame": [sys.executable, "-c", FRAME, points],
        **files,
    }


def peak(words):
    """Exit code, MiB, processor seconds and messages of a command."""
    said = subprocess.run(
        [sys.executable, "-c", PEAK, *words],
        env=os.environ | {"PYTHONPATH": str(HERE), "MPLBACKEND": "Agg"},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(said.stdout)


def main():
    side = int(sys.argv[1]) if len(sys.argv) > 1 else 3163
    with tempfile.TemporaryDirectory() as folder:
        grid, points = f"{folder}/grid", f"{folder}/points"
        vary = ("moscow.nationalism", "tokyo.minimum")
        lines = [word for path in vary for word in ("--vary", f"{path}=0:1:{side}")]
        spans = [word for path in vary for word in ("--vary", f"{path}=0:1")]
        peak([*SIM, "sweep", str(FILE), *lines, "--out", grid])
        sobol = ["--design", "sobol", "--points", str(side**2), "--out", points]
        peak([*SIM, "sweep", str(FILE), *spans, *sobol])
        print(f"| {side**2:,} points | MiB | aim | processor seconds |\n|---|---:|---:|---:|")
        for name, words in commands(grid, points, folder).items():
            if len(sys.argv) < 3 or any(word in name for word in sys.argv[2:]):
                code, mib, seconds, message = peak(words)
                assert code == 0, message
                print(f"| {name} | {mib:,.0f} | {AIM:,} at most | {seconds:.0f} |", flush=True)


if __name__ == "__main__":
    main()
