"""Streams of a command that outlive what they write to."""

import subprocess
import sys

from sim.cli.shared.streams import Plain


def test_what_lies_underneath_is_not_closed(tmp_path):
    with (tmp_path / "under").open("w") as under:
        plain = Plain(under)
        plain.write("one")
        plain.close()
        assert not under.closed
    plain.flush()
    assert (tmp_path / "under").read_text() == "one"


def test_a_stream_that_is_closed_first_is_no_error_at_the_end():
    """Newer Pythons say what goes wrong when a stream is thrown away; older ones do in development mode."""
    code = """
import tempfile
from sim.cli.shared.streams import Plain
under = tempfile.TemporaryFile("w")
plain = Plain(under)
under.close()
del plain
"""
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-c", code], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
