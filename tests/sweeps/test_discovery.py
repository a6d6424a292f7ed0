"""Boxes and rules: synthetic regions whose limits are known, other programs, chance, ties."""

from inspect import signature

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.errors import UsageError
from sim.records import RuleSplit
from sim.sweeps import analyses, sweep
from sim.sweeps.analyses._cloud import cloud
from sim.sweeps.analyses.cart import cart
from sim.sweeps.analyses.prim import best_box, covering, prim, pruned

ABC = list("abcdefghij")


def region(dims, restricted, size, noise, seed):
    """Points of the unit cube of interest in a box, some labels turned over at random; and the box."""
    rng = np.random.default_rng(seed)
    x = rng.random((dims, size))
    width = 0.2 ** (1 / restricted)
    low = rng.uniform(0.1, 0.9 - width, restricted)
    ends = {ABC[k]: (low[k], low[k] + width) for k in range(restricted)}
    inside = np.all(
        [(x[k] >= lo) & (x[k] <= hi) for k, (lo, hi) in enumerate(ends.values())], axis=0
    )
    return x, inside ^ (rng.random(size) < noise), inside, ends


def shares_of(held, truth):
    """Coverage and density of some points as to the true region."""
    return (held & truth).sum() / truth.sum(), (held & truth).sum() / held.sum()


# --- boxes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("noise", [0.0, 0.02])
@pytest.mark.parametrize(("dims", "restricted"), [(2, 1), (3, 2), (5, 2), (6, 3), (10, 3)])
def test_prim_finds_the_box_that_is_there(dims, restricted, noise):
    """In several dimensions, and with labels turned over: coverage and density of the region above 0.9."""
    for seed in range(2):
        x, wanted, truth, ends = region(dims, restricted, 8000, noise, seed)
        held = cloud(ABC[:dims], x, wanted)
        box = best_box(held, prim(held))
        assert {limit.path for limit in box.limits} == set(ends)
        for limit in box.limits:
            assert (limit.low, limit.high) == pytest.approx(ends[limit.path], abs=0.05)
        coverage, density = shares_of(held.inside(box), truth)
        assert coverage > 0.9
        assert density > 0.9
        if not noise:
            assert (box.coverage, box.density) == (coverage, density)


@given(seed=st.integers(0, 10**6), levels=st.sampled_from([0, 2, 5]))
@settings(max_examples=30, deadline=None)
def test_boxes_shrink_and_measure_what_they_say(seed, levels):
    """On any points, ties and all: every box lies in the one before, and its numbers are counted."""
    rng = np.random.default_rng(seed)
    x = rng.random((3, 200))
    x = np.round(x * levels) if levels else x
    wanted = rng.random(200) < 0.2 + 0.5 * (x[0] > 0.5 * (levels or 1))
    boxes = prim(cloud(["a", "b", "c"], x, wanted))
    assert (boxes[0].coverage, boxes[0].mass, boxes[0].limits) == (float(wanted.any()), 1.0, ())
    inside = np.ones(200, dtype=bool)
    for box in boxes:
        parts = {k.path: within(x["abc".index(k.path)], k) for k in box.limits}
        held = np.all([np.ones(200, dtype=bool), *parts.values()], axis=0)
        assert not (held & ~inside).any()
        inside = held
        assert box.mass == pytest.approx(held.mean())
        assert box.density == pytest.approx(wanted[held].mean())
        assert box.coverage == pytest.approx(wanted[held].sum() / max(wanted.sum(), 1))
        for k in box.limits:
            rest = [np.ones(200, dtype=bool), *(p for path, p in parts.items() if path != k.path)]
            assert k.density_without == pytest.approx(wanted[np.all(rest, axis=0)].mean())


def within(x, limit):
    return (x >= limit.low) & (x <= limit.high)


def test_chance_alone_makes_no_box():
    """Where nothing matters, restrictions that peeling finds are dropped again."""
    for share in (0.3, 0.8):
        found = 0
        for seed in range(8):
            rng = np.random.default_rng(seed)
            held = cloud(list("abcd"), rng.random((4, 1000)), rng.random(1000) < share)
            found += best_box(held, prim(held)).limits != ()
        assert found <= 1


def test_the_box_of_a_common_outcome_is_not_everything():
    """Four of five points are of interest: all of them would cover all, and tell nothing."""
    x = np.random.default_rng(0).random((4, 6000))
    wanted = ~((x[0] < 0.45) & (x[1] < 0.45))
    held = cloud(list("abcd"), x, wanted)
    box = best_box(held, prim(held))
    assert len(box.limits) == 1
    assert box.density > 0.97
    assert box.coverage > 0.6


@pytest.mark.parametrize("share", [0, 1])
def test_of_none_or_all_there_is_the_whole_box_and_one_leaf(share):
    x = np.random.default_rng(0).random((2, 50))
    held = cloud(["a", "b"], x, np.full(50, bool(share)))
    (box,) = prim(held)
    root, (leaf,), explained = cart(held)
    assert (box.density, leaf.density, root) == (share, share, 0)
    assert np.isnan(explained)
    assert list(covering(held, 3, np.random.default_rng(0))) == []


def test_two_regions_take_two_boxes():
    """Each is found among the points outside the ones before, and coverage adds up; then none stands out."""
    x = np.random.default_rng(3).random((4, 8000))
    first = (x[0] < 0.3) & (x[1] < 0.5)
    second = (x[0] > 0.8) & (x[2] > 0.6)
    held = cloud(list("abcd"), x, first | second)
    found = list(covering(held, 5, np.random.default_rng(0)))
    together = np.any([held.inside(box) for box in found], axis=0)
    assert 2 <= len(found) <= 3
    assert min(shares_of(together, held.wanted)) > 0.95
    assert [{k.path for k in box.limits} for box in found[:2]] == [{"a", "b"}, {"a", "c"}]
    assert sum(box.coverage for box in found) == pytest.approx(
        held.wanted[together].sum() / held.cases
    )
    assert sum(box.mass for box in found) == pytest.approx(together.mean())


def test_a_density_that_is_asked_for_is_had_at_the_least_cost_of_coverage():
    """Of the boxes on the way, rid of what chance explains, the widest that has it."""
    x = np.random.default_rng(4).random((3, 5000))
    wanted = np.random.default_rng(5).random(5000) < x[0] * x[1]
    held = cloud(list("abc"), x, wanted)
    boxes = prim(held)
    rid = [pruned(held, box) for box in boxes]
    had = [best_box(held, boxes, density) for density in (0.4, 0.6, 0.8)]
    for box, density in zip(had, (0.4, 0.6, 0.8), strict=True):
        assert density <= box.density < density + 0.08
        assert box.coverage == max(b.coverage for b in rid if b.density >= density)
    assert had[0].coverage > had[1].coverage > had[2].coverage
    densest = best_box(held, boxes, 1.0)
    assert densest.density == max(b.density for b in rid)


# --- rules -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("noise", [0.0, 0.05])
@pytest.mark.parametrize(("dims", "restricted"), [(3, 1), (5, 2), (10, 2)])
def test_the_tree_finds_the_box_that_is_there(dims, restricted, noise):
    x, wanted, truth, ends = region(dims, restricted, 8000, noise, 5)
    held = cloud(ABC[:dims], x, wanted)
    _, leaves, explained = cart(held)
    leaf = max(leaves, key=lambda box: box.density)
    for limit in leaf.limits:
        assert (limit.low, limit.high) == pytest.approx(ends[limit.path], abs=0.02)
    coverage, density = shares_of(held.inside(leaf), truth)
    assert coverage > 0.95
    assert density > 0.95
    assert explained == pytest.approx(brier_share(truth, wanted), abs=0.05)


def brier_share(truth, wanted):
    """What the best forecast explains: the true region with its true shares."""
    foretold = np.where(truth, wanted[truth].mean(), wanted[~truth].mean())
    return 1 - np.mean((foretold - wanted) ** 2) / wanted.var()


@given(seed=st.integers(0, 10**6), levels=st.sampled_from([0, 3]))
@settings(max_examples=15, deadline=None)
def test_leaves_share_out_all_points_and_follow_the_splits(seed, levels):
    rng = np.random.default_rng(seed)
    x = rng.random((3, 400))
    x = np.round(x * levels) / levels if levels else x
    wanted = rng.random(400) < 0.1 + 0.8 * (x[0] > 0.5)
    held = cloud(["a", "b", "c"], x, wanted)
    root, leaves, _ = cart(held, depth=3, least_leaf=0.05)
    inside = np.array([held.inside(leaf) for leaf in leaves])
    assert (inside.sum(axis=0) == 1).all()
    assert all(
        leaf.mass == pytest.approx(part.mean()) for leaf, part in zip(leaves, inside, strict=True)
    )
    assert min(leaf.mass for leaf in leaves) >= 0.05
    for k in range(0, 400, 40):
        assert inside[place(root, x[:, k]), k]


def place(node, point):
    while isinstance(node, RuleSplit):
        node = node.low if point["abc".index(node.path)] <= node.at else node.high
    return node


def test_scikit_learn_itself_says_the_same():
    """An unpruned tree of the same depth tells the classes apart as ours does, where nothing is pruned."""
    from sklearn.tree import DecisionTreeClassifier

    x, wanted, _, _ = region(4, 2, 3000, 0.0, 1)
    _, leaves, _ = cart(cloud(ABC[:4], x, wanted))
    peer = DecisionTreeClassifier(max_depth=4, min_samples_leaf=30).fit(x.T, wanted)
    share = peer.predict_proba(x.T)[:, 1]
    for leaf in leaves:
        held = cloud(ABC[:4], x, wanted).inside(leaf)
        assert leaf.density == pytest.approx(share[held].mean(), abs=1e-6)


@pytest.mark.parametrize(
    ("origin", "width"), [(1e9, 10.0), (0.0, 1e39), (-1e-50, 1e-50), (0.0, 1e308)]
)
def test_the_tree_does_not_depend_on_origin_and_unit(origin, width):
    """Nor on what single precision, in which scikit-learn reads points, can hold."""
    x = np.random.default_rng(0).random((2, 2000))
    wanted = (x[0] > 0.8) & (x[1] > 0.3)
    _, leaves, explained = cart(cloud(["a", "b"], x, wanted))
    _, moved, still = cart(cloud(["a", "b"], origin + width * x, wanted))
    assert len(leaves) == 3
    assert [leaf.mass for leaf in moved] == pytest.approx([leaf.mass for leaf in leaves])
    assert still == pytest.approx(explained)


def test_chance_alone_grows_no_tree():
    grown = 0
    for seed in range(10):
        rng = np.random.default_rng(seed)
        root, _, _ = cart(cloud(list("abcd"), rng.random((4, 800)), rng.random(800) < 0.3))
        grown += root != 0
    assert grown <= 1


def test_the_same_seed_gives_the_same_tree_and_options_bound_it():
    x, wanted, _, _ = region(2, 2, 21_000, 0.0, 2)
    held = cloud(ABC[:2], x, wanted)
    one, two = (cart(held, rng=np.random.default_rng(7)) for _ in range(2))
    assert one == two
    _, leaves, _ = cart(held, depth=2, least_leaf=0.1)
    assert len(leaves) <= 4
    assert min(leaf.mass for leaf in leaves) > 0.09


@pytest.mark.parametrize(("options", "words"), [
    ({"depth": 0}, "depth 0"), ({"least_leaf": 0.0}, "above 0"), ({"least_leaf": 0.6}, "up to 0.5"),
])  # fmt: skip
def test_bad_options_of_the_tree_are_refused(options, words):
    with pytest.raises(UsageError, match=words):
        cart(cloud(["a"], np.zeros((1, 4)), np.zeros(4, dtype=bool)), **options)


def test_without_scikit_learn_the_extra_is_named(dispute, tmp_path, monkeypatch, capsys):
    from importlib import util

    from sim.cli import run as command

    found = util.find_spec
    monkeypatch.setattr(util, "find_spec", lambda name: None if name == "sklearn" else found(name))
    out = tmp_path / "run"
    run = sweep(dispute, design="sobol", points=64, out=out)
    with pytest.raises(UsageError, match=r"'treatysim\[discovery\]'"):
        analyses.cart_of_run(run)
    assert command(["analyse", str(out)]) == 0
    assert "pip install 'treatysim[discovery]'" in capsys.readouterr().out
    assert command(["plot", "cart", str(out), "--out", str(tmp_path / "x.png")]) == 2
    assert "the extra 'discovery'" in capsys.readouterr().err


def test_rules_and_boxes_of_a_run_carry_units_and_declared_ranges(dispute):
    run = sweep(
        dispute,
        design="sobol",
        points=512,
        vary={"tokyo.principle": None, "moscow.holding": (0.1, 1)},
    )
    box = analyses.prim_of_run(run).best
    spans = {k.path: (k.least, k.most) for k in box.limits}
    assert spans.items() <= {"tokyo.principle": (0, 1), "moscow.holding": (0.1, 1)}.items()
    words = [k.words for k in box.limits]
    assert any(word.startswith("moscow.holding at most") for word in words)
    tree = analyses.cart_of_run(run)
    assert isinstance(tree.root, RuleSplit)
    units = {k.path: k.unit for leaf in tree.leaves for k in leaf.limits}
    assert units.items() <= {"tokyo.principle": "share", "moscow.holding": ""}.items()
    with pytest.raises(UsageError, match="legal for a run: feasible, infeasible"):
        analyses.prim_of_run(run, "likely")


# --- another program ---------------------------------------------------------------------------------------


@pytest.mark.peers
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("noise", [0.0, 0.05])
@pytest.mark.parametrize(("dims", "restricted", "size"), [(3, 1, 500), (5, 2, 1000), (6, 3, 3000)])
def test_ema_workbench_peels_the_same_boxes(dims, restricted, size, noise):
    """The same points on every box of the way; its limits lie half way to the nearest point outside."""
    reason = "needs the extra 'peers': ema-workbench 2.5 on Python 3.11, 3 from Python 3.12 on"
    peer = pytest.importorskip("ema_workbench.analysis.prim", reason=reason)
    import pandas as pd

    needed = {"threshold": 0.01} if "threshold" in signature(peer.Prim).parameters else {}
    x, wanted, _, _ = region(dims, restricted, size, noise, 11)
    held = cloud(ABC[:dims], x, wanted)
    ours = prim(held, least_mass=0.05)
    found = peer.Prim(pd.DataFrame(x.T, columns=ABC[:dims]), wanted, **needed).find_box()
    way = found.peeling_trajectory[["coverage", "density", "mass"]].to_numpy()
    steps = min(len(ours), stops_rising(way))
    assert steps > 15
    for k in range(steps):
        assert (ours[k].coverage, ours[k].density, ours[k].mass) == pytest.approx(tuple(way[k]))
        limits = {limit.path: (limit.low, limit.high) for limit in ours[k].limits}
        for path in ABC[:dims]:
            low, high = limits.get(path, (0, 1))
            gap = 40 / size
            assert found.box_lims[k][path].tolist() == pytest.approx([low, high], abs=gap)


def stops_rising(way):
    """The length of the peeling: after it, mass grows again where the other program pastes."""
    grows = np.flatnonzero(np.diff(way[:, 2]) >= 0)
    return int(grows[0]) + 1 if len(grows) else len(way)
