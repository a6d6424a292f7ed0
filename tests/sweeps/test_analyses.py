"""Analyses against functions whose answers are known in closed form, and on stored runs."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sim.cli import run as command
from sim.errors import UsageError
from sim.sweeps import analyses, open_run, sweep
from sim.sweeps.analyses import ANALYSES
from sim.sweeps.analyses._run import standard_error
from sim.sweeps.analyses.binding_frequencies import binding_frequencies
from sim.sweeps.analyses.tornado import tornado
from sim.sweeps.designs.latin import latin
from sim.sweeps.designs.monte_carlo import monte_carlo
from sim.sweeps.designs.saltelli import saltelli
from sim.sweeps.designs.sobol import sobol


@given(st.lists(st.booleans(), min_size=2, max_size=50))
def test_the_standard_error_of_independent_draws_is_that_of_a_sample_mean(yes):
    error = standard_error("monte_carlo", np.array(yes), np.full(len(yes), True))
    assert error == pytest.approx(np.std(yes, ddof=1) / np.sqrt(len(yes)), rel=1e-6, abs=1e-12)


def half(u):
    return u.sum(axis=0) < 1.9


def corner(u):
    return (u < 0.65).all(axis=0)


@pytest.mark.parametrize("inside", [half, corner])
@pytest.mark.parametrize(
    ("design", "sampler"),
    [("monte_carlo", monte_carlo), ("latin", latin), ("sobol", sobol), ("saltelli", saltelli)],
)
def test_the_standard_error_is_the_spread_of_repeated_shares(design, sampler, inside):
    """Over many seeds the shares scatter as one run says they do, or less where the points are spread."""
    dims, size = 4, 1536
    draw = np.arange(size) % (dims + 2) < 2 if design == "saltelli" else np.full(size, True)
    shares, errors = [], []
    for seed in range(80):
        yes = inside(sampler(dims, size, seed, 0, size))
        shares.append(yes[draw].mean())
        errors.append(standard_error(design, yes, draw))
    spread, said = np.std(shares, ddof=1), np.sqrt(np.mean(np.square(errors)))
    independent = np.sqrt(np.mean(shares) * (1 - np.mean(shares)) / draw.sum())
    assert said > 0.85 * spread
    if design in ("monte_carlo", "latin"):
        assert said == pytest.approx(independent, rel=0.02)
    else:
        assert said < 0.9 * independent
    if design == "monte_carlo":
        assert said < 1.2 * spread


@pytest.mark.parametrize("design", ["grid", "listed"])
def test_points_that_are_no_sample_have_no_standard_error(design):
    assert standard_error(design, np.array([True, False]), np.array([True, True])) is None


def test_the_bound_where_nothing_was_found(dispute):
    """Of n draws none: the share above which that has a chance under 5 % solves (1 - p)^n = 0.05."""
    vary = {"moscow.holding": (2.9, 3), "moscow.mood": (0, 1)}
    for design in ("sobol", "monte_carlo"):
        run = sweep(dispute, vary=vary, design=design, points=314)
        assert "less than 0.0095" in analyses.feasible_share_of_run(run).note
    assert abs((1 - 0.0095) ** 314 - 0.05) < 1e-3
    grid = sweep(dispute, vary={"moscow.holding": (2.9, 3, 5)})
    assert "not a sample" in analyses.feasible_share_of_run(grid).note


def test_a_tornado_of_a_linear_result_has_bars_as_long_as_its_slopes():
    """Over tenths at both ends of a uniform parameter the means are 0.9 of its range apart."""
    x = sobol(3, 32_768, 0, 0, 32_768)
    ends = np.array([tornado(row, 5 * x[0] - 2 * x[1]) for row in x])
    assert ends[:, 1] - ends[:, 0] == pytest.approx([4.5, -1.8, 0], abs=0.02)


@given(st.lists(st.sampled_from(range(4)), min_size=1, max_size=60))
def test_binding_frequencies_are_counts_in_order(codes):
    shares = binding_frequencies(np.array(codes), list("abcde"))
    assert {"abcde"[k]: codes.count(k) / len(codes) for k in set(codes)} == shares
    assert list(shares.values()) == sorted(shares.values(), reverse=True)


def test_analyses_of_a_run_are_those_of_its_columns(dispute):
    run = sweep(dispute, design="sobol", points=256, seed=2)
    frame = run.to_frame()
    share = analyses.feasible_share_of_run(run)
    assert share.share == frame["feasible"].eq(True).mean()
    binding = analyses.binding_frequencies_of_run(run)
    blocked = frame[~frame["feasible"].eq(True)]
    assert binding.points == len(blocked)
    assert binding.shares == pytest.approx(
        blocked["binding"].value_counts(normalize=True).loc[lambda s: s > 0].to_dict()
    )
    assert sum(binding.actors.values()) == pytest.approx(1)
    treaties = frame[frame["feasible"].eq(True)]
    assert binding.feasible_points == len(treaties)
    assert binding.tightest == pytest.approx(
        treaties["binding"].value_counts(normalize=True).loc[lambda s: s > 0].to_dict()
    )
    bars = analyses.tornado_of_run(run).bars
    low = frame[frame["tokyo.principle"] <= frame["tokyo.principle"].quantile(0.1)]["margin"].mean()
    assert next(b for b in bars if b.path == "tokyo.principle").at_low == pytest.approx(low)
    with pytest.raises(UsageError, match="labels"):
        analyses.tornado_of_run(run, "binding")
    with pytest.raises(UsageError, match="did you mean 'margin'"):
        analyses.tornado_of_run(run, "margn")


def test_failed_points_are_left_out(fragile, tmp_path):
    run = sweep(fragile, vary={"moscow.mood": (0, 1, 11)}, keep_going=True, out=tmp_path / "run")
    share = analyses.feasible_share_of_run(run)
    assert (share.points, share.failed, share.standard_error) == (10, 1, None)
    assert analyses.prim_of_run(run).boxes[0].mass == 1
    assert analyses.tornado_of_run(run).points == 10


def test_a_knife_edge_is_neither_yes_nor_no(dispute, spoilt):
    run = sweep(dispute, vary={"tokyo.principle": (0, 1, 5), "moscow.holding": (0.1, 2.5, 8)})
    yes = run.to_frame()["feasible"].eq(True).to_numpy()
    edge = [int(np.flatnonzero(yes)[0]), int(np.flatnonzero(~yes)[0])]
    told = spoilt(run, knife_edge=edge)
    share = analyses.feasible_share_of_run(told)
    assert (share.share, share.knife_edge) == ((yes.sum() - 1) / 40, 2)
    assert analyses.prim_of_run(told, "infeasible").share == ((~yes).sum() - 1) / 40
    binding = analyses.binding_frequencies_of_run(told)
    assert binding.points + binding.feasible_points == 38
    along = analyses.binding_along_of_run(told)
    assert (along.shares["on the knife-edge"] * along.points).sum() == pytest.approx(2)


def test_no_answer_at_all_is_said(dispute, spoilt):
    run = sweep(dispute, vary={"tokyo.principle": (0, 1, 5)})
    for analysis in (analyses.feasible_share_of_run, analyses.prim_of_run, analyses.tornado_of_run):
        with pytest.raises(UsageError, match="no point of the run has an answer"):
            analysis(spoilt(run, failed=range(5)))


def test_a_run_of_one_parameter(dispute):
    run = sweep(dispute, vary={"moscow.holding": (0.1, 3, 60)})
    frame = run.to_frame()
    yes = frame["feasible"].eq(True)
    assert 3 < yes.sum() < 60
    box = analyses.prim_of_run(run).best
    assert (box.coverage, box.density) == (1, 1)
    assert box.limits[0].words == f"moscow.holding at most {frame[yes]['moscow.holding'].max():.4g}"
    tree = analyses.cart_of_run(run, least_leaf=0.05)
    assert [leaf.density for leaf in tree.leaves] == [1, 0]
    assert len(analyses.tornado_of_run(run).bars) == 1


def test_saltelli_runs_are_read_by_draws_where_chunks_are_missing(dispute, tmp_path):
    """Two of six points of a block are draws, wherever a chunk begins."""
    paths = ("tokyo.value", "tokyo.principle", "moscow.holding", "moscow.mood")
    run = sweep(dispute, design="saltelli", points=60, chunk=7, out=tmp_path / "run",
                vary=dict.fromkeys(paths))  # fmt: skip
    frame = run.to_frame(["feasible"])["feasible"].eq(True).to_numpy()
    for number in (0, 2):
        next((tmp_path / "run").glob(f"chunk-{number:06d}-*")).unlink()
    left = np.concatenate([np.arange(7, 14), np.arange(21, 60)])
    assert run.index().tolist() == left.tolist()
    draws = left[left % 6 < 2]
    share = analyses.feasible_share_of_run(run)
    assert (share.points, share.share) == (len(draws), frame[draws].mean())


def test_a_snapshot_does_not_see_what_is_finished_later(dispute, tmp_path):
    run = sweep(dispute, design="sobol", points=30, chunk=10, out=tmp_path / "run")
    file = next((tmp_path / "run").glob("chunk-000002-*"))
    file.rename(tmp_path / "away")
    early = open_run(tmp_path / "run").snapshot()
    (tmp_path / "away").rename(file)
    assert (len(early.index()), early.to_arrow().num_rows, early.complete) == (20, 20, False)
    assert (len(run.index()), run.to_arrow().num_rows, run.complete) == (30, 30, True)


def test_every_analysis_is_listed_and_serialises(dispute):
    run = sweep(dispute, design="saltelli", points=240)
    folder = Path(analyses.__file__).parent
    assert {p.stem for p in folder.glob("*.py") if not p.stem.startswith("_")} == set(ANALYSES)
    for name, analysis in ANALYSES.items():
        record = analysis(run)
        assert analysis.__name__ == f"{name}_of_run"
        assert json.loads(json.dumps(record.to_dict())) == record.to_dict()


def test_the_command_prints_tables_and_json(dispute, tmp_path, capsys):
    out = tmp_path / "run"
    run = sweep(dispute, design="saltelli", points=240, out=out)
    assert command(["analyse", str(out), "--boxes", "2"]) == 0
    short, progress = capsys.readouterr()
    assert progress == ""
    assert "in the box" in short or "box 1" in short
    assert "a tree of 2" not in short and "coverage" not in short
    assert "--full adds" in short
    assert command(["analyse", str(out), "--boxes", "2", "--full"]) == 0
    said, _ = capsys.readouterr()
    assert len(short.splitlines()) < len(said.splitlines())
    for words in (
        "A treaty is feasible at",
        "Sobol indices of margin",
        "in the box",
        "coverage",
        "a tree of",
    ):
        assert words in said
    assert command(["analyse", str(out), "--json", "--target", "infeasible"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert set(ANALYSES) - {"binding_along"} <= set(data)
    assert data["prim"]["target"] == data["cart"]["target"] == "infeasible"
    assert {"coverage", "density", "mass", "limits"} == set(data["prim"]["boxes"][-1])
    assert data["cart"]["leaves"][0]["rule"]
    assert data["notes"] == []
    assert data["sobol_indices_of_feasibility"]["column"] == "feasible"
    assert data["feasible_share"]["share"] == analyses.feasible_share_of_run(run).share


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--column", "margn"], "did you mean 'margin'"),
        (["--column", "binding"], "holds labels"),
        (["--seed", "-1"], "at least 0"),
        (["--boxes", "0"], "at least 1"),
        (["--density", "1.5"], "up to 1"),
        (["--depth", "0"], "at least 1"),
        (["--leaf", "0.9"], "up to 0.5"),
    ],
)
def test_bad_options_are_said(dispute, tmp_path, capsys, words, said):
    out = tmp_path / "run"
    sweep(dispute, design="sobol", points=64, out=out)
    assert command(["analyse", str(out), *words]) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.out == ""


def test_a_folder_without_a_run_is_said(tmp_path, capsys):
    assert command(["analyse", str(tmp_path)]) == 2
    assert "holds no run" in capsys.readouterr().err


def test_an_unfinished_run_is_analysed_as_far_as_it_goes(dispute, tmp_path, capsys):
    out = tmp_path / "run"
    sweep(dispute, vary={"tokyo.principle": (0, 1, 8), "moscow.holding": (0.5, 2.5, 5)}, chunk=10,
          out=out)  # fmt: skip
    next(out.glob("chunk-000003-*")).unlink()
    assert command(["analyse", str(out)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "not finished: 30 of 40 points so far" in said
    assert "at the low end of tokyo.principle" in said
    for file in out.glob("chunk-*"):
        file.unlink()
    assert command(["analyse", str(out)]) == 2
    assert "no finished chunk yet" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("holding", "words"), [((2.9, 3), "no point"), ((0.1, 0.11), "every point")]
)
def test_a_run_that_is_all_of_one_kind(dispute, tmp_path, capsys, holding, words):
    out = tmp_path / "run"
    sweep(dispute, design="saltelli", points=64, out=out,
          vary={"moscow.holding": holding, "moscow.mood": (0, 1)})  # fmt: skip
    assert command(["analyse", str(out), "--full"]) == 0
    said = capsys.readouterr().out
    assert f"{words} is feasible" in said
    assert "at a confidence of 95 %" in said
    assert "nothing to explain" in said
    assert "nan" not in said
    for kind in ("discovery", "cart"):
        assert command(["plot", kind, str(out), "--out", str(tmp_path / "x.png")]) == 2
        assert words in capsys.readouterr().err
    assert not (tmp_path / "x.png").exists()


def test_binding_is_along_the_parameter_that_moves_it_most(dispute):
    """Compared with the shares of a table: half the mean absolute difference from those of all points."""
    run = sweep(dispute, vary={"tokyo.principle": (0, 1, 5), "moscow.holding": (0.1, 3, 9)})
    frame = run.to_frame()
    group = frame["binding"].astype(str).where(~frame["feasible"].eq(True), "feasible")
    overall = group.value_counts(normalize=True)
    effects = {}
    for path in run.varied:
        shares = group.groupby(frame[path]).value_counts(normalize=True).unstack(fill_value=0)
        effects[path] = 0.5 * (shares - overall).abs().sum(axis=1).mean()
    most = max(effects, key=effects.get)
    assert most == "moscow.holding"
    assert analyses.binding_along_of_run(run).path == most
    turned = sweep(dispute, vary={"moscow.holding": (0.1, 3, 9), "tokyo.principle": (0, 1, 5)})
    assert analyses.binding_along_of_run(turned).path == most


def test_binding_along_counts_points_by_hand(dispute):
    run = sweep(dispute, vary={"tokyo.principle": (0, 1, 5), "moscow.holding": (0.5, 2.5, 9)})
    frame = run.to_frame()
    found = analyses.binding_along_of_run(run, "tokyo.principle")
    assert found.edges == pytest.approx([-0.125, 0.125, 0.375, 0.625, 0.875, 1.125])
    assert found.points.tolist() == [9] * 5
    total = found.feasible + sum(found.shares.values())
    assert total == pytest.approx(np.ones(5))
    for k, value in enumerate((0, 0.25, 0.5, 0.75, 1)):
        rows = frame[frame["tokyo.principle"] == value]
        yes = rows["feasible"].eq(True)
        assert found.feasible[k] == pytest.approx(yes.mean())
        counts = rows["binding"][~yes].value_counts()
        for label, share in found.shares.items():
            assert share[k] * 9 == pytest.approx(counts.get(label, 0))
    sampled = analyses.binding_along_of_run(sweep(dispute, design="sobol", points=256))
    assert sampled.points.sum() == 256
    assert len(sampled.points) == 20
    with pytest.raises(UsageError, match=r"did you mean 'moscow\.holding'"):
        analyses.binding_along_of_run(run, "moscow.holdin")


def test_figures_of_analyses_are_drawn_from_a_folder(dispute, tmp_path, capsys):
    out = tmp_path / "run"
    sweep(dispute, design="saltelli", points=600, out=out)
    for kind in ("sensitivity", "discovery", "binding", "cart", "tornado"):
        picture = tmp_path / f"{kind}.png"
        assert command(["plot", kind, str(out), "--out", str(picture)]) == 0
        assert picture.stat().st_size > 5000
    along = ["plot", "binding", str(out), "--x", "moscow.holding", "--out", str(tmp_path / "b.svg")]
    assert command(along) == 0
    assert "moscow.holding" in (tmp_path / "b.svg").read_text()
    capsys.readouterr()
    assert command(["plot", "discovery", str(out), "--x", "moscow.holding"]) == 2
    assert "has no --x" in capsys.readouterr().err
    picture = ["--out", str(tmp_path / "c.svg")]
    assert command(["plot", "sensitivity", str(out), "--column", "feasible", *picture]) == 0
    assert "variance of feasibility" in (tmp_path / "c.svg").read_text()
    assert command(["plot", "discovery", str(out), "--target", "infeasible", *picture]) == 0
    assert "infeasible points" in (tmp_path / "c.svg").read_text()
    capsys.readouterr()
    assert command(["plot", "binding", str(out), "--column", "feasible"]) == 2
    assert "has no --column" in capsys.readouterr().err
    assert command(["plot", "binding", str(out), "--y", "moscow.mood"]) == 2
    assert "'binding' has no --y" in capsys.readouterr().err
    assert command(["plot", "tornado", str(out), "--set", "moscow.holding=1"]) == 2
    assert "takes no --set" in capsys.readouterr().err
