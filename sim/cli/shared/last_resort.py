"""What the command line says of an error that nobody foresaw: two lines, and a file with the traceback."""

from __future__ import annotations

import platform
import tempfile
import traceback
from collections.abc import Sequence

from sim import __version__
from sim.cli.shared.command_line import typed

EXIT_CODE = 70
"""That of an internal software error, as in BSD's ``sysexits.h``."""


def last_resort(error: BaseException, arguments: Sequence[str]) -> str:
    """Write the traceback of an error to a file; what happened and how to report it, in two lines.

    Examples
    --------
    >>> print(last_resort(ZeroDivisionError("division by zero"), ["solve", "x.yaml"]))
    this is a fault of treatysim, not of your input: ZeroDivisionError: division by zero
    please report it: open an issue with the file ...treatysim-....txt and the scenario that you used
    """
    what = " ".join(f"{type(error).__name__}: {error}".split())
    first = f"this is a fault of treatysim, not of your input: {_short(what)}"
    try:
        name = _write(_record(error, arguments))
    except OSError as trouble:
        where = f"(no file with the traceback could be written: {trouble.strerror or trouble})"
        told = typed(arguments)
        return f"{first}\nplease report it: open an issue with {told} and the scenario {where}"
    return f"{first}\nplease report it: open an issue with the file {name} and the scenario that you used"


def _short(text: str, most: int = 200) -> str:
    return text if len(text) <= most else f"{text[: most - 4]} ..."


def _record(error: BaseException, arguments: Sequence[str]) -> str:
    """The command, the versions and the traceback."""
    return "\n".join(
        (
            f"command: {typed(arguments)}",
            f"treatysim {__version__}, Python {platform.python_version()}, {platform.platform()}",
            "",
            "".join(traceback.format_exception(error)),
        )
    )


def _write(text: str) -> str:
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", errors="backslashreplace", prefix="treatysim-", suffix=".txt",
        delete=False,
    ) as file:  # fmt: skip
        file.write(text)
    return file.name
