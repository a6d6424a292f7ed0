"""The dual simplex method for few demands, against HiGHS on random programs."""

import numpy as np
import pytest
from scipy.optimize import linprog
from sim.certified.change.programs.dual_simplex import dual_simplex


def random_program(rng):
    demands, count = int(rng.integers(1, 14)), int(rng.integers(1, 60))
    matrix = rng.normal(size=(demands, count)) * (rng.random((demands, count)) < 0.6)
    needed = rng.normal(size=demands) * rng.choice([0.1, 1.0, 3.0])
    if rng.random() < 0.4:  # ties and demands that nothing can meet
        matrix, needed = np.round(matrix), np.round(needed)
    return matrix, needed, rng.choice([0.3, 1.0, 2.0], size=count)


@pytest.mark.parametrize("seed", range(150))
def test_the_same_as_highs(seed):
    matrix, needed, limits = random_program(np.random.default_rng(seed))
    found = dual_simplex(matrix, needed, limits)
    known = linprog(
        np.ones(len(limits)), A_ub=-matrix, b_ub=-needed, bounds=[(0, x) for x in limits]
    )
    assert found is not None
    assert (found.values is None) == (known.status == 2)
    if found.values is None:
        weighed = np.maximum(found.prices @ matrix, 0.0) @ limits
        assert found.prices @ needed > weighed  # Farkas: no values give what these weights need
        return
    assert found.values.sum() == pytest.approx(known.fun, abs=1e-9)
    assert (matrix @ found.values >= needed - 1e-9).all()
    excess = np.maximum(found.prices @ matrix - 1.0, 0.0) @ limits
    assert found.prices @ needed - excess == pytest.approx(known.fun, abs=1e-9)


def test_nothing_needed_costs_nothing():
    found = dual_simplex(np.ones((2, 3)), np.array([-1.0, 0.0]), np.ones(3))
    assert found.values.tolist() == [0, 0, 0]
