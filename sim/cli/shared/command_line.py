"""What the user typed, as stored results record it."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence


def typed(arguments: Sequence[str] | None = None) -> str:
    """The command line, quoted so that a shell reads it back; by default that of this process.

    Examples
    --------
    >>> typed(["frontier", "my file.yaml", "--of", "predicted:stand, stand"])
    "sim frontier 'my file.yaml' --of 'predicted:stand, stand'"
    """
    return shlex.join(["sim", *(sys.argv[1:] if arguments is None else arguments)])
