"""Shares over a plane: known by hand where one other number decides, and held where it is set."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest
from sim.beliefs.over_plane import over_plane
from sim.errors import UsageError
from sim.loading import loads

TEXT = (
    "{parameters: {p: {value: 0.5, range: [0, 1]}, q: {value: 0, range: [0, 1]}, r: 0, n: 1},"
    " issues: {peace: {no: {}, yes: {signed: n}}}, outcomes: {treaty: signed},"
    " actors: {a: {role: principal}, b: {role: principal}},"
    " payoffs: {a: {x: (q - p)*signed}, b: {x: (1 + r)*signed}}}"
)


@pytest.fixture(scope="module")
def river():
    return loads(TEXT.replace("signed: n", "signed: 1"))


def test_the_share_is_the_chance_that_the_drawn_number_passes(river):
    """A treaty needs p < q with p uniform on [0, 1]: the share along q is q itself."""
    qs = np.linspace(0, 1, 6)
    found = over_plane(river, "q", "r", x_values=qs, y_values=[0.0, 1.0], draws=512)
    np.testing.assert_allclose(found.share, np.tile(qs, (2, 1)), atol=0.02)
    assert (found.x, found.y, found.draws, found.fitted) == ("q", "r", 512, False)


def test_what_is_set_is_not_drawn(river):
    found = over_plane(
        river.with_values({"p": 0.5}), "q", "r", x_values=[0.4, 0.6], y_values=[0.0], draws=16
    )
    assert found.share.tolist() == [[0.0, 1.0]]


def test_many_points_are_solved_in_parts(river, monkeypatch):
    whole = over_plane(river, "q", "r", x_values=np.linspace(0, 1, 9), y_values=[0, 1], draws=32)
    monkeypatch.setattr(import_module("sim.beliefs.over_plane"), "POINTS", 40)
    parts = over_plane(river, "q", "r", x_values=np.linspace(0, 1, 9), y_values=[0, 1], draws=32)
    np.testing.assert_array_equal(whole.share, parts.share)


def test_an_unknown_parameter_is_refused(river):
    with pytest.raises(UsageError, match="unknown parameter 'z'"):
        over_plane(river, "q", "z", x_values=[0, 1], y_values=[0, 1])
