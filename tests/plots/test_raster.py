"""Parts of rasters and depths inside them, against scipy's image library."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage
from sim.plots.runs._raster import depths, largest_part


def rasters():
    rng = np.random.default_rng(1)
    for share in (0.0, 0.3, 0.55, 0.7, 0.95, 1.0):
        for shape in ((1, 9), (9, 1), (17, 23), (40, 31)):
            yield rng.random(shape) < share


@pytest.mark.parametrize("area", list(rasters()))
def test_the_largest_part_is_scipys(area):
    parts, count = ndimage.label(area)
    sizes = np.bincount(parts.ravel())[1:]
    wanted = parts == 1 + sizes.argmax() if count else area
    assert (largest_part(area) == wanted).all()


@pytest.mark.parametrize("area", list(rasters()))
def test_depths_are_scipys(area):
    wanted = ndimage.distance_transform_edt(np.pad(area, 1), sampling=(2.0, 0.7))[1:-1, 1:-1]
    assert np.allclose(depths(area, 2.0, 0.7), wanted, rtol=1e-12, atol=0)
