"""``sim plot``: which folders a figure can be drawn from, and what a refusal says to do instead."""

import pytest


@pytest.mark.parametrize("kind", ["landscape", "margin", "margin_map"])
def test_a_run_without_a_grid_is_refused(sim, kind):
    vary = ("--vary", "tokyo.principle=0:1", "--vary", "moscow.holding=0.5:2.5")
    assert (
        sim("sweep", "dispute.yaml", *vary, "--design", "sobol", "--points", 16, "--out", "o")[0]
        == 0
    )
    code, out, err = sim("plot", kind, "o", "--out", "picture.png")
    assert (code, out) == (2, "")
    assert "grid" in err


@pytest.mark.parametrize("kind", ["landscape", "margin", "margin_map"])
def test_a_frontier_is_no_sweep(sim, kind):
    assert sim("frontier", "dispute.yaml", "--vary", "tokyo.principle", "--out", "f")[0] == 0
    code, out, err = sim("plot", kind, "f")
    assert (code, out) == (2, "")
    assert "f holds a frontier, not a sweep: draw it with sim plot frontier f" in err


def test_an_axis_that_a_figure_lacks_is_refused(sim):
    assert sim("sweep", "dispute.yaml", "--vary", "tokyo.principle=0:1:3", "--out", "o")[0] == 0
    code, _, err = sim("plot", "margin", "o", "--y", "tokyo.principle")
    assert code == 2
    assert "figure 'margin' has no --y" in err
    code, _, err = sim("plot", "terms", "dispute.yaml", "--x", "tokyo.principle")
    assert code == 2
    assert "figure 'terms' has no --x" in err


def test_a_landscape_bears_episodes_a_cloud_and_the_certified_line(sim, folder):
    vary = ("--vary", "tokyo.principle=0:1:5", "--vary", "moscow.holding=0.5:2.5:5")
    assert sim("sweep", "dispute.yaml", *vary, "--out", "o")[0] == 0
    observed = "extends: dispute.yaml\nobserved: {outcome: none, source: a book}\n"
    own = "title: First\nparameters: {tokyo: {principle: 0.25}}\n"
    (folder / "first.yaml").write_text(own + observed)
    layers = ("--episodes", ".", "--beliefs", "ranges", "--certified")
    code, out, err = sim("plot", "landscape", "o", *layers, "--out", "l.svg")
    assert (code, out) == (0, "l.svg\n"), err
    assert 'id="episode' in (folder / "l.svg").read_text()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("landscape", "o", "--episodes", "."), "says what was observed"),
        (("landscape", "o", "--episodes", "nowhere"), "nowhere is not a folder"),
        (("landscape", "o", "--beliefs", "nowhere"), "nowhere"),
        (("ladder", "dispute.yaml", "--episodes", "."), "figure 'ladder' has no --episodes"),
        (("margin", "o", "--beliefs", "ranges"), "figure 'margin' has no --beliefs"),
    ],
)
def test_layers_that_cannot_be_laid_are_refused(sim, words, said):
    vary = ("--vary", "tokyo.principle=0:1:3", "--vary", "moscow.holding=0.5:2.5:3")
    assert sim("sweep", "dispute.yaml", *vary, "--out", "o")[0] == 0
    code, out, err = sim("plot", *words, "--out", "x.png")
    assert (code, out) == (2, "")
    assert said in err
    assert len(err.strip().splitlines()) == 1
