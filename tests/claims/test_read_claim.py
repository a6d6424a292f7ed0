"""A claim is read once, from one text, and says what it is in words."""

import pytest
from sim.claims import KINDS, RUN, Claim, read_claim
from sim.errors import NotDefinedError, UsageError


@pytest.mark.parametrize(
    ("text", "form", "claim", "words"),
    [
        ("margin", "dispute", {"kind": "margin"}, "a treaty is feasible"),
        ("mutual gain", "dispute", {"kind": "mutual gain"},
         "a treaty passes the ladder up to 'mutual gain'"),
        ("predicted", "dispute", {"kind": "predicted", "subject": "treaty"},
         "some equilibrium ends in 'treaty'"),
        (" always : islands=two, peace=treaty ", "dispute",
         {"kind": "always", "subject": "islands=two, peace=treaty"},
         "every equilibrium ends in 'islands=two, peace=treaty'"),
        ("predicted:hold, >= 2", "strategic", {"kind": "predicted", "subject": "hold, >= 2"},
         "'hold, >= 2' is a pure equilibrium"),
        ("core", "coalitional", {"kind": "core"}, "the core is not empty"),
        ("core:a=1,b=2", "coalitional", {"kind": "core", "subject": "a=1,b=2"},
         "the division 'a=1,b=2' is in the core"),
        ("banzhaf:italy<1/3", "voting",
         {"kind": "banzhaf", "subject": "italy", "sign": "<", "value": "1/3"},
         "the Banzhaf power of 'italy' is below 1/3"),
        ("blocker=moscow.duma", RUN, {"kind": "blocker", "subject": "moscow.duma"},
         "moscow.duma blocks a treaty"),
        ("margin <= -0.5", RUN, {"kind": "margin", "sign": "<=", "value": "-0.5"},
         "the margin is at most -0.5"),
        ("ties>=2", RUN, {"kind": "ties", "sign": ">=", "value": "2"}, "the ties is at least 2"),
    ],
)  # fmt: skip
def test_kind_subject_bound_and_words(text, form, claim, words):
    found = read_claim(text, form, ("ties", "margin"))
    assert found == Claim(form=form, **claim)
    assert found.words == words
    assert read_claim(found.text, form, ("ties", "margin")) == found


@pytest.mark.parametrize(
    ("text", "form", "words"),
    [
        ("predicted:", "dispute", "needs a label: predicted"),
        ("always", "dispute", "needs a label: always:LABEL"),
        ("mutual gain:x", "dispute", "'mutual gain' takes no label"),
        ("gmr", "conflict", "needs a label: gmr:STATE"),
        ("wins", "conflict", "legal for the form conflict: gmcr_nash:STATE, gmr:STATE"),
        ("shapley:x", "voting", "written shapley:VOTER>=NUMBER"),
        ("shapley:x>=a third", "voting", "a number is needed"),
        ("feasibl", RUN, "did you mean 'feasible'"),
        ("", "spatial", "legal for the form spatial: core, passes:POINT"),
    ],
)
def test_what_a_form_does_not_know_is_refused_with_the_legal_ones(text, form, words):
    with pytest.raises(UsageError) as caught:
        read_claim(text, form)
    assert words in str(caught.value)


def test_a_form_without_claims_says_which_have_some():
    with pytest.raises(NotDefinedError, match="forms with claims: dispute, strategic, conflict"):
        read_claim("core", "tree")


@pytest.mark.parametrize("form", KINDS)
def test_every_kind_reads_as_it_is_written(form):
    for name, kind in KINDS[form].items():
        text = kind.written(name).replace("[", "").replace("]", "").replace("NUMBER", "1")
        assert read_claim(text, form).kind == name
        if kind.alone:
            assert read_claim(name, form).words
