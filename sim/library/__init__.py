"""The scenarios that come with the program: where they lie, what they are called, how to start from one."""

from sim.library.described import Described, described
from sim.library.new import NewFile, new
from sim.library.shipped import (
    names_near,
    shipped_file,
    shipped_folder,
    shipped_folders,
    shipped_names,
    shipped_root,
)
from sim.library.starts import STARTS, start_text

__all__ = [
    "STARTS",
    "Described",
    "NewFile",
    "described",
    "names_near",
    "new",
    "shipped_file",
    "shipped_folder",
    "shipped_folders",
    "shipped_names",
    "shipped_root",
    "start_text",
]
