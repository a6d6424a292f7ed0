"""The figures of a dispute with types: their numbers, and the contract of the room."""

from __future__ import annotations

import numpy as np
import pytest
import sim
from sim.errors import UsageError
from sim.plots import beliefs_along_data, signals_data
from sim.testing import check_figure
from sim.views import along_range, private_view


@pytest.fixture(scope="module")
def bluff():
    return sim.load("classics/audience-bluff")


def test_signals_by_type_and_beliefs_by_message(bluff):
    data = signals_data(private_view(bluff))
    assert data.messages == ("silent", "threaten")  # whose colours are those of beliefs_along
    assert data.split == 2
    assert data.rows[2:] == (
        "believed of challenger before",
        "after 'silent' (55 %)",
        "after 'threaten' (45 %)",
    )
    assert data.parts[4] == ("tough", "weak")
    assert data.shares[4] == pytest.approx([2 / 3, 1 / 3])
    assert all(shares.sum() == pytest.approx(1) for shares in data.shares)
    check_figure("signals", private_view(bluff))


def test_what_nobody_sends_is_marked(bluff):
    data = signals_data(private_view(bluff.at({"tough": 0.9})))
    assert list(data.sent) == [True, True, True, False, True]
    assert data.rows[3] == "after 'silent' (never sent)"


def test_beliefs_along_the_prior(bluff):
    """After a threat 2/3 up to a prior of 2/3, then the prior; war with 5/6 of the prior up to there."""
    along = along_range(bluff, "tough", 9)
    data = beliefs_along_data(along)
    prior = data.at["threaten"]
    assert data.who == "challenger is tough"
    assert data.before == pytest.approx(data.values)
    assert data.belief["threaten"] == pytest.approx(np.maximum(prior, 2 / 3))
    war = np.where(data.treaty_at < 2 / 3, data.treaty_at / 1.2, 0)
    assert data.treaty == pytest.approx(1 - war)
    check_figure("beliefs_along", along)


def test_figures_need_types():
    with pytest.raises(UsageError, match="no actor has types"):
        sim.plot("signals", "classics/fearon-crisis")
    with pytest.raises(UsageError, match="--x PATH"):
        sim.plot("beliefs_along", "classics/audience-bluff")
