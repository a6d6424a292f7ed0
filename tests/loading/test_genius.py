"""Domains of GENIUS as bargaining files: what they say, and one sentence for whatever is wrong with one."""

from itertools import product
from math import prod

import pytest
import sim
from sim.cli import run
from sim.errors import ScenarioError

# A domain in the form of GENIUS' own laptop domain; evaluations of either side by value
LAPTOP = {
    "Laptop": {"Dell": (12, 35), "Macintosh": (20, 20), "HP": (30, 10)},
    "Harddisk": {"60 Gb": (30, 4), "80 Gb": (20, 8), "120 Gb": (9, 16)},
    "External Monitor": {"19'' LCD": (30, 0), "20'' LCD": (10, 2), "23'' LCD": (20, 5)},
}
WEIGHTS = {"Laptop": (0.45, 0.25), "Harddisk": (0.375, 0.5), "External Monitor": (0.175, 0.25)}


def profile(side, *, issues=LAPTOP, weights=WEIGHTS, after='<reservation value="0.2"/>'):
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        "<utility_space>",
        '<objective name="Laptops">',
    ]
    for k, (issue, values) in enumerate(issues.items(), start=1):
        lines.append(f'<issue index="{k}" type="discrete" vtype="discrete" name="{issue}">')
        lines += [
            f'<item index="{j}" value="{value}" evaluation="{marks[side]}"> </item>'
            for j, (value, marks) in enumerate(values.items(), start=1)
        ]
        lines.append("</issue>")
    lines += [
        f'<weight index="{k}" value="{w[side]}"> </weight>'
        for k, w in enumerate(weights.values(), start=1)
    ]
    return "\n".join([*lines, "</objective>", after, "</utility_space>"])


def made(folder, *texts, names=("buyer", "seller", "third")):
    files = [folder / f"{name}.xml" for name, _ in zip(names, texts, strict=False)]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text)
    return sim.load(sim.new(folder / "mine.yaml", start=[str(file) for file in files]).file)


def worth(side, choice):
    """The definition: the sum of weight times evaluation over the largest evaluation of the issue."""
    return sum(
        WEIGHTS[issue][side]
        * LAPTOP[issue][value][side]
        / max(m[side] for m in LAPTOP[issue].values())
        for issue, value in zip(LAPTOP, choice, strict=True)
    )


def test_a_domain_is_worth_what_genius_says(tmp_path):
    scenario = made(tmp_path, profile(0), profile(1))
    assert scenario.title == "Laptops"
    (found,) = sim.solve(scenario, "nash_bargaining")
    every = {c: (worth(0, c), worth(1, c)) for c in product(*LAPTOP.values())}
    gains = {c: prod(u - 0.2 for u in pair) for c, pair in every.items() if min(pair) >= 0.2}
    best = max(gains, key=gains.__getitem__)
    (member,) = found.equilibria
    assert member.agreement == ", ".join(f"{i}: {v}" for i, v in zip(LAPTOP, best, strict=True))
    assert tuple(member.payoffs.values()) == pytest.approx(every[best])
    assert list(member.payoffs) == ["buyer", "seller"]


def test_the_command_and_the_next_one(tmp_path, capsys):
    starts = []
    for k, name in enumerate(["a", "b"]):
        (tmp_path / f"{name}.xml").write_text(profile(k))
        starts += ["--from", str(tmp_path / f"{name}.xml")]
    assert run(["new", str(tmp_path / "my.yaml"), *starts]) == 0
    assert "sim solve" in capsys.readouterr().err
    assert run(["new", str(tmp_path / "my.yaml"), *starts]) == 2  # never overwritten
    assert run(["new", str(tmp_path / "other.yaml"), *starts, "--from", "blank"]) == 2


def test_whole_numbers_discounts_and_the_domain_itself(tmp_path):
    """Worth rises evenly and is cut to 0 to 1; the template that lists only the domain takes no part."""
    price = '<issue index="1" vtype="integer" name="price" lowerbound="2" upperbound="5">{}</issue>'
    rise = '<evaluator ftype="linear" offset="0.4" slope="0.3"/>'
    fall = '<evaluator ftype="linear" offset="0.5" slope="-0.25"/>'
    weight = '<weight index="1" value="2"/>'
    space = "<utility_space><objective name='p'>{}</objective>{}</utility_space>"
    domain = f"<negotiation_template>{space.format(price.format(''), '')}</negotiation_template>"
    scenario = made(
        tmp_path,
        space.format(price.format(rise) + weight, '<discount_factor value="0.5"/>'),
        space.format(price.format(fall) + weight, '<discount_factor value="0"/>'),
        domain,
    )
    section = scenario.document.bargaining
    values = section.issues["price"]
    assert section.actors == ("buyer", "seller")
    assert [float(values[k]["buyer"].evaluate({})) for k in "2345"] == [0.8, 1.4, 2, 2]
    assert [float(values[k]["seller"].evaluate({})) for k in "2345"] == [1, 0.5, 0, 0]
    assert {k: v.text for k, v in section.offers.discount.items()} == {
        "buyer": "0.5",
        "seller": "1.0",
    }


def test_names_that_yaml_would_read_otherwise(tmp_path):
    names = ["no", "1e3", "- x", "a: b", "# c", "null", "é ", "a.b", "{x}", "&amp;lt", "two  words"]
    odd = {"on": {name: (k, 20 - k) for k, name in enumerate(names)}}
    scenario = made(
        tmp_path, *(profile(side, issues=odd, weights={"on": (1, 1)}) for side in (0, 1))
    )
    read = list(scenario.document.bargaining.issues["on"])
    assert read == [
        "no",
        "1e3",
        "- x",
        "a: b",
        "# c",
        "null",
        "é",
        "a.b",
        "{x}",
        "&lt",
        "two words",
    ]


GOOD = profile(0)
BAD = {
    "": "x.xml:1: this is not XML: no element found",
    "<a><b></a>": "x.xml:1: this is not XML: mismatched tag",
    '<!DOCTYPE a [<!ENTITY e "x">]>\n<a>&e;</a>': "x.xml:1: a document type",
    '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>': "x.xml:1: a document type",
    "<a>&e;</a>": "x.xml:1: this is not XML: undefined entity",
    "<a>" * 50 + "</a>" * 50: "x.xml:1: the file is nested too deeply",
    "<a>" + "<b/>" * 60_000 + "</a>": "x.xml:1: the file is nested too deeply or has too many",
    "<a>" + " " * 5_000_000 + "</a>": "the file is larger than 5,000,000 bytes",
    "<a/>": "x.xml:1: this is not a domain of GENIUS",
    "<utility_space/>": "x.xml:1: there is no issue",
    GOOD.replace('"Harddisk"', '"Laptop"'): "x.xml:9: issue 'Laptop' is there twice",
    GOOD.replace("Macintosh", "Dell"): "x.xml:6: value 'Dell' is there twice",
    GOOD.replace('evaluation="20"', 'evaluation="null"', 1): "x.xml:6: evaluation: 'null' is not a",
    GOOD.replace('evaluation="20"', 'evaluation="nan"', 1): "x.xml:6: evaluation: 'nan' is not a",
    GOOD.replace('evaluation="20"', 'evaluation="-1"', 1): "x.xml:6: evaluation: -1 is negative",
    GOOD.replace('evaluation="20"', "", 1): "x.xml:6: <item> has no evaluation",
    GOOD.replace('"discrete" name', '"real" name', 1): "x.xml:4: issue 'Laptop' is real; only",
    GOOD.replace('<weight index="2"', '<weight index="9"'): "issue 'Harddisk' has no weight",
    GOOD.replace("Macintosh", "Apple"): "issue 'Laptop' does not have the values that it has in",
    GOOD.replace('"0.2"', '"x"'): "value: 'x' is not a number",
    GOOD.replace("reservation", "discount_factor").replace(
        '"0.2"', '"2"'
    ): "discount_factor: 2 is not",
}


@pytest.mark.parametrize(("text", "sentence"), BAD.items(), ids=range(len(BAD)))
def test_one_sentence_with_the_line(text, sentence, tmp_path, capsys):
    (tmp_path / "x.xml").write_text(text)
    (tmp_path / "y.xml").write_text(profile(1))
    starts = ["--from", str(tmp_path / "y.xml"), "--from", str(tmp_path / "x.xml")]
    assert run(["new", str(tmp_path / "my.yaml"), *starts]) == 2
    told = capsys.readouterr().err
    assert sentence in told and len(told.splitlines()) == 1
    assert not (tmp_path / "my.yaml").exists()


def test_two_profiles_are_needed(tmp_path):
    (tmp_path / "a.xml").write_text(GOOD)
    with pytest.raises(sim.UsageError, match=r"two actors or more .* found: a$"):
        sim.new(tmp_path / "my.yaml", start=str(tmp_path / "a.xml"))
    with pytest.raises(ScenarioError, match=r"no such file"):
        sim.new(tmp_path / "my.yaml", start=[str(tmp_path / "a.xml"), str(tmp_path / "b.xml")])
