"""Designs: points addressed by index, seeded, spread as their definition says."""

import importlib
import subprocess
import sys
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sim.engine.permuting import strata_by_code
from sim.errors import SimError, UsageError
from sim.loading import loads
from sim.scenario.distributions import Beta, Normal, Triangular, Uniform
from sim.sweeps import DESIGNS, sweep
from sim.sweeps.designs import SAMPLERS, Grid, Listed, Sample, listed, sample, sampler
from sim.sweeps.designs.latin import cut, in_strata, latin, permuted
from sim.sweeps.designs.laws import Law, transform

SOBOL = importlib.import_module("sim.sweeps.designs.sobol")
LAWS = {
    "a": Law(distribution=Uniform(), lo=-1.0, hi=3.0, value=0.0),
    "b": Law(distribution=Triangular(), lo=0.0, hi=1.0, value=0.25),
    "c": Law(distribution=Normal(type="normal", sd=0.5), lo=-np.inf, hi=np.inf, value=2.0),
}
VARY = {"tokyo.principle": (0.0, 1.0), "moscow.holding": None}


def design_of(kind, size=64, seed=3):
    if kind == "grid":
        return Grid(axes={"a": (0.0, 1.0, 8), "b": (2.0, 3.0, 4), "c": (0.0, 1.0, 2)})
    if kind == "listed":
        values = np.random.default_rng(seed).random((3, size))
        return Listed(varied=("a", "b", "c"), size=size, values=values, source="x", digest="")
    return Sample(kind=kind, laws=LAWS, size=size - size % 5, seed=seed)


@pytest.mark.parametrize("kind", DESIGNS)
def test_every_point_differs(kind):
    points = design_of(kind).points(0, design_of(kind).size)
    assert len(np.unique(points, axis=1).T) == design_of(kind).size
    assert points.shape == (3, design_of(kind).size)
    assert np.isfinite(points).all()


@pytest.mark.parametrize("kind", DESIGNS)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_points_do_not_depend_on_who_asks_for_them(kind, data):
    """Any stretch, drawn alone or by a worker that was sent only its part, is that of the whole."""
    design = design_of(kind)
    whole = design.points(0, design.size)
    start = data.draw(st.integers(0, design.size - 1))
    stop = data.draw(st.integers(start + 1, design.size))
    assert np.array_equal(design.points(start, stop), whole[:, start:stop])
    assert np.array_equal(design.part(start, stop).points(start, stop), whole[:, start:stop])


@pytest.mark.parametrize("kind", DESIGNS)
def test_probes_are_points_of_the_design(kind):
    design = design_of(kind)
    whole = {tuple(p) for p in design.points(0, design.size).T}
    assert {tuple(p) for p in design.probes().T} <= whole


@pytest.mark.parametrize("kind", SAMPLERS)
def test_the_seed_decides(kind):
    a, again, b = (design_of(kind, seed=seed) for seed in (0, 0, 1))
    assert np.array_equal(a.points(0, 60), again.points(0, 60))
    assert not np.isclose(a.points(0, 60), b.points(0, 60)).any(axis=1).all()


@pytest.mark.parametrize("kind", ["sobol", "latin"])
def test_space_filling_designs_hit_every_stratum_once(kind):
    """With 64 points each of 64 equal slices of every coordinate holds exactly one."""
    u = sampler(kind)(3, 64, 5, 0, 64)
    for row in u:
        assert sorted(np.floor(row * 64).astype(int)) == list(range(64))


def test_sobol_is_scipys_sequence_from_the_start():
    expected = stats.qmc.Sobol(4, rng=np.random.default_rng(9)).random_base2(7).T
    assert np.array_equal(sampler("sobol")(4, 128, 9, 0, 128), expected)


def test_saltelli_blocks_exchange_one_coordinate():
    u = sampler("saltelli")(3, 50, 1, 0, 50).reshape(3, 10, 5)
    a, b = u[:, :, 0], u[:, :, 1]
    for k in range(3):
        mixed = u[:, :, 2 + k]
        assert np.array_equal(mixed[k], b[k])
        assert all(np.array_equal(mixed[j], a[j]) for j in range(3) if j != k)
    assert not np.isclose(a, b).any()


DISTRIBUTIONS = [
    (Uniform(), stats.uniform(1, 2)),
    (Triangular(mode=1.5), stats.triang(0.25, 1, 2)),
    (Triangular(), stats.triang(0.5, 1, 2)),
    (Beta(type="beta", a=2, b=3), stats.beta(2, 3, 1, 2)),
    (Normal(type="normal", sd=0.7), stats.truncnorm(-1 / 0.7, 1 / 0.7, 2, 0.7)),
    (Normal(type="normal", sd=0.7, mean=1.2), stats.truncnorm(-0.2 / 0.7, 1.8 / 0.7, 1.2, 0.7)),
]


@pytest.mark.parametrize(("law", "reference"), DISTRIBUTIONS)
def test_quantiles_are_those_of_scipy(law, reference):
    u = np.linspace(0.001, 0.999, 97)
    assert law.quantile(u, 1.0, 3.0, 2.0) == pytest.approx(reference.ppf(u), rel=1e-9)


@pytest.mark.parametrize(("mean", "nearest"), [(-10.0, 1.0), (10.0, 3.0)])
def test_a_normal_far_from_its_range_crowds_at_the_nearer_end(mean, nearest):
    """The mean is 110 and 70 standard deviations away: all mass lies within 0.001 of the nearer end."""
    u = np.linspace(0.001, 0.999, 97)
    values = Normal(type="normal", sd=0.1, mean=mean).quantile(u, 1.0, 3.0, 2.0)
    assert np.abs(values - nearest).max() < 0.01
    assert (np.diff(values) >= 0).all()


LEVELS = """
parameters:
  flag: {value: 0, levels: [1, 0], range: [0, 1]}
  steps: {value: 2, levels: [2, 5, 3]}
  only: {value: 1, levels: [1]}
strategic: {actors: {x: [u], y: [v]}, payoffs: [[[1, 2]]]}
"""


@pytest.mark.parametrize("kind", ["sobol", "latin", "monte_carlo", "saltelli"])
def test_a_parameter_with_levels_takes_no_other_value(kind):
    design = sample(loads(LEVELS), kind, points=1200)
    assert design.varied == ("flag", "steps")
    flag, steps = design.points(0, design.size)
    for row, levels in ((flag, [0, 1]), (steps, [2, 3, 5])):
        found, counts = np.unique(row, return_counts=True)
        assert found.tolist() == levels
        assert counts == pytest.approx(np.full(len(levels), design.size / len(levels)), rel=0.15)
    assert design.to_dict()["parameters"]["steps"]["levels"] == [2, 3, 5]


def test_correlated_draws_from_the_ends_of_the_cube_have_a_value():
    """Both normal scores at their ends add up to one whose probability rounds to 0 or 1."""
    laws = {
        "step": Law(distribution=Uniform(), lo=0, hi=1, value=0, levels=(0.0, 1.0)),
        "mood": Law(distribution=Normal(type="normal", sd=1), lo=-np.inf, hi=np.inf, value=0),
    }
    for ends in (["step", "mood"], ["mood", "step"]):
        drawn = transform(
            np.array([[0, 1], [0, 1]]), {k: laws[k] for k in ends}, (("step", "mood", 0.7),)
        )
        assert np.isfinite(drawn).all()
        assert drawn[ends.index("step")].tolist() == [0, 1]


def test_bounds_keep_the_levels_within_them():
    some = sample(loads(LEVELS), "sobol", {"steps": (2.5, 9)}, points=16).points(0, 16)
    assert set(some[0]) == {3, 5}
    with pytest.raises(UsageError, match=r"none of its levels 2, 5, 3 lies between 6 and 9"):
        sample(loads(LEVELS), "sobol", {"steps": (6, 9)}, points=16)
    with pytest.raises(SimError, match="levels are equally plausible"):
        loads(LEVELS.replace("range: [0, 1]", "range: [0, 1], distribution: uniform"))


def test_a_normal_without_a_range_is_not_cut_off():
    law = Normal(type="normal", sd=2.0)
    u = np.array([0.001, 0.5, 0.999])
    assert law.quantile(u, -np.inf, np.inf, 1.0) == pytest.approx(stats.norm(1, 2).ppf(u))


def test_declared_distributions_are_drawn_and_explicit_bounds_are_uniform():
    text = """
parameters:
  a: {value: 0.2, range: [0, 1], distribution: {type: beta, a: 2, b: 5}}
  b: {value: 0.5, range: [0, 1]}
  c: 3
strategic: {actors: {x: [u], y: [v]}, payoffs: [[[1, 2]]]}
"""
    scenario = loads(text)
    drawn = sample(scenario, "monte_carlo", points=4000).points(0, 4000)
    assert stats.kstest(drawn[0], stats.beta(2, 5).cdf).pvalue > 1e-3
    assert stats.kstest(drawn[1], stats.uniform.cdf).pvalue > 1e-3
    bounded = sample(scenario, "monte_carlo", {"a": (2, 4)}, points=4000).points(0, 4000)
    assert stats.kstest(bounded[0], stats.uniform(2, 2).cdf).pvalue > 1e-3
    with pytest.raises(UsageError, match="c has no range"):
        sample(scenario, "sobol", {"c": None}, points=8)


def test_correlated_parameters_keep_their_distributions(dispute):
    rho = 0.7
    pair = ("tokyo.principle", "moscow.holding")
    design = sample(
        dispute, "sobol", {pair[0]: (0, 1), pair[1]: (2, 6)}, points=4096, correlation={pair: rho}
    )
    a, b = design.points(0, 4096)
    assert stats.spearmanr(a, b).statistic == pytest.approx(
        6 / np.pi * np.arcsin(rho / 2), abs=0.01
    )
    assert stats.kstest(a, stats.uniform.cdf).pvalue > 1e-3
    assert stats.kstest(b, stats.uniform(2, 4).cdf).pvalue > 1e-3


CORRELATED = """
parameters:
  a: {value: 0.2, range: [0, 1]}
  b: {value: 0.5, range: [0, 1], distribution: {type: beta, a: 2, b: 5}}
  c: {value: 3, range: [2, 4]}
correlations:
  first: {between: [a, b], value: 0.7, source: assumed}
  second: {between: [c, b], value: -0.4}
strategic: {actors: {x: [u], y: [v]}, payoffs: [[[1, 2]]]}
"""


def scores(design):
    """Correlations of the normal scores of a design, by their ranks."""
    points = design.points(0, design.size)
    ranks = stats.rankdata(points, axis=1) / (design.size + 1)
    return np.corrcoef(stats.norm.ppf(ranks))


@pytest.mark.parametrize("kind", ["sobol", "latin", "monte_carlo"])
def test_correlations_of_a_file_are_drawn(kind):
    design = sample(loads(CORRELATED), kind, points=8192)
    expected = [[1, 0.7, 0], [0.7, 1, -0.4], [0, -0.4, 1]]
    assert scores(design) == pytest.approx(np.array(expected), abs=0.03)
    assert stats.kstest(design.points(0, 8192)[1], stats.beta(2, 5).cdf).pvalue > 1e-3


def test_a_given_correlation_replaces_the_files_and_zero_takes_it_away():
    scenario = loads(CORRELATED)
    given = sample(scenario, "sobol", points=8, correlation={("b", "a"): 0.2})
    assert set(given.correlation) == {("b", "a", 0.2), ("c", "b", -0.4)}
    without = {("a", "b"): 0.0, ("b", "c"): 0.0}
    assert sample(scenario, "sobol", points=8, correlation=without).correlation == ()
    with pytest.raises(UsageError, match=r"'a' and 'b' are correlated.*--correlate a,b=0"):
        sample(scenario, "saltelli", points=10)
    assert sample(scenario, "saltelli", points=10, correlation=without).size == 10
    with pytest.raises(UsageError, match="'bb' is not varied"):
        sample(scenario, "sobol", points=8, correlation={("a", "bb"): 0})


def test_correlations_of_a_file_wait_for_both_parameters():
    assert sample(loads(CORRELATED), "sobol", {"a": None, "c": None}, points=8).correlation == ()


BAD_CORRELATIONS = [
    (
        "[a, b]",
        "[a, bb]",
        r"correlations\.first\.between: unknown parameter 'bb'; did you mean 'b'",
    ),
    ("[a, b]", "[a, a]", r"first\.between: two parameters are needed, not 'a' twice"),
    ("[a, b]", "[b, c]", r"second\.between: 'b' and 'c' are correlated twice"),
    ("[a, b]", "[a]", r"correlations\.first\.between"),
    ("value: 0.7", "value: 1", r"correlations\.first\.value"),
    ("value: 0.7", "value: .nan", r"correlations\.first\.value"),
    ("value: 0.7", "valeu: 0.7", r"correlations\.first\.valeu.*did you mean 'value'"),
    ("value: 0.7", "value: 0.95", r"correlations: no distribution .* not positive definite"),
]


@pytest.mark.parametrize(("words", "wrong", "message"), BAD_CORRELATIONS)
def test_wrong_correlations_of_a_file_are_named(words, wrong, message):
    with pytest.raises(SimError, match=message):
        loads(CORRELATED.replace(words, wrong))


def test_a_correlated_design_is_recorded_and_not_mixed_with_another(tmp_path, dispute):
    added = "correlations: {moods: {between: [tokyo.principle, moscow.mood], value: 0.5}}\n"
    scenario = loads(dispute.resolved + added)
    options = {"design": "sobol", "points": 32, "out": tmp_path / "run"}
    run = sweep(scenario, **options)
    assert run.manifest["design"]["correlation"] == [["tokyo.principle", "moscow.mood", 0.5]]
    with pytest.raises(UsageError, match="another"):
        sweep(dispute, **options, resume=True)
    independent = {("tokyo.principle", "moscow.mood"): 0.0}
    with pytest.raises(UsageError, match="another design"):
        sweep(scenario, **options, correlation=independent, resume=True)


def test_a_file_of_points_is_swept_in_its_order(dispute, tmp_path):
    file = tmp_path / "points.csv"
    file.write_text("tokyo.principle, moscow.holding\n0.5,2\n0.25,1.5\n0.1,3\n")
    run = sweep(dispute, file=file)
    assert run.to_frame()["tokyo.principle"].tolist() == [0.5, 0.25, 0.1]
    assert run.to_frame()["moscow.holding"].tolist() == [2, 1.5, 3]
    parquet = tmp_path / "points.parquet"
    run.to_frame(["tokyo.principle", "moscow.holding"]).to_parquet(parquet)
    assert sweep(dispute, file=parquet).to_frame().equals(run.to_frame())


TABLES = [
    ("a.csv", "tokyo.principl\n1\n", r"a\.csv, first line.*did you mean 'tokyo.principle'"),
    (
        "a.csv",
        "0.5,0.25\n0.5,1\n",
        r"first line \(the paths of parameters\): unknown parameter '0.5'",
    ),
    ("a.csv", "tokyo.principle;moscow.mood\n1;2\n", "separate by commas"),
    ("a.csv", "tokyo.principle\nx\n", "not a number"),
    (
        "a.csv",
        "tokyo.principle,moscow.mood\n1,0\n2,\n",
        "'moscow.mood' has no finite value in row 2",
    ),
    ("a.csv", "tokyo.principle\n", "no points|no number"),
    ("a.csv", "tokyo.principle,tokyo.principle\n1,2\n", "occurs twice"),
    ("a.csv", "", "cannot be read"),
    ("a.parquet", "nonsense", "cannot be read"),
    ("a.txt", "tokyo.principle\n1\n", ".csv or .parquet"),
]


@pytest.mark.parametrize(("name", "text", "words"), TABLES)
def test_a_bad_table_says_what_is_wrong(dispute, tmp_path, name, text, words):
    (tmp_path / name).write_text(text)
    with pytest.raises(UsageError, match=words):
        listed(dispute, tmp_path / name)


def test_a_missing_table_is_named(dispute, tmp_path):
    with pytest.raises(UsageError, match=r"gone\.csv cannot be read"):
        listed(dispute, tmp_path / "gone.csv")


BAD = [
    ({"design": "sobl"}, "did you mean 'sobol'"),
    ({"design": "sobol", "vary": {"tokyo.principl": None}}, "did you mean 'tokyo.principle'"),
    ({"design": "sobol", "vary": {"tokyo.principle": (1, 0)}}, "lo <= hi"),
    ({"design": "sobol", "points": 0}, "0 points"),
    ({"design": "saltelli", "points": 3}, "3 points"),
    ({"design": "sobol", "seed": -1}, "seed -1"),
    ({"design": "listed"}, "needs a file"),
    ({"points": 100}, "belong to a random design"),
    ({"file": "a.csv", "correlation": {("a", "b"): 0.5}}, "belong to a random design"),
    ({"vary": {"tokyo.principle": (0, 1)}}, "LO:HI:N"),
    ({"design": "sobol", "vary": VARY, "correlation": {("limit", "moscow.mood"): 0.5}}, "not varied"),
    ({"design": "sobol", "vary": VARY, "correlation": {tuple(VARY): 1.5}}, "within"),
    ({"design": "saltelli", "vary": VARY, "correlation": {tuple(VARY): 0.5}}, "independent"),
]  # fmt: skip


@pytest.mark.parametrize(("options", "words"), BAD)
def test_a_wrong_design_says_what_is_wrong(dispute, options, words):
    with pytest.raises(UsageError, match=words):
        sweep(dispute, **options)


def test_impossible_correlations_are_refused(dispute):
    a, b, c = "tokyo.principle", "moscow.holding", "moscow.mood"
    with pytest.raises(UsageError, match="no distribution"):
        sample(
            dispute, "sobol", dict.fromkeys((a, b, c)), points=8,
            correlation={(a, b): 0.9, (b, c): 0.9, (a, c): -0.9},
        )  # fmt: skip


@given(st.integers(1, 5000), st.integers(0, 2**64 - 1))
@settings(max_examples=100, deadline=None)
def test_permutations_by_index_are_permutations(size, seed):
    keys = np.random.SeedSequence(seed).generate_state(8, np.uint64)
    found = permuted(np.arange(size, dtype=np.uint64), size, keys)
    assert np.array_equal(np.sort(found), np.arange(size))


def test_permutations_by_index_scatter_pairs_evenly():
    """Where neighbours go: over 64 equal cells of (pi(k), pi(k + 1)), as many in each as chance allows."""
    size = 40_000
    keys = np.random.SeedSequence(1).generate_state(8, np.uint64)
    cell = permuted(np.arange(size, dtype=np.uint64), size, keys) * 8 // size
    counts = np.bincount((cell[:-1] * 8 + cell[1:]).astype(int), minlength=64)
    assert stats.chisquare(counts).pvalue > 1e-3


def test_the_same_permutation_with_and_without_compiled_code(monkeypatch):
    """Points of a seed do not depend on what is installed; sizes whose digits are even and odd in number."""
    pytest.importorskip("llvmlite")
    rng = np.random.default_rng(0)
    for size in (1, 5, 17, 4096, 4097, 130_000, 10**12):
        keys = rng.integers(0, 2**63, 8, dtype=np.uint64)
        for count in {min(count, size) for count in (1, 64, 301)}:
            first = int(rng.integers(0, size - count + 1))
            with_code = rng.random(count)
            without = with_code.copy()
            assert strata_by_code(with_code, first, size, *cut(size), keys)
            with monkeypatch.context() as patched:
                patched.setattr("sim.engine.permuting.available", lambda: False)
                in_strata(without, first, size, keys)
            assert (without == with_code).all()


def test_an_uncorrelated_parameter_is_drawn_as_ever(dispute):
    """A correlation of two others does not move it by a bit."""
    apart = sample(dispute, "sobol", points=64)
    first, second = list(apart.laws)[:2]
    tied = sample(dispute, "sobol", points=64, correlation={(first, second): 0.6})
    a, b = apart.points(0, 64), tied.points(0, 64)
    assert (a[2:] == b[2:]).all()
    assert (a[1] != b[1]).any()


@pytest.mark.parametrize("size", [64, 1000])
def test_a_latin_hypercube_by_index_hits_every_stratum_once(size, monkeypatch):
    monkeypatch.setattr("sim.sweeps.designs.latin.IN_MEMORY", 0)
    whole = latin(3, size, 5, 0, size)
    assert np.array_equal(np.sort(np.floor(whole * size), axis=1), [np.arange(size)] * 3)
    assert np.array_equal(latin(3, size, 5, 17, 40), whole[:, 17:40])
    assert np.abs(np.corrcoef(whole) - np.eye(3)).max() < 4 / size**0.5
    assert not np.isclose(whole, latin(3, size, 6, 0, size)).any(axis=1).all()


@pytest.mark.parametrize("design", ["sobol", "latin", "monte_carlo", "saltelli", "grid"])
def test_a_chunk_far_out_costs_what_a_chunk_costs(design):
    """Of 1e12 points and of one parameter with 1e12 values a few are drawn at once and in little memory."""
    size = 10**12
    made = Grid(axes={"a": (0.0, 1.0, size)})
    if design != "grid":
        made = Sample(kind=design, laws=LAWS, size=size - size % 5, seed=3)
    start = made.size - 1000
    made.points(0, 10)
    tracemalloc.start()
    points = made.points(start, made.size)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert points.shape == (len(made.varied), 1000)
    assert np.isfinite(points).all()
    assert peak < 2_000_000
    assert np.array_equal(made.points(start + 400, start + 410), points[:, 400:410])


@pytest.mark.parametrize(("size", "start"), [(1000, 1), (1000, 640), (2**33, 10**6 + 3)])
def test_a_jump_is_scipys_sequence(size, start):
    sequence = stats.qmc.Sobol(3, bits=max(30, size.bit_length()), rng=np.random.default_rng(9))
    sequence.random(1)
    expected = sequence.random(start + 50)[start - 1 :].T
    assert np.array_equal(sampler("sobol")(3, size, 9, start, start + 51), expected)


@pytest.mark.parametrize(("dims", "size"), [(1, 5), (40, 4200), (300, 2050)])
def test_a_sequence_of_many_dimensions_is_scipys(dims, size):
    expected = stats.qmc.Sobol(dims, rng=np.random.default_rng(3), bits=30).random(8192).T
    expected = expected[:, :size]
    assert np.array_equal(sampler("sobol")(dims, size, 3, 0, size), expected)
    assert np.array_equal(sampler("sobol")(dims, size, 3, 4, size), expected[:, 4:])


def test_a_scipy_that_keeps_its_numbers_elsewhere_is_asked(monkeypatch):
    known = SOBOL.direction_numbers(7, 30)

    def gone():
        raise FileNotFoundError

    monkeypatch.setattr(SOBOL, "_joe_kuo", gone)
    assert np.array_equal(SOBOL.direction_numbers(7, 30), known)


def test_a_sample_does_not_import_statistics():
    code = (
        "import sys; from sim.sweeps.designs.sobol import sobol; sobol(3, 8, 0, 0, 8);"
        "sys.exit('scipy.stats' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


ENDS = st.floats(-1e6, 1e6)


@given(ENDS, ENDS, st.integers(1, 300))
@settings(max_examples=200, deadline=None)
def test_a_grids_values_are_those_of_linspace(a, b, n):
    design = Grid(axes={"a": (min(a, b), max(a, b), n)})
    assert np.array_equal(design.points(0, n)[0], np.linspace(min(a, b), max(a, b), n))


def test_distributions_in_files_are_checked():
    text = "parameters: {{a: {}}}\nstrategic: {{actors: {{x: [u], y: [v]}}, payoffs: [[[1, 2]]]}}"
    bad = {
        "{value: 1, range: [0, 2], distribution: nrmal}": "did you mean 'normal'",
        "{value: 1, range: [0, 2], distribution: {type: normal, sd: 0}}": "sd",
        "{value: 1, distribution: uniform}": "needs a range",
        "{value: 1, range: [0, 2], distribution: {type: triangular, mode: 3}}": "mode 3 is outside",
    }
    for record, words in bad.items():
        with pytest.raises(SimError, match=words):
            loads(text.format(record))


@pytest.mark.parametrize("kind", ["sobol", "monte_carlo", "latin", "saltelli"])
def test_runs_of_random_designs_open_as_lists(dispute, tmp_path, kind):
    run = sweep(dispute, design=kind, vary=VARY, points=40, seed=1, out=tmp_path / "run")
    assert run.shape == (40,)
    assert run.varied == tuple(VARY)
    assert run.manifest["design"]["kind"] == kind
    assert run.manifest["seed"] == 1
    data = run.to_xarray()
    assert data["margin"].dims == ("point",)
    assert data["tokyo.principle"].dims == ("point",)
    assert np.array_equal(run.coordinates("tokyo.principle"), run.array("tokyo.principle"))
    assert run.array("margin").shape == (40,)


def test_all_parameters_with_a_range_are_drawn_by_default(dispute):
    run = sweep(dispute, design="sobol", points=16)
    assert set(run.varied) == {"tokyo.value", "tokyo.principle", "moscow.holding", "moscow.mood"}
