"""Peak memory and processor time of a forecast of a tiny world, with its draws in a folder and without.

    python tests/benchmarks/forecast_memory.py [DRAWS ...]

By default 10,000 and 100,000 draws; every forecast is a process of its own, and the kernel tells its peak. A
hundred thousand draws take a minute and a half.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

TINY = """
title: A tiny world
parameters:
  gain: {value: 0.2, range: [-1, 1.5], source: assumed}
  calm: {value: 0.15, range: [0.05, 0.3], source: assumed}
  mood: {value: -1, source: assumed}
issues: {peace: {no: {}, yes: {signed: 1}}}
outcomes: {treaty: signed}
actors: {a: {role: principal}, b: {role: principal}}
payoffs: {a: {x: gain*signed}, b: {x: mood*signed}}
game: [{offer: a}, {reply: b}]
dynamics:
  report: 20
  discount: {a: 0.9, b: 0.9}
  proposer: {a: 0.5, b: 0.5}
  world:
    b: {now: cold, levels: {cold: {mood: -1}, cool: {mood: -0.2}, warm: {mood: 1}},
        moves: {cold: {cool: calm}, cool: {warm: calm, cold: 0.1}, warm: {cool: 0.1}}}
"""
RUN = """
import json, resource, sys
import sim
found = sim.forecast(sim.load(sys.argv[1]), draws=int(sys.argv[2]), out=sys.argv[3] or None)
text = json.dumps(found.to_dict(found.years)) + str(found)
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps([used.ru_maxrss / 1024, used.ru_utime + used.ru_stime, found.chance(found.years[-1])]))
"""


def measured(file: Path, draws: int, folder: str) -> list[float]:
    """Peak in MiB, seconds of processor time, and the chance that was found."""
    words = [sys.executable, "-c", RUN, str(file), str(draws), folder]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    found: list[float] = json.loads(done.stdout)
    return found


def main() -> None:
    """One line a forecast."""
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "tiny.yaml"
        file.write_text(TINY)
        for draws in map(int, sys.argv[1:] or ("10000", "100000")):
            for folder in ("", str(Path(place) / f"{draws}")):
                peak, seconds, chance = measured(file, draws, folder)
                where = "in a folder" if folder else "in memory"
                print(
                    f"{draws:>9,} draws {where}: {peak:.0f} MiB, {seconds:.0f} s, {chance:.12f}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
