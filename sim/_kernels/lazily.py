"""Names of a package that are imported when they are first used.

A command that asks one question need not import what answers the others.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def from_modules(package: str, home: Mapping[str, str]) -> Callable[[str], Any]:
    """What serves as ``__getattr__`` of a package.

    Parameters
    ----------
    package
        Its name.
    home
        Per name the module that has it, none of them a module of the package with the name itself.

    Examples
    --------
    >>> found = from_modules("sim._kernels", {"FloatArray": "sim._kernels.tolerance"})
    >>> found("FloatArray") is import_module("sim._kernels.tolerance").FloatArray
    True
    """

    def found(name: str) -> Any:
        if name not in home:
            raise AttributeError(f"module '{package}' has no attribute '{name}'")
        value = getattr(import_module(home[name]), name)
        setattr(sys.modules[package], name, value)
        return value

    return found
