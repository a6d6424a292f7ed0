"""Bargaining over issues without the product: against every agreement listed, with ties, and a million."""

from collections import Counter
from itertools import product
from random import Random

import numpy as np
import pytest
import sim
from sim.cli import run
from sim.errors import TooLargeError
from sim.games.files.bargaining import bargaining_problem
from sim.games.files.issue_by_issue import efficient

NAMES = "abcd"


def drawn(seed, *, actors, decimals):
    """Two to five issues of one to four values worth little whole numbers, or decimals that tie as such."""
    random = Random(seed)
    unit = 10**decimals
    return [
        [[random.randint(-3, 5) / unit for _ in range(size)] for _ in range(actors)]
        for size in [random.randint(1, 4) for _ in range(random.randint(2, 5))]
    ]


def listed(worth, unit):
    """Every agreement with its exact payoffs, in units."""
    counted = [[[round(x * unit) for x in row] for row in table] for table in worth]
    return {
        choice: tuple(
            sum(t[i][k] for t, k in zip(counted, choice, strict=True)) for i in range(len(worth[0]))
        )
        for choice in product(*(range(len(t[0])) for t in worth))
    }


def undominated(points):
    return {
        p
        for p in points
        if not any(q != p and all(a >= b for a, b in zip(q, p, strict=True)) for q in points)
    }


@pytest.mark.parametrize("actors", [2, 3, 4])
@pytest.mark.parametrize("decimals", [0, 1, 3])
def test_efficient_agreements_and_how_many_are_the_same(actors, decimals):
    for seed in range(40):
        worth = drawn(seed, actors=actors, decimals=decimals)
        every = listed(worth, 10**decimals)
        best = undominated(set(every.values()))
        found = efficient([np.array(t) for t in worth], [str(k) for k in range(len(worth))])
        payoffs = [every[tuple(choice)] for choice in found.choices.T.tolist()]
        assert len(payoffs) == len(best) and set(payoffs) == best
        how_many = Counter(every.values())
        assert list(found.counts) == [how_many[p] for p in payoffs]


def as_file(worth, disagreement, *, product_built, mode):
    names = NAMES[: len(worth[0])]
    by_actor = [
        [
            f"{{{', '.join(f'{n}: {row[k]}' for n, row in zip(names, t, strict=True))}}}"
            for k in range(len(t[0]))
        ]
        for t in worth
    ]
    head = [f"bargaining:\n  actors: [{', '.join(names)}]\n  mode: {mode}"]
    head += [
        f"  disagreement: {{{', '.join(f'{n}: {d}' for n, d in zip(names, disagreement, strict=True))}}}"
    ]
    if not product_built:
        issues = [
            f"    i{k}: {{{', '.join(f'v{j}: {w}' for j, w in enumerate(values))}}}"
            for k, values in enumerate(by_actor)
        ]
        return "\n".join([*head, "  issues:", *issues])
    sums = [
        f"    g{k}: {{{', '.join(f'{n}: {p / 10}' for n, p in zip(names, payoffs, strict=True))}}}"
        for k, payoffs in enumerate(listed(worth, 10).values())
    ]
    return "\n".join([*head, "  agreements:", *sums])


@pytest.mark.parametrize("mode", ["discrete", "transferable", "lottery"])
@pytest.mark.parametrize(
    "concept", ["nash_bargaining", "kalai_smorodinsky", "egalitarian", "utilitarian"]
)
def test_solutions_as_with_every_agreement_listed(concept, mode):
    for seed in range(2 if mode == "lottery" else 6):
        worth = drawn(seed, actors=2 + seed % 2, decimals=1)[:3]
        middle = [sum(sum(t[i]) / len(t[i]) for t in worth) - 0.1 for i in range(len(worth[0]))]
        point = [round(x, 1) for x in middle]
        found, expected = (
            sim.solve(sim.loads(as_file(worth, point, product_built=built, mode=mode)), concept)[0]
            for built in (False, True)
        )
        payoffs, wanted = (
            {tuple(round(x, 6) + 0.0 for x in m.payoffs.values()) for m in one.equilibria}
            for one in (found, expected)
        )
        assert payoffs == wanted, (seed, concept)


def test_a_million_agreements(tmp_path, capsys):
    """Six issues of ten values: the Nash product is that of a search through all of them."""
    random = np.random.default_rng(7)
    worth = [random.integers(0, 100, size=(2, 10)).astype(float) for _ in range(6)]
    file = tmp_path / "million.yaml"
    file.write_text(
        as_file([t.tolist() for t in worth], [150, 150], product_built=False, mode="discrete")
    )
    first, second = (
        sum(
            t[i].reshape([-1 if k == axis else 1 for k in range(6)]) for axis, t in enumerate(worth)
        )
        for i in range(2)
    )
    best = (np.maximum(first - 150, 0) * np.maximum(second - 150, 0)).max()
    (solution,) = sim.solve(sim.load(file), "nash_bargaining")
    gains = [m.extra["gains"] for m in solution.equilibria]
    assert gains and all(g["a"] * g["b"] == pytest.approx(best) for g in gains)
    assert run(["solve", str(file)]) == 0 and "i0: v" in capsys.readouterr().out


def test_a_limit_that_says_what_is_too_many(monkeypatch):
    """With opposed worth every agreement is efficient, and nothing can be left out."""
    monkeypatch.setattr("sim.games.files.issue_by_issue.MAX_JOINED", 1000)
    powers = [2.0 ** np.arange(0, 4) * 8**k for k in range(12)]
    with pytest.raises(
        TooLargeError, match=r"256 efficient .* before '4' with its 4 values are more than 1,000"
    ):
        efficient([np.stack([p, -p]) for p in powers], [str(k) for k in range(12)])


def test_a_batch_has_what_is_efficient_anywhere_in_it():
    """The value of `fast` is swept: with a worth of -1, 0 and 2 it is never, always and alone efficient."""
    text = "parameters: {p: 0}\nbargaining:\n  actors: [a, b]\n  disagreement: {a: 0, b: 0}\n"
    text += "  issues:\n    speed: {fast: {a: p, b: 1}, slow: {a: 1, b: 0.5}}\n"
    text += "    price: {low: {a: 0, b: 1}, high: {a: 1, b: 0}}"
    scenario = sim.loads(text)
    values = {"p": np.array([-1.0, 0.0, 2.0])}
    together = bargaining_problem(scenario.document.bargaining, values)
    for k, p in enumerate(values["p"]):
        alone = bargaining_problem(scenario.document.bargaining, {"p": p})
        rows = [together.agreements.index(label) for label in alone.agreements]
        assert (together.utilities[:, rows, k] == alone.utilities[..., 0]).all()
        chosen = [
            max(table[0, :, i].clip(0) * table[1, :, i].clip(0))
            for table, i in ((together.utilities, k), (alone.utilities, 0))
        ]
        assert chosen[0] == chosen[1]


BAD = {
    "{price: {low: {a: 1}}}": "issues.price.low: a number for 'b' is missing",
    "{price: {low: {a: 1, b: 2, c: 3}}}": "issues.price.low: unknown actor 'c'",
    "{price: {low: {a: x, b: 2}}}": "unknown",
    "{price: {}}": "bargaining.issues.price",
    "{price: 3}": "bargaining.issues.price",
}


@pytest.mark.parametrize(("issues", "sentence"), BAD.items())
def test_wrong_issues(issues, sentence, tmp_path, capsys):
    file = tmp_path / "x.yaml"
    file.write_text(
        f"bargaining:\n  actors: [a, b]\n  disagreement: {{a: 0, b: 0}}\n  issues: {issues}\n"
    )
    assert run(["check", str(file)]) == 2
    told = capsys.readouterr().err
    assert sentence in told and len(told.splitlines()) == 1
