"""Forecasts on disk, as a column of a sweep, in a state of the world, and what would bring them forward."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
import sim
from sim.cli import run
from sim.dynamics import drawing
from sim.dynamics.forward import brings_forward
from sim.dynamics.over_draws import by_draw
from sim.dynamics.waiting import waiting_of


@pytest.fixture
def file(small, tmp_path):
    path = tmp_path / "small.yaml"
    path.write_text(small().resolved)
    return path


def contents(folder):
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


class TestFolder:
    def test_what_was_stopped_goes_on_to_the_same_bytes(self, small, tmp_path, monkeypatch):
        monkeypatch.setattr(drawing, "MOST_POINTS", 18)  # three draws a chunk
        whole = sim.forecast(small(), draws=8, out=tmp_path / "whole")
        assert (whole.by == sim.forecast(small(), draws=8).by).all()

        class StopError(Exception):
            pass

        def stop(done, total):
            if done >= 6:
                raise StopError

        with pytest.raises(StopError):
            sim.forecast(small(), draws=8, out=tmp_path / "cut", progress=stop)
        kept = [name for name in contents(tmp_path / "cut") if name.startswith("draws")]
        assert len(kept) == 2
        (tmp_path / "cut" / kept[0]).write_bytes(b"half of it")
        sim.forecast(small(), draws=8, out=tmp_path / "cut")
        assert contents(tmp_path / "cut") == contents(tmp_path / "whole")
        with pytest.raises(sim.SimError, match="holds another run; give another --out"):
            sim.forecast(small(), draws=9, out=tmp_path / "cut")

    def test_a_folder_of_something_else(self, small, file):
        with pytest.raises(sim.SimError, match="is not empty and holds no forecast"):
            sim.forecast(small(), draws=2, out=file.parent)

    def test_chances_are_read_from_the_chunks(self, small, tmp_path, monkeypatch):
        """Rates above 1 leave draws without an answer; three draws a chunk, two periods a block."""
        monkeypatch.setattr(drawing, "MOST_POINTS", 18)
        some = small(**{"range: [0.05, 0.3]": "range: [0.05, 1.3]"})
        held = sim.forecast(some, draws=20)
        monkeypatch.setattr(by_draw, "BLOCK", 2 * held.draws)
        kept = sim.forecast(some, draws=20, out=tmp_path / "run")
        assert 0 < held.draws < 20
        assert kept.to_dict(kept.years) == held.to_dict(held.years)
        assert str(kept) == str(held)
        for name in by_draw.NAMES:
            assert (getattr(kept, name) == getattr(held, name)).all()
            rows = [kept.told.row(name, k) for k in range(len(kept.years))]
            assert (np.array(rows) == getattr(held, name)).all()
            assert np.allclose(kept.means[name], getattr(held, name).mean(axis=1), atol=1e-15)
        assert kept.told._last["broken"][1].shape == (2, held.draws)
        assert (kept.window == (held.by[-1] > 1e-12)).all()
        means = held.by[:, held.window].mean(axis=1)
        assert np.allclose(kept.given_window, means, atol=1e-15)
        half = [year for year, mean in zip(held.years, means, strict=True) if mean >= 0.5]
        assert kept.median_year == (half[0] if half else None)

    def test_chunks_that_are_gone(self, small, tmp_path):
        kept = sim.forecast(small(), draws=4, out=tmp_path / "run")
        shutil.rmtree(tmp_path / "run")
        with pytest.raises(sim.SimError, match="no longer holds this forecast"):
            kept.by  # noqa: B018


class TestOpened:
    """A stored forecast is the forecast itself, number for number, without solving anything again."""

    @pytest.fixture
    def stop_solving(self, monkeypatch):
        def never(*_, **__):
            raise AssertionError("something was solved again")

        return lambda: monkeypatch.setattr("sim.dynamics.draws.play_world", never)

    @pytest.mark.parametrize(
        "replaced",
        [
            {},
            {
                "  proposer:": "  treaty: {hand_over: {after: 2, until_then_without: [peace]}}\n"
                "  proposer:"
            },
            {"  proposer:": "  horizon: leader\n  leaves: {a: 0.1}\n  proposer:"},
            {"{reply: b}, ratify]": "{reply: b}, {ratify: {noise: 0.3}}]",
             "  proposer: {a: 0.5, b: 0.5}\n": ""},
        ],
        ids=["offers", "promises", "leaders", "stages"],
    )  # fmt: skip
    def test_everything_is_as_it_was(self, small, tmp_path, monkeypatch, replaced, stop_solving):
        monkeypatch.setattr(drawing, "MOST_POINTS", 18)  # three draws a chunk
        some = small(**replaced).with_values({"price": 0.1})
        kept = sim.forecast(some, draws=7, seed=3, out=tmp_path / "run")
        worth, told = waiting_of(kept), kept.simulate(40, rng=5)
        stop_solving()
        found = sim.open_forecast(tmp_path / "run")
        assert found.to_dict(found.years) == kept.to_dict(kept.years)
        assert str(found) == str(kept)
        again, once_more = waiting_of(found), found.simulate(40, rng=5)
        assert again.gains.tobytes() == worth.gains.tobytes()
        assert (again.deals, again.signs, again.state) == (worth.deals, worth.signs, worth.state)
        assert (once_more.to_frame() == told.to_frame()).all(axis=None)
        assert once_more.deal == told.deal

    def test_every_figure_of_a_forecast(self, small, tmp_path, stop_solving, capsys):
        sim.forecast(small(), draws=4, out=tmp_path / "run")
        stop_solving()
        needs = ("forecast", "waiting", "histories", "chain")
        kinds = [name for name, plot in sim.plots.PLOTS.items() if plot.needs in needs]
        assert len(kinds) == 7
        folder = str(tmp_path / "run")
        for kind in kinds:
            assert "A small world" in sim.plot(kind, folder).get_title()
        for words, said in (
            (["paths", folder, "--draws", "9"], "whose draws are fixed: it takes no --draws"),
            (["chain", folder, "--set", "price=0"], "whose values are fixed: it takes no --set"),
            (["landscape", folder], "holds a forecast, not a sweep: draw it with sim plot KIND"),
        ):
            assert run(["plot", *words]) == 2
            assert said in capsys.readouterr().err

    def test_what_the_folder_lacks(self, small, tmp_path):
        """Where what is signed changes from period to period, only the first period is kept."""
        changing = small(**{"warm: {cool: 0.05}": 'warm: {cool: "0.001*(year - 2029)"}'})
        sim.forecast(changing, draws=4, out=tmp_path / "years")
        assert sim.plot("windows", tmp_path / "years").get_title()
        with pytest.raises(sim.SimError, match="first period alone, and here that changes"):
            sim.plot("paths", tmp_path / "years")

    def test_a_part_that_is_gone(self, small, tmp_path):
        sim.forecast(small(), draws=4, out=tmp_path / "run")
        next((tmp_path / "run").glob("draws-*")).unlink()
        with pytest.raises(sim.SimError, match="part 0 of its draws is not there yet; repeat"):
            sim.plot("windows", tmp_path / "run")


class TestSweep:
    def test_the_column_is_the_forecast_at_every_point(self, small, file, tmp_path, capsys):
        out = tmp_path / "run"
        words = ["sweep", str(file), "--vary", "gain=0.6:1.2:2", "--vary", "calm=0.1:0.2:2"]
        assert run([*words, "--of", "forecast:2040", "--out", str(out), "--quiet"]) == 2
        assert "gain is set by the levels of 'war'" in capsys.readouterr().err
        words = ["sweep", str(file), "--vary", "price=0:0.4:2", "--vary", "calm=0.1:0.2:2"]
        assert run([*words, "--of", "forecast:2040", "--out", str(out), "--quiet"]) == 0
        frame = sim.open_run(out).to_frame(["price", "calm", "forecast"])
        for price, calm, chance in frame.itertuples(index=False):
            alone = sim.forecast(small().with_values({"price": price, "calm": calm}), draws=1)
            assert abs(alone.chance(2040) - chance) < 1e-12
        capsys.readouterr()
        assert run(["analyse", str(out), "--column", "forecast", "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["tornado"]["column"] == "forecast"

    @pytest.mark.parametrize(
        ("of", "words"),
        [("forecast:2080", "runs from 2030 to 2049"), ("margin", "forecast:YEAR is needed")],
    )
    def test_bad_years(self, file, of, words, capsys):
        assert run(["sweep", str(file), "--vary", "price=0:1:2", "--of", of]) == 2
        assert words in capsys.readouterr().err


class TestState:
    def test_explain_in_a_state(self, file, capsys):
        """Where the mood is hostile b's house says no; in a warm one nothing does."""
        for state, feasible in (("mood=hostile", False), ("mood=warm,war=over", True)):
            assert run(["explain", str(file), "--state", state, "--json", "--quiet"]) == 0
            assert json.loads(capsys.readouterr().out)["verdict"]["feasible"] is feasible
        assert run(["explain", str(file), "--state", "mood=hot", "--quiet"]) == 2
        assert "unknown level 'hot'" in capsys.readouterr().err


class TestForward:
    def test_effects_are_those_of_forecasts_with_the_number_held(self, small):
        found = sim.forecast(small(), draws=16)
        told = brings_forward(found, 2039)
        assert {one.path for one in told.effects if one.rate} == {"calm"}
        for one in told.effects:
            held = found.model.first(16, {one.path: one.low})
            assert (
                held.drawn.points(0, 16)[held.drawn.paths.index(one.path)].tolist()
                == [one.low] * 16
            )
        calm = next(one for one in told.effects if one.path == "calm")
        set_to = [sim.forecast(small(**{"range: [0.05, 0.3]": f"range: [{x}, {x}]",
                                        "{value: 0.15": f"{{value: {x}"}), draws=1).chance(2039)
                  for x in (0.05, 0.3)]  # fmt: skip
        price = [one for one in told.effects if one.path == "price"]
        assert calm.swing > 0
        assert set_to[1] > set_to[0]
        assert len(price) == 1
        assert "What would bring it forward" in str(told)

    def test_a_smallest_change_is_enough(self, small):
        found = sim.forecast(small(), draws=16)
        told = brings_forward(found, 2049)
        sought = [one for one in told.effects if one.needed is not None]
        for one in sought:
            from sim.dynamics.forward import _mean

            assert _mean(found.model, 16, 19, {one.path: one.needed}) >= told.chance + 0.05
        assert np.isfinite(told.chance)

    def test_command(self, file, capsys):
        words = ["forecast", str(file), "--draws", "8", "--sensitivity", "--by", "2039", "--json"]
        assert run(words) == 0
        answer = json.loads(capsys.readouterr().out)
        assert answer["brings_forward"]["year"] == 2039
        assert answer["brings_forward"]["effects"]
