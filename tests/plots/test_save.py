"""Saving: the three formats, the same bytes every time, and what is refused."""

from __future__ import annotations

import pytest
from matplotlib.figure import Figure
from sim.errors import UsageError
from sim.plots import landscape, save

MAGIC = {"png": b"\x89PNG", "pdf": b"%PDF", "svg": b"<?xml"}


@pytest.mark.parametrize("suffix", MAGIC)
def test_the_suffix_gives_the_format_and_the_bytes_repeat(suffix, make_run, tmp_path):
    run = make_run(n=9, m=7)
    one, two = (save(landscape(run), tmp_path / f"{k}.{suffix}") for k in (1, 2))
    assert one.read_bytes().startswith(MAGIC[suffix])
    assert one.read_bytes() == two.read_bytes()


def test_a_figure_or_its_axes(tmp_path):
    figure = Figure()
    ax = figure.subfigures(1, 2)[0].add_subplot()
    for k, thing in enumerate((figure, ax, ax.figure)):
        assert save(thing, tmp_path / f"{k}.PNG").exists()
    assert figure.get_size_inches().tolist() == [6.4, 4.8]


@pytest.mark.parametrize("name", ["landscape.jpg", "landscape", "x.png.gz"])
def test_another_suffix_is_refused_and_names_the_legal_ones(name, tmp_path):
    with pytest.raises(UsageError, match=r"\.png, \.svg or \.pdf"):
        save(Figure(), tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_written_is_refused(tmp_path):
    with pytest.raises(UsageError, match="cannot write the figure"):
        save(Figure(), tmp_path / "missing" / "x.png")
