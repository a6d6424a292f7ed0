"""Names of a package, and whole modules, that are imported when they are first used.

A command that asks one question need not import what answers the others.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from importlib import import_module
from types import ModuleType
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


class _Later(ModuleType):
    """Stands for a module until something of it is asked for, or one of some functions is called."""

    def __init__(self, name: str, functions: Iterable[str]) -> None:
        super().__init__(name)
        for function in functions:
            setattr(self, function, partial(self._call, function))

    def _call(self, function: str, *args: object, **named: object) -> Any:
        return self.__getattr__(function)(*args, **named)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # what the import system asks of every module
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


def imported_later(module: str, functions: Iterable[str] = ()) -> None:
    """Import a module when something of it is first asked for, whoever imports it before.

    For what a library imports at its top and hardly ever uses.

    Parameters
    ----------
    module
        Its name.
    functions
        Functions that are imported from it before they are called.

    Examples
    --------
    >>> imported_later("colorsys", ["rgb_to_hsv"])
    >>> from colorsys import rgb_to_hsv
    >>> rgb_to_hsv(1.0, 0.0, 0.0)
    (0.0, 1.0, 1.0)
    """
    if module not in sys.modules:
        later = sys.modules[module] = _Later(module, functions)
        package, _, name = module.rpartition(".")
        if package:  # importing what is in sys.modules already leaves its package as it is
            setattr(import_module(package), name, later)
