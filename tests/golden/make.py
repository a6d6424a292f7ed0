"""What every verb says of every shipped file, frozen: ``python tests/golden/make.py [WORD...]``.

It runs the commands, writes their JSON to the files beside this one, and prints what moved. WORDs choose
commands whose name has them all (``solve``, ``kuril-2018 explain``); ``--cheap`` leaves out the dear ones,
``--check`` writes nothing. Numbers are compared to 1e-9, long lists by a digest of theirs;
what varies between runs (versions, places, times) is left out.
"""

from __future__ import annotations

import contextlib
import hashlib
import inspect
import io
import json
import math
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TOLERANCE = 1e-9
"""Relative, and absolute below 1: what two machines may differ by in the last places."""
LONGEST_LIST, LONGEST_TEXT = 16, 300
"""What is longer is kept as a digest, so that all cases together stay below 1.5 MB."""
VOLATILE = {"version", "versions", "command", "seconds", "created", "python", "platform", "hash"}
VOLATILE |= {"origin", "engine", "files"}
"""Keys of what differs between runs, machines and versions."""
REPORTED = "scenarios/classics/fearon-ultimatum.yaml"
"""The file of whose report the headings are kept."""
PREFERRED = ("moscow.nationalism", "tokyo.minimum")
"""What is varied where a file has it; otherwise its first two parameters with a range."""


@dataclass(frozen=True)
class Case:
    """One command on one file; ``dear`` where it takes seconds."""

    group: str
    name: str
    words: tuple[str, ...]
    dear: bool = False


# --- the cases -------------------------------------------------------------------------------------------


def groups() -> dict[str, Path]:
    """Every shipped file by the name of its group; those that `sim new` copies are texts, and left out."""
    files = sorted((ROOT / "scenarios").glob("*/*.yaml"))
    files = [path for path in files if path.parent.name != "starts"]
    return {f"{path.parent.name}-{path.stem}": path for path in files}


def cases(group: str) -> list[Case]:
    """The commands on one file, or (``whole``) those that are about no single file."""
    if group == "whole":
        return _whole()
    import sim

    path = groups()[group]
    file = path.relative_to(ROOT).as_posix()
    scenario = sim.load(path)
    cheap = {
        "check": ("check", file, "--json"),
        "solve": ("solve", file, "--json"),
        "list parameters": ("list", "parameters", file, "--json"),
    }
    if scenario.document.form in ("strategic", "sequential"):
        cheap["export"] = ("export", file, "--to", "nfg")
    found = [Case(group, name, words) for name, words in cheap.items()]
    if scenario.document.form != "dispute":
        return found
    return [*found, *(Case(group, name, words, dear=True) for name, words in _dear(scenario, file))]


def _dear(scenario: Any, file: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The verbs that take seconds, on a dispute."""
    yield "explain", ("explain", file, "--json")
    if file == REPORTED:
        yield "report", ("report", file, "--out", "OUT/report.html")
    if scenario.document.dynamics is not None:
        yield "forecast", ("forecast", file, "--draws", "8", "--json")
    ranges = {path: p.range for path, p in scenario.document.parameters.items() if p.range}
    movable = [path for path, (lo, hi) in ranges.items() if lo < hi]
    if scenario.document.private:
        types = [t for a in scenario.document.actors.values() for t in a.types.values() if t.chance]
        prior = [path for path in movable if any(path in t.chance.names for t in types)]
        yield "frontier", ("frontier", file, f"--vary={prior[0]}", "--json")
        return
    chosen = [path for path in PREFERRED if path in movable] or movable[:2]
    if not chosen or len(movable) < 2:
        return
    yield (
        "frontier",
        ("frontier", file, *(f"--vary={path}" for path in chosen), "--limit", "60", "--json"),
    )
    vary = ["--vary={}={!r}:{!r}:4".format(path, *ranges[path]) for path in chosen]
    yield "sweep", ("sweep", file, *vary, "--engine", "numpy", "--out", "OUT/run", "--json")
    yield "analyse", ("analyse", "OUT/run", "--json")


def _whole() -> list[Case]:
    cheap = {
        f"list {kind}": ("list", kind, "--json")
        for kind in ("concepts", "constraints", "plots", "protocols")
    }
    cheap["baserate"] = ("baserate", "--json")
    cheap["baserate of a class"] = ("baserate", "--class", "claims", "--json")
    cheap["schema"] = ("schema",)
    cheap["backcast"] = ("backcast", "scenarios/controls", "--points", "16", "--json")
    dear = {
        "backcast kuril": ("backcast", "scenarios/kuril", "--points", "16", "--json"),
        "calibrate kuril": ("calibrate", "scenarios/kuril", "--points", "16", "--json"),
    }
    return [
        *(Case("whole", name, words) for name, words in cheap.items()),
        *(Case("whole", name, words, dear=True) for name, words in dear.items()),
    ]


# --- the door --------------------------------------------------------------------------------------------


def door() -> dict[str, Any]:
    """Every public name: the signature of a function, the public parts of a record or a room."""
    import sim

    return {name: _face(getattr(sim, name)) for name in sorted(sim.__all__)}


def _face(thing: Any) -> Any:
    if inspect.ismodule(thing):
        parts = {name: getattr(thing, name) for name in sorted(thing.__all__)}
        return {name: str(_face(part)) for name, part in parts.items() if callable(part)}
    if inspect.isclass(thing):
        return sorted(name for name in {*dir(thing), *_fields(thing)} if name[0] != "_")
    return str(inspect.signature(thing)) if callable(thing) else type(thing).__name__


def _fields(kind: type) -> Iterator[str]:
    """Fields that are not attributes of the class itself."""
    for base in kind.__mro__:
        yield from getattr(base, "__annotations__", {})


# --- running them ----------------------------------------------------------------------------------------


def outputs(chosen: list[Case]) -> dict[str, Any]:
    """What the commands print, in order, as data by the name of the case."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(ROOT):
        return {case.name: _output(case, folder) for case in chosen}


def _output(case: Case, folder: str) -> Any:
    from sim.cli import run

    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run([word.replace("OUT", folder) for word in case.words])
    text = out.getvalue()
    data = json.loads(text) if text.startswith(("{", "[")) else text
    if case.name == "report" and code == 0:
        page = (Path(folder) / "report.html").read_text(encoding="utf-8")
        data = re.findall(r"<h[12][^>]*>(.*?)</h[12]>", page, flags=re.DOTALL)
    elif case.name == "schema":
        data = {name: sorted(part.get("properties", {})) for name, part in data["$defs"].items()}
    found: dict[str, Any] = {"exit": code, "out": _plain(data, folder)}
    if code not in (0, 1):
        found["message"] = _plain(err.getvalue().splitlines()[:1], folder)
    return found


def _plain(data: Any, folder: str) -> Any:
    """Without what varies between runs; what is long as a digest."""
    if isinstance(data, dict):
        return {k: _plain(v, folder) for k, v in data.items() if k not in VOLATILE}
    if isinstance(data, list):
        items = [_plain(item, folder) for item in data]
        return items if len(items) <= LONGEST_LIST else digest(items)
    if isinstance(data, str):
        text = data.replace(folder, "OUT")
        return text if len(text) <= LONGEST_TEXT else digest(text)
    return data


def digest(data: Any) -> dict[str, Any]:
    """A few numbers that all numbers of ``data`` move, and a hash of all its words."""
    numbers: list[float] = []
    words: list[str] = []
    _leaves(data, numbers, words)
    count = max(len(numbers), 1)
    return {
        "items": len(data),
        "mean": math.fsum(numbers) / count,
        "size": math.fsum(map(abs, numbers)) / count,
        "order": math.fsum(x * math.sin(k + 1) for k, x in enumerate(numbers)) / count,
        "words": hashlib.sha256("\0".join(words).encode()).hexdigest()[:16],
    }


def _leaves(data: Any, numbers: list[float], words: list[str]) -> None:
    """All numbers and all words, in order; numbers inside texts are numbers."""
    if isinstance(data, dict):
        for key, value in data.items():
            words.append(str(key))
            _leaves(value, numbers, words)
    elif isinstance(data, list):
        for value in data:
            _leaves(value, numbers, words)
    elif isinstance(data, str):
        parts = re.split(r"(-?\d+(?:\.\d+)?(?:e[-+]?\d+)?)", data)
        words.extend(parts[::2])
        numbers.extend(map(float, parts[1::2]))
    elif data is None or isinstance(data, bool):
        words.append(str(data))
    else:
        numbers.append(float(data))


# --- comparing -------------------------------------------------------------------------------------------


def stored(group: str) -> dict[str, Any]:
    """What was frozen for a group; empty if nothing was."""
    path = HERE / f"{group}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def differences(old: Any, new: Any, where: str = "") -> Iterator[str]:
    """Where two outputs differ, one line each."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            path = f"{where}.{key}" if where else key
            if key not in new:
                yield f"{path}: gone, was {_short(old[key])}"
            elif key not in old:
                yield f"{path}: new, {_short(new[key])}"
            else:
                yield from differences(old[key], new[key], path)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for k, (a, b) in enumerate(zip(old, new, strict=True)):
            yield from differences(a, b, f"{where}[{k}]")
    elif not _same(old, new):
        yield f"{where}: {_short(old)} -> {_short(new)}"


def _same(old: Any, new: Any) -> bool:
    numbers = [type(x) in (int, float) for x in (old, new)]
    if all(numbers):
        return math.isclose(old, new, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return bool(old == new and not any(numbers))


def _short(data: Any) -> str:
    text = json.dumps(data, ensure_ascii=False)
    return text if len(text) <= 80 else text[:77] + "..."


# --- the command -----------------------------------------------------------------------------------------


def main(words: list[str]) -> int:
    """Freeze the chosen cases anew, or check them; say what moved."""
    flags = {word for word in words if word.startswith("--")}
    if unknown := flags - {"--cheap", "--check"}:
        print(f"no option {', '.join(sorted(unknown))}; legal: --cheap, --check")
        return 2
    wanted = [word for word in words if word not in flags]
    moved = 0
    for group in [*groups(), "whole"]:
        known = cases(group)
        chosen = [case for case in known if _is_wanted(case, wanted, cheap="--cheap" in flags)]
        if not chosen:
            continue
        old, new = stored(group), outputs(chosen)
        changes = [
            line
            for case in chosen
            for line in differences(old.get(case.name, {}), new[case.name], case.name)
        ]
        moved += len(changes)
        print(f"{group}: {len(chosen)} commands, {len(changes) or 'no'} differences")
        for line in changes[:12]:
            print(f"    {line}")
        if len(changes) > 12:
            print(f"    and {len(changes) - 12} more")
        if "--check" not in flags:
            kept = {case.name: new.get(case.name, old.get(case.name)) for case in known}
            _write(group, {name: data for name, data in kept.items() if data is not None})
    if not wanted or "api" in wanted:
        changes = [*differences(stored("api"), door())]
        moved += len(changes)
        print(
            "\n".join(
                [f"api: {len(changes) or 'no'} differences", *(f"    {line}" for line in changes)]
            )
        )
        if "--check" not in flags:
            _write("api", door())
    print(f"{moved or 'no'} differences in all")
    return 1 if moved and "--check" in flags else 0


def _is_wanted(case: Case, wanted: list[str], *, cheap: bool) -> bool:
    """Every word is part of the group's name or of the command's, if any are given."""
    return not (cheap and case.dear) and all(word in f"{case.group} {case.name}" for word in wanted)


def _write(group: str, data: dict[str, Any]) -> None:
    """One line for each case's top keys: compact, and still readable in a diff."""
    lines = []
    for name, found in data.items():
        if not isinstance(found, dict):
            lines.append(f" {json.dumps(name)}: {json.dumps(found)}")
            continue
        inner = ",\n".join(
            f"  {json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in found.items()
        )
        lines.append(f" {json.dumps(name)}: {{\n{inner}\n }}")
    (HERE / f"{group}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main(sys.argv[1:]))
