"""Exact polygons, certificates of emptiness and robust verdicts, against grids and by hand."""

import numpy as np
import pytest
from sim.certified import frontier, never, outline, polygons, robust
from sim.errors import UsageError
from sim.feasibility.ladder import climb
from sim.loading import loads
from sim.payoffs import compile_dispute

SETTLED = tuple(range(0, 12, 2))
VARY = {"p0": (0.0, 1.0), "p1": (0.0, 1.0)}


def inside(polygon, points):
    """Which points lie in a convex polygon with corners counter-clockwise."""
    out = np.ones(points.shape[1], dtype=bool)
    corners = polygon.corners
    for k in range(corners.shape[1]):
        a, b = corners[:, k], corners[:, (k + 1) % corners.shape[1]]
        out &= (b[0] - a[0]) * (points[1] - a[1]) - (b[1] - a[1]) * (points[0] - a[0]) >= -1e-9
    return out


def test_polygon_solved_by_hand(ladder):
    """With holding = 2 the treaty 'two' is feasible where 0.93 principle <= 0.07 value + 0.2."""
    found = {p.agreement: p for p in polygons(ladder, vary={"principle": None, "value": None})}
    two = found["two"]
    assert set(two.edges) == {"range of principle", "range of value", "tokyo.gain"}
    assert two.area == pytest.approx((0.07 * 1.0 + 0.2) / 0.93, abs=1e-12)
    assert found["bare"].area == pytest.approx(0.2, abs=1e-12)
    assert "four" not in found


@pytest.mark.parametrize("seed", SETTLED)
def test_union_of_polygons_is_the_feasible_region(random_dispute, seed):
    scenario = random_dispute(seed)
    found = polygons(scenario, vary=VARY)
    rng = np.random.default_rng(seed)
    points = rng.random((2, 4000))
    margin = climb(compile_dispute(scenario, ["p0", "p1"]).at(points)).margin
    covered = np.zeros(points.shape[1], dtype=bool)
    for polygon in found:
        assert polygon.area > 0
        covered |= inside(polygon, points)
    clear = np.abs(margin) > 1e-8
    assert (covered[clear] == (margin[clear] >= 0)).all()


@pytest.mark.parametrize("seed", SETTLED)
def test_area_agrees_with_monte_carlo(random_dispute, seed):
    scenario = random_dispute(seed)
    shares = frontier(scenario, vary=VARY, tolerance=2e-3, unlabelled=1.0).shares
    points = np.random.default_rng(seed).random((2, 20_000))
    covered = np.zeros(points.shape[1], dtype=bool)
    for polygon in polygons(scenario, vary=VARY):
        covered |= inside(polygon, points)
    share = float(covered.mean())
    error = 3 * np.sqrt(max(share * (1 - share), 1e-4) / points.shape[1])
    assert shares["feasible"] - error <= share <= shares["feasible"] + shares["undecided"] + error


@pytest.mark.parametrize("seed", SETTLED)
def test_each_polygon_has_the_area_of_its_treaty_s_region(random_dispute, seed):
    """By Monte Carlo on the ladder of that treaty alone, within 3 standard errors."""
    scenario = random_dispute(seed)
    dispute = compile_dispute(scenario, list(VARY))
    batch = dispute.at(np.random.default_rng(seed + 1).random((2, 20_000)))
    found = polygons(scenario, vary=VARY)
    for treaty in {p.agreement for p in found}:
        own = [p for p in found if p.agreement == treaty]
        only = np.array([label == treaty for label in dispute.space.labels])
        share = float((climb(batch, only).margin >= 0).mean())
        error = 3 * np.sqrt(max(share * (1 - share), 1e-4) / batch.size)
        areas = [p.area for p in own]
        assert max(areas) - error <= share <= sum(areas) + error
        if len(own) == 1:
            assert share == pytest.approx(own[0].area, abs=error)


@pytest.mark.parametrize("seed", SETTLED)
def test_polygons_equal_the_regions_of_a_fine_grid(random_dispute, seed):
    """Every grid point on the other side than the polygons say is within a step of their outline."""
    scenario = random_dispute(seed)
    found = polygons(scenario, vary=VARY)
    step = 1 / 200
    axis = np.linspace(0, 1, 201)
    grid = np.stack([x.ravel() for x in np.meshgrid(axis, axis)])
    feasible = climb(compile_dispute(scenario, list(VARY)).at(grid)).margin >= 0
    corners = np.hstack([p.corners for p in found]) if found else np.zeros((2, 0))
    covered = np.zeros(grid.shape[1], dtype=bool)
    for polygon in found:
        covered |= inside(polygon, grid)
    assert np.abs(covered.mean() - feasible.mean()) <= 4 * step
    for point in grid[:, covered != feasible].T:
        edges = [distance(point, e.start, e.end) for e in outline(found)]
        assert min(edges, default=np.inf) <= step
    assert ((corners >= 0) & (corners <= 1)).all()


def distance(point, start, end):
    """From a point to a segment."""
    start, along = np.array(start), np.subtract(end, start)
    share = np.clip(along @ (point - start) / max(along @ along, 1e-300), 0, 1)
    return np.hypot(*(point - start - share * along))


@pytest.mark.parametrize("seed", SETTLED)
def test_margin_is_zero_along_the_outline(random_dispute, seed):
    scenario = random_dispute(seed)
    dispute = compile_dispute(scenario, ["p0", "p1"])
    for edge in outline(polygons(scenario, vary=VARY)):
        if edge.name == "third parties' stances":
            continue
        middle = 0.5 * (np.array(edge.start) + np.array(edge.end))
        assert climb(dispute.at(middle[:, None])).margin[0] == pytest.approx(0, abs=1e-9)


def test_polygons_where_one_third_party_moves():
    """A third party supports from x = 0.5 on, and only then is b's gain y - 0.25 >= 0; else y >= 0.75."""
    scenario = loads("""
parameters: {x: {value: 0, range: [0, 1]}, y: {value: 0, range: [0, 1]}}
issues: {peace: {no: {}, yes: {signed: 1}}}
outcomes: {treaty: signed}
actors:
  a: {role: principal}
  b: {role: principal}
  c: {role: third party, stances: {off: {}, on: {help: 1}}}
payoffs: {a: {t: signed}, b: {t: (y - 0.75 + 0.5*help)*signed}, c: {t: (x - 0.5)*help}}
""")
    found = polygons(scenario, vary={"x": None, "y": None})
    assert sum(p.area for p in found) == pytest.approx(0.5 * 0.25 + 0.5 * 0.75, abs=1e-8)
    assert {e.name for e in outline(found)} == {"b.gain", "third parties' stances"}


def test_polygons_need_affine_payoffs_and_two_parameters(random_dispute):
    with pytest.raises(UsageError, match="need two"):
        polygons(random_dispute(0), vary={"p0": None})
    with pytest.raises(UsageError, match="depend on one another"):
        polygons(random_dispute(9), vary=VARY)
    with pytest.raises(UsageError, match="not affine"):
        polygons(random_dispute(0, curved=True), vary={f"p{k}": None for k in (2, 3)})


def test_never_solved_by_hand(ladder):
    """'four' costs moscow 2 holding - ... : its gain is (0.3 - holding)/2 <= -0.35 for holding >= 1."""
    found = never(ladder, "four", vary={"holding": None, "principle": None})
    assert found.certified
    assert found.weights == {"moscow.gain": pytest.approx(1)}
    assert found.gap == pytest.approx(0.35, abs=1e-9)
    assert "moscow.gain falls short by at least 0.35" in found.sentence()
    assert not never(ladder, "two", vary={"principle": None}).certified
    with pytest.raises(UsageError, match="is not a treaty"):
        never(ladder, "none", vary={"principle": None})
    with pytest.raises(UsageError, match="did you mean"):
        never(ladder, "fuor", vary={"principle": None})


@pytest.mark.parametrize("curved", [False, True])
@pytest.mark.parametrize("seed", range(8))
def test_certificates_hold_at_random_points(random_dispute, seed, curved):
    """Where affine, a treaty is certified exactly when no point makes its parts non-negative."""
    scenario = random_dispute(seed, curved=curved)
    dispute = compile_dispute(scenario, list(VARY))
    theta = np.random.default_rng(seed).random((2, 500))
    batch = dispute.at(theta)
    base = batch.dispute.shape
    everywhere = np.full((*base, theta.shape[1]), np.inf)
    for actor in scenario.document.principals:
        u = np.broadcast_to(batch.payoff(actor), everywhere.shape) / dispute.scales[actor]
        everywhere = np.minimum(everywhere, u - u[:1].min(axis=1, keepdims=True))
    for c in dispute.constraints:
        everywhere = np.minimum(everywhere, batch.slack(c))
    best = everywhere.max(axis=(1, 2))
    for k in np.flatnonzero(dispute.treaties):
        found = never(scenario, dispute.space.label(int(k)), vary=VARY)
        if found.certified and seed % 2 == 0:
            assert best[k] <= -found.gap + 1e-9
            assert sum(found.weights.values()) == pytest.approx(1)


@pytest.mark.parametrize("curved", [False, True])
@pytest.mark.parametrize("seed", range(8))
def test_robust_verdicts_agree_with_points(random_dispute, seed, curved):
    scenario = random_dispute(seed, curved=curved)
    found = robust(scenario, vary=VARY)
    dispute = compile_dispute(scenario, list(VARY))
    margin = climb(dispute.at(np.random.default_rng(seed + 99).random((2, 2000)))).margin
    assert not (found.for_every and (margin < -1e-9).any())
    assert not (found.for_some is False and (margin > 1e-9).any())
    for point, sign in ((found.feasible_at, 1), (found.infeasible_at, -1)):
        if point:
            theta = np.array([[point[p]] for p in VARY])
            assert sign * climb(dispute.at(theta)).margin[0] >= 0
    assert found.sentence()


def houses(count, members):
    """A treaty that ``count`` houses of ``members`` equal seats must ratify by half."""
    blocs = ", ".join(
        f"m{k}: {{seats: 1, utility: {0.2 + 0.1 * k} - {'x' if k % 2 else 'y'}}}"
        for k in range(members)
    )
    house = f"{{type: ratification, quota: 0.5, blocs: {{{blocs}}}}}"
    domestic = ", ".join(f"h{k}: {house}" for k in range(count))
    return loads(f"""
parameters: {{x: {{value: 0.5, range: [0, 1]}}, y: {{value: 0.5, range: [0, 1]}}}}
issues: {{peace: {{no: {{}}, yes: {{signed: 1}}}}}}
outcomes: {{treaty: signed}}
actors: {{a: {{role: principal}}, b: {{role: principal}}}}
payoffs: {{a: {{t: signed}}, b: {{t: signed}}}}
domestic: {{a: {{{domestic}}}}}
""")


@pytest.mark.parametrize(("count", "known"), [(1, True), (2, False)])
def test_too_many_ways_to_ratify_are_no_region_that_is_half_known(count, known):
    """Of 6 seats any 3 suffice: 20 ways for one house, 400 for two; the region is the same."""
    scenario = houses(count, 6)
    vary = {"x": None, "y": None}
    if not known:
        with pytest.raises(UsageError, match="too many ways"):
            polygons(scenario, vary=vary)
        assert frontier(scenario, vary=vary, tolerance=0.1).edges == ()
        return
    points = np.random.default_rng(0).random((2, 4000))
    margin = climb(compile_dispute(scenario, list(vary)).at(points)).margin
    found = polygons(scenario, vary=vary)
    covered = np.logical_or.reduce([inside(p, points) for p in found])
    assert (covered == (margin >= 0)).all()


def test_a_classical_game_has_no_frontier():
    scenario = loads("""
parameters: {p: {value: 0.5, range: [0, 1]}}
strategic: {actors: {r: [u, d], c: [u, d]}, payoffs: [[[3, 3], [1, 4]], [[4, 1], [0, 0]]]}
""")
    for ask in (lambda v: robust(scenario, vary=v), lambda v: never(scenario, "yes", vary=v)):
        with pytest.raises(UsageError, match="classical game"):
            ask({"p": None})
