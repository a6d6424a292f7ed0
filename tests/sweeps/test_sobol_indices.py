"""Sobol indices against closed forms, published tables and other programs, and on stored runs."""

import numpy as np
import pytest
from sim.errors import UsageError
from sim.sweeps import analyses, sweep
from sim.sweeps.analyses.sobol_indices import GROUPS, intervals, sobol_indices
from sim.sweeps.designs.saltelli import saltelli

BLOCKS = 4096
SEEDS = range(8)


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


COEFFICIENTS = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0])


def g_function(u):
    """Sobol's g-function: the product of (|4u - 2| + a) / (1 + a)."""
    a = COEFFICIENTS[:, None]
    return ((np.abs(4 * u - 2) + a) / (1 + a)).prod(axis=0)


def g_indices():
    """The partial variances of a product of independent factors of mean 1."""
    v = 1 / (3 * (1 + COEFFICIENTS) ** 2)
    whole = (1 + v).prod() - 1
    return np.array([v, v * (1 + v).prod() / (1 + v)]) / whole


def corner(u):
    """A feasible corner of the unit cube: 1 where the first two coordinates are low, of three."""
    return ((u[0] < 0.5) & (u[1] < 0.8)).astype(float)


def corner_indices():
    """Of a product of two independent indicators with means p and q."""
    p, q = 0.5, 0.8
    v = p * q * (1 - p * q)
    first = [p * (1 - p) * q**2, q * (1 - q) * p**2, 0]
    total = [p * (1 - p) * q, q * (1 - q) * p, 0]
    return np.array([first, total]) / v


def blocks_of(function, dims, blocks=BLOCKS, seed=1):
    u = saltelli(dims, blocks * (dims + 2), seed, 0, blocks * (dims + 2))
    a, b, *ab = function(u).reshape(-1, dims + 2).T
    return a, b, np.stack(ab)


CASES = [
    (ishigami, 3, ishigami_indices()),
    (g_function, 8, g_indices()),
    (corner, 3, corner_indices()),
]


@pytest.mark.parametrize(("function", "dims", "exact"), CASES)
def test_sobol_indices_are_the_closed_forms(function, dims, exact):
    assert sobol_indices(*blocks_of(function, dims)) == pytest.approx(exact, abs=0.02)


@pytest.mark.parametrize(("function", "dims", "exact"), CASES)
@pytest.mark.parametrize("blocks", [512, 1024])
def test_intervals_hold_the_closed_forms_as_often_as_they_say(function, dims, exact, blocks):
    """Over several seeds nine of ten intervals at 95 % do, and with the blocks they get narrower."""
    held, widths = [], []
    for seed in SEEDS:
        drawn = blocks_of(function, dims, blocks, seed)
        low, high = intervals(*drawn, rng=np.random.default_rng(seed))
        held.append((low <= exact + 1e-9) & (exact - 1e-9 <= high))
        widths.append((high - low).max())
    assert np.mean(held) >= 0.93
    assert np.mean(held, axis=0).min() >= 0.6
    assert np.mean(widths) < {512: 0.45, 1024: 0.32}[blocks]


def test_the_closed_forms_are_the_published_values():
    """Saltelli et al., Global Sensitivity Analysis: The Primer (2008): Ishigami with a = 7, b = 0.1; the
    g-function with a = (0, 1, 4.5, 9, 99, 99, 99, 99), whose first indices it gives to three digits."""
    published = [[0.3139, 0.4424, 0.0], [0.5576, 0.4424, 0.2437]]
    assert ishigami_indices() == pytest.approx(np.array(published), abs=1e-4)
    assert g_indices()[0, :4] == pytest.approx([0.716, 0.179, 0.024, 0.007], abs=6e-4)
    assert g_indices()[1, :4] == pytest.approx([0.788, 0.243, 0.034, 0.011], abs=1.1e-3)


@pytest.mark.parametrize(("function", "dims", "exact"), CASES)
def test_scipy_estimates_the_same_from_the_same_values(function, dims, exact):
    from scipy.stats import sobol_indices as peer

    a, b, ab = blocks_of(function, dims)
    values = {"f_A": a[None], "f_B": b[None], "f_AB": ab[:, None]}
    found = peer(func=values, n=len(a))
    ours = sobol_indices(a, b, ab)
    assert ours[0] == pytest.approx(found.first_order, abs=1e-9)
    assert ours[1] == pytest.approx(found.total_order, abs=1e-9)


@pytest.mark.peers
@pytest.mark.parametrize(("function", "dims", "exact"), CASES)
def test_salib_estimates_the_same_with_like_intervals(function, dims, exact):
    """SALib scales by the variance of A and B, ours alike; its intervals are 1.96 resampled deviations."""
    sobol = pytest.importorskip("SALib.analyze.sobol")
    a, b, ab = blocks_of(function, dims)
    flat = np.concatenate([a[None], ab, b[None]]).T.ravel()
    problem = {"num_vars": dims, "names": [f"x{k}" for k in range(dims)], "bounds": [[0, 1]] * dims}
    found = sobol.analyze(
        problem, flat, calc_second_order=False, num_resamples=500, seed=1, print_to_console=False
    )
    ours = sobol_indices(a, b, ab)
    assert ours[0] == pytest.approx(found["S1"], abs=2e-3)
    assert ours[1] == pytest.approx(found["ST"], abs=2e-3)
    low, high = intervals(a, b, ab, rng=np.random.default_rng(1))
    assert (high - low)[0] / 2 == pytest.approx(found["S1_conf"], rel=0.2, abs=2e-3)
    assert (high - low)[1] / 2 == pytest.approx(found["ST_conf"], rel=0.2, abs=2e-3)


def test_many_blocks_are_resampled_by_neighbours_to_intervals_that_still_hold():
    held = []
    for seed in range(4):
        a, b, ab = blocks_of(ishigami, 3, 2 * GROUPS + 100, seed)
        low, high = intervals(a, b, ab, rng=np.random.default_rng(seed))
        held.append((low <= ishigami_indices() + 1e-9) & (ishigami_indices() - 1e-9 <= high))
        assert (high - low).max() < 0.1
    assert np.mean(held) >= 0.9


def test_indices_do_not_change_with_scale_and_origin():
    a, b, ab = blocks_of(ishigami, 3)
    moved = sobol_indices(a * 1e9 + 5e9, b * 1e9 + 5e9, ab * 1e9 + 5e9)
    assert moved == pytest.approx(sobol_indices(a, b, ab), abs=1e-9)


def test_nothing_varies_means_no_index():
    one = np.ones(10)
    assert np.isnan(sobol_indices(one, one, np.ones((2, 10)))).all()


def test_a_parameter_that_no_payoff_reads_has_no_index(dispute):
    run = sweep(dispute, design="saltelli", points=600,
                vary={"limit": (0, 1), "tokyo.principle": None, "moscow.holding": None})  # fmt: skip
    found = {i.path: i for i in analyses.sobol_indices_of_run(run).indices}
    assert found["limit"].total == found["limit"].first == 0
    assert found["tokyo.principle"].total > 0.05


def test_only_a_saltelli_design_has_them(dispute):
    run = sweep(dispute, design="sobol", points=64)
    with pytest.raises(UsageError, match="--design saltelli"):
        analyses.sobol_indices_of_run(run)


VARIED = {"moscow.holding": (0.1, 1), "moscow.mood": (0, 1)}


def test_blocks_with_a_failed_point_are_left_out_and_said(dispute, spoilt):
    """Points 5 and 6 lie in one block of four, point 40 in another."""
    run = sweep(dispute, design="saltelli", points=60, vary=VARIED)
    bad = spoilt(run, failed=[5, 6, 40])
    for column in ("margin", "feasible"):
        found = analyses.sobol_indices_of_run(bad, column)
        assert (found.blocks, found.dropped) == (13, 2)
        assert found.variance > 0
        assert "left out" in found.note
    with pytest.raises(UsageError, match="1 blocks with finite 'margin' are too few"):
        analyses.sobol_indices_of_run(spoilt(run, failed=range(4, 60)))


def test_a_knife_edge_is_not_feasible_and_keeps_its_block(dispute, spoilt):
    run = sweep(dispute, design="saltelli", points=60, vary=VARIED)
    yes = run.to_frame(["feasible"])["feasible"].eq(True).to_numpy(copy=True)
    edge = np.flatnonzero(yes)[:2]
    found = analyses.sobol_indices_of_run(spoilt(run, knife_edge=edge), "feasible")
    assert (found.blocks, found.dropped) == (15, 0)
    yes[edge] = False
    a, b, *ab = yes.astype(float).reshape(-1, 4).T
    expected = dict(zip(VARIED, sobol_indices(a, b, np.stack(ab))[0], strict=True))
    assert {i.path: i.first for i in found.indices} == pytest.approx(expected)


def test_of_an_unfinished_run_the_whole_blocks_count(dispute, tmp_path):
    """Chunks of 7 points cut across blocks of 6; without the second one, three blocks are whole."""
    paths = ("tokyo.value", "tokyo.principle", "moscow.holding", "moscow.mood")
    run = sweep(dispute, design="saltelli", points=30, chunk=7, out=tmp_path / "run",
                vary=dict.fromkeys(paths))  # fmt: skip
    frame = run.to_frame(["margin"])["margin"].to_numpy().reshape(5, 6)
    next((tmp_path / "run").glob("chunk-000001-*")).unlink()
    found = analyses.sobol_indices_of_run(run)
    assert (found.blocks, found.dropped) == (3, 0)
    a, b, *ab = frame[[0, 3, 4]].T
    expected = dict(zip(run.varied, sobol_indices(a, b, np.stack(ab))[1], strict=True))
    assert {i.path: i.total for i in found.indices} == pytest.approx(expected, nan_ok=True)
