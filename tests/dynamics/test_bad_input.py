"""Whatever is wrong in a file of time: one clear sentence, and exit code 2."""

from __future__ import annotations

import re

import pytest
import sim
from sim.cli import run
from sim.dynamics.traps import check_in_time
from sim.errors import ScenarioError

WORLD = "  world:\n"
LEVELS = ", ".join(f"l{k}: {{spare: {k}}}" for k in range(128))
MOVES = ", ".join(f"l{k}: {{l{k + 1}: 0.1}}" for k in range(127))
MANY = f"    many: {{now: l0, levels: {{{LEVELS}}}, moves: {{{MOVES}}}}}\n"
"""A factor of 128 levels beside the six states that there are."""
CASES = {
    "a rate above 1": ("hostile: {cool: calm}", "hostile: {cool: 1.2}", "must lie in [0, 1]"),
    "a rate below 0": ("hostile: {cool: calm}", "hostile: {cool: -0.1}", "must lie in [0, 1]"),
    "a row above 1": ("hostile: {cool: calm}", "hostile: {cool: 0.6, warm: 0.6}", "more than 1"),
    "an unknown level": ("hostile: {cool: calm}", "hostile: {cold: calm}", "did you mean 'cool'?"),
    "a factor without now": ("      now: hostile\n", "", "mood.now"),
    "a structural parameter": (
        "outcomes: {treaty: signed}",
        "outcomes: {treaty: signed and mood < 3}",
        "'mood' decides which agreements exist",
    ),
    "two factors": ("over: {gain: 1.2}", "over: {gain: 1.2, mood: 0}", "is set by the factors"),
    "a state nobody reaches": ("moves: {on: {over: 0.2}}", "moves: {}", "can never be reached"),
    "a state never left and without a treaty": (
        ("warm: {mood: 0.4}", "warm: {cool: 0.05}"),
        ("warm: {mood: 0.4}, lost: {mood: -2}", "warm: {cool: 0.05, lost: 0.01}"),
        "from mood=lost the world comes to no state in which a treaty can be signed",
    ),
    "too many states": (
        ("parameters:\n", WORLD),
        ("parameters:\n  spare: 0\n", WORLD + MANY),
        "768 world states, the limit is 512",
    ),
    "an issue that no treaty settles": (
        ("outcomes:", "signed}\nactors", WORLD),
        (
            "  fish: {none: {}, shared: {fishing: 1}}\nrule_out: [signed and fishing]\noutcomes:",
            "signed}\nactors",
            "  treaty: {hand_over: {after: 2, until_then_without: [fish]}}\n" + WORLD,
        ),
        "no treaty settles 'fish', so it cannot be handed over later",
    ),
    "a discount factor of 1": ("{a: 0.9, b: 0.9}", "{a: 1, b: 0.9}", "it must lie in [0, 1)"),
    "no game": ("game: [{offer: a}, {reply: b}, ratify]\n", "", "needs a 'game'"),
    "no treaty class": ("outcomes: {treaty: signed}", "outcomes: {deal: signed}", "class 'treaty'"),
    "an unknown issue": (
        WORLD,
        "  treaty: {hand_over: {after: 2, until_then_without: [land]}}\n" + WORLD,
        "unknown issue 'land'",
    ),
    "an end before the start": ("report: 20", "report: 20\n  ends: 2020", "is before the first"),
    "a period of no length": ("years: 1}", "years: 0}", "greater than 0"),
    "an unknown name": ("hostile: {cool: calm}", "hostile: {cool: calmm}", "did you mean 'calm'?"),
    "a discount factor of 1 in rounds": (
        ("[{offer: a}, {reply: b}, ratify]", "{a: 0.9, b: 0.9}\n  proposer: {a: 0.5, b: 0.5}"),
        (
            "{rounds: {turns: [a, b], times: 2}, discount: {a: 0.8, b: 0.8}}",
            "{a: 0.9, b: 1.2}",
        ),
        "dynamics.discount.b: 1.2 is not a discount factor",
    ),
    "yearly rates in another period": (
        "source: counted}",
        "source: counted, unit: per year}\n  span: 5",
        "'calm' is a rate per year, and a period lasts 5 years",
    ),
    "time as a parameter": ("parameters:\n", "parameters:\n  year: 3\n", "means time"),
    "who proposes": ("proposer: {a: 0.5, b: 0.5}", "proposer: {a: 0.5, b: 0.6}", "not to 1"),
    "leaders without exits": ("report: 20", "report: 20\n  horizon: leader", "say under 'leaves'"),
    "an unknown horizon": ("report: 20", "report: 20\n  horizon: party", "legal: leader, state"),
}


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_one_sentence_and_exit_code_2(case, tmp_path, capsys):
    from importlib.util import module_from_spec, spec_from_file_location
    from pathlib import Path

    spec = spec_from_file_location("small", Path(__file__).with_name("conftest.py"))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    old, new, words = case
    text = module.TEXT.format(d=0.9, calm=0.15)
    pairs = [(old, new)] if isinstance(old, str) else zip(old, new, strict=True)
    for this, other in pairs:
        assert this in text
        text = text.replace(this, other)
    file = tmp_path / "world.yaml"
    file.write_text(text.replace("years: 1}", "years: 5}") if "span: 5" in new else text)
    assert run(["forecast", str(file), "--draws", "2", "--quiet"]) == 2
    told = capsys.readouterr()
    assert not told.out
    assert words in told.err
    assert "Traceback" not in told.err
    assert all(re.match(r".*world\.yaml:\d+:\d+: ", line) for line in told.err.splitlines())
    assert run(["check", str(file), "--quiet"]) == 2
    assert capsys.readouterr().err == told.err


ONE_CAUSE = {
    "a level where the world moves": (
        "hostile: {cool: calm}",
        "hostile: {coll: calm}",
        "28:19: dynamics.world.mood.moves.hostile.coll: 'coll' is not one of its levels; did you mean "
        "'cool'?",
    ),
    "a level that others name": (
        "levels: {hostile: {mood",
        "levels: {hostle: {mood",
        "25:12: dynamics.world.mood.now: 'hostile' is not one of its levels; did you mean 'hostle'? "
        "(also in lines 28 and 29)",
    ),
    "a level that a formula reads": (
        "levels: {on: {gain",
        "levels: {onn: {gain",
        "29:29: dynamics.world.mood.moves.cool.warm: unknown name 'war.on'; did you mean 'war.onn' or "
        "'war.over'? (also in lines 32 and 34)",
    ),
    "a parameter that a level sets": (
        "cool: {mood: -0.1}",
        "cool: {moood: -0.1}",
        "26:44: dynamics.world.mood.levels.cool.moood: unknown parameter 'moood'; did you mean 'mood'?",
    ),
    "a key of a factor": (
        "      now: hostile",
        "      nwo: hostile",
        "25:7: dynamics.world.mood.nwo: unknown key 'nwo'; did you mean 'now'?",
    ),
    "a key without which the world does not move": (
        "      moves: {on: {over: 0.2}}",
        "      mvoes: {on: {over: 0.2}}",
        "34:7: dynamics.world.war.mvoes: unknown key 'mvoes'; did you mean 'moves'?",
    ),
    "a formula": (
        'warm: "where(war.on',
        'warm: "wehre(war.on',
        "29:23: dynamics.world.mood.moves.cool.warm: no function 'wehre'; did you mean 'where'?",
    ),
    "an actor": (
        "discount: {a: 0.9",
        "discount: {aa: 0.9",
        "21:14: dynamics.discount.aa: 'aa' is not a principal; did you mean 'a'?",
    ),
    "a stage": (
        "{offer: a}",
        "{ofer: a}",
        "17:8: game.0: 'ofer' is not a stage; did you mean 'offer'?",
    ),
    "a section": ("game: [", "gmae: [", "17:1: gmae: unknown key 'gmae'; did you mean 'game'?"),
}
"""Per kind of slip what is replaced, by what, and the one report of it."""


@pytest.mark.parametrize("name", ONE_CAUSE)
def test_one_report_a_cause(small, name):
    old, new, expected = ONE_CAUSE[name]
    with pytest.raises(sim.SimError) as told:
        small(**{old: new})
    assert str(told.value).splitlines() == [f"<text>:{expected}"]


OPTIONS = {
    "one draw": (["--draws", "1"], "central values alone"),
    "a year outside": (["--by", "2060", "--draws", "2"], "runs from 2030 to 2049"),
    "no year": (["--by", "soon"], "years separated by commas"),
    "a state": (["--state", "mood"], "FACTOR=LEVEL"),
    "an unknown class": (["--outside", "clams", "--draws", "2"], "clams"),
}


@pytest.mark.parametrize("option", OPTIONS.values(), ids=list(OPTIONS))
def test_options(option, small, tmp_path, capsys):
    words, told = option
    file = tmp_path / "world.yaml"
    file.write_text(small().resolved)
    assert run(["forecast", str(file), "--quiet", *words]) == 2
    assert told in capsys.readouterr().err


LOST = ("warm: {mood: 0.4}, lost: {mood: -2}", "warm: {cool: 0.05, lost: 0.01}")


PLAIN = "game: [{offer: a}, {reply: b}, ratify]"
GAMES = {
    "demands": "game: [[a.demand, b.demand], ratify]",
    "offers of both": "game: [{offer: a}, {reply: b}, {offer: b}, {reply: a}, ratify]",
    "rounds": "game: {rounds: [{offer: a}, {reply: b}, {offer: b}, {reply: a}, ratify], discount: {a: 0.9, "
    "b: 0.9}}",
    "reneging": "game: [{offer: a}, {reply: b}, ratify, {implement: a, reneging: {a: -1}}]",
}
"""Games of other stages than one offer with its replies."""


class TestTraps:
    """A state from which no treaty can come is a slip where one can elsewhere, and otherwise an answer."""

    def world(self, small, lost=LOST[0], **replaced):
        pairs = {"warm: {mood: 0.4}": lost, "warm: {cool: 0.05}": LOST[1]}
        return small(**(pairs | replaced))

    @pytest.mark.parametrize("home", [True, False], ids=["home", "gain"])
    @pytest.mark.parametrize("game", GAMES)
    def test_in_every_kind_of_game(self, small, game, home):
        """Nobody's house agrees there, or without one b would rather keep the status quo for ever."""
        free = (
            {}
            if home
            else {"type: veto_player, utility: mood + 0.5": "type: veto_player, utility: 1"}
        )
        pairs = {PLAIN: GAMES[game], "  proposer: {a: 0.5, b: 0.5}\n": ""} | free
        with pytest.raises(ScenarioError, match="from mood=lost the world comes to no state"):
            check_in_time(self.world(small, **pairs))
        found = sim.forecast(self.world(small, **pairs).with_values({"price": 0.2}), draws=8)
        lost = list(found.grid.factors["mood"]).index("lost")
        assert not found.grid.signs[lost].any()
        assert found.grid.signs.any()

    def test_where_chance_ratifies_there_is_hope(self, small):
        """A house that would say no says yes with some chance."""
        game = "game: [{offer: a}, {reply: b}, {ratify: {noise: 0.3}}]"
        pairs = {PLAIN: game, "  proposer: {a: 0.5, b: 0.5}\n": ""}
        assert check_in_time(self.world(small, **pairs)) is None

    @pytest.mark.parametrize("help_", [30, 15])
    def test_a_stance_that_would_help_is_hope(self, small, help_):
        """A third party commits itself before the offer, and for that period alone, a tenth of what counts.

        So b, which loses 2 a period in a lost world, needs 20 of it.
        """
        pairs = {
            PLAIN: "game: [c.stance, {offer: a}, {reply: b}]",
            "  proposer: {a: 0.5, b: 0.5}\n": "",
            "b: {role: principal}}": "b: {role: principal}, c: {role: third party, stances: "
            "{none: {}, aid: {aided: 1}}}}",
            "b: {peace: mood*signed,": f"b: {{peace: (mood + {help_}*aided)*signed,",
            "domestic:\n": "  c: {love: signed}\ndomestic:\n",
            "utility: mood + 0.5": "utility: 1",
        }
        if help_ == 30:
            assert check_in_time(self.world(small, **pairs)) is None
        else:
            with pytest.raises(ScenarioError, match="mood=lost"):
                check_in_time(self.world(small, **pairs))

    def test_a_way_out_mends_it(self, small):
        out = {"warm: {cool: 0.05}": "warm: {cool: 0.05, lost: 0.01}\n        lost: {cool: 0.001}"}
        assert check_in_time(self.world(small, **out)) is None

    def test_hope_at_one_draw_is_enough(self, small):
        ranged = {
            "parameters:\n": "parameters:\n  last: {value: -2, range: [-2, 2], source: assumed}\n"
        }
        world = self.world(small, LOST[0].replace("mood: -2", "mood: last"), **ranged)
        assert check_in_time(world) is None

    def test_no_treaty_anywhere_is_an_answer(self, small):
        world = self.world(small, **{"peace: gain*signed": "peace: -signed"})
        assert sim.forecast(world, draws=4).chance(2049) == 0

    def test_what_is_set_from_outside_is_a_question(self, small):
        bad = self.world(small)
        with pytest.raises(ScenarioError, match="mood=lost"):
            sim.forecast(bad, draws=4)
        assert sim.forecast(bad.with_values({"price": 0.1}), draws=4).chance(2049) >= 0

    def test_nobody_signs_there_in_any_draw(self, small):
        """The refusal rests on individual rationality: play through the same world agrees."""
        found = sim.forecast(self.world(small).with_values({"price": 0.2}), draws=64)
        lost = list(found.grid.factors["mood"]).index("lost")
        assert not found.grid.signs[lost].any()
        assert found.grid.signs.any()

    @pytest.mark.parametrize(
        "name", ["kuril/horizon", "kuril/horizon-1956", "classics/promised-transfer"]
    )
    def test_shipped_worlds_have_none(self, name):
        assert check_in_time(sim.load(name)) is None


class TestAtADraw:
    """What is right at the file's values and wrong at a draw."""

    def test_a_rate_above_1_is_a_point_without_an_answer(self, small):
        wide = small(**{"range: [0.05, 0.3], source: counted": "range: [0.05, 2], source: counted"})
        found = sim.forecast(wide, draws=64)
        assert 0.3 < found.unanswered < 0.7

    def test_a_discount_factor_of_1_names_its_place(self, small):
        wide = small(**{"{a: 0.9, b: 0.9}": "{a: 0.9, b: price + 0.65}", "[0, 0.4]": "[0, 0.5]"})
        with pytest.raises(ScenarioError, match=r"dynamics\.discount\.b: .* at a draw"):
            sim.forecast(wide, draws=64)

    def test_a_level_sets_what_is_then_not_drawn(self, small, capsys, tmp_path):
        """A range beside a level's value is legal: the level counts, and nothing can vary it."""
        world = small()
        assert "mood" not in sim.forecast(world, draws=2).model.drawn.paths
        file = tmp_path / "world.yaml"
        file.write_text(world.resolved)
        words = ["sweep", str(file), "--vary", "mood=0:1:2", "--of", "forecast:2040"]
        assert run(words) == 2
        assert "mood is set by the levels of 'mood'" in capsys.readouterr().err
