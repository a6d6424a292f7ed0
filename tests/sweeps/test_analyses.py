"""Analyses against functions whose answers are known in closed form, and on stored runs."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.cli import run as command
from sim.errors import UsageError
from sim.sweeps import analyses, sweep
from sim.sweeps.analyses import ANALYSES
from sim.sweeps.analyses.binding_frequencies import binding_frequencies
from sim.sweeps.analyses.feasible_share import feasible_share
from sim.sweeps.analyses.prim import best_box, prim
from sim.sweeps.analyses.sobol_indices import intervals, sobol_indices
from sim.sweeps.analyses.tornado import tornado
from sim.sweeps.designs.saltelli import saltelli

BLOCKS = 4096


def ishigami(u):
    """Ishigami and Homma (1990), with a = 7, b = 0.1, on [-pi, pi]^3."""
    x = np.pi * (2 * u - 1)
    return np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])


def ishigami_indices():
    """First-order and total indices in closed form, from the three partial variances."""
    a, b, pi = 7, 0.1, np.pi
    v1 = 0.5 * (1 + b * pi**4 / 5) ** 2
    v2 = a**2 / 8
    v13 = b**2 * pi**8 * (1 / 18 - 1 / 50)
    v = v1 + v2 + v13
    return np.array([[v1, v2, 0], [v1 + v13, v2, v13]]) / v


COEFFICIENTS = np.array([0.0, 0.5, 3.0, 9.0, 99.0])


def g_function(u):
    """Sobol's g-function: the product of (|4u - 2| + a) / (1 + a)."""
    a = COEFFICIENTS[:, None]
    return ((np.abs(4 * u - 2) + a) / (1 + a)).prod(axis=0)


def g_indices():
    """The partial variances of a product of independent factors of mean 1."""
    v = 1 / (3 * (1 + COEFFICIENTS) ** 2)
    whole = (1 + v).prod() - 1
    return np.array([v, v * (1 + v).prod() / (1 + v)]) / whole


def blocks_of(function, dims):
    u = saltelli(dims, BLOCKS * (dims + 2), 1, 0, BLOCKS * (dims + 2))
    a, b, *ab = function(u).reshape(-1, dims + 2).T
    return a, b, np.stack(ab)


CASES = [(ishigami, 3, ishigami_indices()), (g_function, 5, g_indices())]


@pytest.mark.parametrize(("function", "dims", "exact"), CASES)
def test_sobol_indices_are_the_closed_forms(function, dims, exact):
    assert sobol_indices(*blocks_of(function, dims)) == pytest.approx(exact, abs=0.02)


@pytest.mark.parametrize(("function", "dims", "exact"), CASES)
def test_sobol_intervals_hold_the_closed_forms(function, dims, exact):
    low, high = intervals(*blocks_of(function, dims), rng=np.random.default_rng(2))
    assert ((low <= exact + 1e-9) & (exact - 1e-9 <= high)).mean() >= 0.9
    assert (high - low).max() < 0.2


def test_the_published_ishigami_indices():
    """Table of Saltelli et al., Global Sensitivity Analysis: The Primer (2008), for a = 7, b = 0.1."""
    published = [[0.3139, 0.4424, 0.0], [0.5576, 0.4424, 0.2437]]
    assert ishigami_indices() == pytest.approx(np.array(published), abs=1e-4)


def test_indices_do_not_change_with_scale_and_origin():
    a, b, ab = blocks_of(ishigami, 3)
    moved = sobol_indices(a * 1e9 + 5e9, b * 1e9 + 5e9, ab * 1e9 + 5e9)
    assert moved == pytest.approx(sobol_indices(a, b, ab), abs=1e-9)


def test_nothing_varies_means_no_index():
    one = np.ones(10)
    assert np.isnan(sobol_indices(one, one, np.ones((2, 10)))).all()


@given(st.lists(st.booleans(), min_size=2, max_size=50))
def test_share_and_standard_error_are_those_of_a_sample_mean(yes):
    share, error = feasible_share(np.array(yes))
    assert share == pytest.approx(np.mean(yes))
    assert error == pytest.approx(np.std(yes, ddof=1) / np.sqrt(len(yes)), rel=1e-6, abs=1e-12)


def test_the_standard_error_is_the_spread_of_repeated_shares(dispute):
    """Over many seeds the shares scatter as one run says they do."""
    vary = {"tokyo.principle": (0, 1), "moscow.holding": (0.1, 3)}
    found = [
        analyses.feasible_share_of_run(
            sweep(dispute, vary=vary, design="monte_carlo", points=300, seed=seed)
        )
        for seed in range(40)
    ]
    spread = np.std([f.share for f in found], ddof=1)
    assert spread > 0
    assert np.mean([f.standard_error for f in found]) == pytest.approx(spread, rel=0.35)


def test_prim_finds_the_box_that_is_there():
    rng = np.random.default_rng(0)
    x = rng.random((5, 8000))
    wanted = (x[0] > 0.3) & (x[0] < 0.7) & (x[2] < 0.4)
    paths = list("abcde")
    box = best_box(paths, x, wanted, prim(paths, x, wanted))
    limits = {limit.path: (limit.low, limit.high) for limit in box.limits}
    assert set(limits) == {"a", "c"}
    assert limits["a"] == pytest.approx((0.3, 0.7), abs=0.03)
    assert limits["c"][1] == pytest.approx(0.4, abs=0.03)
    assert box.coverage > 0.93
    assert box.density > 0.93


@given(seed=st.integers(0, 10**6), levels=st.sampled_from([0, 2, 5]))
@settings(max_examples=30, deadline=None)
def test_boxes_shrink_and_measure_what_they_say(seed, levels):
    """On any points, ties and all: every box lies in the one before, and its numbers are counted."""
    rng = np.random.default_rng(seed)
    x = rng.random((3, 200))
    x = np.round(x * levels) if levels else x
    wanted = rng.random(200) < 0.2 + 0.5 * (x[0] > 0.5 * (levels or 1))
    boxes = prim(["a", "b", "c"], x, wanted)
    assert (boxes[0].coverage, boxes[0].mass, boxes[0].limits) == (float(wanted.any()), 1.0, ())
    inside = np.ones(200, dtype=bool)
    for box in boxes:
        held = np.ones(200, dtype=bool)
        for limit in box.limits:
            k = "abc".index(limit.path)
            held &= (x[k] >= limit.low) & (x[k] <= limit.high)
        assert not (held & ~inside).any()
        inside = held
        assert box.mass == pytest.approx(held.mean())
        assert box.density == pytest.approx(wanted[held].mean())
        assert box.coverage == pytest.approx(wanted[held].sum() / max(wanted.sum(), 1))


def test_chance_alone_makes_no_box():
    """Where nothing matters, restrictions that peeling finds are mostly dropped again."""
    kept = []
    for seed in range(10):
        rng = np.random.default_rng(seed)
        x, wanted = rng.random((4, 1000)), rng.random(1000) < 0.3
        boxes = prim(list("abcd"), x, wanted)
        kept.append(best_box(list("abcd"), x, wanted, boxes).mass)
    assert np.median(kept) > 0.5


@pytest.mark.parametrize("share", [0, 1])
def test_prim_of_none_or_all_is_the_whole_box(share):
    x = np.random.default_rng(0).random((2, 50))
    boxes = prim(["a", "b"], x, np.full(50, bool(share)))
    assert len(boxes) == 1
    assert boxes[0].density == share


def test_a_tornado_of_a_linear_result_has_bars_as_long_as_its_slopes():
    """Over tenths at both ends of a uniform parameter the means are 0.9 of its range apart."""
    x = saltelli(3, 50_000, 0, 0, 50_000)
    bars = tornado(["a", "b", "c"], x, 5 * x[0] - 2 * x[1] + 0 * x[2])
    assert [bar.path for bar in bars] == ["a", "b", "c"]
    assert [bar.swing for bar in bars] == pytest.approx([4.5, -1.8, 0], abs=0.05)


@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=60))
def test_binding_frequencies_are_counts_in_order(labels):
    shares = binding_frequencies(labels)
    assert {label: labels.count(label) / len(labels) for label in set(labels)} == shares
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
    bars = analyses.tornado_of_run(run).bars
    low = frame[frame["tokyo.principle"] <= frame["tokyo.principle"].quantile(0.1)]["margin"].mean()
    assert next(b for b in bars if b.path == "tokyo.principle").at_low == pytest.approx(low)
    with pytest.raises(UsageError, match="--design saltelli"):
        analyses.sobol_indices_of_run(run)
    with pytest.raises(UsageError, match="labels"):
        analyses.tornado_of_run(run, "binding")
    with pytest.raises(UsageError, match="did you mean 'margin'"):
        analyses.tornado_of_run(run, "margn")


def test_a_parameter_that_no_payoff_reads_has_no_index(dispute):
    run = sweep(dispute, design="saltelli", points=600,
                vary={"limit": (0, 1), "tokyo.principle": None, "moscow.holding": None})  # fmt: skip
    found = {i.path: i for i in analyses.sobol_indices_of_run(run).indices}
    assert found["limit"].total == found["limit"].first == 0
    assert found["tokyo.principle"].total > 0.05


def test_failed_points_are_left_out(fragile, tmp_path):
    run = sweep(fragile, vary={"moscow.mood": (0, 1, 11)}, keep_going=True, out=tmp_path / "run")
    share = analyses.feasible_share_of_run(run)
    assert (share.points, share.failed, share.standard_error) == (10, 1, None)
    assert analyses.prim_of_run(run).boxes[0].mass == 1


def test_every_analysis_is_listed_and_serialises(dispute):
    run = sweep(dispute, design="saltelli", points=240)
    for name, analysis in ANALYSES.items():
        record = analysis(run)
        assert analysis.__name__ == f"{name}_of_run"
        assert json.loads(json.dumps(record.to_dict())) == record.to_dict()


def test_the_command_prints_tables_and_json(dispute, tmp_path, capsys):
    out = tmp_path / "run"
    run = sweep(dispute, design="saltelli", points=240, out=out)
    assert command(["analyse", str(out)]) == 0
    said = capsys.readouterr().out
    assert "A treaty is feasible at" in said
    assert "Sobol indices of margin" in said
    assert command(["analyse", str(out), "--json", "--target", "infeasible"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert set(ANALYSES) - {"binding_along"} <= set(data)
    assert data["prim"]["target"] == "infeasible"
    assert data["sobol_indices_of_feasibility"]["column"] == "feasible"
    assert data["feasible_share"]["share"] == analyses.feasible_share_of_run(run).share
    assert command(["analyse", str(tmp_path)]) == 2
    assert "holds no run" in capsys.readouterr().err
    assert command(["analyse", str(out), "--column", "margn"]) == 2
    assert "did you mean 'margin'" in capsys.readouterr().err


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
    for kind in ("sensitivity", "discovery", "binding"):
        picture = tmp_path / f"{kind}.png"
        assert command(["plot", kind, str(out), "--out", str(picture)]) == 0
        assert picture.stat().st_size > 5000
    along = ["plot", "binding", str(out), "--x", "moscow.holding", "--out", str(tmp_path / "b.svg")]
    assert command(along) == 0
    assert "moscow.holding" in (tmp_path / "b.svg").read_text()
    capsys.readouterr()
    assert command(["plot", "discovery", str(out), "--x", "moscow.holding"]) == 2
    assert "has no --x" in capsys.readouterr().err
