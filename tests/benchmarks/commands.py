"""Processor seconds of commands, with the aims beside the ratios.

    python tests/benchmarks/commands.py [--base DIR [--old-files]] [--repeat 3]

Every command is run as a process of its own, one after the other, and its user and system seconds are read
from the kernel, so that work beside it on the machine counts little; medians of several runs. ``DIR`` is a
checkout of an older release, which the same commands are run in, in turns; without it only the ratios
between commands of this tree are printed. With ``--old-files`` both trees read the scenario files of the
older one (in this tree's copy the sign of ``temptation`` is turned, whose definition has changed since).
Byte code is kept apart per tree and is there before anything is measured.
"""

import argparse
import os
import platform
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parents[2]
KURIL = "scenarios/kuril/2018.yaml"
SIM = [sys.executable, "-m", "sim"]
COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "sim --help": [*SIM, "--help"],
    "sim check 2018": [*SIM, "check", KURIL],
    "sim explain 2018": [*SIM, "explain", KURIL],
    "sim report 2018": [*SIM, "report", KURIL, "--out", "{out}/report.html"],
    "sim backcast": [*SIM, "backcast"],
    "sim calibrate": [*SIM, "calibrate", "scenarios/kuril", "--points", "8192"],
}
AGAINST_BASE = {"sim check 2018": 2, "sim report 2018": 5, "sim backcast": 5, "sim calibrate": 5}
"""How many times as fast as the older release."""
FIRST = """
import io, os, sys, time
class Raw(io.RawIOBase):
    def writable(self): return True
    def write(self, data):
        text = bytes(data)
        if {word!r} in text and not seen: seen.append(time.process_time())
        return len(text)
seen = []
sys.stdout = io.TextIOWrapper(io.BufferedWriter(Raw()), encoding="utf-8")
sys.argv = ["sim", *sys.argv[1:]]
from sim.cli import main
try: main()
except SystemExit: pass
sys.stdout.flush()
print(seen[0], file=sys.stderr)
"""
"""Runs a command and tells the processor seconds at which a word of its output was flushed."""


def environment(tree, caches):
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    name = str(tree.resolve()).strip("/").replace("/", "-")
    return kept | {
        "PYTHONPATH": str(tree.resolve()),
        "PYTHONPYCACHEPREFIX": str(Path(caches, name)),
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MPLBACKEND": "Agg",
    }


def with_old_files(base, folder):
    """A folder with the scenario files of an older release, as this tree reads them."""
    shutil.copytree(Path(base, "scenarios"), Path(folder, "scenarios"))
    for file in Path(folder, "scenarios").rglob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        file.write_text(re.sub(r'(temptation: )"-', r'\1"', text), encoding="utf-8")
    return Path(folder)


def seconds(command, tree, caches, where):
    """User and system seconds of a command, which must end well (1: an analysis said no)."""
    words = [word.replace("{out}", caches) for word in command]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        words, cwd=where.get(tree, tree), env=environment(tree, caches), capture_output=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode in (0, 1), (words, done.stderr.decode()[-2000:])
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def verdict_seconds(tree, caches):
    """Processor seconds until ``sim explain`` has printed and flushed its verdict."""
    words = [sys.executable, "-c", FIRST.format(word=b"easible"), "explain", KURIL]
    done = subprocess.run(words, cwd=tree, env=environment(tree, caches), capture_output=True)
    return float(done.stderr.decode().split()[-1])


def measured(trees, caches, repeat, only, where):
    """Medians per tree and command, the trees in turns."""
    found = {}
    for name, command in COMMANDS.items():
        if only and not any(word in name for word in only):
            continue
        runs = {tree: [] for tree in trees}
        for round_ in range(repeat + 1):
            for tree in trees:
                took = seconds(command, tree, caches, where)
                runs[tree] += [took] if round_ else []
        for tree in trees:
            found[tree, name] = statistics.median(runs[tree])
    if not only or "explain" in only:
        found[trees[0], "verdict"] = statistics.median(
            verdict_seconds(trees[0], caches) for _ in range(repeat)
        )
    return found


def row(what, ratio, aim, *, at_least):
    met = "met" if (ratio >= aim if at_least else ratio <= aim) else "NOT met"
    print(f"| {what} | {ratio:.2f} | {'at least' if at_least else 'at most'} {aim:g} | {met} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, help="a checkout of an older release")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--only", nargs="*", default=[], help="commands whose name holds a word")
    parser.add_argument("--old-files", action="store_true", help="both trees read the older files")
    options = parser.parse_args()
    trees = [HERE] + ([options.base] if options.base else [])
    with tempfile.TemporaryDirectory() as caches:
        old = options.base and options.old_files
        where = {HERE: with_old_files(options.base, Path(caches, "old"))} if old else {}
        found = measured(trees, caches, options.repeat, options.only, where)
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores;")
    print(f"processor seconds, medians of {options.repeat}\n")
    print("| command | now | before |\n|---|---:|---:|")
    for name in COMMANDS:
        if (HERE, name) in found:
            before = f"{found[options.base, name]:.3f}" if options.base else ""
            print(f"| {name} | {found[HERE, name]:.3f} | {before} |")
    if (HERE, "verdict") in found:
        print(f"| sim explain 2018, up to its verdict | {found[HERE, 'verdict']:.3f} | |")
    print("\n| ratio | measured | aim | |\n|---|---:|---:|---|")
    between(found)
    for name, aim in AGAINST_BASE.items():
        if options.base and (HERE, name) in found:
            times = found[options.base, name] / found[HERE, name]
            row(f"{name}: times as fast as before", times, aim, at_least=True)


def between(found):
    """Ratios between commands of this tree."""
    pairs = [
        ("sim --help", "python -c pass", 2.0),
        ("verdict", "sim check 2018", 1.5),
        ("sim explain 2018", "sim check 2018", 3.0),
    ]
    for name, other, aim in pairs:
        if {(HERE, name), (HERE, other)} <= found.keys():
            row(f"{name} / {other}", found[HERE, name] / found[HERE, other], aim, at_least=False)


if __name__ == "__main__":
    main()
