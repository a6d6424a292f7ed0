"""Every verb on every small legal file: an answer or a sentence, never a traceback.

Files are put together from parts, each of which has an everyday value and others that leave something out:
no parameters, no ranges, nobody who signs, no third party, no constraint, no game, no treaty, one agreement,
all tied, three and four principals, and so on, beside the smallest file of each classical form. Verbs,
figures and what they need come from the command's own tables, so that a new one is tried without a word here.
"""

from __future__ import annotations

import itertools
import random
import re
import tempfile
from pathlib import Path

import click
import pytest
from sim.cli import PURPOSE, VERBS, run
from sim.cli.shared.verbs import Verbs
from sim.constraints import CONSTRAINTS
from sim.errors import SimError
from sim.games.protocols import PROTOCOLS
from sim.loading import loads
from sim.plots import PLOTS

# --- files -----------------------------------------------------------------------------------------------

ACTOR = {"a": "p*flow - 0.4*far", "b": "0.2*signed - q*far", "c": "0.1*signed", "d": "-0.1*far"}
PARAMETERS = {
    "ranges": "{p: {value: 0.5, range: [0, 1]}, q: {value: 0.3, range: [0.1, 0.9]}}",
    "one range": "{p: {value: 0.5, range: [0, 1]}, q: 0.3}",
    "no ranges": "{p: 0.5, q: {value: 0.3, source: a poll}}",
    "levels": "{p: {value: 1, levels: [0, 1, 2], range: [0, 2]}, q: {value: 0.3, range: [0.1, 0.9]}}",
    "a point": "{p: {value: 0.5, range: [0.5, 0.5]}, q: 0.3}",
    "none": "",
}
PRINCIPALS = {"two": "ab", "three": "abc", "four": "abcd", "one": "a", "nobody": ""}
THIRD_PARTIES = {
    "none": "",
    "one": "w: {role: third party, stances: {support: {}, oppose: {hostile: 1}}}",
    "mute": "w: {role: third party}",
    "two": "w: {role: third party, stances: {support: {}, oppose: {hostile: 1}}}, "
    "v: {role: third party, stances: {tolerate: {}, press: {push: 1}}}",
}
ISSUES = {
    "two": "{river: {none: {}, half: {flow: 0.5}, most: {flow: 0.8, far: 1}}, "
    "peace: {no: {}, yes: {signed: 1}}}",
    "one treaty": "{peace: {no: {}, yes: {signed: 1, flow: 1, far: 0}}}",
    "one agreement": "{peace: {no: {signed: 0, flow: 0, far: 0}}}",
    "one agreement, signed": "{peace: {yes: {signed: 1, flow: 0, far: 0}}}",
}
OUTCOMES = {
    "treaty": "{treaty: signed}",
    "and interim": "{treaty: signed, interim: flow > 0}",
    "no treaty": "{interim: signed}",
    "empty treaty": "{treaty: signed > 1}",
    "all treaties": "{treaty: '1'}",
    "none": "",
}
CONSTRAINT = {
    "ratification": "blocs: {x: {seats: 2, utility: flow - 0.2}, y: {seats: 1, utility: -far}}, quota: 0.5",
    "veto_player": "utility: flow - 0.1",
    "audience_cost": "promised: 1, conceded: flow, rate: 0.1",
    "legal_ban": "bans: far > 0",
    "public_opinion": "support: 0.6 - 0.2*far, threshold: 0.5",
    "consent": "clause: signed, gain: 0.1 - 0.2*far",
    "enforcement": "delta: 0.9, temptation: 0.2, punishment: -0.3",
}
GAMES = {
    "none": "",
    "offer": "[offer: a, reply: [REST]]",
    "ratified": "[offer: a, reply: [REST], ratify]",
    "by chance": "[offer: a, reply: [REST], ratify: {noise: 0.2}]",
    "kept": "[offer: a, reply: [REST], {implement: b, reneging: {a: -0.1, b: 0.1}}]",
    "stances": "[[w.stance], offer: a, reply: [REST]]",
    "at once": "[[a.demand, b.demand]]",
    **{f"protocol {name}": name for name in PROTOCOLS},
}
TIES = {"no": "", "all": "0"}
OBSERVED = {"none": "", "none signed": "{outcome: none, binding: a}", "signed": "{outcome: treaty}"}
DYNAMICS = {
    "none": "",
    "still": "report: 3",
    "two states": "report: 3, world: {f: {now: x, levels: {x: {}, y: {}}, moves: {x: {y: 0.3}}}}",
    "two years": "ends: 1, report: 4, period: {years: 2}",
}
PARTS = {
    "parameters": PARAMETERS,
    "principals": PRINCIPALS,
    "third parties": THIRD_PARTIES,
    "issues": ISSUES,
    "outcomes": OUTCOMES,
    "constraint": {"none": "", **CONSTRAINT},
    "game": GAMES,
    "tied": TIES,
    "observed": OBSERVED,
    "dynamics": DYNAMICS,
}
SMALLEST = {
    "strategic": "strategic: {actors: {a: [x], b: [y]}, payoffs: [[[1, 2]]]}",
    "strategic 2x2": "strategic: {actors: {a: [x, y], b: [x, y]}, payoffs: "
    "[[[0, 0], [0, 0]], [[0, 0], [0, 0]]]}",
    "tree": "tree: {actors: [a], outcomes: {o: [1]}, nodes: {start: {player: a, actions: {x: o}}}}",
}
CLASSICS = sorted((Path(__file__).parents[2] / "scenarios" / "classics").glob("*.yaml"))


def dispute(shape: dict[str, str]) -> str:
    """The file of a shape: for every part the name of one of its values."""
    given = {part: PARTS[part][name] for part, name in shape.items()}
    names = given["principals"]
    third = given["third parties"]
    actors = [*(f"{name}: {{role: principal}}" for name in names), *([third] if third else [])]
    terms = {name: given["tied"] or ACTOR[name] for name in names}
    hostile = {"w": "0.1*signed*hostile", "v": "0.1*push - 0.2*push*signed"}
    terms |= {
        name: term for name, term in hostile.items() if f"{name}: " in third and "stances" in third
    }
    payoffs = ", ".join(f"{name}: {{x: {_known(term, shape)}}}" for name, term in terms.items())
    lines = {
        "parameters": given["parameters"],
        "issues": given["issues"],
        "actors": f"{{{', '.join(actors)}}}",
        "payoffs": f"{{{payoffs}}}",
        "outcomes": given["outcomes"],
        "observed": given["observed"],
        "game": given["game"].replace("REST", ", ".join(names[1:])),
    }
    if given["dynamics"]:
        patient = ", ".join(f"{name}: 0.9" for name in names)
        lines["dynamics"] = f"{{discount: {{{patient}}}, proposer: a, {given['dynamics']}}}"
    if given["constraint"]:
        kind = shape["constraint"]
        place = "domestic" if CONSTRAINTS[kind].rung == "home" else "abroad"
        owner = "w" if place == "abroad" and "w:" in third else "a"
        lines[place] = f"{{{owner}: {{{kind}: {{type: {kind}, {given['constraint']}}}}}}}"
    return "".join(f"{key}: {text}\n" for key, text in lines.items() if text)


def _known(term: str, shape: dict[str, str]) -> str:
    """The term with numbers in the place of parameters, where the file has none."""
    if PARTS["parameters"][shape["parameters"]]:
        return term
    return re.sub(r"\bp\b", "0.5", re.sub(r"\bq\b", "0.3", term))


def shapes(apart: int) -> list[dict[str, str]]:
    """The everyday shape and all that differ from it in up to so many parts."""
    everyday = {part: next(iter(values)) for part, values in PARTS.items()}
    everyday["game"] = "offer"
    found = [everyday]
    for k in range(1, apart + 1):
        for parts in itertools.combinations(PARTS, k):
            others = [[v for v in PARTS[part] if v != everyday[part]] for part in parts]
            found += [
                everyday | dict(zip(parts, chosen, strict=True))
                for chosen in itertools.product(*others)
            ]
    return found


def is_legal(text: str) -> bool:
    try:
        loads(text)
    except SimError:
        return False
    return True


def named(shape: dict[str, str]) -> str:
    everyday = shapes(0)[0]
    return ", ".join(f"{k} {v}" for k, v in shape.items() if v != everyday[k]) or "everyday"


SINGLES = {named(shape): dispute(shape) for shape in shapes(1)}
PAIRS = {named(shape): dispute(shape) for shape in shapes(2)}
FEW = dict(random.Random(17).sample(sorted(PAIRS.items()), 12))
PICTURES = ("plot", "backcast", "compare")
DEAR = {
    "report": 0.04, "plot": 0.02, "analyse": 0.05, "sweep": 0.1, "frontier": 0.15, "backcast": 0.1,
    "compare": 0.1, "calibrate": 0.2, "forecast": 0.15, "explain": 0.4, "diff": 0.3, "serve": 0.3,
    "export": 0.3,
}  # fmt: skip
"""On which share of the small files a verb is tried that takes long; all of them in the slow test."""


# --- words -----------------------------------------------------------------------------------------------


class Given:
    """What a file offers to a verb that needs something: paths of files, folders and parameters."""

    def __init__(self, folder: Path, text: str) -> None:
        self.file = folder / "given" / "file.yaml"
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.other = folder / "other" / "other.yaml"
        self.other.parent.mkdir(exist_ok=True)
        for file in (self.file, self.other):
            file.write_text(text, encoding="utf-8")
        self.run, self.frontier = folder / "a-run", folder / "a-frontier"
        parameters = loads(text).document.parameters
        self.ranges = {
            path: p.range or (p.value - 0.1, p.value + 0.1) for path, p in parameters.items()
        }

    @property
    def vary(self) -> list[str]:
        """What ``--vary`` may be given, but for a number of points."""
        return [f"{path}={low:g}:{high:g}" for path, (low, high) in self.ranges.items()]

    def stored(self, name: str) -> list[str]:
        """What to type to have the folder of a run or a frontier."""
        verb, points = ("sweep", ":3") if name == self.run.name else ("frontier", "")
        vary = [f"--vary={v}{points}" for v in self.vary[:2]]
        return [verb, str(self.file), *vary, "--out", str(self.run.parent / name), "--quiet"]

    def values(self, verb: str, parameter: click.Parameter) -> list[str]:
        """What to try in the place of an argument, or of an option that a verb insists on."""
        if isinstance(parameter.type, click.Choice):
            return [*parameter.type.choices]
        new = str(self.run.parent / "OUT.yaml")
        known = {
            "file": [new if verb == "new" else str(self.file)],
            "first": [str(self.file)],
            "second": [str(self.file)],
            "concepts": ["pure_nash"],
            "files": [str(self.file)],
            "folder": [str(self.run if verb == "analyse" else self.file.parent)],
            "source": [str(self.file)],
            "kind": [*PLOTS],
            "vary": self.vary[:1],
        }
        assert parameter.name in known, f"say here what {verb} may be given as {parameter.name}"
        return known[parameter.name]

    def sources(self, kind: str) -> list[str]:
        """From what a figure may be drawn."""
        needs = PLOTS[kind].needs
        if needs in ("run", "analysis"):
            return [str(self.run)]
        if needs in ("scoreboard", "verdicts", "beliefs", "believed", "reliability"):
            return [str(self.file.parent)]
        return [str(self.frontier if needs == "frontier" else self.file)]


def sentences(verb: str, given: Given, out: Path, *, flags: bool) -> list[list[str]]:
    """What to type: the verb alone, with what it may vary, and with each of its flags."""
    group = Verbs(VERBS, PURPOSE)
    command = group.get_command(click.Context(group), verb)
    assert command is not None
    words: list[list[str]] = [[verb]]
    for p in command.params:
        if p.name == "source":
            words = [[*w, source] for w in words for source in given.sources(w[-1])]
        elif p.required or isinstance(p, click.Argument):
            start = [p.opts[0]] if isinstance(p, click.Option) else []
            words = [[*w, *start, v] for w in words for v in given.values(verb, p)]
    if verb == "compare":
        words = [[*w, str(given.other)] for w in words]
    options = {p.name: p.opts[0] for p in command.params if isinstance(p, click.Option)}
    if verb == "sweep":
        words = [[*w, *(f"--vary={v}:3" for v in given.vary[:2])] for w in words]
    if verb == "plot":
        words += [[*w, "--x", path] for w in words for path in list(given.ranges)[:1]]
    if "out" in options:
        words = [
            [*w, "--out", str(out.with_suffix(".svg") if verb in PICTURES else out)] for w in words
        ]
    if flags and (verb not in DEAR or verb == "explain"):
        switches = [p.opts[-1] for p in command.params if isinstance(p, click.Option) and p.is_flag]
        words += [[*w, switch] for w in words for switch in switches]
    return words


@pytest.fixture
def said(tmp_path, monkeypatch, capsys):
    """Types one sentence; its exit code is 0, 1 or 2, and 2 comes with a sentence."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr("sim.explorer.server.Server.join", lambda server: server.stop())
    monkeypatch.setattr("sim.explorer.server.Server.open", lambda server: False)

    def _said(words: list[str]) -> str:
        code = run(words)
        out, err = capsys.readouterr()
        records = [file.read_text() for file in tmp_path.glob("treatysim-*.txt")]
        assert records == [], f"{' '.join(words)}\n{records[0]}"
        assert code in (0, 1, 2), (words, code, err)
        assert "Traceback" not in out + err
        assert code != 2 or len(err.strip()) > 20, words
        assert code == 2 or "Warning" not in err, (words, err)
        return err if code == 2 else ""

    return _said


def try_all(text: str, folder: Path, said, *, whole: bool, seed: str = "") -> dict[str, int]:
    """How many sentences got an answer, by verb; those that take long are tried now and then."""
    draw = random.Random(seed)
    given, made = Given(folder, text), {""}
    answered = dict.fromkeys(VERBS, 0)
    for verb in VERBS:
        for words in sentences(verb, given, folder / "OUT", flags=whole):
            if whole or draw.random() < DEAR.get(verb, 1):
                for needed in {given.run.name, given.frontier.name} & {Path(w).name for w in words}:
                    if needed not in made:
                        made.add(needed)
                        said(given.stored(needed))
                k = sum(answered.values())
                answered[verb] += not said([w.replace("OUT", f"out{k}") for w in words])
    return answered


# --- tests -----------------------------------------------------------------------------------------------


def test_shapes_are_legal_and_differ():
    legal = [name for name, text in SINGLES.items() if is_legal(text)]
    assert len(legal) > 30, [name for name in SINGLES if name not in legal]
    assert len(set(SINGLES.values())) == len(SINGLES)


def test_every_verb_answers_the_everyday_shape(tmp_path, said):
    shape = {**shapes(0)[0], "observed": "signed", "dynamics": "two states"}
    answered = try_all(dispute(shape), tmp_path, said, whole=True)
    assert {verb for verb, count in answered.items() if not count} <= {"calibrate", "forecast"}


@pytest.mark.parametrize("name", [*SINGLES, *SMALLEST, *FEW])
def test_every_verb_on_small_files(name, tmp_path, said):
    text = {**SINGLES, **SMALLEST, **FEW}[name]
    if not is_legal(text):
        pytest.skip("not a legal file")
    try_all(text, tmp_path, said, whole=False, seed=name)


@pytest.mark.slow
@pytest.mark.parametrize("name", [*PAIRS, *SMALLEST, *(file.stem for file in CLASSICS)])
def test_every_verb_and_figure_on_all_small_files(name, tmp_path, said):
    texts = {file.stem: file.read_text(encoding="utf-8") for file in CLASSICS}
    text = {**PAIRS, **SMALLEST, **texts}[name]
    if not is_legal(text):
        pytest.skip("not a legal file")
    try_all(text, tmp_path, said, whole=True)
