"""Help that is printed before click is imported is click's own."""

import subprocess
import sys

import click
import pytest
from sim.cli import PURPOSE, VERBS, run
from sim.cli.shared.quick_help import quick_help
from sim.cli.shared.verbs import HELP, Verbs


@pytest.mark.parametrize("columns", [20, 50, 57, 66, 72, 79, 80, 81, 200])
def test_it_is_the_page_of_click(columns, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(columns))
    group = Verbs(VERBS, PURPOSE)
    page = group.get_help(click.Context(group, info_name="sim", **HELP))
    assert quick_help("sim", PURPOSE, VERBS, columns) == page


@pytest.mark.parametrize("word", ["--help", "-h"])
def test_it_needs_nothing_heavy(word, capsys):
    code = (
        "import sys; sys.argv = ['sim', sys.argv[1]]; from sim.cli import main; main();"
        "print(sorted({'click', 'rich', 'numpy', 'pydantic'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, word], capture_output=True, text=True)
    assert (done.returncode, done.stderr.strip()) == (0, "[]")
    run(["--help"])
    assert done.stdout.split() == capsys.readouterr().out.split()
