"""Disputes written from plain tables, so that a test knows every payoff and slack exactly.

One issue, ``deal``, whose positions ``p0`` (the status quo), ``p1``, ... are the agreements; the payoff of
every actor and the slack of every constraint is an integer table over agreements and stance profiles.
"""

from __future__ import annotations

import itertools
import random
import shutil
import signal
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import settings

settings.register_profile("fixed", derandomize=True)
settings.register_profile("seeded")
settings.load_profile(
    "fixed"
)  # pytest --hypothesis-profile=seeded --hypothesis-seed=N looks elsewhere

signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in a shell's background ignores it

QUICK = (
    "tests/test_house.py",
    "tests/door/test_door.py",
    "tests/expressions/test_affine.py",
    "tests/expressions/test_evaluate.py",
    "tests/expressions/test_parse.py",
    "tests/constraints/test_constraints.py",
    "tests/scenario/",
    "tests/games/test_stages.py",
    "tests/games/test_tree.py",
    "tests/solutions/test_pure_nash.py",
    "tests/solutions/test_options.py",
    "tests/feasibility/test_ladder_by_hand.py",
    "tests/loading/test_read_text.py",
)
"""What ``pytest -m quick`` runs: the house, and of every low room the tests of its definitions."""


LONGER = ("keeps_the_contract", "pivotal_bloc_is_that", "too_large_is_refused", "order_in_the_file")
"""What there takes seconds, and is left to the full suite."""


def pytest_ignore_collect(collection_path, config):
    """Under ``-m quick`` nothing else is even imported, which would take longer than the tests do."""
    if config.getoption("markexpr") != "quick" or collection_path.is_dir():
        return None
    name = collection_path.relative_to(config.rootpath).as_posix()
    return None if name.startswith(QUICK) or name.endswith("conftest.py") else True


def pytest_collection_modifyitems(items):
    """Mark the quick tier."""
    for item in items:
        longer = item.get_closest_marker("slow") or any(word in item.nodeid for word in LONGER)
        if item.nodeid.startswith(QUICK) and not longer:
            item.add_marker(pytest.mark.quick)


PRINCIPALS = ("tokyo", "moscow", "seoul")
THIRD_PARTIES = ("washington", "beijing")
SHAPES = {
    "home": "{{type: veto_player, utility: '{slack}', applies_to: [treaty, interim, none]}}",
    "abroad": "{{type: consent, clause: 1, gain: '{slack}', applies_to: [treaty, interim, none]}}",
    "enforcement": "{{type: enforcement, delta: 1, temptation: 0, punishment: '{slack}',"
    " applies_to: [treaty, interim, none]}}",
}


@dataclass(frozen=True)
class Tables:
    """Payoffs and slacks by ``(agreement, stance profile)``; a profile is a tuple of stance numbers.

    A constraint is a table of its slacks, or a record of a type of its own with ``text``, ``slack``
    and ``shift``.
    """

    principals: tuple[str, ...]
    stances: dict[str, int]
    treaties: tuple[bool, ...]
    payoffs: dict[str, dict]
    constraints: dict[tuple[str, str, str], dict] = field(default_factory=dict)
    game: str = ""
    extra: str = ""

    @property
    def profiles(self):
        return list(itertools.product(*(range(n) for n in self.stances.values())))

    @property
    def cells(self):
        return list(itertools.product(range(len(self.treaties)), self.profiles))

    def scale(self, actor):
        values = [v + self.shift(actor, *cell) for cell, v in self.payoffs[actor].items()]
        return (max(values) - min(values)) or 1

    def outcome_class(self, a):
        return "treaty" if self.treaties[a] else "interim" if a else "none"

    def shift(self, actor, a, s, push=0):
        """What the actor's constraints add to its payoff; only constraints of a type of their own do."""
        own = [v for (who, _, _), v in self.constraints.items() if who == actor]
        return sum(v.shift(self, a, s, push) for v in own if not isinstance(v, dict))

    def slack(self, key, a, s, push=0):
        """A constraint's slack; ``None`` where its type has none."""
        written = self.constraints[key]
        return written[a, s] if isinstance(written, dict) else written.slack(self, a, s, push)

    def with_(self, **changes):
        return replace(self, **changes)

    def expression(self, table, agreement=None):
        """A table as one expression over indicators of positions and stances."""
        parts = []
        for (a, s), value in table.items():
            if value and agreement in (None, a):
                words = [f"deal.p{a}"]
                words += [f"{j}.s{k}" for j, k in zip(self.stances, s, strict=True)]
                parts.append(f"{value} * " + " * ".join(words))
        return " + ".join(parts) or "0"

    def constraint_text(self, rung, written):
        if not isinstance(written, dict):
            return written.text(self)
        return SHAPES[rung].format(slack=self.expression(written))

    def text(self, *, factor=None, constant=None):
        """The scenario file; ``factor`` and ``constant`` rescale the payoffs of some actors."""
        factor, constant = factor or {}, constant or {}
        lines = ["parameters: {push: {value: 0, range: [-3, 3]}}", "issues:", "  deal:"]
        for a, treaty in enumerate(self.treaties):
            lines.append(f"    p{a}: {{signed: {int(treaty)}, economy: {int(a > 0)}}}")
        lines += ["outcomes: {treaty: signed == 1, interim: economy == 1}", "actors:"]
        lines += [f"  {name}: {{role: principal}}" for name in self.principals]
        for name, count in self.stances.items():
            menu = ", ".join(f"s{k}: {{}}" for k in range(count))
            lines.append(f"  {name}: {{role: third party, stances: {{{menu}}}}}")
        lines.append("payoffs:")
        for name, table in self.payoffs.items():
            lines.append(f"  {name}:")
            for a in range(len(self.treaties)):
                inner = self.expression(table, a)
                lines.append(f"    on_p{a}: ({inner}) * {factor.get(name, 1)!r}")
            lines.append(f"    constant: {constant.get(name, 0)!r}")
            if name == self.principals[0]:
                lines.append(f"    push: push * signed * {factor.get(name, 1)!r}")
        for section in ("domestic", "abroad"):
            chosen = {
                k: v
                for k, v in self.constraints.items()
                if (k[2] == "abroad") == (section == "abroad")
            }
            if chosen:
                lines.append(f"{section}:")
            for actor in dict.fromkeys(k[0] for k in chosen):
                lines.append(f"  {actor}:")
                for (owner, name, rung), written in chosen.items():
                    if owner == actor:
                        lines.append(f"    {name}: {self.constraint_text(rung, written)}")
        if self.game:
            lines.append(f"game: {self.game}")
        return "\n".join([*lines, self.extra, ""])


def random_tables(
    seed, *, principals=2, stances=(2,), agreements=4, values=(-2, 2), rungs=("home",), game=""
):
    """Tables of few integer values, so that nearly every comparison meets ties."""
    rng = random.Random(seed)
    names = PRINCIPALS[:principals]
    third = dict(zip(THIRD_PARTIES, stances, strict=False))
    treaties = (False, *(rng.random() < 0.7 for _ in range(agreements - 2)), True)
    blank = Tables(names, third, treaties, {})
    draw = lambda: {cell: rng.randint(*values) for cell in blank.cells}  # noqa: E731
    payoffs = {name: draw() for name in (*names, *third)}
    constraints = {
        (rng.choice(names), f"c{k}", rung): {cell: rng.randint(-1, 3) for cell in blank.cells}
        for k, rung in enumerate(rungs)
    }
    return blank.with_(payoffs=payoffs, constraints=constraints, game=game)


@pytest.fixture(scope="session")
def tables():
    """The maker of random tables."""
    return random_tables


def untied_tables(t, seed, quo=None):
    """Tables in which hardly anything ties, exact as doubles.

    Third parties look at their own stances alone, and the principals' status quo is the same under all;
    ``quo`` says on which stances payoffs at the status quo depend instead.
    """
    rng, drawn = random.Random(seed), {}

    def worth(actor, a, s):
        own = s[list(t.stances).index(actor)] if actor in t.stances else s if a else 0
        if not a and quo is not None:
            own = quo(actor, s, own)
        return drawn.setdefault((actor, a, own), rng.randint(-190, 190) / 64)

    payoffs = {actor: {cell: worth(actor, *cell) for cell in t.cells} for actor in t.payoffs}
    slacks = {
        key: {cell: v + rng.randint(0, 60) / 64 for cell, v in table.items()}
        for key, table in t.constraints.items()
    }
    return t.with_(payoffs=payoffs, constraints=slacks)


@pytest.fixture(scope="session")
def untied():
    """The maker of tables like others in which hardly anything ties."""
    return untied_tables


@pytest.fixture(scope="session")
def blank_tables():
    """The record itself, for tables given by hand."""
    return Tables


def crowded_dispute(stances):
    """A small dispute with many stance profiles, whose stances answer the parameter and the agreement."""
    names = ", ".join(f"t{k}: {{push: {k}}}" for k in range(stances))
    return f"""
parameters: {{x: {{value: 0.3, range: [0, 1]}}}}
issues: {{deal: {{none: {{}}, some: {{signed: 1, share: 0.3}}, all: {{signed: 1, share: 0.9}}}}}}
outcomes: {{treaty: signed}}
actors:
  a: {{role: principal}}
  b: {{role: principal}}
  c: {{role: principal}}
  d: {{role: third party, stances: {{{names}}}}}
payoffs:
  a: {{gain: share - x - 0.01*push*share}}
  b: {{gain: "signed*0.6 - share + x"}}
  c: {{gain: "x*signed - share*0.2"}}
  d: {{near: "-(push - {stances}*x*share)**2"}}
domestic: {{a: {{ban: {{type: veto_player, utility: "share + x - 0.002*push"}}}}}}
game: [{{offer: a}}, {{reply: b}}, {{reply: c}}, ratify]
"""


@pytest.fixture(scope="session")
def crowded():
    """The maker of a small dispute with many stance profiles."""
    return crowded_dispute


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium():
    """Chromium; where it is missing, the tests that need it are skipped and say so."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_api.sync_playwright() as playwright:
        made = playwright.chromium.launch(
            executable_path=CHROMIUM, args=FLAGS
        )  # a profile of its own
        yield made
        made.close()
