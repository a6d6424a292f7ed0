"""Bad input at the command line: one line that says what and where, exit code 2, nothing written."""

import os

import pytest

DEEP = "(" * 60 + "1" + ")" * 60
BILLION = "".join(f"  i{k}: {{{', '.join(f'p{j}: {{}}' for j in range(10))}}}\n" for k in range(9))
READERS = ("check", "solve", "explain", "sweep")


@pytest.fixture
def refused(sim, folder):
    """Runs ``sim``; the one line of its refusal, once everything else about a refusal is checked."""

    def _refused(*words):
        before = sorted(folder.rglob("*"))
        code, out, err = sim(*words)
        assert code == 2, (out, err)
        assert out == ""
        assert "Traceback" not in err
        assert sorted(folder.rglob("*")) == before
        (line,) = [line for line in err.splitlines() if not line.startswith("note: ")]
        return line

    return _refused


@pytest.fixture
def changed(folder):
    """Writes ``bad.yaml``: the dispute with one text put in the place of another."""

    def _changed(old, new):
        text = (folder / "dispute.yaml").read_text()
        assert old in text
        (folder / "bad.yaml").write_text(text.replace(old, new, 1))
        return "bad.yaml"

    return _changed


@pytest.mark.parametrize("verb", READERS)
@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("title:", "titel:", "bad.yaml:1:1: titel: unknown key 'titel'; did you mean 'title'?"),
        (
            "tokyo.value * area",
            "tokyo.valu * area",
            "bad.yaml:21:13: payoffs.tokyo.island: unknown name 'tokyo.valu'; did you mean 'tokyo.value'",
        ),
        (
            "value: 2.0",
            "value: two",
            "bad.yaml:7:22: parameters.moscow.holding.value: a number is needed here, not 'two'",
        ),
        (
            "value: 2.0",
            "value: 20",
            "bad.yaml:7:14: parameters.moscow.holding: value 20 is outside its range [0.1, 3]",
        ),
        (
            "  limit: 3",
            "  limit: 3\n  limit: 4",
            "bad.yaml:10:3: parameters.limit: duplicate key; first given in line 9",
        ),
        (
            "issues:\n",
            f"issues:\n{BILLION}",
            "bad.yaml:11:3: issues: the issues combine to 6,000,000,000",
        ),
        (
            "tokyo.value * area",
            DEEP,
            "bad.yaml:21:53: payoffs.tokyo.island: more than 40 levels of parentheses",
        ),
        (
            "title: Two",
            "extends: bad.yaml\ntitle: Two",
            "bad.yaml:1:10: extends: 'bad.yaml' extends this",
        ),
        (
            "title: Two",
            "extends: dispte.yaml\ntitle: Two",
            "bad.yaml:1:10: extends: no such file 'dispte.yaml'",
        ),
        (
            "0.01 / moscow.mood",
            "0.01 / (moscow.mood - 0.3)",
            "bad.yaml:25:11: payoffs.moscow.mood: '0.01 / (moscow.mood - 0.3) * signed' is not a number at "
            "agreement 'status quo', moscow.mood=0.3",
        ),
        (
            "game: [{offer",
            "game: [{ofer",
            "bad.yaml:30:8: game.0: 'ofer' is not a stage; did you mean 'offer'?",
        ),
    ],
)
def test_a_wrong_file(refused, changed, verb, old, new, expected):
    assert refused(verb, changed(old, new)).startswith(expected)


@pytest.mark.parametrize("verb", READERS)
def test_files_that_cannot_be_read(refused, folder, verb):
    (folder / "empty.yaml").touch()
    (folder / "big.yaml").write_text("#" + "x" * 10_000_000)
    (folder / "bytes.yaml").write_bytes(b"\xff\xfe\x00")
    near = "dispute.yml: no such file; did you mean 'dispute.yaml'?"
    assert refused(verb, "dispute.yml") == f"{near}; sim list scenarios shows the shipped ones"
    assert refused(verb, "empty.yaml") == "empty.yaml: the file is empty"
    assert refused(verb, "big.yaml") == "big.yaml: the file is larger than 1,000,000 bytes"
    assert (
        refused(verb, "bytes.yaml")
        == "bytes.yaml: cannot be read: it is UTF-16 text; save it as UTF-8"
    )
    assert refused(verb, ".") == ".: cannot be read: Is a directory"


def test_check_reports_every_error_of_every_file(sim, folder, changed):
    changed("title:", "titel:")
    (folder / "worse.yaml").write_text("a: 1\nb: 2\n")
    code, out, err = sim("check", "bad.yaml", "dispute.yaml", "worse.yaml", "none.yaml")
    assert code == 2
    assert [line for line in out.splitlines() if "dispute.yaml: ok" in line]
    starts = [
        "bad.yaml:1:1: titel",
        "worse.yaml:1:1: a dispute needs 'issues'",
        "worse.yaml:1:1: a:",
        "worse.yaml:2:1: b:",
        "none.yaml: ",
    ]
    for start in starts:
        assert any(line.startswith(start) for line in err.splitlines()), (start, err)


# --- options ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            "explain dispute.yaml --set moscow.modo=1",
            "unknown parameter 'moscow.modo'; did you mean 'moscow.mood'",
        ),
        ("explain dispute.yaml --set moscow.mood", "--set moscow.mood: PATH=VALUE is needed"),
        ("explain dispute.yaml --set =1", "--set =1: PATH=VALUE is needed"),
        (
            "explain dispute.yaml --set moscow.mood=high",
            "--set moscow.mood=high: 'high' is not a number",
        ),
        ("explain dispute.yaml --set moscow.mood=", "--set moscow.mood=: '' is not a number"),
        (
            "explain dispute.yaml --set moscow.mood=nan",
            "--set moscow.mood=nan: 'nan' is not a finite number",
        ),
        (
            "explain dispute.yaml --set moscow.mood=1e999",
            "--set moscow.mood=1e999: '1e999' is not a finite",
        ),
        ("solve dispute.yaml --set moscow.mood=0", "dispute.yaml:25:11: payoffs.moscow.mood: "),
        (
            "solve dispute.yaml --set limit=-1",
            "dispute.yaml:11:3: issues: the status quo (the first",
        ),
        (
            "solve dispute.yaml --concept subgame_prefect",
            "unknown concept 'subgame_prefect'; did you mean 'subgame_perfect'?",
        ),
        (
            "solve dispute.yaml --concept core",
            "core is defined on coalitional games; dispute.yaml ",
        ),
        (
            "solve chicken.yaml --concept subgame_perfect",
            "subgame_perfect is defined on sequential games",
        ),
        (
            "explain chicken.yaml",
            "chicken.yaml: a classical game has no treaty ladder; use 'sim solve'",
        ),
        ("list parameters", "sim list parameters needs a FILE"),
        ("list parameters dispute.yml", "dispute.yml: no such file; did you mean 'dispute.yaml'?"),
    ],
)
def test_options_that_make_no_sense(refused, words, expected):
    assert refused(*words.split()).startswith(expected)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("--vary moscow.modo=0:1:3", "unknown parameter 'moscow.modo'; did you mean 'moscow.mood'"),
        ("--vary moscow.mood=1:0.1:3", "moscow.mood runs from 1 to 0.1; lo <= hi is needed"),
        ("--vary moscow.mood=0.1:1", "moscow.mood: a grid needs LO:HI:N"),
        ("--vary moscow.mood", "moscow.mood: a grid needs LO:HI:N"),
        ("--vary moscow.mood=a:1:3", "--vary moscow.mood=a:1:3: 'a' is not a number"),
        (
            "--vary moscow.mood=0.1:inf:3",
            "--vary moscow.mood=0.1:inf:3: 'inf' is not a finite number",
        ),
        ("--vary moscow.mood=0.1:1:0", "moscow.mood: 0 points between 0.1 and 1 make no grid"),
        (
            "--vary moscow.mood=0.1:1:-3",
            "--vary moscow.mood=0.1:1:-3: '-3' is not a number of points",
        ),
        (
            "--vary moscow.mood=0.1:1:2.5",
            "--vary moscow.mood=0.1:1:2.5: '2.5' is not a number of points",
        ),
        ("--vary moscow.mood=0.1:1:²", "--vary moscow.mood=0.1:1:²: '²' is not a number of points"),
        ("--vary moscow.mood=0.1:0.1:3", "moscow.mood: 3 points between 0.1 and 0.1 make no grid"),
        (
            "--vary moscow.mood=0.1:1:3 --vary moscow.mood=0.1:1:3",
            "--vary moscow.mood=0.1:1:3: 'moscow.mood' is varied twice",
        ),
        ("--vary limit=0:1:3", "limit: decides which agreements exist or how they are classed"),
        (
            "--vary moscow.mood=0:1:3",
            "dispute.yaml:25:11: payoffs.moscow.mood: '0.01 / moscow.mood * signed' is not a number at ",
        ),
        ("--name mop", "unknown sweep 'mop'; did you mean 'map'?"),
        ("--name map --vary moscow.mood=0.1:1:3", "--vary and --name exclude one another"),
    ],
)
@pytest.mark.parametrize("out", ["", "--out runs/x"])
def test_sweeps_that_make_no_sense_write_nothing(refused, words, expected, out):
    assert refused("sweep", "dispute.yaml", *words.split(), *out.split()).startswith(expected)


def test_an_output_folder_that_exists_is_not_touched(refused, folder):
    kept = folder / "runs"
    kept.mkdir()
    (kept / "notes.txt").write_text("mine")
    assert refused("sweep", "dispute.yaml", "--out", "runs").startswith("runs exists already")
    assert (kept / "notes.txt").read_text() == "mine"
    assert refused("sweep", "dispute.yaml", "--out", "dispute.yaml").startswith(
        "dispute.yaml exists already"
    )


@pytest.mark.parametrize("words", ["plot ladder dispute.yaml", "report dispute.yaml"])
def test_a_file_in_a_folder_that_is_not_there(refused, words):
    said = refused(*words.split(), "--out", "figures/a.svg")
    assert said.startswith("--out figures/a.svg: there is no folder 'figures'")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_an_output_folder_that_cannot_be_written(refused, folder):
    (folder / "locked").mkdir(mode=0o500)
    assert (
        refused("sweep", "dispute.yaml", "--out", "locked/x")
        == "locked/x cannot be written: Permission denied"
    )


def test_an_output_folder_under_a_file(refused):
    assert refused("sweep", "dispute.yaml", "--out", "dispute.yaml/x") == (
        "dispute.yaml/x cannot be written: Not a directory"
    )


@pytest.mark.parametrize("folder_name", ["none", "dispute.yaml"])
def test_a_run_that_is_none(refused, folder_name):
    assert folder_name in refused("plot", "landscape", folder_name)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("slove dispute.yaml", "no verb 'slove'; did you mean 'solve'?"),
        ("xyz", "no verb 'xyz'; legal: check, solve, "),
        ("solve", "Missing argument 'FILE'"),
        ("check", "Missing argument 'FILE...'"),
        ("solve dispute.yaml --concpt core", "No such option: --concpt Did you mean --concept?"),
        ("list concept", "'concept' is not one of"),
        ("sweep dispute.yaml --points x", "'x' is not a valid integer"),
    ],
)
def test_words_that_the_command_line_does_not_know(sim, words, expected):
    code, out, err = sim(*words.split())
    assert (code, out) == (2, "")
    assert expected.replace("Did", "(Did")[:12] in err or expected in err
    assert "Traceback" not in err
